from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from community_help.exceptions import AlreadyOffered, IllegalTransition, NotAllowed, NotEligible, StaleTransition
from community_help.jobs.call_back import CallBack
from community_help.jobs.job import Job
from community_help.jobs.offer import Ask, Offer
from community_help.jobs.safe_words import WORDS
from community_help.lifecycle.event import Event
from community_help.notifications.notification import Notification
from community_help.people.profiles import HelperState, Requester
from community_help.services import offers
from community_help.testing import factories as make
from tests.services.scene import open_job

pytestmark = pytest.mark.django_db


def test_make_offer_waits_for_a_coordinator() -> None:
    scene = open_job()
    offer = offers.make_offer(scene.job, helper=scene.helper, actor=scene.helper.person, note="after four")
    stored = Offer.objects.get(pk=offer.pk)
    assert (stored.state, stored.note, stored.opening) == ("offered", "after four", 1)
    assert Ask.objects.get(job=scene.job, helper=scene.helper).answer == "offered"
    event = Event.objects.get(kind="make_offer")
    assert (event.actor, event.on_behalf_of, event.offer) == (scene.helper.person, None, offer)


def test_make_offer_on_behalf_is_recorded_as_such() -> None:
    scene = open_job()
    offers.make_offer(scene.job, helper=scene.helper, actor=scene.coordinator)
    event = Event.objects.get(kind="make_offer")
    assert (event.actor, event.on_behalf_of) == (scene.coordinator, scene.helper.person)


def test_make_offer_twice_is_refused() -> None:
    scene = open_job()
    offers.make_offer(scene.job, helper=scene.helper, actor=scene.helper.person)
    with pytest.raises(AlreadyOffered, match="already offered"):
        offers.make_offer(scene.job, helper=scene.helper, actor=scene.helper.person)
    assert Offer.objects.count() == 1


def test_make_offer_again_after_withdrawing() -> None:
    scene = open_job()
    first = offers.make_offer(scene.job, helper=scene.helper, actor=scene.helper.person)
    offers.withdraw_offer(first, actor=scene.helper.person)
    offers.make_offer(scene.job, helper=scene.helper, actor=scene.helper.person)
    assert sorted(Offer.objects.values_list("state", flat=True)) == ["offered", "withdrawn"]


def test_make_offer_for_somebody_else_is_refused() -> None:
    scene = open_job()
    with pytest.raises(NotAllowed):
        offers.make_offer(scene.job, helper=scene.helper, actor=make.make_matching_helper(scene.job).person)


def test_make_offer_of_a_helper_who_does_not_fit_says_why() -> None:
    scene = open_job(skills=[make.make_skill()])
    scene.helper.skills.clear()
    with pytest.raises(NotEligible) as caught:
        offers.make_offer(scene.job, helper=scene.helper, actor=scene.helper.person)
    assert len(caught.value.reasons) == 1
    assert "drive" in str(caught.value)
    assert not Offer.objects.exists()


@pytest.mark.parametrize("note", ["x" * 501, "yes\x00"])
def test_make_offer_with_a_note_that_can_not_be_kept(note: str) -> None:
    scene = open_job()
    with pytest.raises(ValidationError) as caught:
        offers.make_offer(scene.job, helper=scene.helper, actor=scene.helper.person, note=note)
    assert "note" in caught.value.message_dict
    assert not Offer.objects.exists()
    assert Job.objects.get(pk=scene.job.pk).version == 1


def test_make_offer_is_ratified_by_the_task_types_rule() -> None:
    scene = open_job(task_type=make.make_task_type(ratification="automatic"))
    offer = offers.make_offer(scene.job, helper=scene.helper, actor=scene.helper.person)
    assert (offer.state, offer.ratified_by, offer.ratified_rule) == ("ratified", None, "task_type")
    event = Event.objects.get(kind="ratify_offer")
    assert (event.actor, event.rule) == (None, "task_type")
    assert Job.objects.get(pk=scene.job.pk).state == "assigned"


def test_ratify_offer_of_the_last_place_thanks_the_others() -> None:
    scene = open_job()
    first = make.make_offer_row(scene.job, scene.helper)
    second = make.make_offer_row(scene.job)
    event = offers.ratify_offer(first, actor=scene.coordinator, version=1)
    first.refresh_from_db()
    second.refresh_from_db()
    row = Job.objects.get(pk=scene.job.pk)
    assert (row.state, row.places_filled) == ("assigned", 1)
    assert (first.state, first.ratified_by) == ("ratified", scene.coordinator)
    assert first.safe_word in WORDS
    assert (second.state, second.ended_at) == ("not_needed", event.at)


def test_ratify_offer_owes_the_requester_a_call_and_tells_when_settled() -> None:
    scene = open_job()
    offer = make.make_offer_row(scene.job, scene.helper)
    event = offers.ratify_offer(offer, actor=scene.coordinator)
    settled = event.at + timedelta(seconds=10)
    owed = CallBack.objects.get()
    assert (owed.reason, owed.offer, owed.due_at) == ("who_is_coming", offer, settled)
    assert Notification.objects.get(event=event, recipient=None).not_before == settled


def test_ratify_offer_with_places_left_keeps_the_job_open() -> None:
    scene = open_job(places=2)
    first, second = make.make_offer_row(scene.job, scene.helper), make.make_offer_row(scene.job)
    offers.ratify_offer(first, actor=scene.coordinator)
    second.refresh_from_db()
    assert Job.objects.get(pk=scene.job.pk).state == "open"
    assert second.state == "offered"


def test_ratify_offer_never_ones_own() -> None:
    scene = open_job()
    make.grant_directly(scene.helper.person, "coordinator")
    offer = make.make_offer_row(scene.job, scene.helper)
    with pytest.raises(NotAllowed):
        offers.ratify_offer(offer, actor=scene.helper.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.filter(pk=offer.pk).update(
            state="ratified", ratified_at=timezone.now(), ratified_by=scene.helper.person
        )


def test_ratify_offer_of_somebody_suspended_since() -> None:
    scene = open_job()
    offer = make.make_offer_row(scene.job, scene.helper)
    scene.helper.state = HelperState.SUSPENDED
    scene.helper.save()
    with pytest.raises(NotEligible):
        offers.ratify_offer(offer, actor=scene.coordinator)
    assert Job.objects.get(pk=scene.job.pk).version == 1


def test_ratify_offer_on_a_page_that_is_old() -> None:
    scene = open_job()
    offer = make.make_offer_row(scene.job, scene.helper)
    offers.make_offer(scene.job, helper=make.make_matching_helper(scene.job, "Priya Nair"), actor=scene.coordinator)
    with pytest.raises(StaleTransition, match="Ama offered"):
        offers.ratify_offer(offer, actor=scene.coordinator, version=1)


@pytest.mark.parametrize(
    ("service", "state"),
    [
        (offers.release_offer, "released"),
        (offers.stand_down_offer, "stood_down"),
        (offers.record_no_show, "no_show"),
    ],
)
def test_vacating_a_place_opens_the_job_again(service: object, state: str) -> None:
    scene = open_job()
    offer = make.make_offer_row(scene.job, scene.helper)
    offers.ratify_offer(offer, actor=scene.coordinator)
    event = service(offer, actor=scene.coordinator, why="broken leg")  # type: ignore[operator]
    offer.refresh_from_db()
    row = Job.objects.get(pk=scene.job.pk)
    assert (row.state, row.places_filled, row.opening) == ("open", 0, 2)
    assert (offer.state, offer.ended_at) == (state, event.at)
    assert event.why == "broken leg"
    calls = {call.reason: call.done_at is None for call in CallBack.objects.all()}
    assert calls == {"who_is_coming": False, "not_coming": True}


@pytest.mark.parametrize("service", [offers.release_offer, offers.stand_down_offer, offers.record_no_show])
def test_vacating_a_place_needs_a_reason(service: object) -> None:
    scene = open_job()
    offer = make.make_offer_row(scene.job, scene.helper)
    offers.ratify_offer(offer, actor=scene.coordinator)
    with pytest.raises(ValidationError, match="Say why"):
        service(offer, actor=scene.coordinator, why="  ")  # type: ignore[operator]


@pytest.mark.parametrize("service", [offers.release_offer, offers.stand_down_offer, offers.record_no_show])
def test_vacating_after_the_report_is_refused(service: object) -> None:
    job = make.make_job(state="assigned", places=2, places_filled=2, opening=1, opened_at=timezone.now())
    offer = make.make_offer_row(job, state="ratified", reported_at=timezone.now())
    with pytest.raises(IllegalTransition, match="reported"):
        service(offer, actor=make.make_coordinator(), why="x")  # type: ignore[operator]


def test_note_contact_keeps_the_first_time() -> None:
    scene = open_job()
    offer = make.make_offer_row(scene.job, scene.helper)
    offers.ratify_offer(offer, actor=scene.coordinator)
    offers.note_contact(offer, actor=scene.helper.person)
    offer.refresh_from_db()
    first = offer.contacted_at
    offers.note_contact(offer, actor=scene.helper.person)
    offer.refresh_from_db()
    assert first is not None
    assert offer.contacted_at == first


def test_confirm_offer_says_still_yes() -> None:
    scene = open_job()
    offer = make.make_offer_row(scene.job, scene.helper, unconfirmed_since=timezone.now())
    event = offers.confirm_offer(offer, actor=scene.coordinator)
    offer.refresh_from_db()
    assert offer.unconfirmed_since is None
    assert event.on_behalf_of == scene.helper.person
    offers.withdraw_offer(offer, actor=scene.helper.person)
    with pytest.raises(IllegalTransition, match="withdrawn"):
        offers.confirm_offer(offer, actor=scene.helper.person)


def test_answer_ask_is_kept_for_this_opening() -> None:
    scene = open_job()
    offers.answer_ask(scene.job, helper=scene.helper, actor=scene.helper.person, answer="not_this_one")
    ask = Ask.objects.get()
    assert (ask.answer, ask.opening, ask.step) == ("not_this_one", 1, "looked")
    offers.answer_ask(scene.job, helper=scene.helper, actor=scene.coordinator, answer="not_now")
    ask.refresh_from_db()
    assert ask.answer == "not_now"
    assert Event.objects.filter(kind="answer_ask", on_behalf_of=scene.helper.person).count() == 1


def test_answer_ask_knows_two_answers() -> None:
    scene = open_job()
    with pytest.raises(ValidationError):
        offers.answer_ask(scene.job, helper=scene.helper, actor=scene.helper.person, answer="offered")
    with pytest.raises(NotAllowed):
        offers.answer_ask(scene.job, helper=scene.helper, actor=make.make_person(), answer="not_now")


def test_database_holds_that_nobody_helps_themselves() -> None:
    scene = open_job()
    both = make.make_helper()
    Requester.objects.create(person=both.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.create(job=scene.job, helper=both, requester_id=both.pk, opening=1)


def test_ratify_offer_before_the_helper_said_still_yes() -> None:
    scene = open_job()
    offer = make.make_offer_row(scene.job, scene.helper, unconfirmed_since=timezone.now())
    with pytest.raises(NotEligible, match="Tom has not said yes to the change yet"):
        offers.ratify_offer(offer, actor=scene.coordinator)
    offers.confirm_offer(offer, actor=scene.helper.person)
    offers.ratify_offer(offer, actor=scene.coordinator)
    offer.refresh_from_db()
    assert offer.state == "ratified"


def test_still_yes_and_an_offer_are_to_the_opening_that_was_read() -> None:
    scene = open_job()
    offer = make.make_offer_row(scene.job, scene.helper, unconfirmed_since=timezone.now())
    with pytest.raises(StaleTransition, match="the job was changed"):
        offers.confirm_offer(offer, actor=scene.helper.person, opening=0)
    offers.confirm_offer(offer, actor=scene.helper.person, opening=1)
    other = make.make_matching_helper(scene.job)
    with pytest.raises(StaleTransition, match="the job was changed"):
        offers.make_offer(scene.job, helper=other, actor=other.person, opening=2)
    offers.make_offer(scene.job, helper=other, actor=other.person, opening=1)
