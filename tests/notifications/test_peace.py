"""Quiet hours, and how often somebody wants to be asked."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from community_help.exceptions import NotAllowed
from community_help.jobs.offer import Ask
from community_help.jobs.task_type import Urgency
from community_help.notifications import claims
from community_help.notifications import outbox as box
from community_help.notifications.notification import Delivery, Notification
from community_help.notifications.peace import peace_until, was_asked_enough
from community_help.people.community import Community
from community_help.people.profiles import Helper
from community_help.services import jobs
from community_help.services.availability import change_being_asked
from community_help.testing import factories as make
from tests.notifications.scene import address, heard, published, rows, settle, urgent_job

if TYPE_CHECKING:
    from community_help.notifications.notifiers.locmem import Sent

pytestmark = pytest.mark.django_db

NIGHT = (time(21), time(8))


def london(*moment: int) -> datetime:
    """An instant by the clocks of London, where summer time ends on 25 October 2026 and begins on 29 March 2026."""
    return datetime(*moment, tzinfo=Community(time_zone="Europe/London").zone)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        pytest.param(NIGHT, (2026, 6, 1, 20, 59), None, id="a minute before they begin"),
        pytest.param(NIGHT, (2026, 6, 1, 21, 0), (2026, 6, 2, 8), id="as they begin"),
        pytest.param(NIGHT, (2026, 6, 1, 23, 59), (2026, 6, 2, 8), id="before midnight"),
        pytest.param(NIGHT, (2026, 6, 2, 0, 0), (2026, 6, 2, 8), id="at midnight"),
        pytest.param(NIGHT, (2026, 6, 2, 7, 59), (2026, 6, 2, 8), id="a minute before they end"),
        pytest.param(NIGHT, (2026, 6, 2, 8, 0), None, id="as they end"),
        pytest.param((time(13), time(15)), (2026, 6, 1, 14, 0), (2026, 6, 1, 15), id="in the afternoon"),
        pytest.param((time(13), time(15)), (2026, 6, 1, 15, 0), None, id="after the nap"),
        pytest.param((time(0), time(0)), (2026, 6, 1, 0, 0), None, id="none, at midnight"),
        pytest.param((time(9), time(9)), (2026, 6, 1, 9, 0), None, id="none"),
        pytest.param((time(0), time(23, 59)), (2026, 6, 1, 12, 0), (2026, 6, 1, 23, 59), id="all day but a minute"),
        pytest.param(NIGHT, (2026, 2, 28, 22, 0), (2026, 3, 1, 8), id="the last night of February"),
        pytest.param(NIGHT, (2028, 2, 28, 22, 0), (2028, 2, 29, 8), id="the night before a leap day"),
        pytest.param(NIGHT, (2026, 12, 31, 22, 0), (2027, 1, 1, 8), id="the last night of a year"),
        pytest.param(NIGHT, (2026, 3, 28, 22, 0), (2026, 3, 29, 8), id="the night that loses an hour"),
        pytest.param(NIGHT, (2026, 10, 24, 22, 0), (2026, 10, 25, 8), id="the night that has an hour twice"),
    ],
)
def test_peace_lasts_until_the_end_of_the_quiet_hours(hours: Any, now: Any, until: Any) -> None:
    community = Community(quiet_from=hours[0], quiet_until=hours[1])
    expected = None if until is None else london(*until)
    assert peace_until(Helper(), community, london(*now)) == expected
    own = Helper(quiet_from=hours[0], quiet_until=hours[1])
    assert peace_until(own, Community(quiet_from=time(10), quiet_until=time(20)), london(*now)) == expected


def test_peace_in_an_hour_that_there_is_twice_ends_in_the_future() -> None:
    community = Community(quiet_from=time(22), quiet_until=time(1, 30))
    for utc, until in ((0, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)), (1, datetime(2026, 10, 25, 1, 30, tzinfo=UTC))):
        now = datetime(2026, 10, 25, utc, 15, tzinfo=UTC)  # a quarter past one, both times
        assert peace_until(Helper(), community, now) == until


def test_peace_that_would_end_in_an_hour_that_there_is_not_ends_with_it() -> None:
    community = Community(quiet_from=time(22), quiet_until=time(1, 30))
    now = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
    until = peace_until(Helper(), community, now)
    assert until is not None
    assert until > now
    assert peace_until(Helper(), community, until) is None


def in_peace(helper: Helper, now: datetime) -> None:
    """Half an hour of it has passed, and half an hour is left."""
    local = now.astimezone(Community.current().zone)
    begins, ends = ((local + timedelta(minutes=minutes)).time().replace(tzinfo=None) for minutes in (-30, 30))
    change_being_asked(helper, actor=helper.person, quiet=(begins, ends))


def test_urgent_job_is_told_of_when_the_quiet_hours_are_over(outbox: list[Sent]) -> None:
    _job, [tom, ann] = published(2)
    now = timezone.now() + timedelta(seconds=90)
    in_peace(tom, now)
    drained = box.drain(now=now)
    assert (drained.postponed, heard(outbox)) == (1, {("job_alert", address(ann))})
    row = Notification.objects.get(recipient=tom.pk)
    assert (row.state, row.tries, row.lease_until, row.reason[:11]) == ("waiting", 0, None, "quiet hours")
    assert not Ask.objects.filter(helper=tom).exists()
    assert box.drain(now=row.not_before - timedelta(seconds=1)).total == 0
    box.drain(now=row.not_before)
    assert heard(outbox) == {("job_alert", address(tom))}


def test_message_that_was_accepted_before_the_worker_died_is_told_though_it_is_quiet_by_now(outbox: list[Sent]) -> None:
    job, [tom] = published()
    row = Notification.objects.get(recipient=tom.pk)
    Delivery.objects.create(notification=row, notifier="locmem", attempt=1, outcome="accepted")
    in_peace(tom, timezone.now())
    settle()
    assert (rows(recipient=tom.pk), heard(outbox)) == ([("job_alert", "sent", "")], set())
    assert Ask.objects.get(helper=tom).job_id == job.pk


def test_many_quiet_nights_use_up_no_attempt(outbox: list[Sent]) -> None:
    _job, [tom] = published()
    in_peace(tom, timezone.now())
    for _night in range(claims.ATTEMPTS + 2):
        Notification.objects.filter(recipient=tom.pk).update(not_before=timezone.now())
        assert settle().postponed == 1
    change_being_asked(tom, actor=tom.person, quiet=None)
    Notification.objects.filter(recipient=tom.pk).update(not_before=timezone.now())
    settle()
    assert heard(outbox) == {("job_alert", address(tom))}


def test_job_that_is_filled_by_morning_is_not_told_of(outbox: list[Sent]) -> None:
    job, [tom] = published()
    in_peace(tom, timezone.now())
    settle()
    jobs.cancel_job(job, actor=make.make_coordinator())
    Notification.objects.filter(recipient=tom.pk).update(not_before=timezone.now())
    settle()
    assert rows(recipient=tom.pk) == [("job_alert", "skipped", "the job is no longer open")]
    assert heard(outbox) == set()


@pytest.mark.parametrize("reason", ["quiet", "often"])
def test_critical_job_reaches_the_helper_all_the_same_and_says_why(outbox: list[Sent], reason: str) -> None:
    job = urgent_job()
    tom = make.make_matching_helper(job)
    job.urgency = Urgency.CRITICAL
    job.save()
    jobs.publish_job(job, actor=make.make_coordinator())
    settle(limit=1)
    if reason == "quiet":
        in_peace(tom, timezone.now())
    else:
        change_being_asked(tom, actor=tom.person, most_per_week=0)
    settle()
    [(message, _where)] = outbox
    for words in (message.text, message.html):
        assert "It is critical: that is why we write although you wanted to be left in peace now." in words


def asked(helper: Helper, *, days_ago: float, step: str = "alert") -> None:
    when = timezone.now() - timedelta(days=days_ago)
    Ask.objects.create(job=make.make_open_job(), opening=1, helper=helper, step=step, asked_at=when)


def test_helper_is_asked_no_more_often_in_a_week_than_they_want(outbox: list[Sent]) -> None:
    _job, [tom] = published()
    change_being_asked(tom, actor=tom.person, most_per_week=2)
    asked(tom, days_ago=1)
    asked(tom, days_ago=6.9)
    settle()
    assert rows(recipient=tom.pk) == [
        ("job_alert", "skipped", "has been asked as often as they want in a week"),
    ]


def test_what_is_long_ago_or_was_found_by_oneself_does_not_count(outbox: list[Sent]) -> None:
    _job, [tom] = published()
    change_being_asked(tom, actor=tom.person, most_per_week=1)
    asked(tom, days_ago=7.1)
    for step in ("digest", "looked"):
        asked(tom, days_ago=1, step=step)
    tom.refresh_from_db()
    assert not was_asked_enough(tom, timezone.now())
    settle()
    assert heard(outbox) == {("job_alert", address(tom))}
    assert was_asked_enough(tom, timezone.now())


def test_change_being_asked_writes_what_is_given_and_leaves_the_rest() -> None:
    tom = make.make_helper("Tom Aldous", areas=[make.make_area()])

    def kept() -> tuple[Any, ...]:
        row = Helper.objects.get(pk=tom.pk)
        return row.most_asks_per_week, row.quiet_from, row.quiet_until, row.wants_alerts, row.wants_digest

    change_being_asked(tom, actor=tom.person, most_per_week=3, quiet=(time(20), time(9)), digest=False)
    assert kept() == (3, time(20), time(9), True, False)
    change_being_asked(tom, actor=make.make_coordinator(), alerts=False)
    assert kept() == (3, time(20), time(9), False, False)
    change_being_asked(tom, actor=tom.person, most_per_week=None, quiet=None, digest=True)
    assert kept() == (None, None, None, False, True)


@pytest.mark.parametrize("most", [-1, 101])
def test_change_being_asked_refuses_what_can_not_be(most: int) -> None:
    tom = make.make_helper()
    with pytest.raises(ValidationError) as caught:
        change_being_asked(tom, actor=tom.person, most_per_week=most)
    assert list(caught.value.message_dict) == ["most_per_week"]
    with pytest.raises(NotAllowed):
        change_being_asked(tom, actor=make.make_helper().person, digest=False)
