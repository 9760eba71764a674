"""What matching reads of a job or a form."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from community_help.jobs.bundled import ShoppingJob
from community_help.jobs.job import Job, Timing
from community_help.matching import Need
from community_help.people.community import Community, Skill
from community_help.testing.factories import (
    make_area,
    make_check_level,
    make_job,
    make_requester,
    make_skill,
    make_task_type,
)

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

# Half past eleven in the evening of the first, in UTC: in Bristol that is the second.
LATE = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)
LATER = datetime(2026, 6, 2, 9, tzinfo=UTC)


def test_need_of_a_saved_job() -> None:
    job = make_job(
        skills=[make_skill()],
        check_level=make_check_level(),
        places=2,
        timing=Timing.BETWEEN,
        earliest=LATE,
        latest=LATER,
    )
    assert Need.of(job) == Need(
        task_type=job.task_type,
        requester_id=job.requester_id,
        area=job.area,
        skills=tuple(job.skills.all()),
        check_level=job.check_level,
        places=2,
        timing=Timing.BETWEEN,
        earliest=LATE,
        latest=LATER,
        first_day=date(2026, 6, 2),
        last_day=date(2026, 6, 2),
        job=job,
    )


def test_need_of_an_unsaved_job_counts_its_days_in_the_community_s_zone() -> None:
    car, requester, kind = make_skill(), make_requester(), make_task_type()
    job = ShoppingJob(
        requester=requester, task_type=kind, area=requester.area, timing=Timing.BY, earliest=None, latest=LATE
    )
    need = Need.of(job, skills=[car])
    assert (need.first_day, need.last_day, need.skills) == (None, date(2026, 6, 2), (car,))
    Community.objects.update(time_zone="UTC")
    assert Need.of(job).last_day == date(2026, 6, 1)
    assert Need.of(job, zone=ZoneInfo("Asia/Tokyo")).last_day == date(2026, 6, 2)


def test_need_of_a_job_of_which_nothing_is_known() -> None:
    job = ShoppingJob()
    assert Need.of(job) == Need(job=job)


def test_need_costs_one_query_for_what_the_job_was_loaded_with(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    pk = make_job(skills=[make_skill()], check_level=make_check_level()).pk
    job = Job.objects.non_polymorphic().select_related("task_type", "area", "check_level").get(pk=pk)
    with django_assert_num_queries(1):
        Need.of(job)
    prefetched = Job.objects.for_lists().select_related("check_level").prefetch_related("skills").get(pk=pk)
    with django_assert_num_queries(0):
        Need.of(prefetched)


def test_need_is_a_value_that_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Need().places = 2  # type: ignore[misc]


def test_need_does_not_show_the_job_s_title_when_printed() -> None:
    assert "for Doreen" not in repr(Need.of(make_job(title="Shopping for Doreen")))


def test_need_from_an_empty_form() -> None:
    assert Need.from_form({}) == Need()
    blank = dict.fromkeys(["task_type", "requester", "area", "check_level", "places", "timing", "earliest", "latest"])
    assert Need.from_form({**blank, "skills": Skill.objects.none()}) == Need()


def test_need_from_a_whole_form() -> None:
    car, level, requester, kind, area = (
        make_skill(),
        make_check_level(),
        make_requester(),
        make_task_type(),
        make_area(),
    )
    cleaned = {
        "task_type": kind,
        "requester": requester,
        "area": area,
        "skills": Skill.objects.filter(pk=car.pk),
        "check_level": level,
        "places": 3,
        "timing": Timing.BETWEEN,
        "earliest": LATE,
        "latest": LATER,
        "something_else": "on the same form",
    }
    assert Need.from_form(cleaned) == Need(
        task_type=kind,
        requester_id=requester.pk,
        area=area,
        skills=(car,),
        check_level=level,
        places=3,
        timing=Timing.BETWEEN,
        earliest=LATE,
        latest=LATER,
        first_day=date(2026, 6, 2),
        last_day=date(2026, 6, 2),
    )


def test_need_from_a_form_that_leaves_out_what_the_kind_begins_with() -> None:
    car, level = make_skill(), make_check_level()
    kind = make_task_type(check_level=level, places=2)
    kind.default_skills.set([car])
    need = Need.from_form({"task_type": kind})
    assert (need.skills, need.check_level, need.places) == ((car,), level, 2)
    cleared = Need.from_form({"task_type": kind, "skills": [], "check_level": None, "places": 1})
    assert (cleared.skills, cleared.check_level, cleared.places) == ((), None, 1)


def test_need_from_a_form_looks_the_zone_up_only_for_a_time(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    job = ShoppingJob()
    with django_assert_num_queries(0):
        assert Need.from_form({"area": None, "job": job}).job is job
