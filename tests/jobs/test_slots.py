"""A job's time in the community's days and minutes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community_help.jobs.job import Timing
from community_help.jobs.slots import Span, days_of, slots_of

LONDON = ZoneInfo("Europe/London")
HAVANA = ZoneInfo("America/Havana")  # its clocks change at midnight, so that a day may begin at one o'clock
TODAY = date(2026, 6, 1)


def local(*when: int, fold: int = 0, zone: ZoneInfo = LONDON) -> datetime:
    return datetime(*when, fold=fold, tzinfo=zone).astimezone(UTC)  # type: ignore[misc,arg-type]


def slots(timing: Timing, earliest: datetime | None, latest: datetime | None, **kwargs: object) -> list[Span]:
    return slots_of(timing, earliest, latest, **{"zone": LONDON, "today": TODAY, **kwargs})  # type: ignore[arg-type]


def test_days_of_a_summer_evening_are_local_days() -> None:
    # 23:30 UTC on the 1st is half past midnight on the 2nd in Bristol.
    begins = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)
    answer = days_of(Timing.BETWEEN, begins, begins + timedelta(hours=1), zone=LONDON)
    assert answer == (date(2026, 6, 2), date(2026, 6, 2))


def test_days_of_by_has_no_first_day() -> None:
    assert days_of(Timing.BY, None, local(2026, 6, 5, 12), zone=LONDON) == (None, date(2026, 6, 5))


@pytest.mark.parametrize("timing", [Timing.ASAP, Timing.FLEXIBLE])
def test_days_of_a_job_without_a_time_are_none(timing: Timing) -> None:
    assert days_of(timing, None, None, zone=LONDON) == (None, None)
    assert days_of(timing, local(2026, 6, 1), local(2026, 6, 2), zone=LONDON) == (None, None)


def test_days_of_a_time_that_ends_at_midnight_end_on_the_day_before() -> None:
    answer = days_of(Timing.ON, local(2026, 6, 3), local(2026, 6, 4), zone=LONDON)
    assert answer == (date(2026, 6, 3), date(2026, 6, 3))


def test_days_of_a_moment_at_midnight_are_the_day_that_begins() -> None:
    moment = local(2026, 6, 3)
    assert days_of(Timing.AT, moment, moment, zone=LONDON) == (date(2026, 6, 3), date(2026, 6, 3))


def test_days_of_the_leap_day() -> None:
    answer = days_of(Timing.ON, local(2028, 2, 29), local(2028, 3, 1), zone=LONDON)
    assert answer == (date(2028, 2, 29), date(2028, 2, 29))


@pytest.mark.parametrize("timing", [Timing.ASAP, Timing.FLEXIBLE])
def test_slots_of_a_job_without_a_time_are_none(timing: Timing) -> None:
    assert slots(timing, local(2026, 6, 3, 9), local(2026, 6, 3, 10)) == []


def test_slots_of_a_time_still_half_typed_are_none() -> None:
    assert slots(Timing.BETWEEN, local(2026, 6, 3, 9), None) == []


def test_slots_between_two_times_on_one_day() -> None:
    answer = slots(Timing.BETWEEN, local(2026, 6, 3, 9, 30), local(2026, 6, 3, 11))
    assert answer == [Span(date(2026, 6, 3), 570, 660)]
    assert answer[0].weekday == 2  # a Wednesday


def test_slots_at_a_moment_have_at_least_its_minute() -> None:
    moment = local(2026, 6, 3, 9, 30)
    assert slots(Timing.AT, moment, moment) == [Span(date(2026, 6, 3), 570, 571)]


def test_slots_with_seconds_take_the_minutes_begun() -> None:
    answer = slots(Timing.BETWEEN, local(2026, 6, 3, 9, 30, 59), local(2026, 6, 3, 11, 0, 1))
    assert answer == [Span(date(2026, 6, 3), 570, 661)]


def test_slots_are_split_at_local_midnight() -> None:
    answer = slots(Timing.BETWEEN, local(2026, 6, 3, 22), local(2026, 6, 5, 1))
    assert answer == [
        Span(date(2026, 6, 3), 1320, 1440),
        Span(date(2026, 6, 4), 0, 1440),
        Span(date(2026, 6, 5), 0, 60),
    ]


def test_slots_that_end_at_midnight_leave_the_next_day_alone() -> None:
    assert slots(Timing.BETWEEN, local(2026, 6, 3, 22), local(2026, 6, 4)) == [Span(date(2026, 6, 3), 1320, 1440)]


def test_slots_on_a_day_are_the_whole_day() -> None:
    answer = slots(Timing.ON, local(2026, 6, 3, 12), local(2026, 6, 3, 12))
    assert answer == [Span(date(2026, 6, 3), 0, 1440)]


def test_slots_by_a_time_begin_today() -> None:
    answer = slots(Timing.BY, None, local(2026, 6, 2, 18))
    assert answer == [Span(TODAY, 0, 1440), Span(date(2026, 6, 2), 0, 1080)]


def test_slots_by_a_time_with_a_beginning_begin_there() -> None:
    answer = slots(Timing.BY, local(2026, 6, 2, 9), local(2026, 6, 2, 18))
    assert answer == [Span(date(2026, 6, 2), 540, 1080)]


def test_slots_of_days_that_are_past_are_left_out() -> None:
    answer = slots(Timing.BETWEEN, local(2026, 5, 30, 9), local(2026, 6, 1, 10))
    assert answer == [Span(TODAY, 0, 600)]
    assert slots(Timing.BETWEEN, local(2026, 5, 30, 9), local(2026, 5, 31, 10)) == []


def test_slots_go_to_the_end_however_far() -> None:
    answer = slots(Timing.BETWEEN, local(2026, 6, 1), local(2026, 8, 1))
    assert [answer[0].date, answer[-1].date, len(answer)] == [TODAY, date(2026, 7, 31), 61]


def test_slots_at_a_moment_last_as_long_as_the_help() -> None:
    moment = local(2026, 6, 3, 23, 30)
    over_midnight = [Span(date(2026, 6, 3), 1410, 1440), Span(date(2026, 6, 4), 0, 30)]
    assert slots(Timing.AT, moment, moment, minutes=60) == over_midnight
    assert slots(Timing.AT, moment, moment, minutes=30) == over_midnight[:1]
    assert days_of(Timing.AT, moment, moment, minutes=60, zone=LONDON) == (date(2026, 6, 3), date(2026, 6, 4))
    between = (Timing.BETWEEN, local(2026, 6, 3, 9), local(2026, 6, 3, 10))
    assert slots(*between, minutes=300) == [Span(date(2026, 6, 3), 540, 600)]  # the time is what was asked for


def test_slots_over_the_hour_that_is_missing_in_spring() -> None:
    # 29 March 2026: 01:00 is at once 02:00. From 00:30 to 03:30 on the wall clock are two hours.
    begins, ends = local(2026, 3, 29, 0, 30), local(2026, 3, 29, 3, 30)
    assert ends - begins == timedelta(hours=2)
    answer = slots(Timing.BETWEEN, begins, ends, today=date(2026, 3, 28))
    assert answer == [Span(date(2026, 3, 29), 30, 210)]


def test_slots_of_the_day_of_23_hours_and_of_the_day_of_25() -> None:
    spring = slots(Timing.BETWEEN, local(2026, 3, 29), local(2026, 3, 30), today=date(2026, 3, 28))
    autumn = slots(Timing.BETWEEN, local(2026, 10, 25), local(2026, 10, 26), today=date(2026, 10, 20))
    assert spring == [Span(date(2026, 3, 29), 0, 1440)]
    assert autumn == [Span(date(2026, 10, 25), 0, 1440)]


def test_slots_over_the_hour_that_comes_twice_in_autumn_hold_it_wholly() -> None:
    # 25 October 2026: 02:00 is at once 01:00. From 01:45 summer time to 01:15 winter time is half an hour.
    begins, ends = local(2026, 10, 25, 1, 45), local(2026, 10, 25, 1, 15, fold=1)
    assert ends - begins == timedelta(minutes=30)
    answer = slots(Timing.BETWEEN, begins, ends, today=date(2026, 10, 20))
    assert answer == [Span(date(2026, 10, 25), 60, 120)]


def test_slots_within_the_second_of_the_two_hours_are_not_widened() -> None:
    begins, ends = local(2026, 10, 25, 1, 15, fold=1), local(2026, 10, 25, 1, 45, fold=1)
    answer = slots(Timing.BETWEEN, begins, ends, today=date(2026, 10, 20))
    assert answer == [Span(date(2026, 10, 25), 75, 105)]


def test_slots_over_a_night_in_which_the_clocks_go_back_and_the_day_begins_twice() -> None:
    # Havana, 1 November 2026: one o'clock is at once midnight again.
    begins, ends = local(2026, 10, 31, 23, zone=HAVANA), local(2026, 11, 1, 2, zone=HAVANA)
    assert ends - begins == timedelta(hours=4)
    answer = slots(Timing.BETWEEN, begins, ends, zone=HAVANA, today=date(2026, 10, 30))
    assert answer == [Span(date(2026, 10, 31), 1380, 1440), Span(date(2026, 11, 1), 0, 120)]


def test_slots_over_a_night_without_a_midnight() -> None:
    # Havana, 8 March 2026: midnight is at once one o'clock.
    begins, ends = local(2026, 3, 7, 23, zone=HAVANA), local(2026, 3, 8, 2, zone=HAVANA)
    assert ends - begins == timedelta(hours=2)
    answer = slots(Timing.BETWEEN, begins, ends, zone=HAVANA, today=date(2026, 3, 1))
    assert answer == [Span(date(2026, 3, 7), 1380, 1440), Span(date(2026, 3, 8), 60, 120)]


_MOMENTS = st.integers(min_value=0, max_value=365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@pytest.mark.property
@settings(max_examples=150, deadline=None, database=None)
@given(
    begins=_MOMENTS,
    minutes=st.integers(min_value=1, max_value=3 * 24 * 60),
    zone=st.sampled_from(["Europe/London", "America/Havana", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
)
def test_slots_hold_every_minute_of_the_time_and_touch_no_other_day(begins: datetime, minutes: int, zone: str) -> None:
    place = ZoneInfo(zone)
    moments = [(begins + step * timedelta(minutes=1)).astimezone(place) for step in range(minutes)]
    answer = slots(Timing.BETWEEN, begins, begins + timedelta(minutes=minutes), zone=place, today=moments[0].date())
    held = {span.date: range(span.from_minute, span.to_minute) for span in answer}
    assert list(held) == sorted({moment.date() for moment in moments})
    assert all(moment.hour * 60 + moment.minute in held[moment.date()] for moment in moments)
    assert all(0 <= span.from_minute < span.to_minute <= 1440 for span in answer)
    first, last = days_of(Timing.BETWEEN, begins, begins + timedelta(minutes=minutes), zone=place)
    assert (first, last) == (answer[0].date, answer[-1].date)
