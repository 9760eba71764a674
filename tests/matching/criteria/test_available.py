"""The helper's hours and days away against the job's time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from community_help.jobs.job import Timing
from community_help.matching import Moment, Need
from community_help.matching.criteria.available import Available
from community_help.people.availability import Away
from community_help.people.profiles import Helper
from community_help.testing.criteria import assert_keeps_contract
from tests.matching.asking import passes, reason
from tests.matching.times import LONDON, at, helper, job, moment

pytestmark = pytest.mark.django_db

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
H = 60
MONDAY = date(2026, 6, 1)


AT_TWO = (at(2026, 6, 3, 14), at(2026, 6, 3, 14))
OVER_MIDNIGHT = (at(2026, 6, 3, 22, 30), at(2026, 6, 4, 0, 30))
CASES = {
    # At a time: the whole of it
    "at, no hours given": (Timing.AT, AT_TWO, 60, [], True),
    "at, within the hours": (Timing.AT, AT_TWO, 60, [(WED, 13 * H, 15 * H)], True),
    "at, to the minute": (Timing.AT, AT_TWO, 60, [(WED, 14 * H, 15 * H)], True),
    "at, a minute short": (Timing.AT, AT_TWO, 60, [(WED, 14 * H, 15 * H - 1)], False),
    "at, begins too late": (
        Timing.AT,
        AT_TWO,
        60,
        [(WED, 14 * H + 1, 16 * H)],
        False,
    ),
    "at, another day": (Timing.AT, AT_TWO, 60, [(THU, 0, 24 * H)], False),
    "at, no length said": (
        Timing.AT,
        AT_TWO,
        None,
        [(WED, 14 * H, 14 * H + 1)],
        True,
    ),
    "at, over midnight, both nights": (
        Timing.AT,
        (at(2026, 6, 3, 23, 30), at(2026, 6, 3, 23, 30)),
        60,
        [(WED, 22 * H, 24 * H), (THU, 0, 1 * H)],
        True,
    ),
    "at, over midnight, first night only": (
        Timing.AT,
        (at(2026, 6, 3, 23, 30), at(2026, 6, 3, 23, 30)),
        60,
        [(WED, 22 * H, 24 * H)],
        False,
    ),
    "at midnight": (Timing.AT, (at(2026, 6, 4), at(2026, 6, 4)), 30, [(THU, 0, 1 * H)], True),
    "at midnight, the day before": (Timing.AT, (at(2026, 6, 4), at(2026, 6, 4)), 30, [(WED, 0, 24 * H)], False),
    # Between two times: long enough
    "between, overlaps long enough": (
        Timing.BETWEEN,
        (at(2026, 6, 3, 14), at(2026, 6, 3, 18)),
        60,
        [(WED, 17 * H, 22 * H)],
        True,
    ),
    "between, overlaps a minute too short": (
        Timing.BETWEEN,
        (at(2026, 6, 3, 14), at(2026, 6, 3, 18)),
        60,
        [(WED, 17 * H + 1, 22 * H)],
        False,
    ),
    "between, hours too short in themselves": (
        Timing.BETWEEN,
        (at(2026, 6, 3, 14), at(2026, 6, 3, 18)),
        60,
        [(WED, 15 * H, 15 * H + 59)],
        False,
    ),
    "between, touches only": (
        Timing.BETWEEN,
        (at(2026, 6, 3, 14), at(2026, 6, 3, 18)),
        None,
        [(WED, 18 * H, 22 * H)],
        False,
    ),
    "between, needs longer than there is": (
        Timing.BETWEEN,
        (at(2026, 6, 3, 14), at(2026, 6, 3, 15)),
        240,
        [(WED, 14 * H, 15 * H)],
        True,
    ),
    "between, over midnight, second night": (
        Timing.BETWEEN,
        (at(2026, 6, 3, 22), at(2026, 6, 4, 2)),
        60,
        [(THU, 1 * H, 2 * H)],
        True,
    ),
    "between, ends at midnight, next day does not count": (
        Timing.BETWEEN,
        (at(2026, 6, 3, 22), at(2026, 6, 4, 0)),
        None,
        [(THU, 0, 24 * H)],
        False,
    ),
    "between, today, what is over does not count": (
        Timing.BETWEEN,
        (at(2026, 6, 1, 7), at(2026, 6, 1, 12)),
        60,
        [(MON, 7 * H, 9 * H)],
        False,
    ),
    "between, today, what is left counts": (
        Timing.BETWEEN,
        (at(2026, 6, 1, 7), at(2026, 6, 1, 12)),
        60,
        [(MON, 7 * H, 10 * H)],
        True,
    ),
    "between, over midnight, the shorter night alone": (Timing.BETWEEN, OVER_MIDNIGHT, 90, [(THU, 0, 30)], False),
    "between, over midnight, the longer night": (Timing.BETWEEN, OVER_MIDNIGHT, 90, [(WED, 22 * H + 30, 24 * H)], True),
    "between, over midnight, longer than either night": (
        Timing.BETWEEN,
        OVER_MIDNIGHT,
        120,
        [(WED, 22 * H + 30, 24 * H)],
        True,
    ),
    "between, what is left is shorter than the help, whoever can for all of it": (
        Timing.BETWEEN,
        (at(2026, 6, 1, 7), at(2026, 6, 1, 9, 30)),
        120,
        [(MON, 9 * H, 10 * H)],
        True,
    ),
    "between, what is left is shorter than the help, and they can for less": (
        Timing.BETWEEN,
        (at(2026, 6, 1, 7), at(2026, 6, 1, 9, 30)),
        120,
        [(MON, 9 * H + 10, 10 * H)],
        False,
    ),
    # On a day, by a time
    "on, any hour of the day": (Timing.ON, (at(2026, 6, 3), at(2026, 6, 3, 23, 59)), 30, [(WED, 0, 30)], True),
    "on, the evening before": (Timing.ON, (at(2026, 6, 3), at(2026, 6, 3, 23, 59)), 30, [(TUE, 0, 24 * H)], False),
    "on the leap day": (Timing.ON, (at(2028, 2, 29), at(2028, 2, 29, 23, 59)), 30, [(TUE, 9 * H, 10 * H)], True),
    "on the day after the leap day": (
        Timing.ON,
        (at(2028, 3, 1), at(2028, 3, 1, 23, 59)),
        30,
        [(TUE, 9 * H, 10 * H)],
        False,
    ),
    "by Friday, a day before": (Timing.BY, (None, at(2026, 6, 5, 18)), 60, [(THU, 9 * H, 10 * H)], True),
    "by Friday, on Friday too late": (Timing.BY, (None, at(2026, 6, 5, 18)), 60, [(FRI, 18 * H, 20 * H)], False),
    "by Friday, only at the weekend": (Timing.BY, (None, at(2026, 6, 5, 18)), 60, [(SAT, 0, 24 * H)], False),
    "by Friday, this morning is over": (Timing.BY, (None, at(2026, 6, 5, 18)), 60, [(MON, 7 * H, 9 * H)], False),
    "by a day in three weeks, some weekday": (Timing.BY, (None, at(2026, 6, 22, 18)), 60, [(SUN, 9 * H, 10 * H)], True),
    "by, not before Thursday": (
        Timing.BY,
        (at(2026, 6, 4, 9), at(2026, 6, 5, 18)),
        60,
        [(WED, 0, 24 * H)],
        False,
    ),
    # The clocks
    "the hour that is missing in spring": (
        Timing.BETWEEN,
        (at(2027, 3, 28, 0, 30), at(2027, 3, 28, 3)),
        30,
        [(SUN, 2 * H, 3 * H)],
        True,
    ),
    "the hour that comes twice in autumn": (
        Timing.BETWEEN,
        (at(2026, 10, 25, 1, 30), at(2026, 10, 25, 1, 30, fold=1)),
        60,
        [(SUN, 1 * H, 2 * H)],
        True,
    ),
    "a summer evening is the local day": (
        Timing.AT,
        (datetime(2026, 6, 3, 23, 30, tzinfo=UTC), datetime(2026, 6, 3, 23, 30, tzinfo=UTC)),
        15,
        [(THU, 0, 1 * H)],
        True,
    ),
    "a summer evening is not the day in UTC": (
        Timing.AT,
        (datetime(2026, 6, 3, 23, 30, tzinfo=UTC), datetime(2026, 6, 3, 23, 30, tzinfo=UTC)),
        15,
        [(WED, 23 * H, 24 * H)],
        False,
    ),
    "a winter evening is the same in UTC": (
        Timing.AT,
        (datetime(2026, 12, 2, 23, 30, tzinfo=UTC), datetime(2026, 12, 2, 23, 30, tzinfo=UTC)),
        15,
        [(WED, 23 * H, 24 * H)],
        True,
    ),
    # Without a time of its own
    "as soon as possible, later today": (Timing.ASAP, (None, None), 60, [(MON, 20 * H, 21 * H)], True),
    "as soon as possible, this morning is over": (Timing.ASAP, (None, None), 60, [(MON, 7 * H, 9 * H)], False),
    "as soon as possible, tomorrow": (Timing.ASAP, (None, None), 60, [(TUE, 7 * H, 9 * H)], True),
    "as soon as possible, the day after": (Timing.ASAP, (None, None), 60, [(WED, 7 * H, 9 * H)], False),
    "any time, some hour of the week": (Timing.FLEXIBLE, (None, None), 60, [(SUN, 7 * H, 9 * H)], True),
    # Over, and still open
    "late, so as soon as possible, today": (
        Timing.ON,
        (at(2026, 5, 30), at(2026, 5, 30, 23, 59)),
        60,
        [(MON, 12 * H, 13 * H)],
        True,
    ),
    "late, so as soon as possible, not on its old day": (
        Timing.ON,
        (at(2026, 5, 30), at(2026, 5, 30, 23, 59)),
        60,
        [(SAT, 0, 24 * H)],
        False,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_hours_against_the_time_of_a_job(name: str) -> None:
    timing, (earliest, latest), minutes, hours, expected = CASES[name]
    row = job(timing, earliest, latest, minutes=minutes, made_on=MONDAY)
    assert passes(Available, row, helper(*hours), moment=moment(2026, 6, 1, 9)) is expected


AWAY = {
    "on the day": ((date(2026, 6, 3), date(2026, 6, 3)), False),
    "until the day before": ((date(2026, 6, 1), date(2026, 6, 2)), True),
    "from the day after": ((date(2026, 6, 4), date(2026, 6, 9)), True),
    "until they say otherwise": ((date(2026, 5, 1), None), False),
    "from a later day until they say otherwise": ((date(2026, 6, 4), None), True),
}


@pytest.mark.parametrize("name", AWAY)
def test_days_away_against_a_day(name: str) -> None:
    away, expected = AWAY[name]
    row = job(Timing.ON, at(2026, 6, 3), at(2026, 6, 3, 23, 59), made_on=MONDAY)
    assert passes(Available, row, helper(away=away), moment=moment(2026, 6, 1, 9)) is expected


def test_away_for_some_of_the_days_leaves_the_others() -> None:
    row = job(Timing.BY, None, at(2026, 6, 5, 18), made_on=MONDAY)
    week = (date(2026, 6, 1), date(2026, 6, 4))
    assert passes(Available, row, helper(away=week), moment=moment(2026, 6, 1, 9)) is True
    thursdays = helper((THU, 0, 24 * H), away=week)
    assert passes(Available, row, thursdays, moment=moment(2026, 6, 1, 9)) is False


def test_away_for_the_whole_fortnight_is_away_for_any_time() -> None:
    row = job(Timing.FLEXIBLE, made_on=MONDAY)
    fortnight = (date(2026, 6, 1), date(2026, 6, 14))
    assert passes(Available, row, helper(away=fortnight), moment=moment(2026, 6, 1, 9)) is False
    assert passes(Available, row, helper(away=fortnight), moment=moment(2026, 6, 2, 9)) is True


def test_time_that_is_still_half_typed_asks_nothing() -> None:
    asked = Available(moment(2026, 6, 1, 9))
    need = Need(timing=Timing.BETWEEN, earliest=at(2026, 6, 3, 9))
    assert Helper.objects.filter(asked.helpers_for(need), pk=helper((SUN, 0, 1)).pk).exists()


def test_end_before_its_beginning_is_for_nobody() -> None:
    asked = Available(moment(2026, 6, 1, 9))
    need = Need(timing=Timing.BETWEEN, earliest=at(2026, 6, 4, 9), latest=at(2026, 6, 3, 9), first_day=date(2026, 6, 4))
    assert not Helper.objects.filter(asked.helpers_for(need), pk=helper().pk).exists()


def test_available_keeps_the_contract() -> None:
    week = timedelta(days=7)
    now = Moment.of().now
    today = Moment.of().today
    between = job(Timing.BETWEEN, now + week, now + week + timedelta(hours=3), minutes=30, made_on=today)
    jobs = [between, job(Timing.ASAP, made_on=today)]
    day = (now + week).astimezone(LONDON).date()
    helpers = [helper(), helper(away=(day - week, day)), helper(((day.weekday() + 3) % 7, 0, 60))]
    assert_keeps_contract(Available, jobs=jobs, helpers=helpers)


def test_reasons_say_what_is_in_the_way() -> None:
    today = Moment.of().today
    row = job(Timing.ASAP, made_on=today)
    assert reason("available", row, helper()) == "can at any time"
    assert reason("available", row, helper(away=(today, today + timedelta(days=9)))) == "is away"
    other = (today.weekday() + 3) % 7
    assert reason("available", row, helper((other, 0, 60))) == "can’t at that time"
    every_day = helper(*((day, 0, 24 * H) for day in range(7)))
    assert reason("available", row, every_day) == "can at that time"


def test_reason_of_a_day_to_come_is_about_that_day() -> None:
    now, today, week = Moment.of().now, Moment.of().today, timedelta(days=7)
    noon = (now + week).replace(hour=12)
    row = job(Timing.BETWEEN, noon, noon + timedelta(hours=1), minutes=30, made_on=today)
    day = row.first_day
    assert day is not None
    assert reason("available", row, helper(away=(today, day))) == "is away then"
    assert reason("available", row, helper(away=(day, day + week))) == "is away then"
    elsewhen = helper(((day.weekday() + 3) % 7, 0, 60), away=(today, today))
    assert reason("available", row, elsewhen) == "can’t at that time"
    two_stretches = helper(away=(today, today + timedelta(days=1)))
    Away.objects.create(helper=two_stretches, first_day=day, last_day=day)
    assert reason("available", row, two_stretches) == "is away then"
    night = noon.replace(hour=22, minute=50)
    over_midnight = job(Timing.AT, night, night, minutes=150, made_on=today)
    day_after = over_midnight.last_day
    assert day_after is not None
    assert day_after > day
    assert reason("available", over_midnight, helper(away=(day_after, day_after + week))) == "is away then"
    asap = job(Timing.ASAP, made_on=today)
    assert reason("available", asap, helper(away=(today, None))) == "is away"
