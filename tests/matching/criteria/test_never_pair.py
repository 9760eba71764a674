"""Two people who are kept apart."""

from __future__ import annotations

import pytest

from community_help.matching import Need
from community_help.matching.criteria.never_pair import NeverPaired
from community_help.people.profiles import NeverPair
from community_help.testing.criteria import assert_keeps_contract
from community_help.testing.factories import make_helper, make_job
from tests.matching.asking import passes, reason

pytestmark = pytest.mark.django_db


def test_never_pair_keeps_the_contract() -> None:
    jobs, helpers = [make_job(), make_job()], [make_helper(), make_helper()]
    NeverPair.objects.create(helper=helpers[0], requester=jobs[1].requester)
    assert_keeps_contract(NeverPaired, jobs=jobs, helpers=helpers)


def test_never_pair_keeps_that_pair_apart_and_no_other() -> None:
    job, other_job, helper, other_helper = make_job(), make_job(), make_helper(), make_helper()
    NeverPair.objects.create(helper=helper, requester=job.requester, reason="an old quarrel")
    assert passes(NeverPaired, job, helper) is False
    assert passes(NeverPaired, job, other_helper) is True
    assert passes(NeverPaired, other_job, helper) is True


def test_never_pair_says_nothing_of_the_reason() -> None:
    job, helper = make_job(), make_helper()
    assert reason("never_pair", job, helper) == "may be matched with this person"
    NeverPair.objects.create(helper=helper, requester=job.requester, reason="an old quarrel")
    assert reason("never_pair", job, helper) == "is never matched with this person"


def test_never_pair_of_an_unknown_requester_lets_everybody_pass() -> None:
    helper = make_helper()
    NeverPair.objects.create(helper=helper, requester=make_job().requester)
    assert reason("never_pair", Need(), helper) == "may be matched with this person"
