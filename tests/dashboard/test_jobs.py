"""The list of jobs, one job's page, and what is done there with the job itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from community_help.jobs.bundled import ShoppingJob
from community_help.jobs.job import Job
from community_help.jobs.offer import Ask, Report
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import Action, JobState, OfferState
from community_help.notifications.notification import Delivery, Notification
from community_help.privacy.access_log import AccessLog
from community_help.services.jobs import cancel_job, publish_job
from community_help.testing import factories as make
from tests.dashboard.posting import job_url, press, state, text
from tests.services.scene import job_in

if TYPE_CHECKING:
    from django.test import Client

    from community_help.jobs.task_type import TaskType
    from community_help.people.person import Person
    from community_help.people.profiles import Requester

LIST = "/help/desk/jobs/"


@pytest.fixture
def draft(doreen: Requester, shopping: TaskType) -> Job:
    return make.make_job(requester=doreen, task_type=shopping, title="Shopping", shopping_list="small brown loaf")


def answers(job: Job, **changed: object) -> dict[str, object]:
    begin = {
        "title": job.title,
        "timing": "flexible",
        "urgency": "soon",
        "places": "1",
        "area": job.area_id,
        "payment": "cash",
        "shopping_list": "small brown loaf",
    }
    return begin | changed


def test_list_shows_jobs_by_name_area_and_state(desk: Client, draft: Job) -> None:
    page = text(desk.get(LIST))
    assert "Shopping for Doreen Pascoe" in page
    assert "Filwood" in page
    assert "A draft" in page
    assert "Leinster" not in page


def test_list_says_how_many_could_help_where_nobody_has_offered(desk: Client, draft: Job) -> None:
    assert "could help" not in text(desk.get(LIST))  # it is not open
    job = make.make_open_job(requester=draft.requester, title="Tea")
    assert f"{job.area.name}. Nobody could help" in text(desk.get(LIST))
    helper = make.make_matching_helper(job)
    assert f"{job.area.name}. 1 could help" in text(desk.get(LIST))
    make.make_offer_row(job, helper)
    assert "could help" not in text(desk.get(LIST))


def test_list_is_filtered_by_state_and_by_group(desk: Client, draft: Job) -> None:
    submitted = make.make_job(state=JobState.SUBMITTED, title="From outside")
    for show in ("draft", "submitted"):
        page = text(desk.get(LIST, {"show": show}))
        assert (str(draft.uuid) in page) == (show == "draft")
        assert (str(submitted.uuid) in page) == (show == "submitted")
    assert "No jobs here" in text(desk.get(LIST, {"show": "offers"}))


@pytest.mark.parametrize(
    "query", [{"show": "\x00"}, {"show": "nonsense"}, {"page": "x"}, {"page": "-1"}, {"page": "9" * 30}]
)
def test_list_takes_any_address(desk: Client, draft: Job, query: dict[str, str]) -> None:
    assert str(draft.uuid) in text(desk.get(LIST, query))


def test_list_has_pages(desk: Client, draft: Job) -> None:
    for _number in range(26):
        make.make_job(task_type=draft.task_type, requester=draft.requester)
    assert text(desk.get(LIST)).count("ch-row-text") == 25
    assert text(desk.get(LIST, {"page": "2"})).count("ch-row-text") == 2


def test_page_shows_no_detail_before_it_is_asked_for(desk: Client, draft: Job) -> None:
    page = text(desk.get(job_url(draft)))
    assert "Shopping for Doreen Pascoe" in page
    for hidden in ("0187", "Leinster", "gate", "Hard of hearing", "brown loaf"):
        assert hidden not in page
    assert AccessLog.objects.count() == 0


def test_details_are_shown_once_and_logged(desk: Client, ama: Person, draft: Job) -> None:
    url = reverse("community_help:reveal_person", args=[draft.uuid, draft.requester.person.uuid])
    page = text(desk.post(url))
    for shown in ("0117 496 0187", "14 Leinster Avenue", "Side gate sticks", "Hard of hearing", "small brown loaf"):
        assert shown in page
    assert {(row.actor, row.job_id) for row in AccessLog.objects.all()} == {(ama, draft.pk)}
    assert "Leinster" not in text(desk.get(job_url(draft)))


def test_details_of_somebody_else_are_not_there(desk: Client, draft: Job) -> None:
    stranger = make.make_person()
    url = reverse("community_help:reveal_person", args=[draft.uuid, stranger.uuid])
    assert desk.post(url).status_code == 404
    assert not AccessLog.objects.exists()


def test_number_of_a_helper_who_could_do_it_is_shown_and_logged(desk: Client, draft: Job, ama: Person) -> None:
    publish_job(draft, actor=ama)
    helper = make.make_matching_helper(draft, "Tom Aldous", contact={"phone": "0117 496 0999", "address": "1 Far Road"})
    assert "Tom Aldous" in text(desk.get(job_url(draft)))
    page = text(desk.post(reverse("community_help:reveal_person", args=[draft.uuid, helper.person.uuid])))
    assert "0117 496 0999" in page
    assert "Far Road" not in page
    assert AccessLog.objects.get().subject == helper.person


def test_story_and_who_was_told_are_told(desk: Client, draft: Job, ama: Person) -> None:
    event = publish_job(draft, actor=ama)
    helper = make.make_matching_helper(draft, "Tom Aldous")
    Ask.objects.create(job_id=draft.pk, opening=1, helper=helper, step="alert")
    told = Notification.objects.create(event=event, kind="publish_job", recipient=helper.person)
    Delivery.objects.create(notification=told, notifier="email", attempt=1, outcome="accepted")
    page = text(desk.get(job_url(draft)))
    assert "Ama published the job" in page
    assert "E-mail" in page
    assert "No answer yet" in page


def test_publish_opens_and_can_be_undone(desk: Client, draft: Job) -> None:
    assert press(desk, draft, "publish_job").url == job_url(draft)
    assert state(draft) == "open"
    page = text(desk.get(job_url(draft)))
    assert "You published the job: Shopping" in page
    undo = reverse("community_help:undo", args=[Event.objects.get(kind="publish_job").pk])
    assert desk.post(undo).url == job_url(draft)
    assert state(draft) == "draft"


def test_undo_too_late_says_so(desk: Client, ama: Person, draft: Job) -> None:
    event = publish_job(draft, actor=ama)
    press(desk, draft, "cancel_job")
    response = desk.post(reverse("community_help:undo", args=[event.pk]))
    assert response.status_code == 409
    assert "It is too late to undo that." in text(response)
    assert state(draft) == "cancelled"


def test_undo_of_somebody_else_is_not_found(desk: Client, draft: Job) -> None:
    event = publish_job(draft, actor=make.make_coordinator("Leroy Grant"))
    assert desk.post(reverse("community_help:undo", args=[event.pk])).status_code == 404


def test_publish_of_a_past_time_says_so(desk: Client, doreen: Requester) -> None:
    past = timezone.now() - timedelta(hours=1)
    job = make.make_job(requester=doreen, timing="by", latest=past)
    response = press(desk, job, "publish_job")
    assert response.status_code == 422
    assert "That time is past." in text(response)


def test_discard_throws_a_draft_away(desk: Client, draft: Job) -> None:
    assert press(desk, draft, "discard_job").url == "/help/desk/"
    assert Job.objects.count() == 0


def test_discard_of_an_open_job_says_why_not(desk: Client, ama: Person, draft: Job) -> None:
    publish_job(draft, actor=ama)
    response = press(desk, draft, "discard_job")
    assert response.status_code == 409
    assert "this job is open" in text(response)


def test_hand_over_gives_it_to_another_coordinator(desk: Client, draft: Job) -> None:
    leroy = make.make_coordinator("Leroy Grant")
    assert press(desk, draft, "hand_over_job", to=str(leroy.uuid), why="My shift ends").status_code == 302
    assert Job.objects.get().owner == leroy


def test_hand_over_to_nobody_keeps_the_word_that_was_typed(desk: Client, draft: Job) -> None:
    response = press(desk, draft, "hand_over_job", to="nobody", why="My shift ends")
    assert response.status_code == 422
    assert "My shift ends" in text(response)
    assert text(response).count("“To whom?” has an answer that is not on the list any more.") == 2


def test_cancel_ends_it_and_owes_a_call(desk: Client, ama: Person, draft: Job) -> None:
    publish_job(draft, actor=ama)
    assert press(desk, draft, "cancel_job", why="Her niece came").status_code == 302
    assert state(draft) == "cancelled"
    page = text(desk.get(job_url(draft)))
    assert "Her niece came" in page
    assert "Ring Doreen Pascoe: the job was cancelled" in page


def test_somebody_was_faster_is_said_with_what_they_did(desk: Client, ama: Person, draft: Job) -> None:
    publish_job(draft, actor=ama)
    cancel_job(draft, actor=make.make_coordinator("Leroy Grant"))
    response = desk.post(job_url(draft, "cancel_job"), {"version": 2, "why": "Her niece came"})
    assert response.status_code == 409
    assert "This has changed since you opened it: Leroy cancelled the job" in text(response)


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, "1\x00"])
def test_forged_version_is_stale(desk: Client, draft: Job, version: str) -> None:
    response = desk.post(job_url(draft, "publish_job"), {"version": version})
    assert response.status_code == 409
    assert "This has changed since you opened it." in text(response)
    assert state(draft) == "draft"


def test_close_ends_a_reported_job(desk: Client) -> None:
    job = job_in("reported", Action.CLOSE_JOB).job
    assert "Close the job" in text(desk.get(job_url(job)))
    assert press(desk, job, "close_job").status_code == 302
    assert state(job) == "closed"


def test_reopen_needs_a_reason_and_a_time_to_come(desk: Client) -> None:
    past = timezone.now() - timedelta(hours=1)
    job = make.make_job(state=JobState.EXPIRED, timing="by", latest=past)
    yesterday = (past - timedelta(days=1)).date().isoformat()
    response = press(desk, job, "reopen_job", timing="by", day=yesterday)
    assert response.status_code == 422
    assert text(response).count("“Why?” needs an answer.") == 2
    assert text(response).count("That time has passed.") == 2
    assert yesterday in text(response)
    tomorrow = (timezone.now() + timedelta(days=1)).date().isoformat()
    assert press(desk, job, "reopen_job", why="Still wanted", timing="by", day=tomorrow).status_code == 302
    assert state(job) == "open"


def test_change_begins_with_what_is_there(desk: Client, draft: Job) -> None:
    page = text(desk.get(job_url(draft, "change_job")))
    assert "small brown loaf" in page
    assert AccessLog.objects.get().fields == ["job:private_details", "job:shopping_list", "job:spend_limit"]


def test_change_writes_fields_of_the_job_and_its_model(desk: Client, draft: Job) -> None:
    skill = make.make_skill("a car")
    typed = answers(draft, shopping_list="eggs", places="2", skills=[skill.pk], spend_limit="15", payment="receipt")
    assert press(desk, draft, "change_job", **typed).url == job_url(draft)
    job = ShoppingJob.objects.get()
    assert (job.shopping_list, job.places, job.spend_limit, job.payment) == ("eggs", 2, 15, "receipt")
    assert list(job.skills.all()) == [skill]


def test_change_that_is_wrong_keeps_what_was_typed(desk: Client, draft: Job) -> None:
    response = press(desk, draft, "change_job", **answers(draft, shopping_list="eggs", places="0", area=""))
    assert response.status_code == 422
    page = text(response)
    assert "eggs" in page
    assert page.count("“Helpers wanted” can&#x27;t be less than 1.") == 2
    assert page.count("“Where” needs an answer.") == 2
    assert ShoppingJob.objects.get().shopping_list == "small brown loaf"


def test_change_that_the_service_refuses_is_said_beside_the_question(desk: Client) -> None:
    job = make.make_open_job(places=3, places_filled=2)
    typed = answers(job, places="1")
    response = press(desk, job, "change_job", **typed)
    assert response.status_code == 422
    assert text(response).count("2 helpers are on this job already.") == 2


def test_forged_fields_change_nothing_of_their_own(desk: Client, draft: Job) -> None:
    other = make.make_requester("Winston Clarke")
    forged = {"state": "closed", "requester": other.pk, "owner": other.pk, "opening": "7", "places_filled": "1"}
    assert press(desk, draft, "change_job", **answers(draft, **forged)).status_code == 302
    job = Job.objects.get()
    kept = (job.state, job.requester, job.owner, job.opening, job.places_filled)
    assert kept == ("draft", draft.requester, None, 0, 0)


def test_stale_change_keeps_what_was_typed(desk: Client, ama: Person, draft: Job) -> None:
    publish_job(draft, actor=make.make_coordinator("Leroy Grant"))
    response = desk.post(job_url(draft, "change_job"), {**answers(draft, shopping_list="eggs"), "version": 1})
    assert response.status_code == 409
    assert "This has changed since you opened it: Leroy published the job" in text(response)
    assert "eggs" in text(response)
    assert 'name="version" value="2"' in text(response)
    assert ShoppingJob.objects.get().shopping_list == "small brown loaf"


def test_ended_job_is_not_changed(desk: Client) -> None:
    job = make.make_job(state=JobState.CANCELLED)
    assert desk.get(job_url(job, "change_job")).status_code == 404
    response = press(desk, job, "change_job", **answers(job))
    assert response.status_code == 409
    assert "this job is cancelled" in text(response)


def test_report_is_read_before_closing(desk: Client) -> None:
    scene = job_in("reported", Action.CLOSE_JOB)
    offer = scene.job.offers.get()
    Report.objects.create(offer=offer, outcome="partly", note="No eggs to be had", minutes=45)
    page = text(desk.get(job_url(scene.job)))
    assert "Partly done" in page
    assert "No eggs to be had" in page
    assert "about 45 minutes" in page


@pytest.mark.parametrize("job_state", JobState.values)
def test_page_of_a_job_in_every_state(desk: Client, job_state: str) -> None:
    job = job_in(job_state, Action.CLOSE_JOB).job
    page = text(desk.get(job_url(job)))
    assert str(JobState(job_state).label) in page.lower()
    assert ("Cancel job" in page) == (job_state in {"submitted", "open", "assigned"})
    assert ("Open again" in page) == (job_state in {"reported", "closed", "cancelled", "expired"})
    assert ("Who could do it" in page) == (job_state == "open")


def test_page_in_any_state_of_an_offer(desk: Client) -> None:
    job = make.make_open_job(places=2)
    for offer_state in OfferState.values:
        make.make_offer_row(job, state=OfferState(offer_state), helper=make.make_matching_helper(job))
    assert desk.get(job_url(job)).status_code == 200


def test_public_answers_of_the_job_model_are_facts(desk: Client) -> None:
    lift = make.make_task_type("Lift", job_model="community_help.liftjob")
    job = make.make_open_job(task_type=lift, and_back=True, passengers=2, towards="")
    page = text(desk.get(job_url(job)))
    assert "And back again; passengers: 2" in page
    assert "oughly where to" not in page
