"""What waits on the desk: each thing in one group, and at a constant price."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community_help.dashboard import queue
from community_help.dashboard.clock import Clock
from community_help.jobs.call_back import CallBack, CallBackReason
from community_help.jobs.decision import Decision
from community_help.jobs.offer import Ask, AskAnswer
from community_help.jobs.task_type import Urgency
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import JobState, OfferState
from community_help.services.people import suspend_helper
from community_help.testing import factories as make

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from community_help.jobs.job import Job
    from community_help.jobs.task_type import TaskType
    from community_help.people.community import Area
    from community_help.people.person import Person
    from community_help.people.profiles import Requester

HOUR = timedelta(hours=1)


def full(state: JobState, **fields: Any) -> Job:
    """An assigned or reported job, with the helper who is on it."""
    stamps = {"opening": 1, "opened_at": timezone.now(), "places_filled": 1}
    if state == JobState.REPORTED:
        stamps["reported_at"] = timezone.now()
    job = make.make_job(state=state, **{**stamps, **fields})
    make.make_offer_row(job, state=OfferState.RATIFIED)
    return job


def where(job: Job, actor: Person) -> list[str]:
    """The groups that the job waits in."""
    now = timezone.now()
    found = [group.name for group in queue.GROUPS if queue.jobs_in(group, actor, now=now).filter(pk=job.pk).exists()]
    counts = queue.counts(actor, now=now)
    assert {name for name, count in counts.groups.items() if count} == set(found)
    assert counts.total == len(found) + counts.decisions
    return found


def late() -> dict[str, Any]:
    now = timezone.now()
    return {"timing": "between", "earliest": now - 3 * HOUR, "latest": now - HOUR}


def test_urgent_job_with_nobody_waits_as_urgent(ama: Person) -> None:
    assert where(make.make_open_job(urgency=Urgency.URGENT), ama) == ["urgent"]


def test_critical_comes_before_urgent(ama: Person) -> None:
    urgent, critical = (make.make_open_job(urgency=urgency) for urgency in (Urgency.URGENT, Urgency.CRITICAL))
    found = queue.jobs_in(queue.URGENT, ama, now=timezone.now())
    assert [job.pk for job in found] == [critical.pk, urgent.pk]


def test_open_job_that_is_not_urgent_waits_for_nobody_here(ama: Person) -> None:
    assert where(make.make_open_job(urgency=Urgency.SOON), ama) == []


def test_urgent_job_with_an_offer_waits_as_an_offer(ama: Person) -> None:
    job = make.make_open_job(urgency=Urgency.URGENT)
    make.make_offer_row(job)
    assert where(job, ama) == ["offers"]


def test_urgent_job_with_somebody_on_it_is_not_urgent(ama: Person) -> None:
    job = make.make_open_job(urgency=Urgency.URGENT, places=2, places_filled=1)
    make.make_offer_row(job, state=OfferState.RATIFIED)
    assert where(job, ama) == []


def test_answered_offer_waits_no_more(ama: Person) -> None:
    job = make.make_open_job()
    make.make_offer_row(job, state=OfferState.DECLINED)
    assert where(job, ama) == []


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (JobState.SUBMITTED, ["submitted"]),
        (JobState.DRAFT, []),
        (JobState.CANCELLED, []),
        (JobState.EXPIRED, []),
    ],
)
def test_state_says_where_a_job_waits(ama: Person, state: JobState, expected: list[str]) -> None:
    assert where(make.make_job(state=state), ama) == expected


def test_reported_job_waits_to_be_closed(ama: Person) -> None:
    assert where(full(JobState.REPORTED), ama) == ["reports"]


def test_assigned_job_in_time_waits_for_nobody_here(ama: Person) -> None:
    assert where(full(JobState.ASSIGNED), ama) == []


def test_assigned_job_whose_time_is_past_is_overdue(ama: Person) -> None:
    assert where(full(JobState.ASSIGNED, **late()), ama) == ["overdue"]


def test_open_job_whose_time_is_past_is_overdue_even_with_an_offer(ama: Person) -> None:
    job = make.make_open_job(urgency=Urgency.URGENT, **late())
    make.make_offer_row(job)
    assert where(job, ama) == ["overdue"]


def test_helper_who_may_not_go_any_more_is_a_decision(ama: Person) -> None:
    job = full(JobState.ASSIGNED, **late())
    suspend_helper(job.offers.get().helper, actor=ama, why="a complaint")
    assert where(job, ama) == []
    assert queue.counts(ama, now=timezone.now()).decisions == queue.desk_count(ama) == 1


def test_job_elsewhere_waits_for_somebody_else(filwood: Area) -> None:
    make.make_open_job(urgency=Urgency.URGENT)
    here = make.make_coordinator("Leroy Grant", areas=[filwood])
    assert queue.desk_count(here) == 0


def owed(job: Job, *, reason: CallBackReason = CallBackReason.NOBODY_FOUND, **fields: Any) -> CallBack:
    event = Event.objects.create(kind="cancel_job", job=job)
    return CallBack.objects.create(requester=job.requester, job=job, event=event, reason=reason, **fields)


def test_calls_are_owed_from_when_they_are_due_until_settled(ama: Person) -> None:
    job, now = make.make_job(), timezone.now()
    due = owed(job, due_at=now - HOUR)
    owed(job, due_at=now + HOUR)
    owed(job, due_at=now - HOUR, outcome="reached", done_at=now)
    tried = owed(job, due_at=now - 2 * HOUR, outcome="no_answer", attempts=1)
    assert list(queue.calls_owed(ama, now=now)) == [tried, due]
    assert queue.counts(ama, now=now).calls == 2


def test_todays_jobs_are_those_with_a_time_today(ama: Person) -> None:
    now = timezone.now()
    soon = {"earliest": now, "latest": now + timedelta(minutes=1)}
    today = make.make_open_job(timing="between", **soon)
    make.make_open_job(timing="by", latest=now + HOUR)
    make.make_open_job(timing="between", earliest=now + 72 * HOUR, latest=now + 73 * HOUR)
    make.make_job(state=JobState.CANCELLED, timing="between", **soon)
    assert [job.pk for job in queue.todays_jobs(ama, Clock.of().today)] == [today.pk]


@pytest.fixture
def many(filwood: Area, shopping: TaskType, doreen: Requester) -> Callable[[int], None]:
    """Bring every group of the desk up to n rows."""
    helper = make.make_helper(areas=[filwood], task_types=[shopping])
    level, made = make.make_check_level(), 0

    def make_rows(n: int) -> None:
        nonlocal made
        now = timezone.now()
        soon = {"timing": "between", "earliest": now, "latest": now + HOUR}
        about = {"task_type": shopping, "area": filwood, "requester": doreen}
        assigned = {"opening": 1, "opened_at": now, "places_filled": 1}
        for _number in range(n - made):
            make.make_open_job(urgency=Urgency.URGENT, **about, **soon)
            offered = make.make_open_job(**about)
            make.make_offer_row(offered, helper)
            asked = {"opening": 1, "answer": AskAnswer.NOT_NOW, "answered_at": now}
            Ask.objects.create(job_id=offered.pk, helper=helper, **asked)
            make.make_job(state=JobState.SUBMITTED, **about)
            done = make.make_job(state=JobState.REPORTED, reported_at=now, **about, **assigned)
            make.make_offer_row(done, helper, state=OfferState.RATIFIED)
            overdue = make.make_job(state=JobState.ASSIGNED, **about, **assigned, **late())
            offer = make.make_offer_row(overdue, helper, state=OfferState.RATIFIED, shut_at=now)
            about_it = {"helper": helper, "requester": doreen, "opening": 1, "criterion": "approved"}
            Decision.objects.create(offer=offer, safeguarding=True, because="is suspended", **about_it)
            make.make_check(helper, level, recheck_on=now.date() + timedelta(days=9), reminded_days=60)
            owed(done, due_at=now - HOUR)
        made = n

    return make_rows


@pytest.mark.slow
def test_desk_and_lists_cost_the_same_at_3_and_300_rows(
    desk: Client, many: Callable[[int], None], assert_constant_queries: Callable[..., int]
) -> None:
    jobs = reverse("community_help:list_jobs")
    pages = [reverse("community_help:desk"), jobs, f"{jobs}?show=open", f"{jobs}?show=offers", f"{jobs}?show=reports"]
    assert assert_constant_queries(many, lambda: [desk.get(page) for page in pages]) <= 37 + 4 * 16


def test_lists_read_nothing_that_is_sealed(desk: Client, many: Callable[[int], None]) -> None:
    many(3)
    for name in ("desk", "list_jobs"):
        with CaptureQueriesContext(connection) as queries:
            desk.get(reverse(f"community_help:{name}"))
        jobs = [query["sql"] for query in queries.captured_queries if 'FROM "community_help_job"' in query["sql"]]
        assert len(jobs) > 1
        assert not [sql for sql in jobs if "private_details" in sql or "warnings" in sql]
