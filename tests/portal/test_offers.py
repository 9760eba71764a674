"""A helper's own offers: the details in their window, contact, release, report."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.utils import timezone

from community_help.jobs.job import Job, Timing
from community_help.jobs.offer import Offer, Outcome, Report
from community_help.lifecycle.table import JobState, OfferState
from community_help.people.profiles import NeverPair
from community_help.privacy.access_log import AccessLog
from community_help.services import jobs, offers
from community_help.testing import factories as make
from tests.portal.pages import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from community_help.jobs.task_type import TaskType
    from community_help.people.community import Area
    from community_help.people.person import Person
    from community_help.people.profiles import Helper

CONTACT = {
    "phone": "0117 496 0123",
    "other_phone": "07700 900123",
    "email": "jean@example.org",
    "address": "31 Throgmorton Road\nMelvin Square",
    "postcode": "BS4 1AA",
    "access_notes": "Ring twice and wait.",
}
PRIVATE = ("Tovey", "0117", "07700", "jean@example", "Throgmorton", "BS4", "Ring twice", "salmon", "bluebell", "canary")


@pytest.fixture
def job(area: Area, shopping: TaskType) -> Job:
    jean = make.make_requester("Jean Tovey", area=area, contact=CONTACT, warnings="canary-warning")
    return make.make_open_job(
        task_type=shopping,
        requester=jean,
        title="Weekly shopping",
        private_details="Leave it on the table.",
        shopping_list="A tin of salmon.",
    )


@pytest.fixture
def offer(job: Job, helper: Helper) -> Offer:
    """Tom's, ratified a minute ago: its window is open."""
    offer = offers.make_offer(job, helper=helper, actor=helper.person)
    offers.ratify_offer(offer, actor=make.make_coordinator())
    Offer.objects.filter(pk=offer.pk).update(ratified_at=timezone.now() - timedelta(minutes=1), safe_word="bluebell")
    offer.refresh_from_db()
    return offer


def page_of(offer: Offer, deed: str = "") -> str:
    return f"/help/offers/{offer.uuid}/{deed}"


def set_offer(offer: Offer, **columns: Any) -> None:
    Offer.objects.filter(pk=offer.pk).update(**columns)


def assert_nothing_private(response: Any) -> None:
    page = response.content.decode()
    assert [word for word in PRIVATE if word in page] == []


def test_view_offer_shows_the_details_and_logs_the_look(tom: Client, helper: Helper, offer: Offer) -> None:
    response = tom.get(page_of(offer))
    page = text_of(response)
    for words in ("It’s yours, Tom", "Jean Tovey", "31 Throgmorton Road", "BS4 1AA", "0117 496 0123", "07700 900123"):
        assert words in page
    for words in ("Call Jean", "Text Jean", "Directions", "bluebell", "Ring twice and wait.", "A tin of salmon."):
        assert words in page
    assert "jean@example.org" not in page
    assert "canary" not in page
    assert response["Cache-Control"] == "no-store"
    rows = [(row.actor, row.offer, row.fields) for row in AccessLog.objects.order_by("pk")]
    assert [row[:2] for row in rows] == [(helper.person, offer)] * 2
    assert rows[0][2] == ["phone", "other_phone", "address", "postcode", "access_notes"]
    assert "job:shopping_list" in rows[1][2]


def test_view_offer_links_ring_text_and_lead_without_a_third_party(tom: Client, offer: Offer) -> None:
    page = tom.get(page_of(offer)).content.decode()
    assert 'href="tel:+441174960123"' in page
    assert 'href="sms:+447700900123"' in page
    assert "sms:+441174960123" not in page  # a landline takes no texts
    assert 'href="geo:0,0?q=31%20Throgmorton%20Road%2C%20Melvin%20Square%2C%20BS4%201AA"' in page


def test_view_offer_manages_with_hardly_any_details(tom: Client, helper: Helper, area: Area) -> None:
    job = make.make_open_job(requester=make.make_requester(area=area, contact={"phone": "0117 49"}))
    offer = make.make_offer_row(job, helper, state=OfferState.RATIFIED)
    set_offer(offer, ratified_at=timezone.now() - timedelta(minutes=1))
    page = tom.get(page_of(offer)).content.decode()
    assert 'href="tel:011749"' in page
    assert "sms:" not in page
    assert "geo:" not in page
    assert "Good to know" not in page


@pytest.mark.parametrize("state", [OfferState.OFFERED, OfferState.WITHDRAWN, OfferState.STOOD_DOWN])
def test_view_offer_of_what_is_not_theirs_leads_to_the_public_side(
    tom: Client, helper: Helper, job: Job, state: OfferState
) -> None:
    offer = make.make_offer_row(job, helper, state=state)
    response = tom.get(page_of(offer))
    assert response["Location"] == f"/help/jobs/{job.uuid}/"
    assert_nothing_private(tom.get(response["Location"]))
    assert AccessLog.objects.count() == 0


def test_view_offer_before_the_window_says_when_it_opens(
    tom: Client, helper: Helper, area: Area, shopping: TaskType
) -> None:
    start = timezone.now() + timedelta(days=20)
    job = make.make_open_job(
        task_type=shopping,
        requester=make.make_requester("Jean Tovey", area=area, contact=CONTACT),
        timing=Timing.BETWEEN,
        earliest=start,
        latest=start + timedelta(hours=2),
    )
    offer = make.make_offer_row(job, helper, state=OfferState.RATIFIED)
    response = tom.get(page_of(offer))
    assert "Details open:" in text_of(response)
    assert "Say how it went" not in text_of(response)
    assert_nothing_private(response)
    assert AccessLog.objects.count() == 0


def test_view_offer_within_the_undo_time_shows_nothing_yet(tom: Client, offer: Offer) -> None:
    set_offer(offer, ratified_at=timezone.now())
    response = tom.get(page_of(offer))
    assert "Details open: Today" in text_of(response)
    assert_nothing_private(response)


@pytest.mark.parametrize(
    "columns",
    [
        {"ratified_at": timezone.now() - timedelta(days=40)},
        {"shut_at": timezone.now() - timedelta(minutes=1)},
        {
            "ratified_at": timezone.now() - timedelta(days=2),
            "reported_at": timezone.now() - timedelta(hours=9),
        },
    ],
)
def test_view_offer_after_the_window_says_that_it_is_shut(tom: Client, offer: Offer, columns: dict[str, Any]) -> None:
    set_offer(offer, **columns)
    response = tom.get(page_of(offer))
    assert "Name, address and phone are not shown any more." in text_of(response)
    assert_nothing_private(response)


def test_view_offer_shuts_when_two_people_are_kept_apart(tom: Client, helper: Helper, offer: Offer) -> None:
    NeverPair.objects.create(helper=helper, requester=offer.requester)
    response = tom.get(page_of(offer))
    assert response.status_code == 200
    assert_nothing_private(response)


def test_view_offer_asks_whether_it_is_still_a_yes(tom: Client, offer: Offer) -> None:
    set_offer(offer, unconfirmed_since=timezone.now())
    assert "Still yes?" in text_of(tom.get(page_of(offer)))
    response = tom.post(page_of(offer, "confirm/"), follow=True)
    assert "Still yes?" not in text_of(response)
    offer.refresh_from_db()
    assert offer.unconfirmed_since is None


DEEDS = ["", "withdraw/", "confirm/", "contact/", "release/", "report/"]


@pytest.mark.parametrize("deed", DEEDS)
def test_somebody_elses_offer_is_as_if_it_were_not_there(
    sign_in: Callable[[Person], Client], offer: Offer, deed: str
) -> None:
    stranger = sign_in(make.make_matching_helper(offer.job).person)
    ask = stranger.get if deed in {"", "release/", "report/"} else stranger.post
    theirs, none = ask(page_of(offer, deed)), ask(f"/help/offers/{uuid4()}/{deed}")
    assert (theirs.status_code, none.status_code) == (404, 404)
    assert theirs.content == none.content
    if deed:
        assert stranger.post(page_of(offer, deed), {"why": "mine now", "outcome": "done"}).status_code == 404
    offer.refresh_from_db()
    assert (offer.state, offer.contacted_at, offer.reported_at) == (OfferState.RATIFIED, None, None)


def test_an_offer_on_a_coordinators_desk_is_not_in_their_pocket(
    sign_in: Callable[[Person], Client], offer: Offer, area: Area
) -> None:
    both = make.make_helper(areas=[area]).person
    make.grant_directly(both, make.Role.COORDINATOR)
    assert sign_in(both).get(page_of(offer)).status_code == 404


@pytest.mark.parametrize("deed", ["withdraw/", "confirm/", "contact/"])
def test_deeds_are_not_done_by_looking(tom: Client, offer: Offer, deed: str) -> None:
    assert tom.get(page_of(offer, deed)).url == page_of(offer)


def test_withdraw_offer(tom: Client, helper: Helper, job: Job) -> None:
    offer = offers.make_offer(job, helper=helper, actor=helper.person)
    response = tom.post(page_of(offer, "withdraw/"), follow=True)
    offer.refresh_from_db()
    assert offer.state == OfferState.WITHDRAWN
    assert "You have taken your offer back." in text_of(response)
    assert "Nothing was changed." in text_of(tom.post(page_of(offer, "withdraw/"), follow=True))


def test_note_contact_then_the_next_step_is_the_report(tom: Client, offer: Offer) -> None:
    assert "I’ve made contact" in text_of(tom.get(page_of(offer)))
    response = tom.post(page_of(offer, "contact/"), follow=True)
    page = text_of(response)
    assert "I’ve made contact" not in page
    assert "Say how it went" in page
    offer.refresh_from_db()
    assert offer.contacted_at is not None


def test_release_offer_says_why_and_shuts_the_window(tom: Client, offer: Offer) -> None:
    assert "What happened" in text_of(tom.get(page_of(offer, "release/")))
    response = tom.post(page_of(offer, "release/"), {"why": "ill"}, follow=True)
    assert response.redirect_chain[-1][0] == "/help/jobs/mine/"
    assert "We will find somebody else." in text_of(response)
    offer.refresh_from_db()
    assert offer.state == OfferState.RELEASED
    assert_nothing_private(tom.get(page_of(offer), follow=True))


def test_release_offer_twice_is_once(tom: Client, offer: Offer) -> None:
    tom.post(page_of(offer, "release/"), {"why": "ill"})
    assert "You have told us already." in text_of(tom.post(page_of(offer, "release/"), {"why": "ill"}, follow=True))


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("", "Say it in a word"),
        (" \n ", "Say it in a word"),
        ("x" * 501, "use 500 characters or fewer"),
        ("a\x07b", "There is a character in here that can't be kept."),
    ],
)
def test_release_offer_with_a_bad_reason_keeps_what_was_typed(tom: Client, offer: Offer, why: str, words: str) -> None:
    response = tom.post(page_of(offer, "release/"), {"why": why})
    assert response.status_code == 422
    assert words in text_of(response)
    assert response.context["form"]["why"].value() == why
    offer.refresh_from_db()
    assert offer.state == OfferState.RATIFIED


@pytest.mark.parametrize("outcome", Outcome.values)
def test_make_report_in_two_taps(tom: Client, offer: Offer, outcome: str) -> None:
    assert "How did it go?" in text_of(tom.get(page_of(offer, "report/")))
    response = tom.post(page_of(offer, "report/"), {"outcome": outcome})
    assert response["Location"] == "/help/jobs/mine/"
    report = Report.objects.get()
    assert (report.offer, report.outcome, report.note, report.minutes) == (offer, outcome, "", None)


def test_make_report_with_time_and_note(tom: Client, helper: Helper, offer: Offer) -> None:
    tom.post(page_of(offer, "report/"), {"outcome": "partly", "note": "No bread left.", "minutes": "40"})
    report = Report.objects.get()
    assert (report.note, report.minutes, report.made_by) == ("No bread left.", 40, helper.person)
    page = text_of(tom.get(page_of(offer)))
    assert "Thank you, Tom" in page
    assert "Say how it went" not in page


def test_make_report_of_a_worry_says_who_rings(tom: Client, offer: Offer) -> None:
    response = tom.post(page_of(offer, "report/"), {"outcome": "worried"}, follow=True)
    assert "A co-ordinator looks at it first thing" in text_of(response)


def test_make_report_twice_is_one_report(tom: Client, offer: Offer) -> None:
    tom.post(page_of(offer, "report/"), {"outcome": "done"})
    response = tom.post(page_of(offer, "report/"), {"outcome": "not_done"}, follow=True)
    assert "You have told us already." in text_of(response)
    assert Report.objects.get().outcome == Outcome.DONE


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Pick one of the five."),
        ({"outcome": "splendid"}, "Pick one of the five."),
        ({"outcome": "done", "minutes": "an hour"}, "Write a number, such as 40."),
        ({"outcome": "done", "minutes": "0"}, "Write a number from 1"),
        ({"outcome": "done", "minutes": "99999999999999999999"}, "That is more than a day."),
        ({"outcome": "done", "note": "x" * 2001}, "use 2000 characters or fewer"),
        ({"outcome": "done", "note": "a\x00b"}, "There is a character in here that can't be kept."),
        ({"outcome": "done", "note": "a\x08b"}, "There is a character in here that can't be kept."),
    ],
)
def test_make_report_with_bad_input_keeps_what_was_typed(
    tom: Client, offer: Offer, typed: dict[str, str], words: str
) -> None:
    response = tom.post(page_of(offer, "report/"), {"note": "All well.", **typed})
    assert response.status_code == 422
    assert words in text_of(response)
    form = response.context["form"]
    assert {name: form[name].value() for name in typed} == typed
    assert Report.objects.count() == 0


def test_make_report_on_a_job_called_off_meanwhile_keeps_what_was_typed(tom: Client, offer: Offer) -> None:
    jobs.cancel_job(offer.job, actor=make.make_coordinator())
    response = tom.post(page_of(offer, "report/"), {"outcome": "done", "note": "All well."})
    assert response.status_code == 409
    assert "This has changed since you opened the page." in text_of(response)
    assert response.context["form"]["note"].value() == "All well."
    assert Report.objects.count() == 0


@pytest.mark.parametrize("deed", ["release/", "report/"])
def test_forms_of_what_is_over_lead_to_its_page(tom: Client, offer: Offer, deed: str) -> None:
    set_offer(offer, reported_at=timezone.now())
    assert tom.get(page_of(offer, deed))["Location"] == page_of(offer)


def test_my_offer_stays_readable_when_the_job_is_closed(tom: Client, offer: Offer) -> None:
    tom.post(page_of(offer, "report/"), {"outcome": "done"})
    job = Job.objects.get(pk=offer.job_id)
    assert job.state == JobState.REPORTED
    jobs.close_job(job, actor=make.make_coordinator())
    page = text_of(tom.get(page_of(offer)))
    assert "Thank you, Tom" in page
    assert "Jean’s details stay here until" in page
