"""The outbox itself: rounds, retries, notifiers that fail."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from django.db import DatabaseError
from django.utils import timezone

from community_help.exceptions import ConfigurationError, PermanentFailure, TemporaryFailure
from community_help.jobs.offer import Ask
from community_help.notifications import claims
from community_help.notifications import outbox as box
from community_help.notifications.notification import Delivery, Notification
from community_help.notifications.notifiers.notifier import Message, Notifier, Receipt
from tests.notifications.conftest import LOCMEM
from tests.notifications.scene import address, deliveries, heard, published, rows, settle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper

    from community_help.notifications.notifiers.locmem import Sent

STUBBORN = "tests.notifications.test_outbox.Stubborn"


class Stubborn(Notifier):
    """Does what the list says, then goes on with its last entry."""

    will: ClassVar[list[Any]] = []
    tried: ClassVar[list[Message]] = []

    def send(self, message: Message, address: str) -> Receipt:
        self.tried.append(message)
        what = self.will.pop(0) if len(self.will) > 1 else self.will[0]
        if isinstance(what, BaseException):
            raise what
        assert isinstance(what, Receipt)
        return what


@pytest.fixture
def stubborn(outbox: list[Sent], settings: SettingsWrapper) -> Iterator[type[Stubborn]]:
    """A second notifier, behind the one that keeps everything."""
    entries = {"locmem": {"BACKEND": LOCMEM}, "stubborn": {"BACKEND": STUBBORN}}
    settings.COMMUNITY_HELP = {**settings.COMMUNITY_HELP, "NOTIFIERS": entries}
    Stubborn.tried.clear()
    Stubborn.will[:] = [Receipt()]
    yield Stubborn
    Stubborn.will[:] = []


def only(settings: SettingsWrapper, *aliases: str) -> None:
    given = settings.COMMUNITY_HELP
    entries = {alias: given["NOTIFIERS"][alias] for alias in aliases}
    settings.COMMUNITY_HELP = {**given, "NOTIFIERS": entries}


def test_drain_says_what_it_came_to(outbox: list[Sent]) -> None:
    published(3)
    drained = settle()
    assert drained == box.Drained(sent=3)
    assert drained.total == 3
    assert settle() == box.Drained()


def test_drain_stops_at_its_limit(outbox: list[Sent]) -> None:
    published(3)
    assert settle(limit=2).sent == 2
    assert settle(limit=2).sent == 1


def test_drain_stops_when_it_is_told_to(outbox: list[Sent]) -> None:
    published(3)
    assert settle(stop=lambda: len(outbox) == 2).sent == 2


def test_drain_logs_the_worker_and_no_address(outbox: list[Sent], caplog: pytest.LogCaptureFixture) -> None:
    published()
    with caplog.at_level(logging.INFO, logger="community_help"):
        settle(worker="night shift")
    assert "night shift" in caplog.text
    assert "@" not in caplog.text


def test_delivery_is_written_for_each_attempt(stubborn: type[Stubborn]) -> None:
    stubborn.will[:] = [Receipt("id-7", queued=True, detail="in the queue")]
    published()
    settle()
    assert deliveries() == [("locmem", 1, "accepted", ""), ("stubborn", 1, "queued", "in the queue")]
    assert Delivery.objects.get(notifier="stubborn").provider_id == "id-7"
    assert rows(kind="job_alert") == [("job_alert", "sent", "")]


def test_temporary_failure_is_tried_again_by_that_notifier_only(stubborn: type[Stubborn], outbox: list[Sent]) -> None:
    stubborn.will[:] = [TemporaryFailure("busy"), Receipt()]
    published()
    assert settle() == box.Drained(failed=1)
    row = Notification.objects.get(kind="job_alert")
    assert (row.state, row.attempts, row.reason, row.lease_until) == ("waiting", 1, "stubborn: busy", None)
    assert Ask.objects.count() == 0
    assert box.drain(now=row.not_before).sent == 1
    assert len(outbox) == 1
    assert [message.key for message in stubborn.tried] == [row.key, row.key]
    assert deliveries() == [
        ("locmem", 1, "accepted", ""),
        ("stubborn", 1, "temporary", "busy"),
        ("stubborn", 2, "accepted", ""),
    ]
    assert Ask.objects.count() == 1


def test_eight_failures_are_the_end_of_it(stubborn: type[Stubborn], settings: SettingsWrapper) -> None:
    only(settings, "stubborn")
    stubborn.will[:] = [TemporaryFailure("busy")]
    published()
    began = now = timezone.now() + timedelta(minutes=5)
    waits = []
    for _ in range(8):
        assert box.drain(now=now).failed == 1
        row = Notification.objects.get(kind="job_alert")
        waits.append((row.not_before - now) / timedelta(minutes=1))
        now = max(now, row.not_before)
    assert (row.state, row.reason, row.attempts) == ("dead", "stubborn: busy", 8)
    for wait, minutes in zip(waits[:7], [1, 5, 15, 60, 240, 720, 720], strict=True):
        assert wait == pytest.approx(minutes, rel=0.21)
    assert box.drain(now=began + timedelta(days=30)).total == 0
    assert len(stubborn.tried) == 8


def test_permanent_failure_ends_it_at_once(stubborn: type[Stubborn], settings: SettingsWrapper) -> None:
    only(settings, "stubborn")
    stubborn.will[:] = [PermanentFailure("no such mailbox")]
    published()
    assert settle().failed == 1
    assert rows(kind="job_alert") == [("job_alert", "dead", "stubborn: no such mailbox")]
    assert Ask.objects.count() == 0


def test_message_that_is_tried_again_hopes_that_what_failed_for_good_does_not(
    stubborn: type[Stubborn], settings: SettingsWrapper
) -> None:
    only(settings, "stubborn")
    _job, [helper] = published()
    stubborn.will[:] = [PermanentFailure("550 no such user")]
    settle()
    row = Notification.objects.get(recipient=helper.pk)
    assert row.state == "dead"
    stubborn.will[:] = [Receipt()]
    assert claims.try_again(row, timezone.now())
    assert not claims.try_again(row, timezone.now())
    settle()
    assert [(attempt, outcome) for _notifier, attempt, outcome, _detail in deliveries()] == [
        (1, "permanent"),
        (2, "accepted"),
    ]
    assert rows(recipient=helper.pk) == [("job_alert", "sent", "")]


def test_message_that_is_tried_again_has_all_its_attempts(stubborn: type[Stubborn], settings: SettingsWrapper) -> None:
    only(settings, "stubborn")
    stubborn.will[:] = [TemporaryFailure("421 later")]
    _job, [helper] = published()
    about = Notification.objects.filter(recipient=helper.pk)

    def attempts_until_it_is_given_up() -> int:
        before = about.get().attempts
        while about.get().state == "waiting":
            about.update(not_before=timezone.now())
            settle()
        return about.get().attempts - before

    assert attempts_until_it_is_given_up() == claims.ATTEMPTS
    assert claims.try_again(about.get(), timezone.now())
    assert attempts_until_it_is_given_up() == claims.ATTEMPTS
    assert Delivery.objects.count() == 2 * claims.ATTEMPTS


def test_one_notifier_that_carries_it_is_enough(stubborn: type[Stubborn]) -> None:
    stubborn.will[:] = [PermanentFailure("no such mailbox")]
    published()
    assert settle().sent == 1
    assert rows(kind="job_alert") == [("job_alert", "sent", "")]


def test_notifier_that_breaks_is_a_temporary_failure_and_its_words_are_not_kept(
    stubborn: type[Stubborn], outbox: list[Sent]
) -> None:
    stubborn.will[:] = [RuntimeError("tom@example.org is not at home")]
    published(2)
    assert settle().failed == 2
    assert len(outbox) == 2
    details = {detail for notifier, _attempt, _outcome, detail in deliveries() if notifier == "stubborn"}
    assert [detail.rpartition(":")[0] for detail in details] == ["RuntimeError at test_outbox.py"]


def test_message_that_can_not_be_rendered_blocks_nobody(
    outbox: list[Sent], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _job, (poison, *others) = published(3)
    compose = box.compose

    def picky(notification: Notification, *args: Any, **kwargs: Any) -> Message:
        if notification.recipient_id == poison.pk:
            raise KeyError("Doreen, 12 Broad Walk")
        return compose(notification, *args, **kwargs)

    monkeypatch.setattr(box, "compose", picky)
    assert settle() == box.Drained(sent=2, failed=1)
    assert heard(outbox) == {("job_alert", address(helper)) for helper in others}
    row = Notification.objects.get(recipient=poison.pk)
    assert (row.state, row.attempts) == ("waiting", 1)
    assert row.reason.startswith("KeyError at test_outbox.py:")
    assert "Doreen" not in caplog.text


def test_database_error_is_raised_and_the_row_stays(outbox: list[Sent], monkeypatch: pytest.MonkeyPatch) -> None:
    published()

    def broken(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(box, "brief", broken)
    with pytest.raises(DatabaseError):
        settle()
    assert rows(kind="job_alert") == [("job_alert", "waiting", "")]


def test_without_base_url_nothing_is_claimed(outbox: list[Sent], settings: SettingsWrapper) -> None:
    published()
    settings.COMMUNITY_HELP = {**settings.COMMUNITY_HELP, "BASE_URL": ""}
    with pytest.raises(ConfigurationError, match="BASE_URL"):
        settle()
    assert Notification.objects.get(kind="job_alert").attempts == 0
