"""One job before it is anybody's: what a helper sees, offers and refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from community_help.jobs.job import Job
from community_help.jobs.offer import Ask, AskAnswer, Offer
from community_help.jobs.task_type import Ratification
from community_help.lifecycle.table import JobState, OfferState
from community_help.people.profiles import Helper, HelperState, NeverPair
from community_help.services import offers
from community_help.testing import factories as make
from tests.portal.pages import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from community_help.jobs.task_type import TaskType
    from community_help.people.community import Area
    from community_help.people.person import Person


@pytest.fixture
def job(area: Area, shopping: TaskType) -> Job:
    return make.make_open_job(task_type=shopping, area=area, title="Weekly shopping", public_details="Two bags.")


def page_of(job: Job, deed: str = "") -> str:
    return f"/help/jobs/{job.uuid}/{deed}"


def asked(job: Job, helper: Helper) -> Ask:
    return Ask.objects.create(job_id=job.pk, opening=1, helper=helper, step="alert")


def change(job: Job, **columns: Any) -> None:
    Job.objects.non_polymorphic().filter(pk=job.pk).update(**columns)


def test_view_open_job_shows_public_facts_reasons_and_safety(tom: Client, area: Area) -> None:
    lift = make.make_task_type(
        "Lift", job_model="community_help.liftjob", safety_rules="Belts on.", check_level=make.make_check_level()
    )
    drives = make.make_skill("a car", phrase="drives")
    job = make.make_open_job(task_type=lift, area=area, skills=[drives], towards="South Bristol", minutes=90, places=2)
    helper = Helper.objects.get(person__name="Tom Aldous")
    helper.task_types.add(lift)
    helper.skills.add(drives)
    make.make_check(helper, job.check_level)
    response = tom.get(page_of(job))
    page = text_of(response)
    for words in ("about 1 h 30 min", "Filwood", "a car", "Enhanced DBS", "alone with somebody at home", "2 helpers"):
        assert words in page
    for words in ("South Bristol", "And back again", "Belts on.", "Drives", "Covers Filwood", "Offer to do this"):
        assert words in page
    assert response["Cache-Control"] == "no-store"


def test_view_open_job_of_a_kind_without_public_fields(tom: Client, helper: Helper, area: Area) -> None:
    kind = make.make_task_type("Errand", job_model="community_help.errandjob", by_phone=True)
    helper.task_types.add(kind)
    page = text_of(tom.get(page_of(make.make_open_job(task_type=kind, area=area, errand_place="canary"))))
    assert "by phone, from home" in page
    assert "canary" not in page


def test_view_open_job_shows_nothing_private(tom: Client, area: Area, shopping: TaskType) -> None:
    contact = {"phone": "0117 496 0777", "address": "31 Throgmorton Road", "postcode": "BS4 1AA"}
    requester = make.make_requester("Wilhelmina Canary", area=area, contact=contact, warnings="canary-warning")
    job = make.make_open_job(
        task_type=shopping,
        requester=requester,
        private_details="canary-private",
        shopping_list="canary-list",
        spend_limit=2917,
    )
    page = tom.get(page_of(job)).content.decode()
    private = ("Wilhelmina", "Canary", "496 0777", "Throgmorton", "BS4", "canary", "2917")
    assert [word for word in private if word in page] == []


def test_view_open_job_is_not_there_for_who_has_nothing_to_do_with_it(
    tom: Client, sign_in: Callable[[Person], Client], job: Job
) -> None:
    stranger = sign_in(make.make_helper().person)
    draft = make.make_job(task_type=job.task_type, area=job.area)
    unknown = tom.get(f"/help/jobs/{uuid4()}/")
    for response in (stranger.get(page_of(job)), tom.get(page_of(draft)), unknown):
        assert response.status_code == 404
        assert response.content == unknown.content


@pytest.mark.parametrize("deed", ["offer/", "answer/"])
def test_deeds_are_not_there_for_who_has_nothing_to_do_with_the_job(
    sign_in: Callable[[Person], Client], job: Job, deed: str
) -> None:
    stranger = sign_in(make.make_helper().person)
    assert stranger.post(page_of(job, deed), {"answer": "not_this_one"}).status_code == 404
    assert stranger.post(f"/help/jobs/{uuid4()}/{deed}").status_code == 404
    assert (Offer.objects.count(), Ask.objects.count()) == (0, 0)


@pytest.mark.parametrize("deed", ["offer/", "answer/"])
def test_deeds_are_not_done_by_looking(tom: Client, job: Job, deed: str) -> None:
    assert tom.get(page_of(job, deed)).url == page_of(job)


def test_view_open_job_tells_who_was_asked_that_it_is_no_longer_for_them(tom: Client, helper: Helper, job: Job) -> None:
    asked(job, helper)
    NeverPair.objects.create(helper=helper, requester=job.requester)
    response = tom.get(page_of(job))
    page = text_of(response)
    assert response.status_code == 200
    assert "You did nothing wrong." in page
    assert "Weekly shopping" not in page
    assert "never" not in page


def test_view_open_job_says_what_is_in_the_way(tom: Client, helper: Helper, job: Job) -> None:
    make.make_offer_row(job, helper, state=OfferState.WITHDRAWN)
    helper.areas.clear()
    page = text_of(tom.get(page_of(job)))
    assert "What is in the way: does not cover Filwood." in page
    assert "Offer to do this" not in page


def test_view_open_job_of_somebody_one_is_kept_apart_from_is_no_page(tom: Client, helper: Helper, job: Job) -> None:
    make.make_offer_row(job, helper, state=OfferState.WITHDRAWN)
    assert tom.get(page_of(job)).status_code == 200
    NeverPair.objects.create(helper=helper, requester=job.requester)
    assert tom.get(page_of(job)).status_code == 404


def test_make_offer_for_what_was_changed_since_it_was_read(tom: Client, helper: Helper, job: Job) -> None:
    answer = tom.post(f"{page_of(job)}offer/", {"opening": job.opening - 1, "note": "after four"})
    assert answer.status_code == 409
    assert "after four" in answer.content.decode()
    assert not helper.offers.exists()
    assert tom.post(f"{page_of(job)}offer/", {"opening": job.opening}).status_code == 302
    assert helper.offers.count() == 1


@pytest.mark.parametrize(
    ("state", "words"), [(HelperState.PAUSED, "You are having a break"), (HelperState.APPLIED, "before you begin")]
)
def test_view_open_job_tells_who_is_not_asked_why(
    tom: Client, helper: Helper, job: Job, state: HelperState, words: str
) -> None:
    make.make_offer_row(job, helper, state=OfferState.WITHDRAWN)
    Helper.objects.filter(pk=helper.pk).update(state=state)
    page = text_of(tom.get(page_of(job)))
    assert words in page
    assert "Offer to do this" not in page


def test_view_open_job_says_when_it_is_over(tom: Client, helper: Helper, job: Job) -> None:
    asked(job, helper)
    change(job, state=JobState.ASSIGNED, places_filled=1)
    assert "This one is not open any more." in text_of(tom.get(page_of(job)))
    make.make_offer_row(job, helper, state=OfferState.NOT_NEEDED)
    assert "Others are doing it." in text_of(tom.get(page_of(job)))


def test_view_open_job_takes_a_no_of_the_coordinators_for_this_opening(tom: Client, helper: Helper, job: Job) -> None:
    make.make_offer_row(job, helper, state=OfferState.DECLINED)
    page = text_of(tom.get(page_of(job)))
    assert "Somebody else was chosen this time." in page
    assert "Offer to do this" not in page
    change(job, opening=2)
    assert "Offer to do this" in text_of(tom.get(page_of(job)))


@pytest.mark.parametrize("state", [OfferState.RATIFIED, OfferState.COMPLETED])
def test_view_open_job_leads_who_has_it_to_their_page(tom: Client, helper: Helper, job: Job, state: OfferState) -> None:
    offer = make.make_offer_row(job, helper, state=state)
    assert tom.get(page_of(job))["Location"] == f"/help/offers/{offer.uuid}/"


def test_view_open_job_marks_whom_the_helper_helped_before(tom: Client, helper: Helper, job: Job) -> None:
    done = make.make_job(requester=job.requester)
    make.make_offer_row(done, helper, state=OfferState.COMPLETED, reported_at=done.created_at)
    assert "You have helped them once before." in text_of(tom.get(page_of(job)))


def test_make_offer_with_a_note(tom: Client, helper: Helper, job: Job) -> None:
    response = tom.post(page_of(job, "offer/"), {"note": "After four.\r\nOr five."})
    assert response["Location"] == page_of(job)
    offer = Offer.objects.get()
    assert (offer.helper, offer.job_id, offer.state) == (helper, job.pk, OfferState.OFFERED)
    assert (offer.made_by, offer.note) == (helper.person, "After four.\nOr five.")
    page = text_of(tom.get(page_of(job)))
    assert "Thank you for offering." in page
    assert "You wrote: “After four. Or five.”" in page


def test_make_offer_twice_is_one_offer(tom: Client, job: Job) -> None:
    tom.post(page_of(job, "offer/"))
    response = tom.post(page_of(job, "offer/"), follow=True)
    assert Offer.objects.count() == 1
    assert "You have already offered for this job." in text_of(response)


def test_make_offer_takes_forged_fields_for_nothing(tom: Client, helper: Helper, job: Job) -> None:
    other = make.make_matching_helper(job)
    tom.post(page_of(job, "offer/"), {"helper": other.pk, "actor": other.pk, "state": "ratified", "job": "1"})
    offer = Offer.objects.get()
    assert (offer.helper, offer.state) == (helper, OfferState.OFFERED)


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("x" * 501, "use 500 characters or fewer. It has 501."),
        ("a\x00b", "There is a character in here that can't be kept."),
        ("a\x1bb", "There is a character in here that can't be kept."),
    ],
)
def test_make_offer_with_an_impossible_note_keeps_what_was_typed(tom: Client, job: Job, note: str, words: str) -> None:
    response = tom.post(page_of(job, "offer/"), {"note": note})
    assert response.status_code == 422
    assert words in text_of(response)
    assert response.context["form"]["note"].value() == note
    assert Offer.objects.count() == 0


def test_make_offer_counts_a_new_line_as_the_browser_does(tom: Client, job: Job) -> None:
    tom.post(page_of(job, "offer/"), {"note": "a\r\n" * 250})
    assert Offer.objects.count() == 1


def test_make_offer_for_a_job_that_was_taken_meanwhile_keeps_what_was_typed(
    tom: Client, helper: Helper, job: Job
) -> None:
    asked(job, helper)
    change(job, state=JobState.ASSIGNED, places_filled=1)
    response = tom.post(page_of(job, "offer/"), {"note": "I go past at three."})
    page = text_of(response)
    assert response.status_code == 409
    assert "This one is not open any more." in page
    assert "You had typed: “I go past at three.”" in page
    assert Offer.objects.count() == 0


def test_make_offer_for_a_job_that_no_longer_fits_keeps_what_was_typed(tom: Client, helper: Helper, job: Job) -> None:
    make.make_offer_row(job, helper, state=OfferState.WITHDRAWN)
    helper.areas.clear()
    response = tom.post(page_of(job, "offer/"), {"note": "I go past at three."})
    assert response.status_code == 409
    assert "does not cover Filwood" in text_of(response)
    assert "You had typed: “I go past at three.”" in text_of(response)


def test_make_offer_by_who_was_asked_and_is_out_keeps_what_was_typed(tom: Client, helper: Helper, job: Job) -> None:
    asked(job, helper)
    helper.areas.clear()
    response = tom.post(page_of(job, "offer/"), {"note": "I go past at three."})
    assert response.status_code == 409
    assert "You had typed: “I go past at three.”" in text_of(response)


def test_make_offer_by_who_pauses_is_explained(tom: Client, helper: Helper, job: Job) -> None:
    make.make_offer_row(job, helper, state=OfferState.WITHDRAWN)
    Helper.objects.filter(pk=helper.pk).update(state=HelperState.PAUSED)
    response = tom.post(page_of(job, "offer/"), {"note": "Now?"})
    assert response.status_code == 409
    assert "You are having a break" in text_of(response)


def test_make_offer_where_nobody_needs_to_say_yes(tom: Client, helper: Helper, area: Area) -> None:
    kind = make.make_task_type("Errand", ratification=Ratification.AUTOMATIC, job_model="community_help.errandjob")
    helper.task_types.add(kind)
    job = make.make_open_job(task_type=kind, area=area)
    response = tom.post(page_of(job, "offer/"), follow=True)
    offer = Offer.objects.get()
    assert offer.state == OfferState.RATIFIED
    assert response.redirect_chain[-1][0] == f"/help/offers/{offer.uuid}/"
    assert "It’s yours. Thank you." in text_of(response)


def test_answer_ask_not_this_one(tom: Client, helper: Helper, job: Job) -> None:
    response = tom.post(page_of(job, "answer/"), {"answer": "not_this_one"}, follow=True)
    ask = Ask.objects.get()
    assert (ask.helper, ask.job_id, ask.answer) == (helper, job.pk, AskAnswer.NOT_THIS_ONE)
    assert "You won’t be asked about that one again." in text_of(response)


def test_answer_ask_not_now_leaves_it_on_the_list(tom: Client, job: Job) -> None:
    response = tom.post(page_of(job, "answer/"), {"answer": "not_now"}, follow=True)
    assert Ask.objects.get().answer == AskAnswer.NOT_NOW
    assert [card.job.title for card in response.context["cards"]] == ["Weekly shopping"]


@pytest.mark.parametrize("answer", ["", "offered", "none", "\x00"])
def test_answer_ask_with_a_forged_answer(tom: Client, job: Job, answer: str) -> None:
    response = tom.post(page_of(job, "answer/"), {"answer": answer})
    assert response.status_code == 422
    assert "Choose «Not this one» or «Not now»." in text_of(response)
    assert Ask.objects.count() == 0


def test_answer_ask_about_a_job_that_is_out_of_reach(tom: Client, helper: Helper, job: Job) -> None:
    asked(job, helper)
    helper.areas.clear()
    assert tom.post(page_of(job, "answer/"), {"answer": "not_this_one"}).status_code == 409
    assert Ask.objects.get().answer == AskAnswer.NONE


def test_view_open_job_asks_who_waits_whether_it_is_still_a_yes(tom: Client, helper: Helper, job: Job) -> None:
    offer = offers.make_offer(job, helper=helper, actor=helper.person)
    Offer.objects.filter(pk=offer.pk).update(unconfirmed_since=offer.made_at)
    assert "Still yes?" in text_of(tom.get(page_of(job)))
    response = tom.post(f"/help/offers/{offer.uuid}/confirm/", follow=True)
    assert "Still yes?" not in text_of(response)
    assert Offer.objects.get().unconfirmed_since is None
