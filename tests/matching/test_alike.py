"""From the helper's end, where kinds of job differ in what they ask: one search where all begin with the same place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from community_help import defaults
from community_help.jobs.job import Job
from community_help.jobs.waiver import Waiver
from community_help.matching import helpers_for, jobs_for, jobs_without
from community_help.people.profiles import Helper
from community_help.testing.factories import make_area, make_helper, make_open_job, make_skill, make_task_type

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from pytest_django.fixtures import SettingsWrapper

    from community_help.jobs.task_type import TaskType
    from community_help.people.profiles import Area

pytestmark = pytest.mark.django_db

HOME, TWO_MILES_OFF = (51.420, -2.596), (51.449, -2.596)


def unions(jobs: QuerySet[Job]) -> int:
    """How many searches the query joins to the first: the days within a criterion are a union too."""
    return len(re.findall(r"UNION ALL \(?SELECT (?!\S+ AS date)", str(jobs.query)))


def within(miles: float) -> dict[str, Any]:
    return {"radius": {"on": True, "options": {"miles": miles}}}


def kinds_that_ask(*options: dict[str, Any]) -> list[TaskType]:
    return [make_task_type(f"Kind {number}", criteria_options=each) for number, each in enumerate(options)]


def jobs_two_miles_off(kinds: list[TaskType], area: Area, **fields: Any) -> list[Job]:
    jobs = [make_open_job(task_type=kind, area=area, **fields) for kind in kinds]
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(latitude=TWO_MILES_OFF[0], longitude=TWO_MILES_OFF[1])
    return jobs


def at_home(**fields: Any) -> Helper:
    helper = make_helper(**fields)
    Helper.objects.filter(pk=helper.pk).update(latitude=HOME[0], longitude=HOME[1])
    return helper


def pks(jobs: QuerySet[Job]) -> list[int]:
    return sorted(row.pk for row in jobs)


def test_kinds_that_differ_only_beside_the_place_are_one_search_and_each_asks_its_own() -> None:
    area, kinds = make_area(), kinds_that_ask({}, within(1), within(3), {"skills": {"on": False}})
    jobs = jobs_two_miles_off(kinds, area)
    jobs[0].skills.add(make_skill())
    jobs[3].skills.add(make_skill())
    helper = at_home(areas=[area], task_types=kinds)
    found = jobs_for(helper)
    assert pks(found) == [jobs[2].pk, jobs[3].pk]
    assert unions(found) == 0
    assert [helper in helpers_for(Job.objects.get(pk=job.pk)) for job in jobs] == [False, False, True, True]


def test_kinds_that_begin_elsewhere_are_a_search_of_their_own() -> None:
    area = make_area()
    ours, near, anywhere = kinds = kinds_that_ask({}, within(3), {"area": {"on": False}})
    by_phone = make_task_type("By phone", by_phone=True)
    jobs = jobs_two_miles_off([*kinds, by_phone], area)
    elsewhere = at_home(areas=[make_area()], task_types=[ours, near, anywhere, by_phone])
    found = jobs_for(elsewhere)
    assert pks(found) == [jobs[2].pk, jobs[3].pk]
    assert unions(found) == 1  # what asks the area, and what asks of no place
    assert [row.pk for row in found] == sorted((row.pk for row in found), reverse=True)


def test_criterion_left_out_is_left_out_of_every_kind() -> None:
    area, kinds = make_area(), kinds_that_ask({}, within(1), within(3))
    jobs = jobs_two_miles_off(kinds, area)
    helper = at_home(areas=[area], task_types=kinds)
    found = jobs_without(helper, ["", "radius", "never_pair"])
    assert pks(found[""]) == pks(found["never_pair"]) == [jobs[0].pk, jobs[2].pk]
    assert pks(found["radius"]) == [job.pk for job in jobs]


def test_waiver_is_for_the_job_whose_kind_asks() -> None:
    area, kinds = make_area(), kinds_that_ask({}, within(1), within(1.5))
    jobs = jobs_two_miles_off(kinds, area)
    helper = at_home(areas=[area], task_types=kinds)
    Waiver.objects.create(job=jobs[1], opening=jobs[1].opening, helper=helper, criterion="radius", why="so")
    assert pks(jobs_for(helper)) == [jobs[0].pk, jobs[1].pk]


def test_condition_that_joins_finds_each_job_once_where_one_kind_asks(settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {"CRITERIA": [*defaults.CRITERIA, "tests.matching.own.KnowsAnArea"]}
    area = make_area()
    kinds = kinds_that_ask({}, {"knows_an_area": {"on": False}})
    jobs = jobs_two_miles_off(kinds, area)
    for _ in range(2):
        make_helper(areas=[area, make_area()])
    assert pks(jobs_for(make_helper(areas=[area, make_area()], task_types=kinds))) == [job.pk for job in jobs]


def test_no_kinds_no_jobs() -> None:
    assert list(jobs_for(make_helper())) == []
