"""«Ask anyway»: one thing is overlooked, signed for, and holds everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError

from community_help import matching
from community_help.exceptions import IllegalTransition, NotAllowed, NotEligible, StaleTransition
from community_help.jobs.job import Job
from community_help.jobs.offer import Ask, AskAnswer
from community_help.jobs.waiver import Waiver
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import JobState
from community_help.people.profiles import Helper, NeverPair
from community_help.services import jobs, offers
from community_help.services.waivers import ask_anyway
from community_help.testing import factories as make

if TYPE_CHECKING:
    from community_help.people.person import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ama() -> Person:
    return make.make_coordinator("Ama Mensah")


@pytest.fixture
def job() -> Job:
    return make.make_open_job(skills=[make.make_skill("a car", phrase="drives")])


@pytest.fixture
def nearly(job: Job) -> Helper:
    """Everything but the car."""
    return make.make_helper("Tom Aldous", areas=[job.area], task_types=[job.task_type])


def fits(job: Job, helper: Helper) -> set[bool]:
    """What each way of asking says."""
    return {
        matching.helpers_for(job).filter(pk=helper.pk).exists(),
        matching.jobs_for(helper).filter(pk=job.pk).exists(),
        matching.matches(job, helper),
        matching.explain(job, helper).eligible,
    }


def test_ask_anyway_holds_in_every_way_of_asking(job: Job, nearly: Helper, ama: Person) -> None:
    assert fits(job, nearly) == {False}
    waiver = ask_anyway(job, helper=nearly, criterion="skills", actor=ama, why=" his neighbour drives ")
    assert fits(job, nearly) == {True}
    assert (waiver.opening, waiver.why, waiver.made_by) == (1, "his neighbour drives", ama)
    (verdict,) = (each for each in matching.explain(job, nearly).verdicts if each.slug == "skills")
    assert (verdict.holds, verdict.waived_by, verdict.because) == (False, "Ama", "the job needs somebody who drives")
    assert "the job needs somebody who drives" not in matching.explain(job, nearly).reasons
    event = Event.objects.get(kind="ask_anyway")
    assert (event.person, event.why, event.job_id) == (nearly.person, "his neighbour drives", job.pk)


def test_ask_anyway_lets_the_helper_offer_and_be_ratified(job: Job, nearly: Helper, ama: Person) -> None:
    with pytest.raises(NotEligible):
        offers.make_offer(job, helper=nearly, actor=nearly.person)
    ask_anyway(job, helper=nearly, criterion="skills", actor=ama, why="his neighbour drives")
    offer = offers.make_offer(job, helper=nearly, actor=nearly.person)
    offers.ratify_offer(offer, actor=ama)
    offer.refresh_from_db()
    assert offer.state == "ratified"


def test_ask_anyway_is_for_that_opening_and_that_helper(job: Job, nearly: Helper, ama: Person) -> None:
    other = make.make_helper(areas=[job.area], task_types=[job.task_type])
    ask_anyway(job, helper=nearly, criterion="skills", actor=ama, why="his neighbour drives")
    assert fits(job, other) == {False}
    jobs.cancel_job(job, actor=ama)
    jobs.reopen_job(job, actor=ama, why="it is wanted after all")
    assert fits(Job.objects.get(pk=job.pk), nearly) == {False}


def test_ask_anyway_twice_is_once(job: Job, nearly: Helper, ama: Person) -> None:
    first = ask_anyway(job, helper=nearly, criterion="skills", actor=ama, why="his neighbour drives")
    assert ask_anyway(job, helper=nearly, criterion="skills", actor=ama, why="again") == first
    assert (Waiver.objects.count(), Event.objects.filter(kind="ask_anyway").count()) == (1, 1)


def test_ask_anyway_says_what_else_is_in_the_way(job: Job, ama: Person) -> None:
    far = make.make_helper(areas=[make.make_area()], task_types=[job.task_type])
    with pytest.raises(NotEligible, match="does not cover"):
        ask_anyway(job, helper=far, criterion="skills", actor=ama, why="his neighbour drives")
    assert not Waiver.objects.exists()


def test_ask_anyway_never_overlooks_what_keeps_people_safe(job: Job, ama: Person) -> None:
    apart, paused, refused = (make.make_matching_helper(job) for _ in range(3))
    NeverPair.objects.create(helper=apart, requester=job.requester)
    Helper.objects.filter(pk=paused.pk).update(state="paused")
    offers.answer_ask(job, helper=refused, actor=refused.person, answer=AskAnswer.NOT_THIS_ONE)
    for helper, criterion in ((apart, "never_pair"), (paused, "approved"), (refused, "not_this_one")):
        with pytest.raises(ValidationError, match="can’t be overlooked"):
            ask_anyway(job, helper=helper, criterion=criterion, actor=ama, why="she is nice")
    assert not Waiver.objects.exists()


def test_row_over_a_safeguarding_criterion_does_nothing(job: Job) -> None:
    apart = make.make_matching_helper(job)
    NeverPair.objects.create(helper=apart, requester=job.requester)
    for slug in ("never_pair", "not_this_one", "approved"):
        Waiver.objects.create(job_id=job.pk, opening=1, helper=apart, criterion=slug, why="by hand")
    assert fits(job, apart) == {False}


def test_ask_anyway_of_what_does_not_fail_is_refused(job: Job, nearly: Helper, ama: Person) -> None:
    for criterion in ("area", "nonsense", ""):
        with pytest.raises(ValidationError, match="something else that stands in their way: the job needs"):
            ask_anyway(job, helper=nearly, criterion=criterion, actor=ama, why="he may")
    nearly.skills.set(job.skills.all())
    with pytest.raises(ValidationError, match="may be asked already"):
        ask_anyway(job, helper=nearly, criterion="skills", actor=ama, why="he may")


@pytest.mark.parametrize("why", ["", "  ", "because\x00", "x" * 501])
def test_ask_anyway_needs_a_reason(job: Job, nearly: Helper, ama: Person, why: str) -> None:
    with pytest.raises(ValidationError) as caught:
        ask_anyway(job, helper=nearly, criterion="skills", actor=ama, why=why)
    assert "why" in caught.value.message_dict
    assert not Waiver.objects.exists()


def test_ask_anyway_is_for_open_jobs(nearly: Helper, job: Job, ama: Person) -> None:
    jobs.cancel_job(job, actor=ama)
    with pytest.raises(IllegalTransition):
        ask_anyway(job, helper=nearly, criterion="skills", actor=ama, why="he may")
    assert Job.objects.get(pk=job.pk).state == JobState.CANCELLED


def test_ask_anyway_is_a_coordinators_and_never_for_oneself(job: Job, nearly: Helper) -> None:
    for actor in (nearly.person, make.make_coordinator(areas=[make.make_area()])):
        with pytest.raises(NotAllowed):
            ask_anyway(job, helper=nearly, criterion="skills", actor=actor, why="I may")
    make.grant_directly(nearly.person, make.Role.COORDINATOR)
    with pytest.raises(NotAllowed):
        ask_anyway(job, helper=nearly, criterion="skills", actor=nearly.person, why="I may")


def test_ask_anyway_on_an_old_page_is_stale(job: Job, nearly: Helper, ama: Person) -> None:
    version = Job.objects.get(pk=job.pk).version
    jobs.hand_over_job(job, actor=ama, to=make.make_coordinator())
    with pytest.raises(StaleTransition):
        ask_anyway(job, helper=nearly, criterion="skills", actor=ama, why="he may", version=version)


def test_not_this_one_is_taken_back_by_offering(job: Job) -> None:
    helper = make.make_matching_helper(job)
    offers.answer_ask(job, helper=helper, actor=helper.person, answer=AskAnswer.NOT_THIS_ONE)
    assert fits(job, helper) == {False}
    offers.make_offer(job, helper=helper, actor=helper.person)
    assert fits(job, helper) == {True}
    assert Ask.objects.get(helper=helper).answer == AskAnswer.OFFERED


def test_not_this_one_is_taken_back_by_nobody_else(job: Job, ama: Person) -> None:
    helper = make.make_matching_helper(job)
    offers.answer_ask(job, helper=helper, actor=helper.person, answer=AskAnswer.NOT_THIS_ONE)
    with pytest.raises(NotEligible, match="not this one"):
        offers.make_offer(job, helper=helper, actor=ama)
