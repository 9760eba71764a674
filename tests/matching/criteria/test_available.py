"""The helper's hours and days away against the job's time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community_help.jobs.job import Job, Timing
from community_help.matching import Moment, Need
from community_help.matching.criteria.available import Available
from community_help.people.availability import Away, FreeHours
from community_help.people.community import Community
from community_help.people.profiles import Helper
from community_help.testing.criteria import assert_keeps_contract
from community_help.testing.factories import make_helper, make_open_job
from tests.matching.asking import passes, reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from community_help.people.profiles import Requester

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
H = 60
NOW = datetime(2026, 6, 1, 9, 0, tzinfo=LONDON)  # a Monday


def at(*when: int, fold: int = 0) -> datetime:
    return datetime(*when, fold=fold, tzinfo=LONDON).astimezone(UTC)  # type: ignore[misc,arg-type]


def helper(*hours: tuple[int, int, int], away: tuple[date, date | None] | None = None) -> Helper:
    row = make_helper(account=False)
    FreeHours.objects.bulk_create(
        FreeHours(helper=row, weekday=day, from_minute=begins, to_minute=ends) for day, begins, ends in hours
    )
    if away:
        Away.objects.create(helper=row, first_day=away[0], last_day=away[1])
    return row


def job(timing: Timing, earliest: datetime | None = None, latest: datetime | None = None, **fields: Any) -> Job:
    return make_open_job(timing=timing, earliest=earliest, latest=latest, **fields)


def moment(*when: int) -> Moment:
    return Moment(at(*when), LONDON)


CASES = {
    # At a time: the whole of it
    "at, no hours given": (Timing.AT, (at(2026, 6, 3, 14), at(2026, 6, 3, 14)), 60, [], True),
    "at, within the hours": (Timing.AT, (at(2026, 6, 3, 14), at(2026, 6, 3, 14)), 60, [(WED, 13 * H, 15 * H)], True),
    "at, to the minute": (Timing.AT, (at(2026, 6, 3, 14), at(2026, 6, 3, 14)), 60, [(WED, 14 * H, 15 * H)], True),
    "at, a minute short": (Timing.AT, (at(2026, 6, 3, 14), at(2026, 6, 3, 14)), 60, [(WED, 14 * H, 15 * H - 1)], False),
    "at, begins too late": (Timing.AT, (at(2026, 6, 3, 14), at(2026, 6, 3, 14)), 60, [(WED, 14 * H + 1, 16 * H)], False),
    "at, another day": (Timing.AT, (at(2026, 6, 3, 14), at(2026, 6, 3, 14)), 60, [(THU, 0, 24 * H)], False),
    "at, no length said": (Timing.AT, (at(2026, 6, 3, 14), at(2026, 6, 3, 14)), None, [(WED, 14 * H, 14 * H + 1)], True),
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
    row = job(timing, earliest, latest, minutes=minutes)
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
    row = job(Timing.ON, at(2026, 6, 3), at(2026, 6, 3, 23, 59))
    assert passes(Available, row, helper(away=away), moment=moment(2026, 6, 1, 9)) is expected


def test_away_for_some_of_the_days_leaves_the_others() -> None:
    row = job(Timing.BY, None, at(2026, 6, 5, 18))
    week = (date(2026, 6, 1), date(2026, 6, 4))
    assert passes(Available, row, helper(away=week), moment=moment(2026, 6, 1, 9)) is True
    thursdays = helper((THU, 0, 24 * H), away=week)
    assert passes(Available, row, thursdays, moment=moment(2026, 6, 1, 9)) is False


def test_away_for_the_whole_fortnight_is_away_for_any_time() -> None:
    row = job(Timing.FLEXIBLE)
    fortnight = (date(2026, 6, 1), date(2026, 6, 14))
    assert passes(Available, row, helper(away=fortnight), moment=moment(2026, 6, 1, 9)) is False
    assert passes(Available, row, helper(away=fortnight), moment=moment(2026, 6, 2, 9)) is True


def test_time_that_is_still_half_typed_asks_nothing() -> None:
    asked = Available(moment(2026, 6, 1, 9))
    need = Need(timing=Timing.BETWEEN, earliest=at(2026, 6, 3, 9))
    assert Helper.objects.filter(asked.helpers_for(need), pk=helper((SUN, 0, 1)).pk).exists()


def test_available_keeps_the_contract() -> None:
    week = timedelta(days=7)
    now = Moment.of().now
    jobs = [job(Timing.BETWEEN, now + week, now + week + timedelta(hours=3), minutes=30), job(Timing.ASAP)]
    day = (now + week).astimezone(LONDON).date()
    helpers = [helper(), helper(away=(day - week, day)), helper(((day.weekday() + 3) % 7, 0, 60))]
    assert_keeps_contract(Available, jobs=jobs, helpers=helpers)


def test_reasons_say_what_is_in_the_way() -> None:
    row, today = job(Timing.ASAP), Moment.of().today
    assert reason("available", row, helper()) == "can at any time"
    assert reason("available", row, helper(away=(today, today + timedelta(days=9)))) == "is away"
    other = (today.weekday() + 3) % 7
    assert reason("available", row, helper((other, 0, 60))) == "can’t at that time"
    every_day = helper(*((day, 0, 24 * H) for day in range(7)))
    assert reason("available", row, every_day) == "can at that time"


# Against a plain reading, minute by minute


@dataclass(frozen=True)
class Volunteer:
    hours: tuple[tuple[int, int, int], ...]
    away: tuple[tuple[int, int | None], ...]  # days from today: first, and how many more

    def is_away(self, day: int) -> bool:
        return any(first <= day and (more is None or day <= first + more) for first, more in self.away)


@dataclass(frozen=True)
class Wanted:
    timing: Timing
    begins: int  # minutes from now
    lasts: int
    minutes: int | None
    open_beginning: bool

    @property
    def times(self) -> tuple[datetime | None, datetime | None]:
        if self.timing in {Timing.ASAP, Timing.FLEXIBLE}:
            return None, None
        start = START + timedelta(minutes=self.begins)
        if self.timing == Timing.AT:
            return start, start
        return (None if self.timing == Timing.BY and self.open_beginning else start), start + timedelta(
            minutes=self.lasts
        )


START = at(2026, 10, 23, 20, 15)  # a Friday evening, two days before the clocks go back
TODAY = START.astimezone(LONDON).date()


def can(who: Volunteer, what: Wanted) -> bool:
    """The rule as the documentation has it, by counting minutes."""
    now = START.astimezone(LONDON).hour * 60 + START.astimezone(LONDON).minute
    earliest, latest = what.times
    if what.timing == Timing.FLEXIBLE:
        return not any(first <= 0 and (more is None or first + more >= 13) for first, more in who.away)
    if what.timing == Timing.ASAP or (latest is not None and latest <= START):
        return any(_overlap(who, day, begins, 1440) >= 1 for day, begins in ((0, now), (1, 0)))
    spans = list(_spans(what, now))
    if what.timing == Timing.AT:
        return all(_overlap(who, day, begins, ends) == ends - begins for day, begins, ends in spans)
    least = what.minutes or 1
    return any(_overlap(who, day, begins, ends) >= min(least, ends - begins) for day, begins, ends in spans)


def _overlap(who: Volunteer, day: int, begins: int, ends: int) -> int:
    """The longest stretch of the span at which they can."""
    if who.is_away(day):
        return 0
    weekday = (TODAY + timedelta(days=day)).weekday()
    hours = who.hours or ((weekday, 0, 1440),)
    return max(
        (len(set(range(begins, ends)) & set(range(since, until))) for on, since, until in hours if on == weekday),
        default=0,
    )


def _spans(what: Wanted, now: int) -> Iterator[tuple[int, int, int]]:
    earliest, latest = what.times
    assert latest is not None
    start = earliest or datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=LONDON).astimezone(UTC)
    if what.timing == Timing.AT:
        latest = start + timedelta(minutes=max(what.minutes or 1, 1))
    walls: dict[int, list[int]] = {}
    for step in range(max(1, int((latest - start).total_seconds() // 60))):
        local = (start + timedelta(minutes=step)).astimezone(LONDON)
        walls.setdefault((local.date() - TODAY).days, []).append(local.hour * 60 + local.minute)
    first = max(min(walls), 0) if earliest else 0
    for day, minutes in sorted(walls.items()):
        begins, ends = min(minutes), max(minutes) + 1
        if what.timing == Timing.ON:
            begins, ends = 0, 1440
        if day == 0:
            begins = max(begins, now)
        if day >= 0 and begins < ends and day < first + 14:
            yield day, begins, ends


MINUTE = st.sampled_from([0, 30, 60, 90, 120, 540, 720, 1080, 1200, 1215, 1216, 1260, 1380, 1440])
HOURS = st.tuples(st.integers(0, 6), MINUTE, MINUTE).filter(lambda each: each[1] < each[2])
VOLUNTEERS = st.builds(
    Volunteer,
    hours=st.lists(HOURS, max_size=5, unique_by=lambda each: each[:2]).map(tuple),
    away=st.lists(
        st.tuples(st.integers(-5, 16), st.none() | st.integers(0, 20)), max_size=2
    ).map(tuple),
)
WANTED = st.builds(
    Wanted,
    timing=st.sampled_from(list(Timing)),
    begins=st.integers(-3 * 1440, 16 * 1440) | st.integers(-120, 3 * 1440),
    lasts=st.integers(1, 3 * 1440) | st.integers(1, 24 * 1440),
    minutes=st.none() | st.integers(1, 300),
    open_beginning=st.booleans(),
)


@pytest.mark.property
@settings(
    max_examples=40,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(volunteers=st.lists(VOLUNTEERS, min_size=1, max_size=6), wanted=st.lists(WANTED, min_size=1, max_size=6))
def test_hours_agree_with_a_plain_reading(volunteers: list[Volunteer], wanted: list[Wanted]) -> None:
    with transaction.atomic():
        found = disagreements(volunteers, wanted)
        transaction.set_rollback(True)
    assert found == []


def disagreements(volunteers: list[Volunteer], wanted: list[Wanted]) -> list[str]:
    asked = Available(Moment(START, LONDON))
    Community.current()
    helpers = [_row(volunteer) for volunteer in volunteers]
    requester = None
    found = []
    jobs = []
    for what in wanted:
        earliest, latest = what.times
        row = make_open_job(
            timing=what.timing, earliest=earliest, latest=latest, minutes=what.minutes, requester=requester
        )
        _write_slots_as_of_start(row)
        requester = row.requester
        jobs.append(row)
    ids = [row.pk for row in helpers]
    from_helpers = {
        row.pk: set(
            Job.objects.non_polymorphic().filter(asked.jobs_for(row), state="open").values_list("pk", flat=True)
        )
        for row in helpers
    }
    for what, row in zip(wanted, jobs, strict=True):
        condition = asked.helpers_for(Need.of(row))
        passing = set(Helper.objects.filter(condition, pk__in=ids).values_list("pk", flat=True))
        for volunteer, helper_row in zip(volunteers, helpers, strict=True):
            expected = can(volunteer, what)
            answers = (helper_row.pk in passing, row.pk in from_helpers[helper_row.pk])
            if answers != (expected, expected):
                found.append(f"{what} {volunteer}: expected {expected}, helpers_for and jobs_for say {answers}")
    return found


def _row(volunteer: Volunteer) -> Helper:
    row = make_helper(account=False)
    FreeHours.objects.bulk_create(
        FreeHours(helper=row, weekday=day, from_minute=begins, to_minute=ends) for day, begins, ends in volunteer.hours
    )
    Away.objects.bulk_create(
        Away(
            helper=row,
            first_day=TODAY + timedelta(days=first),
            last_day=None if more is None else TODAY + timedelta(days=first + more),
        )
        for first, more in volunteer.away
    )
    return row


def _write_slots_as_of_start(row: Job) -> None:
    """As they were when the job was made, three days before."""
    from community_help.jobs.job import JobSlot
    from community_help.jobs.slots import slots_of

    JobSlot.objects.filter(job=row).delete()
    spans = slots_of(
        row.timing, row.earliest, row.latest, minutes=row.minutes, zone=LONDON, today=TODAY - timedelta(days=3)
    )
    JobSlot.objects.bulk_create(
        JobSlot(job_id=row.pk, date=s.date, weekday=s.weekday, from_minute=s.from_minute, to_minute=s.to_minute)
        for s in spans
    )
