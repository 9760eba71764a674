"""Criteria that read fields of a job model of their own know them of every row, at the cost of one query."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Exists, Q
from django.test.utils import CaptureQueriesContext

from community_help import defaults, matching
from community_help.jobs.bundled import LiftJob
from community_help.jobs.job import Job
from community_help.matching import Criterion, Moment, Need
from community_help.matching.own_fields import with_own_fields
from community_help.people.profiles import Helper
from community_help.testing.factories import make_helper, make_matching_helper, make_open_job, make_task_type

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db


class SeatsEnough(Criterion):
    """More than three passengers are for those who want alerts."""

    slug = "seats"
    label = "has seats enough"
    own_fields_of: ClassVar[tuple[type[Job], ...]] = (LiftJob,)

    def helpers_for(self, need: Need) -> Q:
        return Q(wants_alerts=True) if isinstance(need.job, LiftJob) and need.job.passengers > 3 else Q()

    def jobs_for(self, helper: Helper) -> Q:
        many = Q(pk__in=LiftJob.objects.non_polymorphic().filter(passengers__gt=3).values("pk"))
        return ~many | Q(Exists(Helper.objects.filter(pk=helper.pk, wants_alerts=True)))

    def because(self, need: Need, helper: Helper, holds: bool) -> str:
        return f"has {need.job.passengers} seats" if isinstance(need.job, LiftJob) else "has no car"


class SeatsForgotten(SeatsEnough):
    """The same, without a word about what it reads."""

    own_fields_of: ClassVar[tuple[type[Job], ...]] = ()


@pytest.fixture
def full_car(settings: SettingsWrapper) -> Job:
    settings.COMMUNITY_HELP = {"CRITERIA": [*defaults.CRITERIA, f"{__name__}.SeatsEnough"]}
    return make_open_job(task_type=make_task_type("Lift", job_model="community_help.liftjob"), passengers=5)


def base_row(job: Job) -> Job:
    return Job.objects.for_lists().get(pk=job.pk)


def needs_of(*jobs: Job) -> list[Need]:
    return [Need.of(base_row(job), skills=()) for job in jobs]


def test_base_row_has_the_same_helpers_as_the_real_job(full_car: Job) -> None:
    timid = make_matching_helper(full_car)
    Helper.objects.filter(pk=timid.pk).update(wants_alerts=False)
    row = base_row(full_car)
    assert type(row) is Job
    assert [matching.matches(job, timid) for job in (full_car, row)] == [False, False]
    assert list(matching.jobs_for(timid)) == []


def test_reasons_of_base_rows_know_the_fields(full_car: Job) -> None:
    assert matching.reasons_for([base_row(full_car)], make_helper())[full_car.pk][0] == "has 5 seats"


def test_real_jobs_of_many_rows_cost_one_query(full_car: Job) -> None:
    others = [make_open_job(task_type=full_car.task_type) for _ in range(4)]
    needs = needs_of(full_car, *others, make_open_job())
    ContentType.objects.get_for_model(LiftJob)
    with CaptureQueriesContext(connection) as queries:
        answer = with_own_fields(needs, [SeatsEnough(Moment.of())])
        read = [need.job and type(need.job) for need in answer]
    assert read == [LiftJob] * 5 + [Job]
    assert len([query for query in queries if "liftjob" in query["sql"]]) == 1


@pytest.mark.parametrize("criterion", [SeatsEnough, SeatsForgotten])
def test_real_jobs_are_not_read_where_nobody_asks_or_none_is_missing(full_car: Job, criterion: type[Criterion]) -> None:
    asked = criterion(Moment.of())
    needs = [Need(), Need.of(full_car, skills=()), *needs_of(make_open_job())]
    if criterion is SeatsForgotten:
        needs += needs_of(full_car)
    ContentType.objects.get_for_model(LiftJob)
    with CaptureQueriesContext(connection) as queries:
        assert with_own_fields(needs, [asked]) == needs
    assert queries.captured_queries == []
