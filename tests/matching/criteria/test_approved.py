"""Only approved helpers are asked."""

from __future__ import annotations

import pytest

from community_help.matching import Need
from community_help.matching.criteria.approved import Approved
from community_help.people.profiles import Helper, HelperState
from community_help.testing.criteria import assert_keeps_contract
from community_help.testing.factories import make_helper, make_job
from tests.matching.asking import passes, reason

pytestmark = pytest.mark.django_db


def test_approved_keeps_the_contract() -> None:
    helpers = [make_helper(state=state) for state in HelperState]
    assert_keeps_contract(Approved, jobs=[make_job()], helpers=helpers)


@pytest.mark.parametrize(
    ("state", "expected", "because"),
    [
        (HelperState.APPLIED, False, "has applied, and is not approved yet"),
        (HelperState.APPROVED, True, "is approved"),
        (HelperState.PAUSED, False, "has paused"),
        (HelperState.SUSPENDED, False, "is suspended"),
        (HelperState.LEFT, False, "has left"),
    ],
)
def test_approved_in_each_state(state: HelperState, expected: bool, because: str) -> None:
    job, helper = make_job(), make_helper(state=state)
    assert passes(Approved, job, helper) is expected
    assert reason("approved", job, helper) == because


def test_approved_asks_the_rows_and_not_an_older_object() -> None:
    job, helper = make_job(), make_helper()
    Helper.objects.filter(pk=helper.pk).update(state=HelperState.SUSPENDED)
    assert passes(Approved, job, helper) is False


def test_approved_of_a_need_of_which_nothing_is_known() -> None:
    assert reason("approved", Need(), make_helper()) == "is approved"
