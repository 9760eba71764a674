"""Workers that die: what they leave behind is carried once, and written down once."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from community_help.jobs.offer import Ask
from community_help.notifications import claims, expansion
from community_help.notifications import outbox as box
from community_help.notifications.notification import Notification
from community_help.notifications.notifiers.locmem import LocmemNotifier
from community_help.services import jobs
from community_help.testing import factories as make
from tests.notifications.scene import address, deliveries, heard, published, rows, settle, urgent_job

if TYPE_CHECKING:
    from collections.abc import Iterator

    from community_help.notifications.notifiers.locmem import Sent
    from community_help.notifications.notifiers.notifier import Message, Receipt


class Died(BaseException):
    """As good as kill -9: no handler of ours runs after it."""


@pytest.fixture
def dies_at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``dies_at(module, name)``: the worker dies when it comes there."""

    @contextmanager
    def plant(module: Any, name: str) -> Iterator[None]:
        def die(*args: Any, **kwargs: Any) -> None:
            raise Died

        with monkeypatch.context() as patch:
            patch.setattr(module, name, die)
            with pytest.raises(Died):
                settle()
            yield

    return plant


@pytest.mark.parametrize("place", ["brief", "compose", "_attempt", "_told"])
def test_worker_that_dies_loses_nothing_and_doubles_nothing(outbox: list[Sent], dies_at: Any, place: str) -> None:
    published()
    with dies_at(box, place):
        assert settle().total == 0  # the dead one's lease holds
    after = timezone.now() + timedelta(seconds=90) + claims.LEASE
    assert box.drain(now=after).sent == 1
    assert len(outbox) == 1
    assert Notification.objects.filter(kind="job_alert", state="sent").count() == 1
    assert [outcome for _n, _a, outcome, _d in deliveries()] == ["accepted"]
    assert Ask.objects.count() == 1


def test_mail_that_was_sent_but_not_noted_is_noted_even_if_it_is_no_longer_true(
    outbox: list[Sent], dies_at: Any
) -> None:
    job, helpers = published()
    with dies_at(box, "_told"):
        jobs.cancel_job(job, actor=make.make_coordinator())
    box.drain(now=timezone.now() + timedelta(seconds=90) + claims.LEASE)
    assert ("job_alert", "sent", "") in rows()
    assert [(ask.helper, ask.opening, ask.step) for ask in job.asks.all()] == [(helpers[0], 1, "alert")]


def test_worker_that_dies_between_sending_and_writing_sends_a_copy_with_the_same_key(
    outbox: list[Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    published()
    send = LocmemNotifier.send

    def send_and_die(self: LocmemNotifier, message: Message, address: str) -> Receipt:
        send(self, message, address)
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(LocmemNotifier, "send", send_and_die)
        with pytest.raises(Died):
            settle()
    box.drain(now=timezone.now() + timedelta(seconds=90) + claims.LEASE)
    first, second = outbox
    assert first.message.key == second.message.key
    assert [(attempt, outcome) for _n, attempt, outcome, _d in deliveries()] == [(2, "accepted")]


def test_fan_out_that_is_cut_off_is_taken_up_again(
    outbox: list[Sent], dies_at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expansion, "READ", 4)
    monkeypatch.setattr(expansion, "WRITE", 2)
    job = urgent_job()
    helpers = [make.make_matching_helper(job) for _ in range(5)]
    jobs.publish_job(job, actor=make.make_coordinator())
    with dies_at(claims, "renew"):
        assert Notification.objects.filter(kind="job_alert").count() == 2
    box.drain(now=timezone.now() + timedelta(seconds=90) + claims.LEASE)
    assert heard(outbox) == {("job_alert", address(helper)) for helper in helpers}


def test_row_that_kills_its_worker_each_time_is_given_up(outbox: list[Sent], monkeypatch: pytest.MonkeyPatch) -> None:
    published()

    def die(*args: Any, **kwargs: Any) -> None:
        raise Died

    now = timezone.now() + timedelta(seconds=90)
    with monkeypatch.context() as patch:
        patch.setattr(box, "compose", die)
        for _ in range(claims.ATTEMPTS):
            with pytest.raises(Died):
                box.drain(now=now)
            now += claims.LEASE
        assert box.drain(now=now).failed == 1
    assert rows(kind="job_alert") == [("job_alert", "dead", "no attempt came to an end")]


def test_worker_that_was_thought_dead_changes_nothing_afterwards(outbox: list[Sent]) -> None:
    published()
    now = timezone.now() + timedelta(seconds=90)
    slow = claims.claim(now)
    assert slow is not None
    quick = claims.claim(now + claims.LEASE)
    assert quick is not None
    assert (quick.pk, quick.attempts) == (slow.pk, 2)
    assert not claims.finish(slow, box.NotificationState.SKIPPED, reason="late")
    claims.retry(slow, now, reason="late")
    assert rows(kind="job_alert") == [("job_alert", "waiting", "")]
    assert Notification.objects.get(pk=slow.pk).lease_until == quick.lease_until
    # But what it has sent is sent.
    assert claims.finish(slow, box.NotificationState.SENT)
    assert not claims.finish(quick, box.NotificationState.SENT)


def test_two_that_sent_the_same_leave_one_accepted_delivery(outbox: list[Sent]) -> None:
    published()
    [notifier] = box.load()
    now = timezone.now() + timedelta(seconds=90)
    for later in (now, now + claims.LEASE):
        claimed = claims.claim(later)
        assert claimed is not None
        briefing = box.brief(claimed)
        message = box.compose(claimed, briefing, community=make.Community.current())
        box._attempt(notifier, message, "tom@example.org", claimed)
    assert deliveries() == [("locmem", 1, "accepted", "")]


def test_what_a_worker_has_in_hand_is_not_withdrawn(outbox: list[Sent]) -> None:
    published()
    claimed = claims.claim(timezone.now() + timedelta(seconds=90))
    assert claimed is not None
    assert claimed.event is not None
    assert not box.withdraw(claimed.event)
    assert rows(kind="job_alert") == [("job_alert", "waiting", "")]


def test_lease_is_held_while_a_fan_out_takes_long(outbox: list[Sent]) -> None:
    published()
    claimed = claims.claim(timezone.now() + timedelta(seconds=90))
    assert claimed is not None
    Notification.objects.filter(pk=claimed.pk).update(lease_until=timezone.now())
    claims.renew(claimed)
    row = Notification.objects.get(pk=claimed.pk)
    assert row.lease_until is not None
    assert row.lease_until > timezone.now() + claims.LEASE / 2


def test_announcement_is_no_message(outbox: list[Sent]) -> None:
    row = Notification(kind="publish_job")
    with pytest.raises(ValueError, match="announcement"):
        box.brief(row)
    with pytest.raises(ValueError, match="announcement"):
        box.compose(row, box.Briefing(), community=make.Community.current())
    assert expansion.expand(row, keep_alive=lambda: None) == 0
