"""How long a worker works, and what it waits for."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from community_help.notifications import claims, working
from community_help.notifications.notification import Notification
from community_help.services import jobs
from community_help.testing import factories as make
from tests.notifications.scene import address, heard, urgent_job

if TYPE_CHECKING:
    from community_help.notifications.notifiers.locmem import Sent


def publish() -> str:
    job = urgent_job()
    helper = make.make_matching_helper(job)
    jobs.publish_job(job, actor=make.make_coordinator())
    return address(helper)


def wait_for(seconds: float) -> None:
    Notification.objects.update(not_before=timezone.now() + timedelta(seconds=seconds))


def test_work_on_an_empty_outbox_ends_at_once(outbox: list[Sent]) -> None:
    began = time.monotonic()
    assert working.work(seconds=20) is False
    assert time.monotonic() - began < 5


def test_work_carries_what_is_due_to_its_end(outbox: list[Sent], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "ROUND", 1)
    told = publish()
    wait_for(0)
    assert working.work(seconds=20) is False
    assert heard(outbox) == {("job_alert", told)}


@pytest.mark.slow
def test_work_waits_for_what_falls_due_soon(outbox: list[Sent]) -> None:
    told = publish()
    wait_for(1.2)
    assert working.work(seconds=20) is False
    assert heard(outbox) == {("job_alert", told)}


def test_work_does_not_wait_for_what_falls_due_late(outbox: list[Sent]) -> None:
    publish()
    wait_for(3600)
    began = time.monotonic()
    assert working.work(seconds=20) is False
    assert time.monotonic() - began < 5
    assert heard(outbox) == set()


def test_work_that_runs_out_of_time_says_that_there_is_more(outbox: list[Sent]) -> None:
    publish()
    wait_for(-1)
    assert working.work(seconds=0) is True
    assert heard(outbox) == set()


def test_work_stops_when_it_is_told_to(outbox: list[Sent]) -> None:
    publish()
    wait_for(-1)
    assert working.work(seconds=20, stop=lambda: True) is False
    assert heard(outbox) == set()


def test_next_due_passes_over_what_somebody_has_in_hand(outbox: list[Sent]) -> None:
    assert claims.next_due() is None
    publish()
    wait_for(-1)
    assert claims.next_due() is not None
    claimed = claims.claim(timezone.now())
    assert claimed is not None
    assert claims.next_due() is None
    Notification.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert claims.next_due() is not None
