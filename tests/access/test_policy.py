"""Every action × every kind of actor, and what is asked wrongly."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest

from community_help.access import policy
from community_help.access.permissions import ABOUT_AN_OBJECT, WITHOUT_OBJECT
from community_help.exceptions import NotAllowed, UnknownAction
from community_help.jobs.offer import Ask, Offer
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import Action, JobState, OfferState
from community_help.people.person import Person
from community_help.people.profiles import Helper, NeverPair
from community_help.people.roles import Role
from community_help.testing.factories import (
    grant_directly,
    make_job,
    make_matching_helper,
    make_offer_row,
    make_requester,
)
from tests.access.cast import Cast, Things, make_story, make_superuser

if TYPE_CHECKING:
    from pytest_django import DjangoAssertMaxNumQueries, DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

COORDINATORS = {"all_areas", "this_area", "other_area"}
THERE = {"all_areas", "this_area"}
HELPERS = {"applied", "approved", "ratified"}

#: What everybody may, signed in or not.
EVERYBODYS = {"see_health"}
#: Actions that are about nothing → who may.
SITE = {
    "see_health": {kind.name for kind in fields(Cast)},
    "home": COORDINATORS | HELPERS | {"administrator"},
    "use_desk": COORDINATORS,
    "use_portal": HELPERS,
    "list_jobs": COORDINATORS,
    "take_call": COORDINATORS,
    "search_people": COORDINATORS,
    "register_requester": COORDINATORS,
    "register_helper": COORDINATORS,
    "grant_role": {"administrator"},
    "change_community": {"administrator"},
    "list_task_types": {"administrator"},
    "make_task_type": {"administrator"},
    "view_access_log": {"data_protection_lead", "safeguarding_lead"},
}

#: (action, the thing of the story that it is about) → who may.
OBJECTS = {
    ("view_job", "job"): THERE,
    ("create_job", "draft"): THERE,
    ("create_job", "submitted"): THERE | {"requester"},
    ("discard_job", "draft"): THERE,
    ("publish_job", "submitted"): THERE,
    ("change_job", "job"): THERE,
    ("change_job", "submitted"): THERE | {"requester"},
    ("hand_over_job", "job"): THERE,
    ("close_job", "job"): THERE,
    ("reopen_job", "job"): THERE,
    ("cancel_job", "job"): THERE,
    ("cancel_job", "submitted"): THERE | {"requester"},
    ("expire_job", "job"): set(),
    ("undo", "event"): {"this_area"},
    ("view_open_job", "job"): {"approved", "ratified"},
    ("view_open_job", "draft"): set(),
    ("view_open_job", "submitted"): set(),
    ("make_offer", "job"): THERE | {"approved", "ratified"},
    ("make_offer", "offer"): THERE,
    ("make_offer", "ratified_offer"): THERE | {"ratified"},
    ("answer_ask", "job"): THERE | {"approved", "ratified"},
    ("answer_ask", "ask"): THERE | {"approved"},
    ("ask_anyway", "ask"): THERE,
    ("view_offer", "ratified_offer"): {"ratified"},
    ("confirm_offer", "ratified_offer"): THERE | {"ratified"},
    ("withdraw_offer", "ratified_offer"): THERE | {"ratified"},
    ("note_contact", "ratified_offer"): THERE | {"ratified"},
    ("release_offer", "ratified_offer"): THERE | {"ratified"},
    ("make_report", "ratified_offer"): THERE | {"ratified"},
    ("decline_offer", "offer"): THERE,
    ("ratify_offer", "offer"): THERE,
    ("stand_down_offer", "ratified_offer"): THERE,
    ("record_no_show", "ratified_offer"): THERE,
    ("reopen_window", "ratified_offer"): THERE,
    ("answer_decision", "decision"): THERE,
    ("answer_decision", "decision_of_buddies"): THERE,
    ("view_call", "call"): {"this_area"},
    ("save_call", "call"): {"this_area"},
    ("choose_requester", "call"): {"this_area"},
    ("finish_call", "call"): {"this_area"},
    ("record_call_back", "call_back"): THERE,
    ("retry_notification", "event"): THERE,
    ("retry_notification", "helper"): THERE,
    ("reveal_person", "requester"): THERE,
    ("reveal_person", "helper"): THERE,
    ("add_requester", "helper"): THERE,
    ("change_contact", "requester"): THERE | {"requester"},
    ("change_contact", "helper"): THERE | {"approved"},
    ("approve_helper", "helper"): THERE,
    ("suspend_helper", "helper"): THERE | {"safeguarding_lead"},
    ("pause_helper", "helper"): THERE | {"approved"},
    ("retire_helper", "helper"): THERE | {"approved"},
    ("change_helper", "helper"): THERE | {"approved"},
    ("change_availability", "helper"): THERE | {"approved"},
    ("change_being_asked", "helper"): THERE | {"approved"},
    ("change_task_type", "task_type"): {"administrator"},
    ("make_buddies", "buddy"): THERE,
    ("end_buddies", "buddy"): THERE,
    ("pin_person", "helper"): THERE,
    ("pin_person", "requester"): THERE,
    ("pin_area", "area"): THERE,
    ("record_check", "helper"): THERE | {"safeguarding_lead"},
    ("record_check", "check"): THERE | {"safeguarding_lead"},
    ("revoke_check", "check"): THERE | {"safeguarding_lead"},
    ("never_pair", "never_pair"): THERE | {"safeguarding_lead"},
}


@pytest.fixture
def story() -> tuple[Cast, Things]:
    return make_story()


def allowed(cast: Cast, action: str, obj: object = None) -> set[str]:
    return {kind for kind in cast.kinds() if policy.allows(getattr(cast, kind), action, obj)}


def test_matrix_of_actions_about_nothing(story: tuple[Cast, Things]) -> None:
    cast, _things = story
    assert {action: allowed(cast, action) for action in SITE} == SITE


def test_matrix_of_actions_about_an_object(story: tuple[Cast, Things]) -> None:
    cast, things = story
    found = {(action, thing): allowed(cast, action, getattr(things, thing)) for action, thing in OBJECTS}
    assert found == OBJECTS


def test_matrix_has_every_action_of_the_table() -> None:
    assert set(SITE) == set(WITHOUT_OBJECT)
    assert {action for action, _thing in OBJECTS} == set(ABOUT_AN_OBJECT)


def test_table_has_every_verb_of_the_lifecycle() -> None:
    assert {action for action in Action.values if not policy.known(action)} == set()


@pytest.mark.parametrize("obj", [None, "job", 1, object(), True])
def test_allows_treats_no_object_and_one_of_the_wrong_kind_as_no(story: tuple[Cast, Things], obj: object) -> None:
    found = {action: allowed(story[0], action, obj) for action in ABOUT_AN_OBJECT}
    assert found == {action: set() for action in ABOUT_AN_OBJECT}


@pytest.mark.slow
def test_allows_never_raises_whatever_it_is_asked_about(story: tuple[Cast, Things]) -> None:
    cast, things = story
    for action in (*ABOUT_AN_OBJECT, *WITHOUT_OBJECT):
        for thing in vars(things).values():
            assert action in EVERYBODYS or "anonymous" not in allowed(cast, action, thing)


@pytest.mark.parametrize("actor", [None, "anybody"])
def test_allows_raises_for_an_action_that_is_not_in_the_table(actor: Any) -> None:
    with pytest.raises(UnknownAction, match="ratify_ofer"):
        policy.allows(actor, "ratify_ofer", Offer())


def test_allows_takes_a_verb_of_the_lifecycle(story: tuple[Cast, Things]) -> None:
    cast, things = story
    assert policy.allows(cast.all_areas, Action.RATIFY_OFFER, things.offer)
    assert not policy.allows(cast.all_areas, Action.RATIFY_OFFER)


def test_allows_gives_an_account_nothing(story: tuple[Cast, Things]) -> None:
    account: Any = make_superuser()
    for action in {*ABOUT_AN_OBJECT, *WITHOUT_OBJECT} - EVERYBODYS:
        assert not any(policy.allows(account, action, thing) for thing in vars(story[1]).values())


def test_has_perm_of_an_account_gives_nothing_through_the_rules_backend(story: tuple[Cast, Things]) -> None:
    cast, things = story
    account = cast.all_areas.user
    assert account is not None
    assert not account.has_perm("community_help.ratify_offer", things.offer)


def test_allows_gives_a_person_who_is_not_saved_nothing(story: tuple[Cast, Things]) -> None:
    assert not policy.allows(Person(name="Nobody"), "use_desk")
    assert not policy.allows(Person(pk=story[0].all_areas.pk), "use_desk")


def test_superuser_with_a_person_has_no_more_than_the_person(story: tuple[Cast, Things]) -> None:
    cast, things = story
    cast.nobody.user = make_superuser()
    cast.nobody.save()
    person = Person.objects.get(pk=cast.nobody.pk)
    assert {action for action in WITHOUT_OBJECT if policy.allows(person, action)} == EVERYBODYS
    assert not any(policy.allows(person, action, things.job) for action in ABOUT_AN_OBJECT)


def test_require_raises_where_allows_says_no(story: tuple[Cast, Things]) -> None:
    cast, things = story
    policy.require(cast.this_area, "ratify_offer", things.offer)
    with pytest.raises(NotAllowed) as refused:
        policy.require(cast.other_area, Action.RATIFY_OFFER, things.offer)
    assert refused.value.action == "ratify_offer"


@pytest.mark.parametrize("action", ["ratify_offer", "reopen_window"])
def test_coordinator_who_helps_does_not_decide_on_their_own_offer(story: tuple[Cast, Things], action: str) -> None:
    cast, things = story
    grant_directly(cast.ratified, Role.COORDINATOR)
    both = Person.objects.get(pk=cast.ratified.pk)
    assert policy.allows(both, action, things.offer)
    assert not policy.allows(both, action, things.ratified_offer)


def test_coordinator_who_helps_does_not_decide_about_their_own_offer_or_buddies(story: tuple[Cast, Things]) -> None:
    cast, things = story
    grant_directly(cast.approved, Role.COORDINATOR)
    both = Person.objects.get(pk=cast.approved.pk)
    assert policy.allows(both, "answer_decision", things.decision)
    assert not policy.allows(both, "answer_decision", things.decision_of_buddies)


@pytest.mark.parametrize("action", ["approve_helper", "suspend_helper", "record_check"])
def test_coordinator_who_helps_does_not_decide_on_themselves(story: tuple[Cast, Things], action: str) -> None:
    cast, things = story
    grant_directly(cast.approved, Role.COORDINATOR)
    both = Person.objects.get(pk=cast.approved.pk)
    assert policy.allows(both, action, Helper.objects.get(pk=cast.ratified.pk))
    assert not policy.allows(both, action, things.helper)


def test_make_offer_for_somebody_else_is_for_coordinators(story: tuple[Cast, Things]) -> None:
    cast, things = story
    theirs = Offer(job_id=things.job.pk, helper_id=cast.approved.pk)
    assert allowed(cast, "make_offer", theirs) == THERE | {"approved"}


def test_answer_ask_of_a_stranger_is_no(story: tuple[Cast, Things]) -> None:
    cast, things = story
    assert allowed(cast, "answer_ask", Ask(job_id=things.job.pk, helper_id=cast.ratified.pk)) == THERE | {"ratified"}


def test_view_open_job_after_it_is_filled(story: tuple[Cast, Things]) -> None:
    cast, things = story
    unasked = make_matching_helper(things.job)
    things.job.state = JobState.ASSIGNED
    asked_or_offered = {"approved", "ratified"}
    assert allowed(cast, "view_open_job", things.job) == asked_or_offered
    assert not policy.allows(unasked.person, "view_open_job", things.job)


def test_view_open_job_of_who_was_asked_and_no_longer_fits(story: tuple[Cast, Things]) -> None:
    cast, things = story
    cast.approved.helper.areas.clear()
    assert allowed(cast, "view_open_job", things.job) == {"ratified"}


def test_view_open_job_of_a_helper_whose_offer_was_declined(story: tuple[Cast, Things]) -> None:
    _cast, things = story
    declined = make_offer_row(things.job, state=OfferState.DECLINED)
    declined.helper.areas.clear()
    assert policy.allows(declined.helper.person, "view_open_job", things.job)


def test_view_open_job_of_somebody_whom_the_helper_must_never_meet(story: tuple[Cast, Things]) -> None:
    cast, things = story
    for person in (cast.approved, cast.ratified):
        NeverPair.objects.create(helper=person.helper, requester=things.requester)
    assert allowed(cast, "view_open_job", things.job) == set()


def test_cancel_job_by_the_requester_ends_with_the_first_ratified_offer(story: tuple[Cast, Things]) -> None:
    cast, things = story
    alone = make_job(state=JobState.OPEN, requester=things.requester)
    assert policy.allows(cast.requester, "cancel_job", alone)
    make_offer_row(alone)
    assert policy.allows(cast.requester, "cancel_job", alone)
    make_offer_row(alone, state=OfferState.RELEASED)
    assert not policy.allows(cast.requester, "cancel_job", alone)


def test_undo_of_a_job_that_is_gone_is_no(story: tuple[Cast, Things]) -> None:
    cast, _things = story
    event = Event.objects.create(kind="discard_job", actor=cast.all_areas)
    assert allowed(cast, "undo", event) == set()


def test_undo_by_who_has_lost_the_role_is_no(story: tuple[Cast, Things]) -> None:
    cast, things = story
    cast.this_area.role_grants.all().delete()
    assert not policy.allows(Person.objects.get(pk=cast.this_area.pk), "undo", things.event)


@pytest.mark.parametrize("action", ["save_call", "view_call"])
def test_call_of_who_has_lost_the_role_is_shut(story: tuple[Cast, Things], action: str) -> None:
    cast, things = story
    cast.this_area.role_grants.all().delete()
    assert not policy.allows(Person.objects.get(pk=cast.this_area.pk), action, things.call)


def test_requester_without_an_area_is_any_coordinators(story: tuple[Cast, Things]) -> None:
    cast, things = story
    things.requester.area = None
    things.requester.save()
    assert allowed(cast, "reveal_person", things.requester) == COORDINATORS


def test_helper_without_an_area_is_any_coordinators(story: tuple[Cast, Things]) -> None:
    cast, things = story
    things.helper.areas.clear()
    assert allowed(cast, "approve_helper", things.helper) == COORDINATORS


def test_person_without_a_profile_is_in_reach_of_all_areas_only(story: tuple[Cast, Things]) -> None:
    cast, _things = story
    assert allowed(cast, "reveal_person", cast.nobody) == {"all_areas"}


def test_areas_themselves_are_their_coordinators(story: tuple[Cast, Things]) -> None:
    cast, things = story
    assert allowed(cast, "create_job", things.area) == THERE
    assert allowed(cast, "create_job", things.elsewhere) == {"all_areas", "other_area"}


def test_job_elsewhere_of_a_requester_from_here(story: tuple[Cast, Things]) -> None:
    cast, things = story
    job = make_job(requester=make_requester(area=things.area), area=things.elsewhere)
    assert allowed(cast, "view_job", job) == {"all_areas", "other_area"}


def test_allows_asks_the_database_once_for_the_roles(
    story: tuple[Cast, Things], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cast, things = story
    things.offer.job = things.job
    with django_assert_num_queries(2):  # the grants and their areas
        for _again in range(20):
            assert policy.allows(cast.this_area, "ratify_offer", things.offer)
            assert policy.allows(cast.this_area, "view_job", things.job)


def test_allows_nobody_asks_the_database_nothing(
    story: tuple[Cast, Things], django_assert_max_num_queries: DjangoAssertMaxNumQueries
) -> None:
    with django_assert_max_num_queries(0):
        assert not policy.allows(None, "ratify_offer", story[1].offer)
