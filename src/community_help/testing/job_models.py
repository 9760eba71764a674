"""The contract of a job model, as a test that a site runs on its own.

::

    @pytest.mark.django_db
    def test_library_run_keeps_the_contract():
        assert_job_model_keeps_contract(
            LibraryRunJob,
            {"branch": "Filwood", "language": "", "books": "The Hobbit", "large_print": True, "to_return": 3},
        )
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict

from community_help import matching
from community_help.dashboard.caller_form import CallerForm, SearchForm
from community_help.dashboard.clock import Clock
from community_help.dashboard.job_form import JobForm, as_sent, beginning
from community_help.exceptions import NotDisclosed
from community_help.fields import EncryptedText, Sensitivity
from community_help.jobs.job import Job, Timing
from community_help.jobs.registry import own_fields
from community_help.portal.facts import public_facts
from community_help.privacy import registry
from community_help.privacy.disclosure import reveal_job
from community_help.services.jobs import create_job, publish_job
from community_help.testing.factories import (
    make_area,
    make_coordinator,
    make_matching_helper,
    make_requester,
    make_task_type,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What is never public and never stands in the database as it was typed.
SEALED = {Sensitivity.CONTACT, Sensitivity.SPECIAL, Sensitivity.CRIMINAL}


def assert_job_model_keeps_contract(model: type[Job], values: Mapping[str, Any]) -> Job:
    """Assert that a job model is one that the package can ask for, keep, match and disclose.

    It is a table of its own, derived from :class:`~community_help.jobs.job.Job` directly, in an installed app; its
    fields are all questions that the call screen can ask; every one is classified, and what is sensitive is sealed;
    ``public_fields`` names fields that it has. A job of it comes unchanged out of the call screen's form and out of
    the database, stands in lists as a base row, and has the same helpers before it is saved and after, as a base row
    and as itself. What is private is in nothing that a helper sees beforehand, and a co-ordinator reads all of it.

    :param values: a value for every field that the model adds, as the services take them; texts that are told apart
        from anything else

    Returns the job that was made: open, of a requester and a kind of its own. Raises ``AssertionError`` with the
    broken promise in plain words.
    """
    _is_a_job_model(model)
    _can_be_asked(model)
    _is_classified(model)
    if missing := [name for name in own_fields(model) if name not in values]:
        _fail(model, f"give a value for each field that it adds: {', '.join(missing)}")
    trial = _Trial(model, values)
    trial.comes_out_of_the_form()
    trial.comes_out_of_the_database()
    trial.is_matched()
    trial.keeps_private_what_is_private()
    return trial.job


def _is_a_job_model(model: Any) -> None:
    if not (isinstance(model, type) and issubclass(model, Job) and model is not Job):
        _fail(model, "it is not a subclass of Job")
    if model._meta.abstract or model._meta.proxy:
        _fail(model, "it has no table of its own: a job model is neither abstract nor a proxy")
    if model not in apps.get_models():
        _fail(model, f"its app «{model._meta.app_label}» is not among INSTALLED_APPS")
    if list(model._meta.parents) != [Job]:
        _fail(model, "it derives from another job model, whose fields nobody would be asked for: derive from Job")
    if isinstance(model.public_fields, str):
        _fail(model, f"public_fields is a text: write a tuple, ({model.public_fields!r},)")


def _can_be_asked(model: type[Job]) -> None:
    own = own_fields(model)
    if others := [name for name in registry.fields_of(model) if name not in own and name != model._meta.pk.name]:
        _fail(model, f"{', '.join(others)}: a relation is no question of the call screen. Keep a short name or a text")
    taken = {*JobForm.base_fields, *CallerForm.base_fields, *SearchForm.base_fields, "asked", "do", "saved", "window"}
    for name in own:
        field: Any = model._meta.get_field(name)
        if name in taken:
            _fail(model, f"{name} is the name of another question of the call screen: choose another name")
        if not field.editable or field.formfield() is None:
            _fail(model, f"{name} can't be asked on the call screen: it has no question (formfield) of its own")


def _is_classified(model: type[Job]) -> None:
    def of_model(names: list[str]) -> str:
        prefix = f"{model._meta.label}."
        return ", ".join(name.removeprefix(prefix) for name in names if name.startswith(prefix))

    if names := of_model(registry.unclassified()):
        _fail(model, f"{names}: not classified for privacy. Say privacy = classify(…)")
    if names := of_model(registry.misnamed()):
        _fail(model, f"{names}: classified for privacy, but there is no such field")
    if names := of_model(registry.unknown_public_fields()):
        _fail(model, f"public_fields names {names}, but it adds no such field")
    for name, known in registry.classification_of(model).items():
        if known.sensitivity in SEALED and name in model.public_fields:
            _fail(
                model, f"{name} is {known.sensitivity.value}, and public_fields shows it to every helper who is asked"
            )
        if known.sensitivity in SEALED and not isinstance(model._meta.get_field(name), EncryptedText):
            _fail(model, f"{name} is {known.sensitivity.value}, and not sealed: make it an EncryptedText")
    hidden = [name for name in own_fields(model) if name not in model.public_fields]
    if list(model.private_field_names()) != ["private_details", *hidden]:
        _fail(model, "private_field_names() is overridden: disclosure reads what public_fields leaves out, in order")


class _Trial:
    """One job model, with a kind of job, a requester, a co-ordinator and helpers to try it with."""

    def __init__(self, model: type[Job], values: Mapping[str, Any]) -> None:
        self.model, self.values = model, dict(values)
        self.area = make_area()
        self.kind = make_task_type(str(model._meta.verbose_name), job_model=model._meta.label_lower)
        self.requester = make_requester(area=self.area)
        self.coordinator = make_coordinator()
        try:
            made = create_job(
                self.requester, actor=self.coordinator, task_type=self.kind, area=self.area, values=self.values
            )
            publish_job(made, actor=self.coordinator)
        except ValidationError as error:
            raise AssertionError(f"{model.__qualname__}: create_job refuses these values: {error}") from error
        self.job = Job.objects.get(pk=made.pk)
        self.row = Job.objects.for_lists().get(pk=made.pk)

    def comes_out_of_the_form(self) -> None:
        """The call screen sends texts; what it makes of them is what was meant."""
        begun = {**beginning(self.kind), **as_sent({"timing": Timing.FLEXIBLE, "area": self.area.pk})}
        sent = {name: values for name, values in begun.items() if name not in self.values}
        form = JobForm(MultiValueDict(sent | as_sent(self.values)), task_type=self.kind, clock=Clock.of())
        if not form.is_valid():
            _fail(self.model, f"the call screen refuses these values: {form.errors.as_json()}")
        self._are_as_given(form.values, "comes out of the call screen")

    def comes_out_of_the_database(self) -> None:
        if type(self.job) is not self.model:
            _fail(self.model, f"a job of it is read as a {type(self.job).__name__}: keep the manager of Job")
        if type(self.row) is not Job:
            _fail(
                self.model, f"lists read it as a {type(self.row).__name__}, not as a base row: keep the manager of Job"
            )
        self._are_as_given({name: getattr(self.job, name) for name in self.values}, "comes out of the database")

    def _are_as_given(self, found: Mapping[str, Any], how: str) -> None:
        for name, value in self.values.items():
            if found[name] != value:
                _fail(self.model, f"{name} {how} as {found[name]!r}, not as {value!r}")

    def is_matched(self) -> None:
        """By the site's own criteria too: they may let nobody pass, but must say the same of every form of it."""
        about = {"requester": self.requester, "area": self.area, "task_type": self.kind}
        unsaved = self.model(**about, **self.values)
        fits = make_matching_helper(self.job)
        others: dict[str, Job | matching.Need] = {
            "before it is saved": matching.Need.of(unsaved),
            "as a base row": self.row,
        }
        passes = matching.matches(self.job, fits)
        for how, other in others.items():
            if matching.matches(other, fits) != passes:
                _fail(self.model, f"it has other helpers {how} than when it is saved")
        if matching.jobs_for(fits).filter(pk=self.job.pk).exists() != passes:
            _fail(self.model, "a helper's list says something else than the job's")
        matching.explain(self.job, fits)

    def keeps_private_what_is_private(self) -> None:
        private = {name: self.values[name] for name in self.model.private_field_names() if name in self.values}
        shown = {"str()": str(self.job), "its name in lists": str(self.row)}
        shown |= {f"the public fact «{label}»": text for label, text in public_facts(self.row)}
        for where, text in shown.items():
            for name, value in private.items():
                if isinstance(value, str) and value and value in text:
                    _fail(self.model, f"{where} shows {name}, which is private")
        read = {detail.name for detail in reveal_job(self.job, actor=self.coordinator, why=self.job)}
        if unread := [name for name, value in private.items() if value not in {"", None} and name not in read]:
            _fail(self.model, f"nobody can read {', '.join(unread)}")
        helper = make_matching_helper(self.job)
        try:
            reveal_job(self.job, actor=helper.person, why=self.job)
        except NotDisclosed:
            return
        _fail(self.model, "a helper who is not ratified can read its private fields")


def _fail(model: Any, what: str) -> NoReturn:
    raise AssertionError(f"{getattr(model, '__qualname__', repr(model))}: {what}.")
