from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from community_help.jobs.call import Call
from community_help.jobs.job import Job
from community_help.lifecycle.event import Event, Undoable
from community_help.notifications.notification import Notification
from community_help.safeguarding.background_checks import Check
from community_help.services import calls, clock, offers, reports
from community_help.services.change import change_job
from community_help.testing import factories as make
from tests.services.scene import Scene, open_job

pytestmark = pytest.mark.django_db


def _reported(outcome: str = "done", note: str = "") -> Scene:
    scene = open_job()
    offer = make.make_offer_row(scene.job, scene.helper)
    offers.ratify_offer(offer, actor=scene.coordinator)
    reports.make_report(offer, actor=scene.helper.person, outcome=outcome, note=note)
    return scene


def test_tick_closes_a_plain_done_after_the_communitys_days() -> None:
    scene = _reported()
    assert clock.tick(timezone.now() + timedelta(days=2, hours=23)).closed == 0
    assert clock.tick(timezone.now() + timedelta(days=3, minutes=1)).closed == 1
    assert Job.objects.get(pk=scene.job.pk).state == "closed"
    event = Event.objects.get(kind="close_job")
    assert (event.actor, event.rule) == (None, "plain_done")


@pytest.mark.parametrize(("outcome", "note"), [("done", "she was sad"), ("partly", ""), ("worried", "")])
def test_tick_leaves_what_somebody_must_read(outcome: str, note: str) -> None:
    scene = _reported(outcome, note)
    assert clock.tick(timezone.now() + timedelta(days=30)).closed == 0
    assert Job.objects.get(pk=scene.job.pk).state == "reported"


def test_tick_escalates_once_and_expires_a_day_later() -> None:
    latest = timezone.now()
    scene = open_job(timing="by", latest=latest)
    assert clock.tick(latest - timedelta(minutes=1)) == clock.Ticked(0, 0, 0, 0)
    assert clock.tick().escalated == 1
    assert clock.tick(latest + timedelta(hours=1)) == clock.Ticked(0, 0, 0, 0)
    assert clock.tick(timezone.now() + clock.GRACE).expired == 1
    assert Job.objects.get(pk=scene.job.pk).state == "expired"
    assert Event.objects.filter(kind="escalate_job").count() == 1


def test_tick_after_a_long_sleep_escalates_before_it_expires() -> None:
    latest = timezone.now() - timedelta(days=5)
    scene = open_job(timing="by", latest=latest)
    first = clock.tick()
    assert (first.escalated, first.expired) == (1, 0)
    assert Job.objects.get(pk=scene.job.pk).state == "open"
    assert clock.tick().expired == 0
    assert clock.tick(timezone.now() + clock.GRACE + timedelta(minutes=1)).expired == 1


def test_tick_with_somebody_on_it_lowers_the_places() -> None:
    latest = timezone.now() + timedelta(hours=1)
    scene = open_job(timing="by", latest=latest, places=2)
    offers.ratify_offer(make.make_offer_row(scene.job, scene.helper), actor=scene.coordinator)
    clock.tick(latest)
    clock.tick(latest + 2 * clock.GRACE)
    row = Job.objects.get(pk=scene.job.pk)
    assert (row.state, row.places) == ("assigned", 1)


def test_tick_empties_calls_that_nobody_finished() -> None:
    ama = make.make_coordinator()
    old, alive = (Call.objects.create(taken_by=ama) for _ in range(2))
    for call in (old, alive):
        calls.save_call(call, actor=ama, form={"who": "0117 496 0187"}, saved=0)
    Call.objects.filter(pk=old.pk).update(started_at=timezone.now() - timedelta(days=2), saved_at=None)
    Call.objects.filter(pk=alive.pk).update(started_at=timezone.now() - timedelta(days=2))
    assert clock.tick().calls_emptied == 1
    old.refresh_from_db()
    alive.refresh_from_db()
    assert (old.form, old.ended_at is not None) == ("", True)
    assert alive.ended_at is None


def test_tick_passes_over_a_job_that_somebody_moved_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = _reported()
    seen = list(Job.objects.non_polymorphic().filter(pk=scene.job.pk))
    monkeypatch.setattr(clock, "_plainly_done", lambda _now: seen)
    later = timezone.now() + timedelta(days=4)
    assert clock.tick(later).closed == 1
    assert clock.tick(later).closed == 0


def test_tick_leaves_a_job_that_has_a_new_time_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = open_job(timing="by", latest=timezone.now())
    clock.tick()
    seen = list(Job.objects.non_polymorphic().filter(pk=scene.job.pk))
    change_job(scene.job, actor=scene.coordinator, values={"latest": timezone.now() + timedelta(days=9)})
    monkeypatch.setattr(clock, "_past", lambda _now: _Seen(seen))
    assert clock.tick(timezone.now() + clock.GRACE) == clock.Ticked(0, 0, 0, 0)
    assert Job.objects.get(pk=scene.job.pk).state == "open"


class _Seen(list[Job]):
    """What the clock had read a moment ago."""

    def filter(self, *_conditions: object) -> _Seen:
        return self

    def exclude(self, *_conditions: object) -> _Seen:
        return self


def test_two_clocks_escalate_once(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = open_job(timing="by", latest=timezone.now())
    seen = list(Job.objects.non_polymorphic().filter(pk=scene.job.pk))
    monkeypatch.setattr(clock, "_past", lambda _now: _Seen(seen))
    assert [clock.tick().escalated, clock.tick().escalated] == [1, 0]
    assert Event.objects.filter(kind="escalate_job").count() == 1
    assert Notification.objects.filter(kind="escalate_job").count() == 1


def test_clock_that_dies_while_it_escalates_leaves_nothing_half_said(monkeypatch: pytest.MonkeyPatch) -> None:
    open_job(timing="by", latest=timezone.now())
    with monkeypatch.context() as dying:
        dying.setattr(clock, "tell", _die)
        with pytest.raises(KeyboardInterrupt):
            clock.tick()
    assert clock.tick().escalated == 1
    assert Notification.objects.filter(kind="escalate_job").count() == 1


def _die(_event: Event) -> None:
    raise KeyboardInterrupt


def test_tick_shuts_what_an_ended_check_was_needed_for() -> None:
    level = make.make_check_level()
    scene = open_job(task_type=make.make_task_type(check_level=level))
    offer = make.make_offer_row(scene.job, scene.helper)
    offers.ratify_offer(offer, actor=scene.coordinator)
    Check.objects.update(recheck_on=timezone.localdate())
    assert clock.tick().shut == 0
    Check.objects.update(recheck_on=timezone.localdate() - timedelta(days=1))
    assert clock.tick().shut == 1
    assert clock.tick().shut == 0
    offer.refresh_from_db()
    assert (offer.state, offer.shut_at is not None) == ("ratified", True)


def test_tick_keeps_what_an_undo_needs_no_longer_than_that() -> None:
    scene = open_job(private_details="the key is under the mat")
    event = change_job(scene.job, actor=scene.coordinator, values={"private_details": "ring twice"})
    clock.tick()
    assert "under the mat" in Undoable.objects.get(event=event).before
    assert str(event.pk) in str(Undoable.objects.get())
    clock.tick(timezone.now() + timedelta(seconds=71))
    assert not Undoable.objects.exists()
    assert Event.objects.filter(pk=event.pk).exists()
