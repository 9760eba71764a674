"""From when to when a ratified helper may read: every reason to open and to close, at its very boundary."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community_help.jobs.job import Timing
from community_help.lifecycle.table import OfferState
from community_help.people.community import Community
from community_help.people.profiles import HelperState, NeverPair
from community_help.privacy.window import SHUT, window_of
from community_help.testing.factories import (
    make_check,
    make_check_level,
    make_offer_row,
    make_open_job,
    make_task_type,
)

if TYPE_CHECKING:
    from community_help.jobs.offer import Offer

pytestmark = pytest.mark.django_db

RATIFIED = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
START = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
END = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def ratified(*, state: OfferState = OfferState.RATIFIED, at: datetime = RATIFIED, **job: Any) -> Offer:
    return make_offer_row(make_open_job(**job), state=state, ratified_at=at)


def timed(**more: Any) -> Offer:
    return ratified(timing=Timing.BETWEEN, earliest=START, latest=END, **more)


def is_open(offer: Offer, now: datetime) -> bool:
    return window_of(offer, community=Community.current(), now=now).is_open


def assert_opens_at(offer: Offer, at: datetime) -> None:
    assert [is_open(offer, at - TICK), is_open(offer, at)] == [False, True]
    assert window_of(offer, community=Community.current(), now=at).opens == at


def assert_closes_at(offer: Offer, at: datetime) -> None:
    assert [is_open(offer, at - TICK), is_open(offer, at)] == [True, False]
    assert window_of(offer, community=Community.current(), now=at).closes == at


# Opening


def test_window_opens_when_the_ratification_can_no_longer_be_undone() -> None:
    assert_opens_at(ratified(), RATIFIED + timedelta(seconds=10))


def test_window_opens_at_the_communitys_own_undo_time() -> None:
    Community.objects.update_or_create(pk=1, defaults={"undo_seconds": 30})
    assert_opens_at(ratified(), RATIFIED + timedelta(seconds=30))


@pytest.mark.parametrize("timing", [Timing.AT, Timing.BETWEEN, Timing.ON])
def test_window_opens_seven_days_ahead_of_the_start(timing: Timing) -> None:
    assert_opens_at(ratified(timing=timing, earliest=START, latest=END), START - timedelta(days=7))


def test_window_opens_after_the_undo_time_when_the_start_is_near() -> None:
    assert_opens_at(timed(at=START - timedelta(hours=1)), START - timedelta(hours=1) + timedelta(seconds=10))


@pytest.mark.parametrize("timing", [Timing.BY, Timing.ASAP, Timing.FLEXIBLE])
def test_window_of_a_job_without_a_start_opens_at_once(timing: Timing) -> None:
    assert_opens_at(ratified(timing=timing, earliest=START, latest=END), RATIFIED + timedelta(seconds=10))


# Closing by itself


def test_window_closes_72_hours_after_the_end_when_nobody_reports() -> None:
    assert_closes_at(timed(), END + timedelta(hours=72))


def test_window_closes_8_hours_after_the_report() -> None:
    offer = timed()
    offer.reported_at = END + timedelta(hours=1)
    assert_closes_at(offer, END + timedelta(hours=9))


def test_window_closes_8_hours_after_a_report_that_came_before_the_start() -> None:
    offer = timed()
    offer.reported_at = START - timedelta(hours=20)
    assert_closes_at(offer, START - timedelta(hours=12))


def test_window_closes_8_hours_after_a_report_at_the_last_moment() -> None:
    offer = timed()
    offer.reported_at = END + timedelta(hours=72) - TICK
    assert_closes_at(offer, END + timedelta(hours=80) - TICK)


def test_window_is_not_opened_again_by_a_late_report() -> None:
    offer = timed()
    offer.reported_at = END + timedelta(hours=72)
    assert_closes_at(offer, END + timedelta(hours=72))


def test_window_of_a_job_by_a_day_closes_72_hours_after_it() -> None:
    assert_closes_at(ratified(timing=Timing.BY, latest=END), END + timedelta(hours=72))


@pytest.mark.parametrize("timing", [Timing.ASAP, Timing.FLEXIBLE])
def test_window_of_a_job_without_a_time_closes_14_days_after_ratification(timing: Timing) -> None:
    assert_closes_at(ratified(timing=timing), RATIFIED + timedelta(days=14))


@pytest.mark.parametrize("timing", [Timing.ASAP, Timing.FLEXIBLE])
def test_window_of_a_job_with_nothing_but_an_end_closes_72_hours_after_it(timing: Timing) -> None:
    assert_closes_at(ratified(timing=timing, latest=END), END + timedelta(hours=72))


def test_window_of_a_job_at_a_time_counts_the_minutes_that_it_takes() -> None:
    offer = ratified(timing=Timing.AT, earliest=START, latest=START, minutes=90)
    assert_closes_at(offer, START + timedelta(minutes=90, hours=72))


def test_window_of_a_job_between_two_times_ends_with_the_second() -> None:
    assert_closes_at(timed(minutes=600), END + timedelta(hours=72))


def test_window_of_a_job_that_ended_before_it_was_ratified_never_opens() -> None:
    offer = timed(at=END + timedelta(hours=72))
    window = window_of(offer, community=Community.current(), now=END + timedelta(hours=73))
    assert window.is_open is False


def test_window_follows_the_task_types_own_times() -> None:
    kind = make_task_type(
        disclosure_days_before=1,
        disclosure_hours_after_report=0,
        disclosure_hours_after_end=24,
        disclosure_days_untimed=2,
    )
    offer = timed(task_type=kind)
    assert_opens_at(offer, START - timedelta(days=1))
    assert_closes_at(offer, END + timedelta(hours=24))
    offer.reported_at = END
    assert_closes_at(offer, END)
    assert_closes_at(ratified(task_type=kind), RATIFIED + timedelta(days=2))


def test_window_follows_the_communitys_times() -> None:
    times = {
        "disclosure_days_before": 2,
        "disclosure_hours_after_report": 1,
        "disclosure_hours_after_end": 5,
        "disclosure_days_untimed": 3,
    }
    Community.objects.update_or_create(pk=1, defaults=times)
    offer = timed()
    assert_opens_at(offer, START - timedelta(days=2))
    assert_closes_at(offer, END + timedelta(hours=5))
    offer.reported_at = END
    assert_closes_at(offer, END + timedelta(hours=1))
    assert_closes_at(ratified(), RATIFIED + timedelta(days=3))


# States


@pytest.mark.parametrize("state", OfferState)
def test_window_is_there_for_ratified_and_completed_offers_only(state: OfferState) -> None:
    offer = ratified()
    offer.state = state
    discloses = state in {OfferState.RATIFIED, OfferState.COMPLETED}
    assert is_open(offer, RATIFIED + timedelta(hours=1)) is discloses
    assert (window_of(offer, community=Community.current(), now=RATIFIED) == SHUT) is not discloses


def test_window_of_an_undone_ratification_is_shut() -> None:
    offer = ratified()
    offer.state, offer.ratified_at = OfferState.OFFERED, None
    assert window_of(offer, community=Community.current(), now=RATIFIED + timedelta(hours=1)) == SHUT


def test_window_of_a_completed_offer_stays_8_hours_after_the_report() -> None:
    offer = ratified(state=OfferState.COMPLETED)
    offer.reported_at = RATIFIED + timedelta(hours=5)
    assert_closes_at(offer, RATIFIED + timedelta(hours=13))


# Safeguarding


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (HelperState.APPLIED, False),
        (HelperState.APPROVED, True),
        (HelperState.PAUSED, True),  # asked nothing new; what was promised is still to be done
        (HelperState.SUSPENDED, False),
        (HelperState.LEFT, False),
    ],
)
def test_window_asks_where_the_helper_stands(state: HelperState, expected: bool) -> None:
    offer = ratified()
    offer.helper.state = state
    assert is_open(offer, RATIFIED + timedelta(hours=1)) is expected


def test_window_is_shut_between_two_who_are_never_paired() -> None:
    offer, other = ratified(), ratified()
    NeverPair.objects.create(helper=offer.helper, requester=offer.requester)
    assert [is_open(row, RATIFIED + timedelta(hours=1)) for row in (offer, other)] == [False, True]


def test_window_closes_at_once_when_it_is_shut() -> None:
    offer = ratified()
    offer.shut_at = RATIFIED + timedelta(hours=2)
    assert_closes_at(offer, RATIFIED + timedelta(hours=2))


class Checked:
    """A ratified offer for a job that needs a check, seen on 20 November."""

    noon = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

    def __init__(self, **check: Any) -> None:
        self.level = make_check_level()
        self.offer = ratified(at=self.noon - timedelta(days=1), check_level=self.level)
        self.offer.helper.checks.all().delete()
        if check:
            make_check(self.offer.helper, **{"level": self.level, "issued_on": date(2026, 1, 1), **check})

    @property
    def is_open(self) -> bool:
        return is_open(self.offer, self.noon)


def test_window_needs_the_check_that_the_job_needs() -> None:
    assert Checked(recheck_on=None).is_open
    assert not Checked().is_open


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        ({"recheck_on": date(2026, 11, 20)}, True),
        ({"recheck_on": date(2026, 11, 19)}, False),
        ({"recheck_on": date(2027, 1, 1), "issued_on": date(2026, 11, 20)}, True),
        ({"recheck_on": date(2027, 1, 1), "issued_on": date(2026, 11, 21)}, False),
        ({"recheck_on": date(2027, 1, 1), "revoked_at": RATIFIED}, False),
        ({"recheck_on": date(2027, 1, 1), "decision": "refused"}, False),
        ({"recheck_on": date(2027, 1, 1), "decision": "pending"}, False),
    ],
)
def test_window_asks_whether_the_check_holds_today(check: dict[str, Any], expected: bool) -> None:
    assert Checked(**check).is_open is expected


def test_window_takes_a_check_that_proves_the_level_too() -> None:
    scene = Checked()
    make_check(scene.offer.helper, make_check_level("Enhanced with barred list", includes=[scene.level]))
    assert scene.is_open


def test_window_does_not_take_a_check_of_another_level_or_helper() -> None:
    scene = Checked()
    make_check(scene.offer.helper, make_check_level("Basic DBS"))
    make_check(ratified().helper, scene.level)
    assert not scene.is_open


def test_window_asks_for_today_where_the_community_is() -> None:
    Community.objects.update_or_create(pk=1, defaults={"time_zone": "Pacific/Auckland"})
    scene = Checked(recheck_on=date(2026, 11, 20))
    assert not scene.is_open  # at noon in UTC it is the 21st there


# Opened again


def test_window_that_was_opened_again_closes_at_its_moment() -> None:
    offer = timed()
    offer.reopened_until = END + timedelta(days=10)
    assert_closes_at(offer, END + timedelta(days=10))


def test_window_that_was_opened_again_is_never_shortened_by_it() -> None:
    offer = timed()
    offer.reopened_until = END
    assert_closes_at(offer, END + timedelta(hours=72))


def test_window_that_was_opened_again_after_the_report() -> None:
    offer = timed()
    offer.reported_at, offer.reopened_until = END, END + timedelta(hours=20)
    assert_closes_at(offer, END + timedelta(hours=20))


def test_window_that_safeguarding_shut_is_not_opened_by_opening_it_again() -> None:
    offer = timed()
    offer.shut_at, offer.reopened_until = START, END + timedelta(days=10)
    assert_closes_at(offer, START)
    offer.shut_at, offer.helper.state = None, HelperState.SUSPENDED
    assert not is_open(offer, END)


@pytest.mark.parametrize("state", ["released", "stood_down", "no_show", "cancelled"])
def test_window_of_an_offer_that_ended_is_not_opened_by_opening_it_again(state: str) -> None:
    offer = timed()
    offer.state, offer.reopened_until = state, END + timedelta(days=10)
    assert not is_open(offer, START)


# Whatever the times

hours = st.integers(min_value=0, max_value=24 * 40).map(lambda number: timedelta(hours=number))
maybe_hours = st.none() | hours


@pytest.fixture
def promised() -> Offer:
    """One offer for all examples: they change the object and never save it."""
    return ratified()


@pytest.mark.property
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    start=hours,
    length=hours,
    reported=maybe_hours,
    shut=maybe_hours,
    reopened=maybe_hours,
    now=hours,
    timing=st.sampled_from(Timing.values),
)
def test_window_keeps_its_promises_whatever_the_times(
    promised: Offer,
    *,
    start: timedelta,
    length: timedelta,
    reported: timedelta | None,
    shut: timedelta | None,
    reopened: timedelta | None,
    now: timedelta,
    timing: str,
) -> None:
    def moment(after: timedelta | None) -> datetime | None:
        return None if after is None else RATIFIED + after

    offer = promised
    offer.reported_at, offer.shut_at, offer.reopened_until = moment(reported), moment(shut), moment(reopened)
    job = offer.job
    job.timing, job.earliest, job.latest = timing, RATIFIED + start, RATIFIED + start + length
    if not is_open(offer, RATIFIED + now):
        return
    assert now >= timedelta(seconds=10)
    assert shut is None or now < shut
    if timing in {"at", "between", "on"}:
        assert now >= start - timedelta(days=7)
    if reopened is None or now >= reopened:
        assert now < start + length + timedelta(hours=80)
        assert reported is not None or now < start + length + timedelta(hours=72)
        assert reported is None or now < max(reported + timedelta(hours=8), start + length + timedelta(hours=72))
        if reported is not None and reported < start + length + timedelta(hours=72):
            assert now < reported + timedelta(hours=8)
