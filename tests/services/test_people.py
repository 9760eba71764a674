from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from community_help.exceptions import NotAllowed, StaleTransition
from community_help.jobs.call_back import CallBack
from community_help.lifecycle.event import Event
from community_help.people.community import Community
from community_help.people.person import Person
from community_help.people.profiles import Helper, NeverPair, Requester
from community_help.people.roles import Role, coordinator_areas, has_role
from community_help.privacy.disclosure import reveal
from community_help.privacy.window import window_of
from community_help.safeguarding.background_checks import Check
from community_help.services import offers, people, safeguarding
from community_help.services.call_backs import record_call_back
from community_help.services.undo import undo
from community_help.testing import factories as make
from tests.services.scene import Scene, open_job

if TYPE_CHECKING:
    from community_help.jobs.offer import Offer

pytestmark = pytest.mark.django_db


def test_register_requester_makes_person_contact_and_profile() -> None:
    ama, area = make.make_coordinator(), make.make_area()
    contact = {"phone": "0117 496 0187", "address": "14 Leinster Avenue"}
    requester = people.register_requester(
        actor=ama,
        name="  Doreen   Pascoe ",
        area=area,
        contact=contact,
        warnings="hard of hearing",
        consent_how="on the phone",
    )
    stored = Requester.objects.get(pk=requester.pk)
    assert (stored.person.name, stored.person.known_as, stored.warnings) == (
        "Doreen Pascoe",
        "Doreen",
        "hard of hearing",
    )
    assert stored.consent_at is not None
    shown = reveal(stored.person, ["phone", "address"], actor=ama, why="to test")
    assert "496 0187" in shown["phone"] or "4960187" in shown["phone"]
    assert shown["address"] == "14 Leinster Avenue"


def test_register_requester_with_one_long_word_for_a_name_is_called_by_what_fits() -> None:
    made = people.register_requester(actor=make.make_coordinator(), name="W" * 109, area=make.make_area(), contact={})
    assert (made.person.name, made.person.known_as) == ("W" * 109, "W" * 60)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 151}, "name"),
        ({"name": "Doreen\x00"}, "name"),
        ({"warnings": "\x07"}, "warnings"),
        ({"contact": {"email": "not an address"}}, "email"),
        ({"contact": {"address": "\x00"}}, "address"),
    ],
)
def test_register_requester_says_what_is_wrong_and_writes_nothing(values: dict[str, object], field: str) -> None:
    ama, area = make.make_coordinator(), make.make_area()
    people_before = Person.objects.count()
    given: dict[str, object] = {"name": "Doreen", "area": area, "contact": {}, **values}
    with pytest.raises(ValidationError) as caught:
        people.register_requester(actor=ama, **given)  # type: ignore[arg-type]
    assert field in caught.value.message_dict
    assert Person.objects.count() == people_before


def test_register_helper_is_asked_for_nothing_before_approval() -> None:
    ama, area, kind = make.make_coordinator(), make.make_area(), make.make_task_type()
    car = make.make_skill()
    helper = people.register_helper(
        actor=ama,
        name="Tom Aldous",
        contact={"email": "tom@example.org"},
        areas=[area],
        task_types=[kind],
        skills=[car],
    )
    stored = Helper.objects.get(pk=helper.pk)
    assert (stored.state, list(stored.areas.all()), list(stored.skills.all())) == ("applied", [area], [car])
    people.approve_helper(helper, actor=ama)
    stored.refresh_from_db()
    assert (stored.state, stored.approved_at is not None) == ("approved", True)
    event = Event.objects.get(kind="approve_helper")
    assert (event.from_state, event.to_state, event.person) == ("applied", "approved", helper.person)


def test_pause_helper_and_back_keeps_the_first_approval() -> None:
    ama, helper = make.make_coordinator(), make.make_helper()
    first = helper.approved_at
    people.pause_helper(helper, actor=helper.person)
    people.approve_helper(helper, actor=ama)
    stored = Helper.objects.get(pk=helper.pk)
    assert (stored.state, stored.approved_at) == ("approved", first)


def test_pause_helper_that_crosses_a_suspension_does_not_lift_it() -> None:
    ama, helper = make.make_coordinator(), make.make_helper()
    seen = Helper.objects.select_related("person").get(pk=helper.pk)
    people.suspend_helper(helper, actor=ama, why="a complaint")
    with pytest.raises(StaleTransition):
        people.pause_helper(seen, actor=seen.person)
    with pytest.raises(ValidationError, match="Only a helper who is approved"):
        people.pause_helper(helper, actor=ama)
    assert Helper.objects.get(pk=helper.pk).state == "suspended"
    assert not Event.objects.filter(kind="pause_helper").exists()


def test_approve_helper_is_never_oneself() -> None:
    helper = make.make_helper(state="applied")
    make.grant_directly(helper.person, "coordinator")
    with pytest.raises(NotAllowed):
        people.approve_helper(helper, actor=helper.person)


def test_change_contact_leaves_what_is_not_named() -> None:
    ama, doreen = (
        make.make_coordinator(),
        make.make_requester(contact={"phone": "0117 496 0001", "address": "1 High St"}),
    )
    people.change_contact(doreen.person, actor=ama, address="2 Low St")
    shown = reveal(doreen.person, ["phone", "address"], actor=ama, why="to test")
    assert shown["address"] == "2 Low St"
    assert shown["phone"]


def test_grant_role_is_for_administrators() -> None:
    ada, leroy, area = make.make_person(), make.make_person(), make.make_area()
    make.grant_directly(ada, Role.ADMINISTRATOR)
    people.grant_role(leroy, Role.COORDINATOR, actor=ada, areas=[area], until=timezone.now() + timedelta(days=1))
    again = Person.objects.get(pk=leroy.pk)
    assert has_role(again, Role.COORDINATOR)
    assert coordinator_areas(again) == {area.pk}
    with pytest.raises(NotAllowed):
        people.grant_role(leroy, Role.ADMINISTRATOR, actor=make.make_coordinator())


def _ratified() -> tuple[Scene, Offer]:
    level = make.make_check_level()
    scene = open_job(task_type=make.make_task_type(check_level=level))
    offer = make.make_offer_row(scene.job, scene.helper)
    offers.ratify_offer(offer, actor=scene.coordinator)
    return scene, offer


def test_suspend_helper_shuts_what_they_could_see() -> None:
    scene, offer = _ratified()
    with pytest.raises(ValidationError, match="Say why"):
        people.suspend_helper(scene.helper, actor=scene.coordinator, why=" ")
    event = people.suspend_helper(scene.helper, actor=scene.coordinator, why="a complaint")
    offer.refresh_from_db()
    assert (offer.shut_at, offer.state) == (event.at, "ratified")


def test_ratify_offer_after_a_new_check_discloses() -> None:
    level = make.make_check_level()
    scene = open_job(task_type=make.make_task_type(check_level=level))
    offer = make.make_offer_row(scene.job, scene.helper)
    safeguarding.revoke_check(Check.objects.get(helper=scene.helper), actor=scene.coordinator, why="a new entry")
    offer.refresh_from_db()
    assert offer.shut_at is not None
    make.make_check(scene.helper, level)
    event = offers.ratify_offer(offer, actor=scene.coordinator)
    offer.refresh_from_db()
    window = window_of(offer, community=Community.current(), now=timezone.now() + timedelta(minutes=1))
    assert (offer.shut_at, window.is_open) == (None, True)
    undo(event, actor=scene.coordinator)
    offer.refresh_from_db()
    assert offer.shut_at is not None


def test_revoke_check_shuts_what_it_was_needed_for() -> None:
    scene, offer = _ratified()
    other = make.make_offer_row(make.make_open_job(), scene.helper)
    check = Check.objects.get(helper=scene.helper)
    with pytest.raises(ValidationError, match="Say why"):
        safeguarding.revoke_check(check, actor=scene.coordinator, why="")
    event = safeguarding.revoke_check(check, actor=scene.coordinator, why="a new entry")
    offer.refresh_from_db()
    other.refresh_from_db()
    check.refresh_from_db()
    assert (check.revoked_at, offer.shut_at, other.shut_at) == (event.at, event.at, None)


def test_never_pair_shuts_what_is_between_the_two() -> None:
    scene, offer = _ratified()
    other = make.make_offer_row(make.make_open_job(), scene.helper)
    safeguarding.never_pair(scene.helper, scene.job.requester, actor=scene.coordinator, reason="a quarrel")
    offer.refresh_from_db()
    other.refresh_from_db()
    assert (offer.shut_at is not None, other.shut_at) == (True, None)
    with pytest.raises(ValidationError):
        safeguarding.never_pair(scene.helper, scene.job.requester, actor=scene.coordinator, reason="again")
    assert NeverPair.objects.count() == 1


def test_record_check_keeps_what_was_seen() -> None:
    ama, helper, level = make.make_coordinator(), make.make_helper(), make.make_check_level()
    today = timezone.localdate()
    check = safeguarding.record_check(
        helper, actor=ama, level=level, issued_on=today, recheck_on=today + timedelta(days=365), reference="001"
    )
    stored = Check.objects.get(pk=check.pk)
    assert (stored.seen_by, stored.seen_on, stored.decision, stored.reference) == (ama, today, "accepted", "001")
    with pytest.raises(ValidationError, match="not come yet"):
        safeguarding.record_check(helper, actor=ama, level=level, issued_on=today + timedelta(days=1))
    with pytest.raises(ValidationError):
        safeguarding.record_check(helper, actor=ama, level=level, issued_on=today, recheck_on=today)


def test_record_call_back_stays_owed_until_somebody_was_reached() -> None:
    scene, _offer = _ratified()
    owed = CallBack.objects.get()
    owed = record_call_back(owed, actor=scene.coordinator, outcome="no_answer", note="rang twice")
    assert (owed.attempts, owed.done_at, owed.note) == (1, None, "rang twice")
    owed = record_call_back(owed, actor=scene.coordinator, outcome="reached")
    assert (owed.attempts, owed.done_at is not None, owed.note) == (2, True, "rang twice")
    with pytest.raises(StaleTransition, match="made already"):
        record_call_back(owed, actor=scene.coordinator, outcome="reached")
    with pytest.raises(ValidationError, match="Choose"):
        record_call_back(owed, actor=scene.coordinator, outcome="owed")


def test_record_check_opens_what_a_revoked_one_had_shut() -> None:
    scene, offer = _ratified()
    level = scene.job.check_level
    assert level is not None
    safeguarding.revoke_check(Check.objects.get(), actor=scene.coordinator, why="a new entry")
    safeguarding.record_check(
        scene.helper, actor=scene.coordinator, level=make.make_check_level(), issued_on=timezone.localdate()
    )
    offer.refresh_from_db()
    assert offer.shut_at is not None
    safeguarding.record_check(scene.helper, actor=scene.coordinator, level=level, issued_on=timezone.localdate())
    offer.refresh_from_db()
    assert offer.shut_at is None


def test_approve_helper_ends_a_suspension_with_a_reason_and_opens_again() -> None:
    scene, offer = _ratified()
    people.suspend_helper(scene.helper, actor=scene.coordinator, why="a complaint")
    with pytest.raises(ValidationError, match="why the suspension ends"):
        people.approve_helper(scene.helper, actor=scene.coordinator)
    people.approve_helper(scene.helper, actor=scene.coordinator, why="cleared up")
    offer.refresh_from_db()
    assert offer.shut_at is None
    assert Event.objects.get(kind="approve_helper").why == "cleared up"
