"""Helpers are asked for what they chose."""

from __future__ import annotations

import pytest

from community_help.matching import Moment, Need
from community_help.matching.criteria.willing import Willing
from community_help.testing.criteria import assert_keeps_contract
from community_help.testing.factories import make_helper, make_job, make_task_type
from tests.matching.asking import passes, reason

pytestmark = pytest.mark.django_db


def test_willing_keeps_the_contract() -> None:
    shopping, lift = make_task_type(), make_task_type("Lift", job_model="community_help.liftjob")
    helpers = [make_helper(task_types=chosen) for chosen in ([], [shopping], [lift], [shopping, lift])]
    assert_keeps_contract(Willing, jobs=[make_job(task_type=shopping), make_job(task_type=lift)], helpers=helpers)


def test_willing_when_chosen_and_when_not() -> None:
    shopping, lift = make_task_type(), make_task_type("Lift")
    job, helper = make_job(task_type=shopping), make_helper(task_types=[shopping])
    other = make_helper(task_types=[lift])
    assert passes(Willing, job, helper) is True
    assert passes(Willing, job, other) is False
    assert reason("willing", job, helper) == "does “Shopping”"
    assert reason("willing", job, other) == "does not do “Shopping”"


def test_willing_before_the_kind_is_known_lets_everybody_pass() -> None:
    assert reason("willing", Need(), make_helper()) == "does this kind of job"
    assert Willing(Moment.of()).asks(Need(task_type=make_task_type())) == "does “Shopping”"
