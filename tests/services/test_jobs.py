from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from community_help.exceptions import NotAllowed, StaleTransition
from community_help.jobs.bundled import ShoppingJob
from community_help.jobs.call_back import CallBack
from community_help.jobs.job import Job
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import OfferState
from community_help.notifications.notification import Notification
from community_help.services import jobs, offers, reports
from community_help.testing import factories as make
from tests.services.scene import open_job

pytestmark = pytest.mark.django_db


def _soon(hours: int = 3) -> dict[str, object]:
    start = timezone.now() + timedelta(hours=hours)
    return {"timing": "between", "earliest": start, "latest": start + timedelta(hours=2)}


def test_create_job_begins_from_the_task_type() -> None:
    car = make.make_skill()
    level = make.make_check_level()
    kind = make.make_task_type(
        "Shopping",
        check_level=level,
        places=2,
        urgency="urgent",
        public_template="A small shop.",
        private_template="List:",
    )
    kind.default_skills.add(car)
    requester, ama = make.make_requester(), make.make_coordinator()
    job = jobs.create_job(requester, actor=ama, task_type=kind, area=requester.area, values={})
    stored = ShoppingJob.objects.get(pk=job.pk)
    assert (stored.title, stored.public_details, stored.private_details) == ("Shopping", "A small shop.", "List:")
    assert (stored.places, stored.urgency, stored.check_level, stored.state) == (2, "urgent", level, "draft")
    assert list(stored.skills.all()) == [car]
    assert (stored.owner, stored.created_by) == (ama, ama)


def test_create_job_keeps_its_own_fields_and_its_slots() -> None:
    requester, ama = make.make_requester(), make.make_coordinator()
    job = jobs.create_job(
        requester,
        actor=ama,
        task_type=make.make_task_type(),
        area=requester.area,
        values={"shopping_list": "bread", "payment": "receipt", **_soon()},
        skills=[],
    )
    stored = ShoppingJob.objects.get(pk=job.pk)
    assert (stored.shopping_list, stored.payment) == ("bread", "receipt")
    assert stored.slots.count() >= 1
    assert stored.first_day is not None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 101}, "title"),
        ({"places": 0}, "places"),
        ({"urgency": "yesterday"}, "urgency"),
        ({"timing": "between"}, "__all__"),
        ({"title": "bread\x00"}, "title"),
        ({"shopping_list": "bread\x1b"}, "shopping_list"),
        ({"payment": "card"}, "payment"),
    ],
)
def test_create_job_says_what_is_wrong_and_writes_nothing(values: dict[str, object], field: str) -> None:
    requester, ama = make.make_requester(), make.make_coordinator()
    with pytest.raises(ValidationError) as caught:
        jobs.create_job(requester, actor=ama, task_type=make.make_task_type(), area=requester.area, values=values)
    assert field in caught.value.message_dict
    assert not Job.objects.exists()
    assert not Event.objects.exists()


def test_create_job_with_the_end_before_the_start() -> None:
    requester, ama = make.make_requester(), make.make_coordinator()
    now = timezone.now()
    values = {"timing": "between", "earliest": now + timedelta(hours=2), "latest": now + timedelta(hours=1)}
    with pytest.raises(ValidationError, match="The end is before the start"):
        jobs.create_job(requester, actor=ama, task_type=make.make_task_type(), area=requester.area, values=values)


def test_create_job_in_an_area_of_somebody_else_is_refused() -> None:
    requester = make.make_requester()
    elsewhere = make.make_coordinator(areas=[make.make_area()])
    with pytest.raises(NotAllowed):
        jobs.create_job(requester, actor=elsewhere, task_type=make.make_task_type(), area=requester.area, values={})


def test_discard_job_leaves_only_the_event() -> None:
    job, ama = make.make_job(), make.make_coordinator()
    requester = job.requester
    jobs.discard_job(job, actor=ama)
    assert not Job.objects.exists()
    event = Event.objects.get(kind="discard_job")
    assert (event.job, event.person) == (None, requester.person)
    assert not Notification.objects.exists()


def test_publish_job_is_a_new_opening_told_after_the_undo_time() -> None:
    job, ama = make.make_job(), make.make_coordinator()
    event = jobs.publish_job(job, actor=ama, version=1)
    row = Job.objects.get(pk=job.pk)
    assert (row.state, row.opening, row.owner) == ("open", 1, ama)
    assert row.opened_at is not None
    told = Notification.objects.get(event=event, recipient=None)
    assert told.not_before == event.at + timedelta(seconds=10)


def test_publish_job_of_a_time_that_is_past_is_refused() -> None:
    yesterday = timezone.now() - timedelta(days=1)
    job = make.make_job(timing="by", latest=yesterday)
    with pytest.raises(ValidationError, match="past"):
        jobs.publish_job(job, actor=make.make_coordinator())
    assert Job.objects.get(pk=job.pk).state == "draft"


def test_publish_job_seen_before_somebody_else_published_it() -> None:
    job, ama = make.make_job(), make.make_coordinator("Ama Mensah")
    jobs.publish_job(job, actor=ama, version=1)
    with pytest.raises(StaleTransition, match="Ama published the job"):
        jobs.publish_job(job, actor=make.make_coordinator(), version=1)


def test_hand_over_job_needs_a_coordinator() -> None:
    scene = open_job()
    leroy = make.make_coordinator()
    with pytest.raises(ValidationError, match="is not a co-ordinator here"):
        jobs.hand_over_job(scene.job, actor=scene.coordinator, to=scene.helper.person)
    jobs.hand_over_job(scene.job, actor=scene.coordinator, to=leroy, why="off to lunch")
    assert Job.objects.get(pk=scene.job.pk).owner == leroy
    assert Event.objects.get(kind="hand_over_job").why == "off to lunch"


def test_close_job_completes_the_offers() -> None:
    now = timezone.now()
    stamps = {"opening": 1, "opened_at": now, "reported_at": now, "places_filled": 1}
    job = make.make_job(state="reported", **stamps)
    offer = make.make_offer_row(job, state=OfferState.RATIFIED)
    jobs.close_job(job, actor=make.make_coordinator())
    offer.refresh_from_db()
    assert (offer.state, offer.ended_at is not None) == ("completed", True)
    assert Job.objects.get(pk=job.pk).closed_at is not None


def test_reopen_job_stands_down_who_was_on_it() -> None:
    scene = open_job()
    offer = make.make_offer_row(scene.job, scene.helper)
    offers.ratify_offer(offer, actor=scene.coordinator)
    reports.make_report(offer, actor=scene.helper.person, outcome="not_done")
    jobs.reopen_job(scene.job, actor=scene.coordinator, why="still wanted")
    row = Job.objects.get(pk=scene.job.pk)
    offer.refresh_from_db()
    assert (row.state, row.opening, row.places_filled, row.reported_at) == ("open", 2, 0, None)
    assert offer.state == "stood_down"


def test_reopen_job_needs_a_reason_and_a_time_to_come() -> None:
    yesterday = timezone.now() - timedelta(days=1)
    job, ama = make.make_job(state="expired", timing="by", latest=yesterday), make.make_coordinator()
    with pytest.raises(ValidationError, match="why"):
        jobs.reopen_job(job, actor=ama, why=" ")
    with pytest.raises(ValidationError, match="past"):
        jobs.reopen_job(job, actor=ama, why="still wanted")
    tomorrow = timezone.now() + timedelta(days=1)
    jobs.reopen_job(job, actor=ama, why="still wanted", values={"latest": tomorrow})
    row = Job.objects.get(pk=job.pk)
    assert (row.state, row.latest) == ("open", tomorrow)


def test_cancel_job_ends_the_offers_and_owes_a_call() -> None:
    scene = open_job(places=2)
    ratified = make.make_offer_row(scene.job, scene.helper)
    offers.ratify_offer(ratified, actor=scene.coordinator)
    waiting = make.make_offer_row(scene.job)
    event = jobs.cancel_job(scene.job, actor=scene.coordinator, why="in hospital")
    for offer in (ratified, waiting):
        offer.refresh_from_db()
        assert (offer.state, offer.ended_at) == ("cancelled", event.at)
    owed = CallBack.objects.filter(done_at=None)
    assert [(call.reason, call.due_at) for call in owed] == [("cancelled", event.at + timedelta(seconds=10))]


def test_cancel_job_by_the_requester_until_the_first_ratified_offer() -> None:
    scene = open_job(requester=make.make_requester(account=True))
    requester = scene.job.requester.person
    offer = make.make_offer_row(scene.job, scene.helper)
    offers.ratify_offer(offer, actor=scene.coordinator)
    with pytest.raises(NotAllowed):
        jobs.cancel_job(scene.job, actor=requester)
    other = make.make_open_job(requester=scene.job.requester)
    jobs.cancel_job(other, actor=requester)
    assert not CallBack.objects.filter(job=other).exists()


def test_expire_job_with_nobody_on_it_owes_a_call() -> None:
    scene = open_job()
    offer = make.make_offer_row(scene.job, scene.helper)
    jobs.expire_job(scene.job)
    offer.refresh_from_db()
    assert Job.objects.get(pk=scene.job.pk).state == "expired"
    assert offer.state == "lapsed"
    assert CallBack.objects.get().reason == "nobody_found"


def test_expire_job_with_somebody_on_it_only_lowers_the_places() -> None:
    scene = open_job(places=3)
    offer = make.make_offer_row(scene.job, scene.helper)
    offers.ratify_offer(offer, actor=scene.coordinator)
    waiting = make.make_offer_row(scene.job)
    jobs.expire_job(scene.job)
    row = Job.objects.get(pk=scene.job.pk)
    waiting.refresh_from_db()
    assert (row.state, row.places, row.places_filled) == ("assigned", 1, 1)
    assert waiting.state == "lapsed"


def test_expire_job_when_all_on_it_have_reported_is_reported() -> None:
    now = timezone.now()
    job = make.make_open_job(places=2, places_filled=1)
    make.make_offer_row(job, state=OfferState.RATIFIED, reported_at=now)
    jobs.expire_job(job)
    assert Job.objects.get(pk=job.pk).state == "reported"


def test_hand_over_job_to_a_coordinator_of_elsewhere_is_refused() -> None:
    scene = open_job()
    with pytest.raises(ValidationError, match="not a co-ordinator here"):
        jobs.hand_over_job(scene.job, actor=scene.coordinator, to=make.make_coordinator(areas=[make.make_area()]))


def test_create_job_takes_no_column_of_the_machine() -> None:
    requester, ama = make.make_requester(), make.make_coordinator()
    about = {"actor": ama, "task_type": make.make_task_type(), "area": requester.area}
    with pytest.raises(ValidationError, match="can't be changed: opening, state"):
        jobs.create_job(requester, **about, values={"state": "open", "opening": 1})  # type: ignore[arg-type]
