"""Who fails one thing alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from community_help import defaults
from community_help.jobs.job import Job
from community_help.jobs.waiver import Waiver
from community_help.matching import Need, explain, near_misses, supply
from community_help.people.availability import FreeHours
from community_help.people.profiles import HelperState, NeverPair
from community_help.testing import factories as make

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django.fixtures import SettingsWrapper

    from community_help.matching import NearMiss

pytestmark = pytest.mark.django_db


@pytest.fixture
def job() -> Job:
    return make.make_open_job(
        area=make.make_area("Filwood"),
        task_type=make.make_task_type("Shopping"),
        skills=[make.make_skill("a car", phrase="drives")],
    )


def said(misses: list[NearMiss]) -> list[tuple[str, str]]:
    return [(miss.helper.person.known_as, miss.verdict.because) for miss in misses]


def test_near_misses_fail_exactly_one_thing_by_name(job: Job) -> None:
    everything = {"areas": [job.area], "task_types": [job.task_type], "skills": job.skills.all()}
    make.make_helper("Ada", **{**everything, "skills": []})  # type: ignore[arg-type]
    make.make_helper("Bea", **{**everything, "areas": [make.make_area()]})  # type: ignore[arg-type]
    make.make_helper("Cy", **{**everything, "task_types": []})  # type: ignore[arg-type]
    make.make_helper("Fits", **everything)  # type: ignore[arg-type]
    make.make_helper("Two", **{**everything, "areas": [], "skills": []})  # type: ignore[arg-type]
    assert said(near_misses(job, most=10)) == [
        ("Ada", "the job needs somebody who drives"),
        ("Bea", "does not cover Filwood"),
        ("Cy", "does not do “Shopping”"),
    ]
    assert len(near_misses(job, most=2)) == 2


def test_near_misses_never_fail_what_keeps_people_safe(job: Job) -> None:
    apart = make.make_matching_helper(job)
    NeverPair.objects.create(helper=apart, requester=job.requester)
    make.make_matching_helper(job, state=HelperState.PAUSED)
    assert near_misses(job, most=10) == []


def test_near_misses_are_not_those_who_are_asked_anyway(job: Job) -> None:
    helper = make.make_helper("Ada", areas=[job.area], task_types=[job.task_type])
    Waiver.objects.create(job_id=job.pk, opening=1, helper=helper, criterion="skills", why="her son drives")
    assert near_misses(job, most=10) == []


def test_near_misses_of_a_need_of_which_little_is_known(job: Job) -> None:
    assert near_misses(Need(), most=10) == []
    make.make_helper("Ada", task_types=[job.task_type])
    assert said(near_misses(Need(task_type=job.task_type, area=job.area), most=10)) == [
        ("Ada", "does not cover Filwood")
    ]


def test_near_misses_cost_the_same_for_few_and_for_many(job: Job, assert_constant_queries: Callable[..., int]) -> None:
    fresh = Job.objects.for_lists().get(pk=job.pk)
    made: list[object] = []

    def make_rows(number: int) -> None:
        made.extend(
            make.make_helper(areas=[job.area], task_types=[job.task_type], account=False)
            for _ in range(number - len(made))
        )

    assert assert_constant_queries(make_rows, lambda: near_misses(fresh, most=40), large=30) == 6


@pytest.mark.parametrize("own", ["MondayEvening", "BeforeTheFirst"])
def test_whoever_a_not_in_front_would_leave_out_is_a_near_miss(own: str, job: Job, settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {"CRITERIA": [*defaults.CRITERIA, f"tests.matching.own.{own}"]}
    helper = make.make_matching_helper(job)
    for weekday, hours in ((0, (480, 720)), (1, (1080, 1320))):
        FreeHours.objects.create(helper=helper, weekday=weekday, from_minute=hours[0], to_minute=hours[1])
    (failed,) = explain(job, helper).failed
    assert [miss.verdict.slug for miss in near_misses(job, most=10)] == [failed.slug]
    assert {cost.slug: cost.lost for cost in supply(job).costs}[failed.slug] == 1
