"""What the call screen shows while somebody types, in few queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from community_help.matching import Need, best, outlook, supply
from community_help.people.community import Community
from community_help.testing.factories import make_area, make_helper, make_skill, make_task_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from community_help.people.community import Area, Skill
    from community_help.people.profiles import Helper

pytestmark = pytest.mark.django_db


def scene() -> tuple[Need, Callable[[], Helper]]:
    """A need that asks for much, and a helper who fits for each call."""
    area: Area = make_area("Filwood")
    skill: Skill = make_skill("a car")
    kind = make_task_type("Shopping")
    Community.current()  # made once in the life of a site
    need = Need(task_type=kind, area=area, skills=(skill,))
    return need, lambda: make_helper(areas=[area], task_types=[kind], skills=[skill], account=False)


def test_outlook_is_supply_and_best_of_the_same_need() -> None:
    need, helper = scene()
    helpers = [helper() for _ in range(3)]
    make_helper(areas=[make_area()])
    answer = outlook(need, most=2)
    assert answer.supply == supply(need)
    assert answer.best == best(need, most=2)
    assert [one.helper for one in answer.best] == helpers[:2]


def test_outlook_costs_five_queries_at_most_however_many_helpers(assert_constant_queries: Callable[..., int]) -> None:
    need, helper = scene()
    made: list[Helper] = []

    def make_rows(number: int) -> None:
        made.extend(helper() for _ in range(number - len(made)))

    assert assert_constant_queries(make_rows, lambda: outlook(need, most=5)) <= 5


def test_outlook_where_nobody_could_help() -> None:
    answer = outlook(scene()[0], most=5)
    assert (answer.supply.count, answer.best) == (0, [])
