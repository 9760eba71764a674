"""«Not this one» holds for the opening of which it was said."""

from __future__ import annotations

import pytest
from django.utils import timezone

from community_help.jobs.job import Job
from community_help.jobs.offer import Ask, AskAnswer
from community_help.matching import Moment, Need
from community_help.matching.criteria.not_this_one import NotRefused
from community_help.people.profiles import Helper
from community_help.testing.factories import make_helper, make_open_job
from tests.matching.asking import reason

pytestmark = pytest.mark.django_db


def said(job: Job, helper: Helper, answer: AskAnswer, *, opening: int = 1) -> Helper:
    at = None if answer == AskAnswer.NONE else timezone.now()
    Ask.objects.create(job_id=job.pk, helper=helper, opening=opening, step="alert", answer=answer, answered_at=at)
    return helper


def passes(job: Job, helper: Helper) -> tuple[bool, bool]:
    asked = NotRefused(Moment.of())
    return (
        Helper.objects.filter(asked.helpers_for(Need.of(job)), pk=helper.pk).exists(),
        Job.objects.non_polymorphic().filter(asked.jobs_for(helper), pk=job.pk).exists(),
    )


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(AskAnswer.NONE, True), (AskAnswer.NOT_NOW, True), (AskAnswer.OFFERED, True), (AskAnswer.NOT_THIS_ONE, False)],
)
def test_only_not_this_one_is_a_no(answer: AskAnswer, expected: bool) -> None:
    job = make_open_job()
    assert passes(job, said(job, make_helper(), answer)) == (expected, expected)


def test_no_to_an_earlier_opening_is_over() -> None:
    job = make_open_job(opening=2)
    assert passes(job, said(job, make_helper(), AskAnswer.NOT_THIS_ONE, opening=1)) == (True, True)


def test_no_is_of_that_job_and_that_helper() -> None:
    job, other = make_open_job(), make_open_job()
    helper = said(job, make_helper(), AskAnswer.NOT_THIS_ONE)
    assert passes(other, helper) == (True, True)
    assert passes(job, make_helper()) == (True, True)


def test_no_says_so() -> None:
    job = make_open_job()
    assert reason("not_this_one", job, said(job, make_helper(), AskAnswer.NOT_THIS_ONE)) == "has said “not this one”"
    assert reason("not_this_one", job, make_helper()) == "has not said “not this one”"
