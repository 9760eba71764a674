"""When a helper can, as they or a co-ordinator say."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from community_help.exceptions import NotAllowed
from community_help.lifecycle.event import Event
from community_help.people.availability import Away, FreeHours
from community_help.people.profiles import Helper
from community_help.services.availability import change_availability
from community_help.testing import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def tom() -> Helper:
    return make.make_helper("Tom Aldous", areas=[make.make_area()])


def kept(helper: Helper) -> tuple[list[Any], list[Any], int | None]:
    return (
        list(FreeHours.objects.filter(helper=helper).values_list("weekday", "from_minute", "to_minute")),
        list(Away.objects.filter(helper=helper).values_list("first_day", "last_day")),
        Helper.objects.get(pk=helper.pk).most_jobs,
    )


def test_change_availability_writes_what_is_given_and_leaves_the_rest(tom: Helper) -> None:
    away = [(date(2026, 7, 1), date(2026, 7, 14)), (date(2026, 9, 1), None)]
    change_availability(tom, actor=tom.person, hours=[(0, 540, 720)], away=away, most_jobs=2)
    assert kept(tom) == ([(0, 540, 720)], away, 2)
    change_availability(tom, actor=tom.person, hours=[])
    assert kept(tom) == ([], away, 2)
    change_availability(tom, actor=make.make_coordinator(), away=[], most_jobs=None)
    assert kept(tom) == ([], [], None)
    assert Event.objects.filter(kind="change_availability", person=tom.person).count() == 3


@pytest.mark.parametrize(
    ("hours", "joined"),
    [
        ([(1, 720, 1020), (1, 540, 720)], [(1, 540, 1020)]),
        ([(1, 540, 800), (1, 600, 700)], [(1, 540, 800)]),
        ([(1, 540, 720), (1, 721, 800)], [(1, 540, 720), (1, 721, 800)]),
        ([(1, 1380, 1440), (2, 0, 60)], [(1, 1380, 1440), (2, 0, 60)]),
        ([(1, 540, 720), (1, 540, 720)], [(1, 540, 720)]),
    ],
)
def test_hours_that_touch_become_one(tom: Helper, hours: list[Any], joined: list[Any]) -> None:
    change_availability(tom, actor=tom.person, hours=hours)
    assert kept(tom)[0] == joined


def july(first: int, last: int | None) -> tuple[date, date | None]:
    return date(2026, 7, first), None if last is None else date(2026, 7, last)


@pytest.mark.parametrize(
    ("away", "joined"),
    [
        ([july(5, 6), july(1, 4)], [july(1, 6)]),
        ([july(1, 9), july(3, 4)], [july(1, 9)]),
        ([july(1, 2), july(4, 5)], [july(1, 2), july(4, 5)]),
        ([july(1, None), july(4, 5)], [july(1, None)]),
        ([july(1, 3), july(4, None), july(9, 10)], [july(1, None)]),
        ([july(2, 2), july(1, 1), july(3, 3)], [july(1, 3)]),
        ([(date.min, date.max), july(3, 3)], [(date.min, date.max)]),
        ([july(3, None), july(3, 5)], [july(3, None)]),
    ],
)
def test_days_away_that_touch_become_one(tom: Helper, away: list[Any], joined: list[Any]) -> None:
    change_availability(tom, actor=tom.person, away=away)
    assert kept(tom)[1] == joined


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"hours": [(7, 0, 60)]}, "hours"),
        ({"hours": [(-1, 0, 60)]}, "hours"),
        ({"hours": [(0, 60, 60)]}, "hours"),
        ({"hours": [(0, 60, 1441)]}, "hours"),
        ({"hours": [(0, 540, 720)], "away": [(date(2026, 7, 2), date(2026, 7, 1))]}, "away"),
        ({"away": [(date(2026, 7, 2), None)] * 101}, "away"),
        ({"most_jobs": -1}, "most_jobs"),
        ({"hours": [(0, 540, 720)], "most_jobs": 101}, "most_jobs"),
    ],
)
def test_what_can_not_be_is_refused_and_nothing_is_written(tom: Helper, given: dict[str, Any], field: str) -> None:
    change_availability(tom, actor=tom.person, hours=[(3, 0, 60)], most_jobs=1)
    with pytest.raises(ValidationError) as caught:
        change_availability(tom, actor=tom.person, **given)
    assert list(caught.value.message_dict) == [field]
    assert kept(tom) == ([(3, 0, 60)], [], 1)


def test_change_availability_is_the_helpers_own_and_the_coordinators(tom: Helper) -> None:
    for actor in (make.make_helper().person, make.make_coordinator(areas=[make.make_area()]), make.make_person()):
        with pytest.raises(NotAllowed):
            change_availability(tom, actor=actor, most_jobs=1)
