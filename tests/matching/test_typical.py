"""How many helpers remain for a typical job of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from community_help.jobs.task_type import TaskType
from community_help.matching import helpers_for, remaining
from community_help.testing import factories as make

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db


def kinds() -> list[TaskType]:
    return list(TaskType.objects.select_related("check_level").prefetch_related("default_skills"))


def test_remaining_counts_the_helpers_of_a_job_in_the_usual_area() -> None:
    quiet, usual = make.make_area(), make.make_area()
    shopping, lift = make.make_task_type(), make.make_task_type()
    skill = make.make_skill()
    lift.default_skills.add(skill)
    for _ in range(2):
        make.make_job(task_type=shopping, area=usual)
    make.make_job(task_type=shopping, area=quiet)
    for _ in range(3):
        make.make_helper(areas=[usual], task_types=[shopping, lift])
    make.make_helper(areas=[quiet], task_types=[shopping, lift], skills=[skill])
    found = remaining(kinds())
    assert {pk: (left.need.area, left.helpers) for pk, left in found.items()} == {
        shopping.pk: (usual, 3),
        lift.pk: (quiet, 1),  # nobody has asked for one yet: the first area
    }
    assert all(helpers_for(left.need).count() == left.helpers for left in found.values())


def test_remaining_of_a_kind_that_is_not_saved_as_it_is_asked() -> None:
    kind = make.make_task_type()
    make.make_helper(areas=[make.make_area()], task_types=[])
    (read,) = kinds()
    assert remaining([read])[kind.pk].helpers == 0
    read.criteria_options = {"willing": {"on": False}}
    assert remaining([read])[kind.pk].helpers == 1


def test_remaining_of_nothing_and_nowhere() -> None:
    assert remaining([]) == {}
    kind = make.make_task_type()
    make.make_helper(task_types=[kind])
    (left,) = remaining(kinds()).values()
    assert (left.need.area, left.helpers) == (None, 1)


def test_remaining_costs_the_same_for_3_and_30_kinds(assert_constant_queries: Callable[..., int]) -> None:
    area, helper = make.make_area(), make.make_helper()
    helper.areas.add(area)

    def make_rows(number: int) -> None:
        while TaskType.objects.count() < number:
            make.make_job(task_type=make.make_task_type(), area=area)

    assert assert_constant_queries(make_rows, lambda: remaining(kinds()), large=30) == 6
