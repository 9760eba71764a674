"""What may be decided, by whom, and what comes of it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from community_help.exceptions import NotAllowed, StaleTransition
from community_help.jobs.decision import Decision, DecisionAnswer
from community_help.jobs.job import Job
from community_help.jobs.offer import Offer
from community_help.jobs.waiver import Waiver
from community_help.lifecycle.event import Event
from community_help.people.community import Community
from community_help.people.person import Person
from community_help.people.profiles import Buddy, HelperState
from community_help.people.roles import Role
from community_help.services import offers, people
from community_help.services.decisions import answer_decision
from community_help.services.undo import undo
from community_help.testing import factories as make
from tests.services.test_ripple import Town, approve, keep_apart, renew, revoke, suspend

pytestmark = pytest.mark.django_db

TOMORROW = timedelta(days=1)


@pytest.fixture
def town() -> Town:
    town = Town()
    town.ratify()
    return town


def today() -> Any:
    return timezone.localdate(timezone=Community.current().zone)


def drop_area(town: Town) -> Decision:
    people.change_helper(town.tom, actor=town.tom.person, areas=[])
    return Decision.objects.get()


def suspended(town: Town) -> Decision:
    suspend(town)
    return Decision.objects.get()


def decide(town: Town, row: Decision, answer: str, **given: Any) -> Decision:
    answer_decision(row, actor=town.ama, answer=answer, **given)
    return Decision.objects.get(pk=row.pk)


def on_desk(now: datetime | None = None) -> bool:
    return Decision.objects.on_desk(now or timezone.now()).exists()


def midnight(day: Any) -> datetime:
    return datetime.combine(day, time.min, Community.current().zone)


@pytest.mark.parametrize("make_it", [drop_area, suspended])
def test_answer_decision_by_standing_down_ends_the_offer(town: Town, make_it: Any) -> None:
    row = decide(town, make_it(town), DecisionAnswer.STAND_DOWN, why="he moved away")
    offer, job = Offer.objects.get(), Job.objects.get()
    assert (row.state, row.answered_by, row.why, row.version) == ("stood_down", town.ama, "he moved away", 2)
    assert (offer.state, job.state, on_desk()) == ("stood_down", "open", False)
    event = Event.objects.get(kind="stand_down_offer")
    assert (event.at, event.why) == (row.answered_at, "he moved away")
    assert not Event.objects.filter(kind="answer_decision").exists()


def test_answer_decision_by_standing_down_declines_who_waits() -> None:
    town = Town()
    row = decide(town, drop_area(town), DecisionAnswer.STAND_DOWN, why="he moved away")
    assert (row.state, Offer.objects.get().state) == ("stood_down", "declined")


def test_answer_decision_by_standing_down_ends_buddies(town: Town) -> None:
    town.offer.delete()
    pair = Buddy.objects.create(helper=town.tom, requester=town.job.requester)
    keep_apart(town)
    row = decide(town, Decision.objects.get(), DecisionAnswer.STAND_DOWN, why="a quarrel")
    assert (row.state, Buddy.objects.filter(pk=pair.pk).exists()) == ("stood_down", False)
    assert Event.objects.get(kind="end_buddies").why == "a quarrel"


@pytest.mark.parametrize("make_it", [suspended, lambda t: (revoke(t), Decision.objects.get())[1]])
def test_answer_decision_to_wait_keeps_details_shut_until_it_holds_again(town: Town, make_it: Any) -> None:
    row = decide(town, make_it(town), DecisionAnswer.WAIT)
    assert (row.state, row.until, town.is_shut(), on_desk()) == (
        "waits",
        midnight(town.job.first_day - TOMORROW),
        True,
        False,
    )
    assert on_desk(midnight(town.job.first_day - TOMORROW))
    event = Event.objects.get(kind="answer_decision")
    assert (event.actor, event.offer, event.job_id, event.to_state) == (town.ama, town.offer, town.job.pk, "waits")


def test_what_waits_settles_itself_when_it_is_renewed(town: Town) -> None:
    decide(town, suspended(town), DecisionAnswer.WAIT)
    approve(town)
    assert (Decision.objects.get().state, town.is_shut(), on_desk()) == ("resolved", False, False)


def test_what_waits_settles_itself_when_a_check_is_renewed_in_the_middle_of_a_job(town: Town) -> None:
    Job.objects.update(first_day=today() - 5 * TOMORROW, last_day=today() + 10 * TOMORROW)
    revoke(town)
    decide(town, Decision.objects.get(), DecisionAnswer.WAIT)
    renew(town)
    assert (Decision.objects.get().state, town.is_shut(), on_desk()) == ("resolved", False, False)


@pytest.mark.parametrize(("first_day", "back"), [(None, 3), (0, 1), (-1, 1), (1, 1), (2, 1), (5, 4)], ids=str)
def test_what_waits_comes_back_the_day_before_the_job(town: Town, first_day: int | None, back: int) -> None:
    suspend(town)
    day = today() + timedelta(days=first_day) if first_day is not None else None
    Job.objects.update(first_day=day, last_day=day)
    row = decide(town, Decision.objects.get(), DecisionAnswer.WAIT)
    assert row.until == midnight(today() + timedelta(days=back))


@pytest.mark.parametrize("answer", [DecisionAnswer.KEEP_UNTIL, DecisionAnswer.SIGN, "", "waits", "ratify"])
def test_answer_decision_where_somebody_could_come_to_harm_is_one_of_two(town: Town, answer: str) -> None:
    row = suspended(town)
    for actor in (town.ama, make.make_coordinator(areas=[town.job.area])):
        with pytest.raises(ValidationError, match="stand them down, or wait"):
            answer_decision(row, actor=actor, answer=answer, why="I know him", until=today() + TOMORROW)
    assert (Decision.objects.get().state, town.is_shut(), Waiver.objects.exists()) == ("open", True, False)


def test_answer_decision_elsewhere_is_never_to_wait(town: Town) -> None:
    with pytest.raises(ValidationError, match="keep them and sign"):
        decide(town, drop_area(town), DecisionAnswer.WAIT)


def test_answer_decision_to_keep_until_a_day_comes_back_on_that_day(town: Town) -> None:
    day = today() + timedelta(days=9)
    row = decide(town, drop_area(town), DecisionAnswer.KEEP_UNTIL, until=day)
    assert (row.state, row.until, on_desk()) == ("kept", midnight(day), False)
    people.change_helper(town.tom, actor=town.ama, skills=[town.car])
    assert Decision.objects.get().state == "kept"
    assert not on_desk(midnight(day) - timedelta(seconds=1))
    assert on_desk(midnight(day))
    row = decide(town, row, DecisionAnswer.KEEP_UNTIL, until=day + TOMORROW)
    assert (row.version, row.until) == (3, midnight(day + TOMORROW))


@pytest.mark.parametrize(("days", "says"), [(None, "which day"), (0, "still to come"), (-1, "to come"), (400, "year")])
def test_answer_decision_to_keep_until_a_day_that_can_not_be(town: Town, days: int | None, says: str) -> None:
    until = today() + timedelta(days=days) if days is not None else None
    with pytest.raises(ValidationError, match=says) as caught:
        decide(town, drop_area(town), DecisionAnswer.KEEP_UNTIL, until=until)
    assert list(caught.value.message_dict) == ["until"]


def test_answer_decision_by_signing_does_not_come_back_in_that_opening(town: Town) -> None:
    row = decide(town, drop_area(town), DecisionAnswer.SIGN, why="it is next door ")
    assert (row.state, row.why, row.until, on_desk()) == ("signed", "it is next door", None, False)
    waiver = Waiver.objects.get()
    assert (waiver.criterion, waiver.opening, waiver.why, waiver.made_by) == ("area", 1, "it is next door", town.ama)
    for areas in ([town.job.area], [], [make.make_area()]):
        people.change_helper(town.tom, actor=town.tom.person, areas=areas)
        assert town.found() == {}
    Job.objects.update(opening=2)
    people.change_helper(town.tom, actor=town.tom.person, areas=[])
    assert town.found() == {"area": ("open", False)}


def test_offer_that_waits_can_be_ratified_once_it_is_signed_for() -> None:
    town = Town()
    decide(town, drop_area(town), DecisionAnswer.SIGN, why="it is next door")
    offers.ratify_offer(town.offer, actor=town.ama)
    assert Offer.objects.get().state == "ratified"


def test_pause_that_is_signed_for_does_not_come_back_but_a_suspension_does(town: Town) -> None:
    people.pause_helper(town.tom, actor=town.tom.person)
    decide(town, Decision.objects.get(), DecisionAnswer.SIGN, why="he wants to do this last one")
    assert not Waiver.objects.exists()
    people.change_helper(town.tom, actor=town.ama, skills=[town.car])
    assert town.found() == {}
    suspend(town)
    assert (town.found(), town.is_shut()) == ({"approved": ("open", True)}, True)


def test_offer_that_waits_is_not_signed_for_where_it_could_not_be_ratified_all_the_same() -> None:
    town = Town()
    people.pause_helper(town.tom, actor=town.tom.person)
    row = Decision.objects.get()
    assert row.answers == (DecisionAnswer.STAND_DOWN, DecisionAnswer.KEEP_UNTIL)
    with pytest.raises(ValidationError, match="can’t be ratified while this does not hold"):
        decide(town, row, DecisionAnswer.SIGN, why="he wants to do this last one")
    assert town.found() == {"approved": ("open", False)}


@pytest.mark.parametrize("answer", [DecisionAnswer.STAND_DOWN, DecisionAnswer.SIGN])
def test_answer_decision_wants_a_reason(town: Town, answer: str) -> None:
    row = drop_area(town)
    for why in ("", "  ", "\x00"):
        with pytest.raises(ValidationError) as caught:
            decide(town, row, answer, why=why)
        assert list(caught.value.message_dict) == ["why"]
    assert (Decision.objects.get().state, Offer.objects.get().state) == ("open", "ratified")


def test_answer_decision_is_for_coordinators_of_the_place_and_never_about_oneself(town: Town) -> None:
    row = drop_area(town)
    make.grant_directly(town.tom.person, Role.COORDINATOR)
    themselves = Person.objects.get(pk=town.tom.pk)
    elsewhere = make.make_coordinator(areas=[make.make_area()])
    for actor in (themselves, elsewhere, town.job.requester.person, make.make_helper().person):
        with pytest.raises(NotAllowed):
            answer_decision(row, actor=actor, answer=DecisionAnswer.SIGN, why="it is next door")


def test_answer_decision_that_somebody_has_answered_says_who(town: Town) -> None:
    row = drop_area(town)
    leroy = make.make_coordinator("Leroy Grant")
    answer_decision(row, actor=leroy, answer=DecisionAnswer.KEEP_UNTIL, until=today() + TOMORROW, version=1)
    with pytest.raises(StaleTransition, match="Leroy has decided: kept until a day"):
        decide(town, row, DecisionAnswer.SIGN, why="it is next door", version=1)
    answer_decision(row, actor=leroy, answer=DecisionAnswer.SIGN, why="it is next door", version=2)
    with pytest.raises(StaleTransition, match="Leroy has decided: kept and signed"):
        decide(town, row, DecisionAnswer.STAND_DOWN, why="he moved away")


def test_answer_decision_that_is_settled_says_so(town: Town) -> None:
    row = drop_area(town)
    people.change_helper(town.tom, actor=town.ama, areas=[town.job.area])
    with pytest.raises(StaleTransition, match="fits again"):
        decide(town, row, DecisionAnswer.SIGN, why="it is next door")


@pytest.mark.parametrize("over", ["released", "reported"])
def test_answer_decision_about_what_is_over_is_too_late(town: Town, over: str) -> None:
    row = drop_area(town)
    if over == "released":
        offers.release_offer(town.offer, actor=town.tom.person, why="ill")
    else:
        Offer.objects.update(reported_at=timezone.now())
    with pytest.raises(StaleTransition):
        decide(town, row, DecisionAnswer.SIGN, why="it is next door")
    assert not on_desk()


def test_answer_that_was_undone_is_to_be_given_again(town: Town) -> None:
    row = suspended(town)
    event = answer_decision(row, actor=town.ama, answer=DecisionAnswer.STAND_DOWN, why="safety")
    undo(event, actor=town.ama)
    assert sorted(Decision.objects.values_list("state", flat=True)) == ["open", "stood_down"]
    assert (town.is_shut(), on_desk()) == (True, True)


def test_retire_helper_is_said_once_and_needs_a_reason_to_come_back(town: Town) -> None:
    people.retire_helper(town.tom, actor=town.tom.person, why="moving to Leeds")
    assert (town.tom.state, town.is_shut()) == (HelperState.LEFT, True)
    with pytest.raises(ValidationError, match="left already"):
        people.retire_helper(town.tom, actor=town.ama)
    with pytest.raises(ValidationError, match="why they are back"):
        people.approve_helper(town.tom, actor=town.ama)
    people.approve_helper(town.tom, actor=town.ama, why="back from Leeds")
    assert not town.is_shut()


def test_change_helper_writes_what_is_given_and_leaves_the_rest(town: Town) -> None:
    knowle = make.make_area("Knowle")
    people.change_helper(town.tom, actor=town.tom.person, areas=[knowle])
    people.change_helper(town.tom, actor=town.ama, skills=[])
    assert list(town.tom.areas.all()) == [knowle]
    assert list(town.tom.task_types.all()) == [town.job.task_type]
    assert list(town.tom.skills.all()) == []
    assert Event.objects.filter(kind="change_helper", person=town.tom.person).count() == 2
    for actor in (make.make_helper().person, make.make_coordinator(areas=[make.make_area()])):
        with pytest.raises(NotAllowed):
            people.change_helper(town.tom, actor=actor, areas=[])


def test_pause_of_a_buddy_that_is_signed_for_does_not_come_back(town: Town) -> None:
    town.offer.delete()
    pair = Buddy.objects.create(helper=town.tom, requester=town.job.requester)
    people.pause_helper(town.tom, actor=town.tom.person)
    row = decide(town, Decision.objects.get(), DecisionAnswer.SIGN, why="she still rings him")
    people.change_helper(town.tom, actor=town.ama, skills=[])
    assert (row.state, row.until, town.found(), Waiver.objects.exists()) == ("signed", None, {}, False)
    suspend(town)
    pair.delete()
    approve(town)  # nothing is asked of a pair that is one no more
    assert (town.found(), on_desk()) == ({"approved": ("open", True)}, False)


def test_signature_for_a_pair_lapses_when_it_holds_again_and_that_for_an_offer_at_the_end_of_its_opening(
    town: Town,
) -> None:
    Buddy.objects.create(helper=town.tom, requester=town.job.requester)
    people.pause_helper(town.tom, actor=town.tom.person)
    for row in Decision.objects.standing():
        decide(town, row, DecisionAnswer.SIGN, why="he still does this one")
    people.change_helper(town.tom, actor=town.ama, skills=[town.car])
    assert (town.found(), Decision.objects.filter(state="signed").count()) == ({}, 2)
    approve(town)
    about = {row.offer_id: row.state for row in Decision.objects.all()}
    assert about == {town.offer.pk: "signed", None: "resolved"}
    people.pause_helper(town.tom, actor=town.tom.person)
    assert [row.offer_id for row in Decision.objects.standing()] == [None]
