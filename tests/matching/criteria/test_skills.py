"""Every skill that is needed."""

from __future__ import annotations

import pytest

from community_help.matching import Moment, Need
from community_help.matching.criteria.skills import HasSkills
from community_help.testing.criteria import assert_keeps_contract
from community_help.testing.factories import make_helper, make_job, make_skill
from tests.matching.asking import passes, reason

pytestmark = pytest.mark.django_db


def test_skills_keep_the_contract() -> None:
    car, dogs = make_skill(), make_skill("to like dogs", phrase="is good with dogs")
    helpers = [make_helper(skills=chosen) for chosen in ([], [car], [dogs], [car, dogs])]
    jobs = [make_job(skills=needed) for needed in ([], [car], [dogs], [car, dogs])]
    assert_keeps_contract(HasSkills, jobs=jobs, helpers=helpers)


def test_skills_are_all_needed_and_more_do_no_harm() -> None:
    car, dogs, somali = make_skill(), make_skill("to like dogs"), make_skill("to speak Somali")
    job = make_job(skills=[car, dogs])
    assert passes(HasSkills, job, make_helper(skills=[car])) is False
    assert passes(HasSkills, job, make_helper(skills=[somali])) is False
    assert passes(HasSkills, job, make_helper(skills=[car, dogs])) is True
    assert passes(HasSkills, job, make_helper(skills=[car, dogs, somali])) is True


def test_skills_of_a_job_that_needs_none() -> None:
    job, helper = make_job(), make_helper()
    assert passes(HasSkills, job, helper) is True
    assert reason("skills", job, helper) == "needs no skill"


def test_skills_say_what_is_there_and_what_is_missing() -> None:
    car = make_skill("a car", phrase="drives")
    dogs = make_skill("to like dogs", phrase="is good with dogs")
    job = make_job(skills=[car, dogs])
    assert reason("skills", job, make_helper(skills=[car, dogs])) == "drives and is good with dogs"
    assert reason("skills", job, make_helper(skills=[dogs])) == "the job needs somebody who drives"
    assert reason("skills", job, make_helper()) == "the job needs somebody who drives and is good with dogs"
    assert HasSkills(Moment.of()).asks(Need(skills=(car, dogs))) == "needs a car and to like dogs"
