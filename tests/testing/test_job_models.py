"""The contract test of job models: good ones pass, and what is wrong with a bad one is said.

A wrong sample is the example site's library run with one thing spoilt: a table of its own for each would stand in the
database of every other test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db.models import Q

from community_help import defaults
from community_help.dashboard.job_form import JobForm
from community_help.fields import Keep, classify
from community_help.jobs import bundled
from community_help.jobs.job import Job
from community_help.matching import Criterion
from community_help.people.profiles import Helper
from community_help.testing.job_models import assert_job_model_keeps_contract
from example_project.library_run.models import LibraryRunJob

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django.fixtures import SettingsWrapper

    from community_help.matching import Need

pytestmark = pytest.mark.django_db

VALUES = {
    "branch": "Filwood Broadway",
    "language": "",
    "books": "The Hobbit; anything about canals",
    "large_print": True,
    "to_return": 3,
}
GOOD: list[tuple[type[Job], dict[str, Any]]] = [
    (LibraryRunJob, VALUES),
    (bundled.ErrandJob, {"errand_place": "The post office"}),
    (bundled.ShoppingJob, {"shopping_list": "Bread", "spend_limit": 12, "payment": "cash"}),
    (bundled.PrescriptionJob, {"pharmacy": "Wells Road", "name_on_it": "as above", "to_pay": False}),
    (bundled.LiftJob, {"towards": "the centre", "destination": "Ward 9a", "and_back": False, "passengers": 2}),
    (bundled.VisitJob, {"mode": "call", "likes": "Cricket"}),
    (bundled.DogWalkJob, {"dog_size": "small", "dog_name": "Biscuit", "habits": "Pulls near buses"}),
]


class OnlyABeginning(Job):
    """Wrong: an abstract model has no table."""

    class Meta:
        abstract = True


class AnotherName(LibraryRunJob):
    """Wrong: a proxy has no fields of its own."""

    class Meta:
        proxy = True
        app_label = "not_installed"


def with_attributes(**attributes: Any) -> Callable[[pytest.MonkeyPatch], None]:
    """The library run, with these attributes in the place of its own."""

    def spoil(patch: pytest.MonkeyPatch) -> None:
        for name, value in attributes.items():
            patch.setattr(LibraryRunJob, name, value, raising=False)

    return spoil


def with_field(name: str, **attributes: Any) -> Callable[[pytest.MonkeyPatch], None]:
    """The library run, one of whose fields is declared otherwise."""

    def spoil(patch: pytest.MonkeyPatch) -> None:
        for attribute, value in attributes.items():
            patch.setattr(LibraryRunJob._meta.get_field(name), attribute, value)

    return spoil


def from_another_job_model(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(LibraryRunJob._meta, "parents", {bundled.ShoppingJob: None, Job: None})


def of_an_app_that_is_gone(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("django.apps.apps.get_models", lambda: [Job, *Job.__subclasses__()[:6]])


def named_as_another_question(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(JobForm, "base_fields", {**JobForm.base_fields, "branch": JobForm.base_fields["title"]})


def classified(**changes: Any) -> dict[str, Any]:
    """The library run's classification, with some fields classified anew."""
    return {**LibraryRunJob.privacy, **classify(keep=Keep.WITH_JOB, **changes)}


def forgotten(name: str) -> dict[str, Any]:
    return {other: known for other, known in LibraryRunJob.privacy.items() if other != name}


def shouts(job: Job) -> str:
    return f"{job.title}: {getattr(job, 'books', '')}"


def loses_the_books(job: Job, *args: Any, **kwargs: Any) -> None:
    job.books = ""  # type: ignore[attr-defined]
    super(LibraryRunJob, job).save(*args, **kwargs)


@pytest.mark.parametrize(("model", "values"), GOOD)
def test_contract_of_a_good_job_model(model: type[Job], values: dict[str, Any]) -> None:
    job = assert_job_model_keeps_contract(model, values)
    assert (type(job), job.state) == (model, "open")


@pytest.mark.parametrize(
    ("bad", "promise"),
    [
        (Helper, "Helper: it is not a subclass of Job"),
        (Job, "Job: it is not a subclass of Job"),
        ("library_run.LibraryRunJob", "'library_run.LibraryRunJob': it is not a subclass of Job"),
        (OnlyABeginning, "OnlyABeginning: it has no table of its own"),
        (AnotherName, "AnotherName: it has no table of its own"),
    ],
)
def test_contract_of_what_is_no_job_model(bad: Any, promise: str) -> None:
    with pytest.raises(AssertionError, match=promise):
        assert_job_model_keeps_contract(bad, VALUES)


@pytest.mark.parametrize(
    ("spoil", "promise"),
    [
        (of_an_app_that_is_gone, "its app «library_run» is not among INSTALLED_APPS"),
        (from_another_job_model, "it derives from another job model, whose fields nobody would be asked for"),
        (with_attributes(public_fields="branch"), r"public_fields is a text: write a tuple, \('branch',\)"),
        (with_attributes(public_fields=("brunch",)), "public_fields names brunch, but it adds no such field"),
        (with_attributes(public_fields=("title",)), "public_fields names title, but it adds no such field"),
        (with_attributes(public_fields=("books",)), "books is special, and public_fields shows it to every helper"),
        (with_attributes(privacy=forgotten("books")), "books: not classified for privacy"),
        (with_attributes(privacy=classified(public=("bocks",))), "bocks: classified for privacy, but there is no such"),
        (with_attributes(privacy=classified(special={"to_return": "why"})), "to_return is special, and not sealed"),
        (with_attributes(private_field_names=lambda: ()), r"private_field_names\(\) is overridden"),
        (named_as_another_question, "branch is the name of another question of the call screen"),
        (with_field("branch", editable=False), "branch can't be asked on the call screen"),
        (with_field("branch", remote_field=Job.call.field.remote_field), "branch: a relation is no question of the"),
        (with_field("branch", choices=[("hartcliffe", "Hartcliffe")]), "create_job refuses these values: .*branch"),
        (with_attributes(__str__=shouts), r"str\(\) shows books, which is private"),
        (with_attributes(save=loses_the_books), "books comes out of the database as '', not as 'The Hobbit"),
    ],
)
def test_contract_of_a_job_model_that_breaks_one_promise(
    monkeypatch: pytest.MonkeyPatch, spoil: Callable[[pytest.MonkeyPatch], None], promise: str
) -> None:
    spoil(monkeypatch)
    with pytest.raises(AssertionError, match=promise):
        assert_job_model_keeps_contract(LibraryRunJob, VALUES)


class ForgetsBaseRows(Criterion):
    """Wrong, and a job model of the site can tell: it reads fields and names no model."""

    slug = "forgets"
    label = "knows the job"

    def helpers_for(self, need: Need) -> Q:
        return Q() if isinstance(need.job, LibraryRunJob) else Q(pk__in=[])

    def jobs_for(self, helper: Helper) -> Q:
        return Q()


class OneWayOnly(ForgetsBaseRows):
    """Wrong: from the helper's end it lets nobody pass."""

    def helpers_for(self, need: Need) -> Q:
        return Q()

    def jobs_for(self, helper: Helper) -> Q:
        return Q(pk__in=[])


@pytest.mark.parametrize(
    ("criterion", "promise"),
    [
        (ForgetsBaseRows, "it has other helpers as a base row than when it is saved"),
        (OneWayOnly, "a helper's list says something else than the job's"),
    ],
)
def test_contract_with_a_criterion_of_the_site_that_can_not_match_it(
    settings: SettingsWrapper, criterion: type[Criterion], promise: str
) -> None:
    settings.COMMUNITY_HELP = {"CRITERIA": [*defaults.CRITERIA, f"{__name__}.{criterion.__name__}"]}
    with pytest.raises(AssertionError, match=promise):
        assert_job_model_keeps_contract(LibraryRunJob, VALUES)


@pytest.mark.parametrize(
    ("values", "promise"),
    [
        ({"books": "  The Hobbit"}, "books comes out of the call screen as 'The Hobbit', not as '  The Hobbit'"),
        ({"branch": "The Hobbit; anything about canals"}, "the public fact «Which library» shows books, which is"),
        ({"large_print": None}, "create_job refuses these values: .*large_print"),
        ({"books": "x" * 4001}, "the call screen refuses these values: .*max_length"),
    ],
)
def test_contract_with_values_that_do_not_come_out_again(values: dict[str, Any], promise: str) -> None:
    with pytest.raises(AssertionError, match=promise):
        assert_job_model_keeps_contract(LibraryRunJob, {**VALUES, **values})


def test_contract_with_values_that_prove_nothing() -> None:
    with pytest.raises(AssertionError, match="give a value for each field that it adds: books, to_return"):
        assert_job_model_keeps_contract(LibraryRunJob, {"branch": "", "language": "", "large_print": True})
