"""Not more jobs at once than the helper wants; the job in question is not counted."""

from __future__ import annotations

import pytest
from django.utils import timezone

from community_help.jobs.job import Job
from community_help.lifecycle.table import JobState, OfferState
from community_help.matching import Moment, Need
from community_help.matching.criteria.load import HasRoom
from community_help.people.profiles import Helper
from community_help.testing.factories import make_helper, make_offer_row, make_open_job
from tests.matching.asking import reason

pytestmark = pytest.mark.django_db


def wants(most: int | None) -> Helper:
    helper = make_helper(account=False)
    Helper.objects.filter(pk=helper.pk).update(most_jobs=most)
    return helper


def passes(job: Job, helper: Helper) -> bool:
    asked = HasRoom(Moment.of())
    answers = (
        Helper.objects.filter(asked.helpers_for(Need.of(job)), pk=helper.pk).exists(),
        Job.objects.non_polymorphic().filter(asked.jobs_for(helper), pk=job.pk).exists(),
    )
    assert answers[0] == answers[1]
    return answers[0]


@pytest.mark.parametrize(
    ("most", "in_hand", "expected"),
    [(None, 5, True), (0, 0, False), (1, 0, True), (1, 1, False), (2, 1, True), (2, 2, False)],
)
def test_jobs_in_hand_against_the_most(most: int | None, in_hand: int, expected: bool) -> None:
    helper = wants(most)
    for _ in range(in_hand):
        make_offer_row(make_open_job(), helper)
    assert passes(make_open_job(), helper) is expected


def test_job_in_question_is_not_counted() -> None:
    helper, job = wants(1), make_open_job()
    make_offer_row(job, helper)
    assert passes(job, helper) is True
    make_offer_row(make_open_job(), helper)
    assert passes(job, helper) is False


@pytest.mark.parametrize("state", [OfferState.DECLINED, OfferState.COMPLETED, OfferState.RELEASED])
def test_offers_that_have_ended_are_not_in_hand(state: OfferState) -> None:
    helper = wants(1)
    make_offer_row(make_open_job(), helper, state=state)
    assert passes(make_open_job(), helper) is True


def test_job_that_was_reported_is_not_in_hand() -> None:
    helper, job = wants(1), make_open_job(places=2, places_filled=1)
    make_offer_row(job, helper, state=OfferState.RATIFIED, reported_at=timezone.now())
    assert passes(make_open_job(), helper) is True


def test_job_that_has_ended_is_not_in_hand() -> None:
    helper, job = wants(1), make_open_job()
    make_offer_row(job, helper, state=OfferState.RATIFIED)
    Job.objects.non_polymorphic().filter(pk=job.pk).update(
        state=JobState.REPORTED, reported_at=timezone.now(), places_filled=1
    )
    assert passes(make_open_job(), helper) is True


def test_need_that_is_not_saved_counts_everything() -> None:
    helper = wants(1)
    make_offer_row(make_open_job(), helper)
    assert not Helper.objects.filter(HasRoom(Moment.of()).helpers_for(Need()), pk=helper.pk).exists()


def test_load_says_how_much() -> None:
    helper, job = wants(1), make_open_job()
    assert reason("load", job, helper) == "has no job in hand"
    make_offer_row(make_open_job(), helper)
    assert reason("load", job, helper) == "has 1 job in hand, and wants no more"
    Helper.objects.filter(pk=helper.pk).update(most_jobs=3)
    assert reason("load", job, helper) == "has 1 job in hand"
