"""Offers side by side, the helper who is on it, calls that are owed, and what is done on a helper's behalf."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community_help.dashboard.clock import Clock
from community_help.dashboard.offer_cards import waiting_cards
from community_help.jobs.call_back import CallBack
from community_help.jobs.offer import Ask, AskAnswer, Offer, Report
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import Action, OfferState
from community_help.matching import Need
from community_help.people.profiles import Helper, HelperState
from community_help.privacy.access_log import AccessLog
from community_help.services.offers import ratify_offer
from community_help.services.people import suspend_helper
from community_help.testing import factories as make
from tests.dashboard.posting import job_url, press, state, text
from tests.services.scene import job_in

if TYPE_CHECKING:
    from django.test import Client

    from community_help.jobs.job import Job
    from community_help.people.person import Person


@pytest.fixture
def job(doreen: object, shopping: object) -> Job:
    return make.make_open_job(requester=doreen, task_type=shopping, title="Shopping")


@pytest.fixture
def tom(job: Job) -> Helper:
    return make.make_matching_helper(job, "Tom Aldous", contact={"phone": "0117 496 0999", "email": "tom@example.org"})


@pytest.fixture
def offer(job: Job, tom: Helper) -> Offer:
    return make.make_offer_row(job, tom, note="I go past at three")


@pytest.fixture
def on_it(offer: Offer) -> Offer:
    """Tom is on the job, ratified by somebody else."""
    ratify_offer(offer, actor=make.make_coordinator("Leroy Grant"))
    offer.refresh_from_db()
    return offer


def offer_state(offer: Offer) -> str:
    return Offer.objects.get(pk=offer.pk).state


def test_offers_stand_side_by_side_with_what_to_weigh(desk: Client, job: Job, offer: Offer) -> None:
    priya = make.make_matching_helper(job, "Priya Nair")
    before = make.make_open_job(requester=job.requester, task_type=job.task_type)
    make.make_offer_row(before, priya, state=OfferState.COMPLETED)
    make.make_check(priya, make.make_check_level("Enhanced DBS"))
    make.make_check(priya, make.make_check_level("PVG"), recheck_on=None)
    make.make_offer_row(job, priya, note="After four")
    page = text(desk.get(job_url(job)))
    assert "Two people have offered" in page
    for said in (
        "I go past at three",
        "After four",
        "First time together",
        "1 job, last today",
        "Enhanced DBS, to ",
        "PVG",
    ):
        assert said in page
    assert "When you ratify Priya:" in page
    assert "Tom is thanked" in page
    assert page.index("Priya Nair") < page.index("Tom Aldous")


def test_helper_who_may_not_do_it_now_can_not_be_ratified(desk: Client, job: Job, offer: Offer) -> None:
    offer.helper.state = HelperState.PAUSED
    offer.helper.save()
    page = text(desk.get(job_url(job)))
    assert "May not do it now" in page
    assert "Ratify Tom" not in page
    response = press(desk, job, "ratify_offer", on=offer)
    assert response.status_code == 409
    assert "This job does not fit any more" in text(response)


def test_cards_cost_the_same_however_many(ama: Person, job: Job) -> None:
    def queries(count: int) -> int:
        make.make_offer_row(job, make.make_matching_helper(job))
        found = list(job.offers.select_related("helper__person"))[:count]
        assert len(found) == count
        need, clock = Need.of(job), Clock.of()
        with CaptureQueriesContext(connection) as captured:
            waiting_cards(job, found, need, ama, clock=clock)
        return len(captured)

    queries(1)
    assert queries(2) == queries(3)


def test_ratify_puts_the_helper_on_it_and_owes_a_call(desk: Client, job: Job, offer: Offer) -> None:
    assert press(desk, job, "ratify_offer", on=offer).url == job_url(job)
    assert (state(job), offer_state(offer)) == ("assigned", "ratified")
    page = text(desk.get(job_url(job)))
    offer.refresh_from_db()
    assert "On it" in page
    assert "Ring Doreen Pascoe: Tom is coming" in page
    assert offer.safe_word in page
    assert "You ratified the offer: Shopping" in page


def test_ratifying_twice_says_who_was_faster(desk: Client, job: Job, offer: Offer) -> None:
    version = job.version
    assert desk.post(job_url(offer, "ratify_offer"), {"version": version}).status_code == 302
    response = desk.post(job_url(offer, "ratify_offer"), {"version": version})
    assert response.status_code == 409
    assert "This has changed since you opened it: Ama ratified the offer" in text(response)


def test_own_offer_is_not_there_to_ratify(desk: Client, ama: Person, job: Job) -> None:
    helper = Helper.objects.create(person=ama, state=HelperState.APPROVED, approved_at=timezone.now())
    helper.areas.add(job.area)
    helper.task_types.add(job.task_type)
    own = make.make_offer_row(job, helper)
    assert press(desk, job, "ratify_offer", on=own).status_code == 404
    assert offer_state(own) == "offered"


def test_decline_thanks_the_helper(desk: Client, job: Job, offer: Offer) -> None:
    assert press(desk, job, "decline_offer", on=offer).status_code == 302
    assert (state(job), offer_state(offer)) == ("open", "declined")


@pytest.mark.parametrize(
    ("name", "becomes"),
    [("stand_down_offer", "stood_down"), ("record_no_show", "no_show"), ("release_for", "released")],
)
def test_helper_comes_off_the_job_with_a_reason(desk: Client, job: Job, on_it: Offer, name: str, becomes: str) -> None:
    response = press(desk, job, name, on=on_it, why=" ")
    assert response.status_code == 422
    assert text(response).count("“Why?” needs an answer.") == 2
    assert offer_state(on_it) == "ratified"
    assert press(desk, job, name, on=on_it, why="Has a cold").status_code == 302
    assert (state(job), offer_state(on_it)) == ("open", becomes)
    assert Event.objects.first().why == "Has a cold"


def test_reason_that_comes_too_late_is_kept(desk: Client, job: Job, on_it: Offer) -> None:
    response = desk.post(job_url(on_it, "stand_down_offer"), {"version": 1, "why": "Has a cold"})
    assert response.status_code == 409
    assert "This has changed since you opened it: Leroy ratified the offer" in text(response)
    assert "Has a cold" in text(response)
    assert offer_state(on_it) == "ratified"


def test_what_a_helper_said_on_the_phone_is_taken_down(desk: Client, job: Job, on_it: Offer) -> None:
    press(desk, job, "contact_for", on=on_it)
    Offer.objects.filter(pk=on_it.pk).update(unconfirmed_since=timezone.now())
    assert "They said: still yes" in text(desk.get(job_url(job)))
    press(desk, job, "confirm_for", on=on_it)
    on_it.refresh_from_db()
    assert on_it.contacted_at is not None
    assert on_it.unconfirmed_since is None
    press(desk, job, "report_for", on=on_it, outcome="done", minutes="40", note="All well")
    report = Report.objects.get()
    assert (report.outcome, report.minutes, report.note) == ("done", 40, "All well")
    assert state(job) == "reported"
    assert "(Ama took it down)" in text(desk.get(job_url(job)))


def test_report_that_is_wrong_keeps_what_was_typed(desk: Client, job: Job, on_it: Offer) -> None:
    response = press(desk, job, "report_for", on=on_it, outcome="", minutes="-3", note="All well")
    page = text(response)
    assert response.status_code == 422
    assert "All well" in page
    assert page.count("“How did it go?” needs an answer.") == 2
    assert Report.objects.count() == 0


def test_second_report_is_refused(desk: Client, job: Job, on_it: Offer) -> None:
    press(desk, job, "report_for", on=on_it, outcome="done")
    response = press(desk, job, "report_for", on=on_it, outcome="partly")
    assert response.status_code == 409
    assert Report.objects.get().outcome == "done"


def test_offer_taken_back_on_the_phone_is_withdrawn(desk: Client, job: Job, offer: Offer) -> None:
    press(desk, job, "withdraw_for", on=offer)
    assert offer_state(offer) == "withdrawn"


def test_offer_made_on_the_phone_is_taken_down(desk: Client, job: Job, tom: Helper) -> None:
    assert press(desk, job, "offer_for", helper=str(tom.person.uuid), note="After four").status_code == 302
    offer = Offer.objects.get()
    assert (offer.helper, offer.note, offer.state) == (tom, "After four", "offered")


def test_offer_for_a_helper_who_does_not_fit_is_refused(desk: Client, job: Job, tom: Helper) -> None:
    stranger = make.make_helper("Dan Okafor")
    response = press(desk, job, "offer_for", helper=str(stranger.person.uuid), note="After four")
    assert response.status_code == 422
    assert "After four" in text(response)
    assert Offer.objects.count() == 0


def test_offer_for_a_job_that_is_not_open_says_so(desk: Client, job: Job, on_it: Offer) -> None:
    other = make.make_matching_helper(job, "Priya Nair")
    response = press(desk, job, "offer_for", helper=str(other.person.uuid))
    assert response.status_code == 409
    assert "this job is assigned" in text(response)


def test_number_of_a_helper_on_it_is_shown_and_logged(desk: Client, job: Job, on_it: Offer) -> None:
    url = reverse("community_help:reveal_person", args=[job.uuid, on_it.helper.person.uuid])
    page = text(desk.post(url))
    assert "0117 496 0999" in page
    assert "tom@example.org" in page
    log = AccessLog.objects.get()
    assert (log.subject, log.job_id) == (on_it.helper.person, job.pk)


def test_number_of_somebody_who_has_nothing_to_do_with_the_job_is_not_shown_for_it(desk: Client, job: Job) -> None:
    other = make.make_requester("Winston Blake").person
    assert desk.post(reverse("community_help:reveal_person", args=[job.uuid, other.uuid])).status_code == 404
    assert not AccessLog.objects.exists()


def due(offer: Offer) -> CallBack:
    CallBack.objects.update(due_at=timezone.now() - timedelta(hours=1))
    return CallBack.objects.get(offer=offer)


def test_call_that_is_owed_stays_until_somebody_is_reached(desk: Client, job: Job, on_it: Offer) -> None:
    call = due(on_it)
    url = reverse("community_help:record_call_back", args=[call.pk])
    assert desk.post(url, {"outcome": "no_answer", "note": "try after five"}).url == job_url(job)
    page = text(desk.get(job_url(job)))
    assert "Tried once, no answer" in page
    assert "try after five" in page
    assert "Ring Doreen Pascoe: Tom is coming" in text(desk.get("/help/desk/"))
    assert desk.post(url, {"outcome": "reached"}).status_code == 302
    assert "Ring Doreen Pascoe" not in text(desk.get("/help/desk/"))
    again = desk.post(url, {"outcome": "reached", "note": "again"})
    assert again.status_code == 409


@pytest.mark.parametrize("outcome", ["", "owed", "nonsense", "\x00"])
def test_call_that_went_nohow_is_not_noted(desk: Client, job: Job, on_it: Offer, outcome: str) -> None:
    call = due(on_it)
    url = reverse("community_help:record_call_back", args=[call.pk])
    response = desk.post(url, {"outcome": outcome, "note": "try after five"})
    assert response.status_code == 422
    assert "try after five" in text(response)
    assert CallBack.objects.get(pk=call.pk).attempts == 0


def test_helper_who_may_not_go_any_more_stands_out(desk: Client, job: Job, on_it: Offer) -> None:
    suspend_helper(on_it.helper, actor=make.make_coordinator(), why="a complaint")
    assert "May not go now" in text(desk.get(job_url(job)))
    assert "No longer fits" in text(desk.get("/help/desk/"))


def test_reported_helper_has_nothing_more_to_press(desk: Client) -> None:
    scene = job_in("reported", Action.CLOSE_JOB)
    scene.job.offers.update(reported_at=timezone.now())
    page = text(desk.get(job_url(scene.job)))
    assert "Stand down" not in page


def test_who_said_no_is_rung_last(desk: Client, job: Job) -> None:
    for name, answer in (("Ann Asked", AskAnswer.NONE), ("Bob Busy", AskAnswer.NOT_NOW), ("Cy Silent", None)):
        helper = make.make_matching_helper(job, name)
        if answer is not None:
            answered = None if answer == AskAnswer.NONE else timezone.now()
            Ask.objects.create(job_id=job.pk, opening=1, helper=helper, answer=answer, answered_at=answered)
    page = text(desk.get(job_url(job))).partition("Who could do it")[2].partition("Somebody said yes")[0]
    assert page.index("Ann Asked") < page.index("Cy Silent") < page.index("Bob Busy")
    assert page.count("No answer yet") == page.count("Not now") == 1
