"""Dates around today."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from community_help.jobs.call import Call
from example_project.demo.seed.clock import clock_at
from example_project.demo.seed.days import CLOSING, OPENING, ZONE, Days

TUESDAY = Days(datetime(2026, 3, 3, 9, 42, tzinfo=UTC))


def test_at_counts_from_today_in_the_communitys_zone() -> None:
    assert Days(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)).at(0, 9) == datetime(2026, 7, 1, 9, tzinfo=ZONE)


@pytest.mark.parametrize(("days", "on"), [(-1, date(2026, 3, 2)), (-2, date(2026, 2, 27)), (-3, date(2026, 2, 27))])
def test_weekday_is_never_a_weekend(days: int, on: date) -> None:
    assert TUESDAY.at(TUESDAY.weekday(days), 9).date() == on


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("hours", [1, 4, 5, 6])
def test_soon_is_to_come_and_when_helpers_go_out(hour: int, hours: int) -> None:
    days = Days(datetime(2026, 3, 3, hour, 42, tzinfo=UTC))
    soon = days.soon(hours)
    assert soon > days.now
    assert OPENING <= soon.hour < CLOSING
    assert soon.minute in {0, 30}


def test_clock_at_moves_now_and_the_defaults_of_fields() -> None:
    before = timezone.now()
    with clock_at(TUESDAY.now):
        assert timezone.now() == TUESDAY.now
        assert Call().started_at == TUESDAY.now
        assert isinstance(before, datetime)
        assert timezone.localtime().hour == 9
    assert timezone.now() >= before
