from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from community_help.exceptions import NotAllowed, TooLateToUndo
from community_help.jobs.bundled import ShoppingJob
from community_help.jobs.call_back import CallBack
from community_help.jobs.job import Job
from community_help.jobs.offer import Offer
from community_help.lifecycle.event import Event
from community_help.notifications import outbox
from community_help.notifications.notification import Notification
from community_help.people.community import Community
from community_help.services import jobs, offers
from community_help.services.change import change_job
from community_help.services.undo import last_undoable, undo
from community_help.testing import factories as make
from tests.services.scene import Scene, open_job

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db

#: Columns that an undo does not bring back: time goes on.
MOVING_ON = {"version", "changed_at"}


def _rows(scene: Scene) -> tuple[dict[str, object], list[dict[str, object]]]:
    job = ShoppingJob.objects.non_polymorphic().filter(pk=scene.job.pk).values().get()
    slots = list(scene.job.slots.values("date", "from_minute", "to_minute"))
    skills = sorted(scene.job.skills.values_list("pk", flat=True))
    kept = {name: value for name, value in job.items() if name not in MOVING_ON}
    return {**kept, "slots": slots, "skills": skills}, list(Offer.objects.order_by("pk").values())


def _two_offers() -> tuple[Scene, Offer, Offer]:
    scene = open_job()
    return scene, make.make_offer_row(scene.job, scene.helper), make.make_offer_row(scene.job)


def test_undo_ratify_offer_leaves_everything_as_it_was() -> None:
    scene, first, _second = _two_offers()
    before = _rows(scene)
    event = offers.ratify_offer(first, actor=scene.coordinator)
    assert _rows(scene) != before
    done = undo(event, actor=scene.coordinator)
    assert _rows(scene) == before
    assert (done.kind, done.undoes, done.from_state, done.to_state) == ("undo", event, "assigned", "open")
    assert Notification.objects.get(event=event).state == "withdrawn"
    assert CallBack.objects.get().outcome == "not_needed"


def test_undo_is_too_late_when_a_worker_was_faster(settings: SettingsWrapper) -> None:
    locmem = "community_help.notifications.notifiers.locmem.LocmemNotifier"
    settings.COMMUNITY_HELP = {"BASE_URL": "https://help.example", "NOTIFIERS": {"locmem": {"BACKEND": locmem}}}
    scene, first, _second = _two_offers()
    event = offers.ratify_offer(first, actor=scene.coordinator)
    ahead = timezone.now() + timedelta(seconds=11)  # a worker on a machine whose clock is fast
    outbox.drain(now=ahead, limit=1)
    told = _rows(scene)
    with pytest.raises(TooLateToUndo):
        undo(event, actor=scene.coordinator)
    assert _rows(scene) == told
    assert CallBack.objects.get().outcome == "owed"


def test_undo_decline_and_close_and_cancel_leave_everything_as_it_was() -> None:
    scene, first, second = _two_offers()
    before = _rows(scene)
    for move in (
        lambda: offers.decline_offer(first, actor=scene.coordinator),
        lambda: jobs.cancel_job(scene.job, actor=scene.coordinator),
    ):
        undo(move(), actor=scene.coordinator)
        assert _rows(scene) == before
    assert second.state == "offered"


def test_undo_change_job_brings_back_words_times_skills_and_slots() -> None:
    start = timezone.now() + timedelta(days=1)
    scene = open_job(
        timing="between",
        earliest=start,
        latest=start + timedelta(hours=1),
        shopping_list="bread",
        skills=[make.make_skill()],
    )
    make.make_offer_row(scene.job, scene.helper)
    before = _rows(scene)
    values = {
        "title": "Other",
        "timing": "flexible",
        "earliest": None,
        "latest": None,
        "places": 3,
        "shopping_list": "milk",
        "spend_limit": 20,
        "private_details": "secret",
        "area": make.make_area(),
    }
    event = change_job(scene.job, actor=scene.coordinator, values=values, skills=[])
    undo(event, actor=scene.coordinator)
    assert _rows(scene) == before


def test_undo_publish_job_is_a_draft_again_and_nobody_hears() -> None:
    job, ama = make.make_job(), make.make_coordinator()
    event = jobs.publish_job(job, actor=ama)
    undo(event, actor=ama)
    row = Job.objects.get(pk=job.pk)
    assert (row.state, row.opening, row.opened_at) == ("draft", 0, None)
    assert Notification.objects.get(event=event).state == "withdrawn"


def test_undo_cancel_job_owes_the_old_call_again() -> None:
    scene, first, _second = _two_offers()
    offers.ratify_offer(first, actor=scene.coordinator)
    event = jobs.cancel_job(scene.job, actor=scene.coordinator)
    undo(event, actor=scene.coordinator)
    calls = {call.reason: call.outcome for call in CallBack.objects.all()}
    assert calls == {"who_is_coming": "owed", "cancelled": "not_needed"}


def test_undo_after_the_time_is_refused() -> None:
    community = Community.current()
    community.undo_seconds = 0
    community.save()
    scene, first, _second = _two_offers()
    event = offers.ratify_offer(first, actor=scene.coordinator)
    with pytest.raises(TooLateToUndo, match="too late"):
        undo(event, actor=scene.coordinator)


def test_undo_after_something_else_is_refused() -> None:
    scene, first, second = _two_offers()
    event = offers.decline_offer(first, actor=scene.coordinator)
    offers.withdraw_offer(second, actor=second.helper.person)
    with pytest.raises(TooLateToUndo):
        undo(event, actor=scene.coordinator)


def test_undo_twice_is_refused() -> None:
    scene, first, _second = _two_offers()
    event = offers.decline_offer(first, actor=scene.coordinator)
    undo(event, actor=scene.coordinator)
    with pytest.raises(TooLateToUndo):
        undo(event, actor=scene.coordinator)


def test_undo_of_somebody_elses_move_is_refused() -> None:
    scene, first, _second = _two_offers()
    event = offers.decline_offer(first, actor=scene.coordinator)
    with pytest.raises(NotAllowed):
        undo(event, actor=make.make_coordinator())


def test_last_undoable_is_the_actors_own_and_last() -> None:
    scene, first, second = _two_offers()
    leroy = make.make_coordinator()
    assert last_undoable(scene.job, actor=scene.coordinator) is None
    event = offers.decline_offer(first, actor=scene.coordinator)
    assert last_undoable(scene.job, actor=scene.coordinator) == event
    assert last_undoable(None, actor=scene.coordinator) == event
    assert last_undoable(scene.job, actor=leroy) is None
    offers.decline_offer(second, actor=leroy)
    assert last_undoable(scene.job, actor=scene.coordinator) is None
    assert Event.objects.filter(kind="decline_offer").count() == 2
