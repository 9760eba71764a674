"""The helper's hours against the job's time: the criterion and a plain reading, minute by minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

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
from community_help.testing.factories import make_helper
from tests.matching.depth import examples
from tests.matching.times import LONDON, at, job

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db


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
    _earliest, latest = what.times
    if what.timing == Timing.FLEXIBLE:
        return not any(first <= 0 and (more is None or first + more >= 13) for first, more in who.away)
    if what.timing == Timing.ASAP or (latest is not None and latest <= START):
        return any(_overlap(who, day, begins, 1440) >= 1 for day, begins in ((0, now), (1, 0)))
    spans = list(_spans(what, now))
    if what.timing == Timing.AT:
        return all(_overlap(who, day, begins, ends) == ends - begins for day, begins, ends in spans)
    least = min(what.minutes or 1, max((ends - begins for _day, begins, ends in spans), default=0))
    return any(_overlap(who, day, begins, ends) >= least for day, begins, ends in spans)


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
    away=st.lists(st.tuples(st.integers(-5, 16), st.none() | st.integers(0, 20)), max_size=2).map(tuple),
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
    max_examples=examples(15),
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
        made_on = TODAY - timedelta(days=3)
        row = job(what.timing, earliest, latest, minutes=what.minutes, requester=requester, made_on=made_on)
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
