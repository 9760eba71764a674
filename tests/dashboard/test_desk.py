"""The desk's page: the greeting, the rows in plain words, what is on today."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from community_help.dashboard.clock import Clock
from community_help.dashboard.desk import greeting, things
from community_help.dashboard.desk_rows import call_row, today_words
from community_help.jobs.call import Call
from community_help.jobs.call_back import CallBack, CallBackReason
from community_help.jobs.offer import Ask, AskAnswer, Report
from community_help.jobs.task_type import Urgency
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import JobState, OfferState
from community_help.people.community import Community
from community_help.services.calls import start_call
from community_help.testing import factories as make

if TYPE_CHECKING:
    from django.test import Client

    from community_help.jobs.job import Job
    from community_help.jobs.task_type import TaskType
    from community_help.people.person import Person
    from community_help.people.profiles import Requester

DESK = "/help/desk/"


def page(client: Client) -> str:
    return client.get(DESK).content.decode()


@pytest.mark.parametrize(("hour", "said"), [(0, "Good morning"), (12, "Good afternoon"), (18, "Good evening")])
def test_greeting_goes_by_the_communitys_clock(hour: int, said: str) -> None:
    assert str(greeting(datetime(2026, 3, 3, hour, tzinfo=ZoneInfo("Europe/London")))) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "Nothing needs you now."),
        (1, "One thing needs you."),
        (12, "Twelve things need you."),
        (13, "13 things need you."),
    ],
)
def test_small_numbers_are_said_in_words(count: int, said: str) -> None:
    assert things(count) == said


def test_empty_desk_says_so(desk: Client) -> None:
    assert "Nothing waits for you" in page(desk)
    assert "Nothing needs you now." in page(desk)


def test_count_is_in_the_title_and_the_navigation(desk: Client) -> None:
    make.make_job(state=JobState.SUBMITTED)
    assert "<title>(1) Desk" in page(desk)
    assert 'class="ch-navcount">1<' in page(desk)


def test_urgent_job_is_the_lead_with_who_was_asked(desk: Client, doreen: Requester) -> None:
    job = make.make_open_job(requester=doreen, title="Shopping", urgency=Urgency.URGENT)
    assert "Nobody asked yet" in page(desk)
    for answer in (AskAnswer.NONE, AskAnswer.NOT_NOW):
        answered = None if answer == AskAnswer.NONE else timezone.now()
        Ask.objects.create(job_id=job.pk, opening=1, helper=make.make_helper(), answer=answer, answered_at=answered)
        assert ("1 asked, no answer yet" in page(desk)) == (answer == AskAnswer.NONE)
    assert "2 asked, 1 said no" in page(desk)
    assert "Shopping for Doreen Pascoe" in page(desk)
    assert "Ring helpers" in page(desk)


def test_urgent_job_says_how_many_could_help(desk: Client, doreen: Requester) -> None:
    job = make.make_open_job(requester=doreen, urgency=Urgency.URGENT)
    assert "Nobody asked yet. Nobody could help" in page(desk)
    helpers = [make.make_matching_helper(job) for _number in range(2)]
    assert "Nobody asked yet. 2 could help" in page(desk)
    make.make_offer_row(job, helpers[0])
    assert "could help" not in page(desk)


def test_overdue_job_says_how_many_could_help_where_nobody_is_on_it(desk: Client, doreen: Requester) -> None:
    late = {"timing": "by", "latest": timezone.now() - timedelta(hours=1)}
    make.make_open_job(requester=doreen, **late)
    assert "Nobody could help" in page(desk)


def test_offers_say_who_offered(desk: Client, doreen: Requester) -> None:
    job = make.make_open_job(requester=doreen)
    make.make_offer_row(job, make.make_matching_helper(job, "Tom Aldous"))
    assert "Tom offered" in page(desk)
    make.make_offer_row(job, make.make_matching_helper(job, "Priya Nair"))
    assert "Compare 2 offers" in page(desk)
    assert "Tom, Priya" in page(desk)


def test_report_says_how_it_went(desk: Client) -> None:
    stamps = {"opening": 1, "opened_at": timezone.now(), "places_filled": 1, "reported_at": timezone.now()}
    job = make.make_job(state=JobState.REPORTED, **stamps)
    helper = make.make_matching_helper(job, "Dan Okafor")
    offer = make.make_offer_row(job, helper, state=OfferState.RATIFIED, reported_at=timezone.now())
    Report.objects.create(offer=offer, outcome="partly")
    assert "Dan: Partly done" in page(desk)


def test_long_group_leads_to_its_list(desk: Client, shopping: TaskType, doreen: Requester) -> None:
    for _number in range(21):
        make.make_job(state=JobState.SUBMITTED, task_type=shopping, requester=doreen)
    found = page(desk)
    assert found.count("Look and publish") == 20
    assert "?show=submitted" in found
    assert "All 21" in found


def test_calls_that_are_not_finished_do_not_push_the_work_away(desk: Client, ama: Person) -> None:
    Call.objects.bulk_create(Call(taken_by=ama, saved=1) for _ in range(5))
    shown = page(desk)
    assert shown.count("A call that is not finished</strong>") == 2
    assert "and 3 more calls that are not finished" in shown


def test_call_that_is_not_finished_is_there_to_go_on_with(desk: Client, ama: Person) -> None:
    call = start_call(actor=ama)
    assert f"/help/desk/calls/{call.uuid}/" in page(desk)


def test_urgent_job_of_today_stands_out(db: None) -> None:
    job = make.make_open_job(urgency=Urgency.CRITICAL)
    job.live_offers = []
    assert today_words(job) == ("Nobody yet. Urgent", "urgent", "exclamation-triangle-fill")


def test_today_says_how_each_job_stands(desk: Client, doreen: Requester) -> None:
    now = timezone.now()
    make.make_open_job(requester=doreen, title="Tea", timing="between", earliest=now, latest=now + timedelta(minutes=1))
    assert "Tea for Doreen Pascoe" in page(desk)
    assert "Nobody yet" in page(desk)


@pytest.mark.parametrize(
    ("state", "contacted", "said"),
    [
        (JobState.ASSIGNED, False, ("Tom. Ratified", "", "")),
        (JobState.ASSIGNED, True, ("Tom. In touch", "good", "check-lg")),
        (JobState.REPORTED, True, ("Tom. Reported", "good", "check-lg")),
    ],
)
def test_todays_words(db: None, state: JobState, contacted: bool, said: tuple[str, str, str]) -> None:
    job = make.make_open_job()
    helper = make.make_matching_helper(job, "Tom Aldous")
    job.state = state
    job.live_offers = [make.make_offer_row(job, helper, contacted_at=timezone.now() if contacted else None)]
    assert today_words(job) == said


CLOCK = Clock(datetime(2026, 3, 3, 9, 42, tzinfo=UTC), ZoneInfo("Europe/London"))


def owed(job: Job | None, requester: Requester, **fields: object) -> CallBack:
    event = Event.objects.create(kind="cancel_job", job=job)
    due = datetime(2026, 3, 3, 9, 10, tzinfo=UTC)
    return CallBack.objects.create(**{"requester": requester, "job": job, "event": event, "due_at": due, **fields})


def test_call_owed_says_who_is_coming_and_the_safe_word(db: None, doreen: Requester) -> None:
    job = make.make_open_job(requester=doreen, timing="by", latest=datetime(2026, 3, 3, 16, tzinfo=UTC))
    helper = make.make_matching_helper(job, "Tom Aldous")
    offer = make.make_offer_row(job, helper, state=OfferState.RATIFIED)
    row = call_row(owed(job, doreen, reason=CallBackReason.WHO_IS_COMING, offer=offer), CLOCK)
    assert (row.title, row.line) == ("Ring Doreen Pascoe: Tom is coming", "By 16:00 today. Safe word bluebell")
    assert (row.age_label, row.age, row.action) == ("Owed since", "09:10", "Ring Doreen")


def test_call_owed_about_no_job_and_often_tried(db: None, doreen: Requester) -> None:
    call = owed(None, doreen, reason=CallBackReason.CANCELLED, attempts=2, outcome="message_left")
    row = call_row(call, CLOCK)
    assert (row.title, row.line) == ("Ring Doreen Pascoe: the job was cancelled", "Tried 2 times, message left")


def test_clock_says_times_of_today_and_how_long_ago_else(db: None) -> None:
    assert CLOCK.at(datetime(2026, 3, 3, 9, 10, tzinfo=UTC)) == "09:10"
    assert CLOCK.at(datetime(2026, 3, 2, 9, 10, tzinfo=UTC)) == "yesterday"
    assert CLOCK.ago(None) == ""
    assert Clock.of(Community(time_zone="Asia/Tokyo")).local.utcoffset() == timedelta(hours=9)
