"""What of each table a person may see at all."""

from __future__ import annotations

from typing import Any

import pytest

from community_help.access.scopes import visible_to
from community_help.jobs.bundled import ShoppingJob
from community_help.jobs.call import Call
from community_help.jobs.call_back import CallBack, CallBackReason
from community_help.jobs.decision import Decision
from community_help.jobs.job import Job
from community_help.jobs.offer import Ask, Offer, Report
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import JobState
from community_help.people.person import Person, PersonContact
from community_help.people.profiles import Helper, NeverPair, Requester
from community_help.people.roles import Role
from community_help.privacy.access_log import AccessLog, Door
from community_help.safeguarding.background_checks import Check
from community_help.testing.factories import (
    grant_directly,
    make_check,
    make_check_level,
    make_coordinator,
    make_helper,
    make_job,
    make_matching_helper,
    make_offer_row,
    make_open_job,
    make_requester,
)
from tests.access.cast import Cast, Things, make_story

pytestmark = pytest.mark.django_db

ALL, HERE, ELSEWHERE = "all_areas", "this_area", "other_area"


@pytest.fixture
def story() -> tuple[Cast, Things]:
    return make_story()


def who_sees(cast: Cast, row: Any, model: Any = None) -> set[str]:
    model = model or type(row)
    return {kind for kind in cast.kinds() if visible_to(getattr(cast, kind), model).filter(pk=row.pk).exists()}


@pytest.mark.parametrize(
    ("thing", "model", "expected"),
    [
        ("job", Job, {ALL, HERE, "requester", "approved", "ratified"}),
        ("draft", Job, {ALL, HERE, "requester"}),
        ("submitted", Job, {ALL, HERE, "requester"}),
        ("offer", Offer, {ALL, HERE}),
        ("ratified_offer", Offer, {ALL, HERE, "ratified"}),
        ("ask", Ask, {ALL, HERE, "approved"}),
        ("decision", Decision, {ALL, HERE}),
        ("decision_of_buddies", Decision, {ALL, HERE}),
        ("event", Event, {ALL, HERE}),
        ("call", Call, {HERE}),
        ("call_back", CallBack, {ALL, HERE}),
        ("requester", Requester, {ALL, HERE, "requester"}),
        ("helper", Helper, {ALL, HERE, "approved"}),
        ("check", Check, {ALL, HERE, "safeguarding_lead"}),
    ],
)
def test_visible_to_each_kind_of_actor(story: tuple[Cast, Things], thing: str, model: Any, expected: set[str]) -> None:
    cast, things = story
    assert who_sees(cast, getattr(things, thing), model) == expected


def test_visible_to_nobody_is_nothing(story: tuple[Cast, Things]) -> None:
    assert not visible_to(None, Job).exists()
    assert not visible_to(Person(name="not saved"), Job).exists()


@pytest.mark.parametrize("model", [PersonContact, ShoppingJob, Person.user.field.related_model])
def test_visible_to_refuses_a_model_without_a_scope(story: tuple[Cast, Things], model: Any) -> None:
    with pytest.raises(TypeError, match=model.__name__):
        visible_to(story[0].all_areas, model)


def test_jobs_answer_their_real_instances(story: tuple[Cast, Things]) -> None:
    cast, things = story
    assert isinstance(visible_to(cast.all_areas, Job).get(pk=things.job.pk), ShoppingJob)
    assert visible_to(cast.all_areas, Job).for_lists().count() == 3


def test_jobs_of_a_helper_are_the_open_ones_that_fit_and_their_own() -> None:
    fits = make_open_job()
    helper = make_matching_helper(fits)
    make_open_job()
    over = make_job(state=JobState.CANCELLED)
    make_offer_row(over, helper, state="cancelled")
    assert set(visible_to(helper.person, Job)) == {fits, over}


def test_jobs_of_a_suspended_helper_are_none(story: tuple[Cast, Things]) -> None:
    cast, things = story
    make_offer_row(things.job, cast.suspended.helper)
    assert not visible_to(cast.suspended, Job).exists()
    assert not visible_to(cast.suspended, Offer).exists()


def test_jobs_of_a_helper_leave_out_whom_they_must_never_meet(story: tuple[Cast, Things]) -> None:
    cast, things = story
    NeverPair.objects.create(helper=cast.ratified.helper, requester=things.requester)
    assert not visible_to(cast.ratified, Job).exists()


def test_report_is_seen_by_its_helper_and_coordinators(story: tuple[Cast, Things]) -> None:
    cast, things = story
    report = Report.objects.create(offer=things.ratified_offer, outcome="done")
    assert who_sees(cast, report) == {ALL, HERE, "ratified"}


def test_never_pair_is_not_seen_by_either_side(story: tuple[Cast, Things]) -> None:
    cast, things = story
    pair = NeverPair.objects.create(helper=things.helper, requester=things.requester)
    assert who_sees(cast, pair) == {ALL, HERE, "safeguarding_lead"}


def test_check_is_not_seen_by_its_own_helper(story: tuple[Cast, Things]) -> None:
    assert "approved" not in who_sees(story[0], story[1].check)


def test_call_back_of_a_job_follows_the_job(story: tuple[Cast, Things]) -> None:
    cast, things = story
    job = make_job(area=things.elsewhere, requester=things.requester)
    owed = CallBack.objects.create(
        requester=things.requester, job_id=job.pk, event=things.event, reason=CallBackReason.CHANGED
    )
    assert who_sees(cast, owed) == {ALL, ELSEWHERE}


def test_people_in_reach_of_an_area(story: tuple[Cast, Things]) -> None:
    cast, things = story
    placeless = make_requester()
    placeless.area = None
    placeless.save()
    new_helper = make_helper()
    far = make_requester(area=things.elsewhere)
    seen = set(visible_to(cast.this_area, Person))
    assert {things.requester.person, things.helper.person, placeless.person, new_helper.person, cast.this_area} <= seen
    assert far.person not in seen
    assert cast.all_areas not in seen


def test_people_in_reach_of_all_areas_are_everybody(story: tuple[Cast, Things]) -> None:
    cast, _things = story
    assert visible_to(cast.all_areas, Person).count() == Person.objects.count()


def test_people_of_a_helper_are_themselves(story: tuple[Cast, Things]) -> None:
    cast, _things = story
    assert list(visible_to(cast.approved, Person)) == [cast.approved]


def test_people_who_are_two_things_are_seen_once(story: tuple[Cast, Things]) -> None:
    cast, things = story
    Requester.objects.create(person=cast.approved, area=things.area)
    things.helper.areas.add(things.elsewhere)
    assert visible_to(cast.this_area, Person).filter(pk=cast.approved.pk).count() == 1
    assert (
        visible_to(make_coordinator(areas=[things.area, things.elsewhere]), Helper).filter(pk=cast.approved.pk).count()
        == 1
    )


def test_access_log_is_seen_by_leads(story: tuple[Cast, Things]) -> None:
    cast, _things = story
    row = AccessLog.objects.create(door=Door.SEARCH, actor=cast.all_areas)
    assert who_sees(cast, row) == {"data_protection_lead", "safeguarding_lead"}


def test_check_elsewhere_is_seen_by_the_safeguarding_lead(story: tuple[Cast, Things]) -> None:
    cast, things = story
    check = make_check(make_helper(areas=[things.elsewhere]), make_check_level("Basic DBS"))
    assert who_sees(cast, check) == {ALL, ELSEWHERE, "safeguarding_lead"}


def test_coordinator_who_helps_sees_both(story: tuple[Cast, Things]) -> None:
    cast, things = story
    job = make_job(area=things.elsewhere)
    grant_directly(cast.approved, Role.COORDINATOR, areas=[things.elsewhere])
    both = Person.objects.get(pk=cast.approved.pk)
    assert set(visible_to(both, Job)) == {things.job, job}
