"""A person who both helps and is helped."""

from __future__ import annotations

import pytest

from community_help.matching.criteria.not_oneself import NotOneself
from community_help.people.profiles import Requester
from community_help.testing.criteria import assert_keeps_contract
from community_help.testing.factories import make_area, make_helper, make_job
from tests.matching.asking import passes, reason

pytestmark = pytest.mark.django_db


def test_not_oneself_keeps_the_contract() -> None:
    helper = make_helper()
    requester = Requester.objects.create(person=helper.person, area=make_area())
    assert_keeps_contract(NotOneself, jobs=[make_job(requester=requester), make_job()], helpers=[helper, make_helper()])


def test_not_oneself_when_helper_and_requester_are_one_person() -> None:
    helper, other = make_helper(), make_helper()
    job = make_job(requester=Requester.objects.create(person=helper.person, area=make_area()))
    assert passes(NotOneself, job, helper) is False
    assert passes(NotOneself, job, other) is True
    assert passes(NotOneself, make_job(), helper) is True
    assert reason("not_oneself", job, helper) == "is the one who asked"
    assert reason("not_oneself", job, other) == "is not the one who asked"
