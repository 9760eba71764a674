from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community_help.exceptions import ConfigurationError
from community_help.jobs import bundled
from community_help.jobs.job import Job
from community_help.jobs.registry import job_model_of, job_models, own_fields
from community_help.jobs.safe_words import WORDS, new_safe_word
from community_help.testing import factories as make

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db

MODELS = [
    bundled.ErrandJob,
    bundled.ShoppingJob,
    bundled.PrescriptionJob,
    bundled.LiftJob,
    bundled.VisitJob,
    bundled.DogWalkJob,
]


def test_job_models_are_the_bundled_ones() -> None:
    assert set(MODELS) <= set(job_models().values())


@pytest.mark.parametrize("model", MODELS)
def test_job_model_keeps_every_field_private_unless_named(model: type[Job]) -> None:
    fields = own_fields(model)
    assert set(model.public_fields) <= set(fields)
    assert model.private_field_names() == ("private_details", *(f for f in fields if f not in model.public_fields))


def test_job_base_has_only_the_private_details() -> None:
    assert Job.private_field_names() == ("private_details",)


def test_job_model_that_the_site_no_longer_has() -> None:
    with pytest.raises(ConfigurationError, match=r"gone\.job"):
        job_model_of(make.make_task_type(job_model="gone.job"))


def test_job_list_costs_one_query_however_many_models() -> None:
    def ask() -> int:
        with CaptureQueriesContext(connection) as queries:
            names = [
                (job.task_type.name, job.area.name, job.requester.person.name, job.owner)
                for job in Job.objects.for_lists()
            ]
        assert len(names) == len(MODELS)
        return len(queries)

    for model in MODELS:
        make.make_job(task_type=make.make_task_type(model.__name__, job_model=model._meta.label_lower))
    assert ask() == 1


def test_job_open_for_offers() -> None:
    make.make_job()
    open_job = make.make_open_job()
    assert [job.pk for job in Job.objects.open_for_offers()] == [open_job.pk]


def test_job_places_free() -> None:
    assert make.make_open_job(places=3, places_filled=1).places_free == 2


def test_safe_words_are_many_and_distinct() -> None:
    assert len(set(WORDS)) == len(WORDS) >= 80
    assert new_safe_word() in WORDS


SAYINGS: dict[str, Callable[[], object]] = {
    "Shopping": lambda: make.make_task_type("Shopping"),
    "Small shop": lambda: make.make_job(title="Small shop"),
    "Doreen Pascoe": lambda: make.make_requester("Doreen Pascoe"),
    "Tom Aldous": lambda: make.make_helper("Tom Aldous"),
    "Filwood": lambda: make.make_area("Filwood"),
    "a car": lambda: make.make_skill("a car"),
    "Enhanced DBS": lambda: make.make_check_level("Enhanced DBS"),
}


@pytest.mark.parametrize("words", SAYINGS)
def test_row_says_what_it_is(words: str) -> None:
    assert str(SAYINGS[words]()) == words
