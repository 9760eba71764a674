"""The outbox itself: claims, retries, skips, and workers that die."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from django.db import DatabaseError
from django.utils import timezone

from community_help.exceptions import ConfigurationError, PermanentFailure, TemporaryFailure
from community_help.jobs.offer import Ask
from community_help.notifications import claims, expansion
from community_help.notifications import outbox as box
from community_help.notifications.notification import Delivery, Notification
from community_help.notifications.notifiers.locmem import LocmemNotifier
from community_help.notifications.notifiers.notifier import Message, Notifier, Receipt
from community_help.services import jobs, offers
from community_help.services.change import change_job
from community_help.testing import factories as make
from tests.notifications.conftest import LOCMEM
from tests.notifications.scene import address, heard, rows, settle, urgent_job

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper

    from community_help.jobs.job import Job
    from community_help.notifications.notifiers.locmem import Sent
    from community_help.people.profiles import Helper

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


def published(helpers: int = 1) -> tuple[Job, list[Helper]]:
    """An urgent job whose alerts are written and wait."""
    job = urgent_job()
    found = [make.make_matching_helper(job) for _ in range(helpers)]
    jobs.publish_job(job, actor=make.make_coordinator())
    assert settle(limit=1).expanded == 1
    return job, found


def deliveries() -> list[tuple[str, int, str, str]]:
    return list(Delivery.objects.order_by("pk").values_list("notifier", "attempt", "outcome", "detail"))


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


# What is no longer true at the moment of sending is not sent, and the row says why.


def skipped_because() -> list[str]:
    assert settle().sent == 0
    return [reason for _kind, state, reason in rows(state="skipped") if state == "skipped"]


def test_alert_is_skipped_when_the_job_is_taken(outbox: list[Sent]) -> None:
    job, _helpers = published()
    jobs.cancel_job(job, actor=make.make_coordinator())
    assert skipped_because() == ["the job is no longer open"]


def test_alert_is_skipped_when_it_is_another_opening(outbox: list[Sent]) -> None:
    job, _helpers = published()
    type(job).objects.non_polymorphic().filter(pk=job.pk).update(opening=2)
    assert skipped_because() == ["the job has been opened anew since"]


def test_alert_is_skipped_when_it_is_no_longer_urgent(outbox: list[Sent]) -> None:
    job, _helpers = published()
    type(job).objects.non_polymorphic().filter(pk=job.pk).update(urgency="whenever")
    assert skipped_because() == ["the job is no longer urgent"]


def test_alert_is_skipped_when_the_helper_matches_no_more(outbox: list[Sent]) -> None:
    _job, [helper] = published()
    helper.areas.clear()
    assert skipped_because() == ["does not match any more: area"]


def test_alert_is_skipped_when_the_helper_wants_none(outbox: list[Sent]) -> None:
    _job, [helper] = published()
    helper.wants_alerts = False
    helper.save()
    assert skipped_because() == ["does not want alerts"]


def test_alert_is_skipped_when_the_helper_has_offered(outbox: list[Sent]) -> None:
    job, [helper] = published()
    make.make_offer_row(job, helper)
    assert skipped_because() == ["has been asked, or has offered"]


def test_alert_is_skipped_when_the_helper_said_not_this_one(outbox: list[Sent]) -> None:
    job, [helper] = published()
    offers.answer_ask(job, helper=helper, actor=helper.person, answer="not_this_one")
    assert skipped_because() == ["has been asked, or has offered"]


def test_alert_is_skipped_without_an_address(outbox: list[Sent]) -> None:
    _job, [helper] = published()
    make.write_contact(helper.person, email="")
    assert skipped_because() == ["no address"]
    assert deliveries() == []


def test_offer_mails_are_skipped_when_the_offer_has_moved_on(outbox: list[Sent]) -> None:
    job = make.make_open_job()
    coordinator = make.make_coordinator()
    offer = make.make_offer_row(job)
    offers.ratify_offer(offer, actor=coordinator)
    settle(limit=1)
    offers.stand_down_offer(offer, actor=coordinator, why="a mistake")
    assert [message.kind for message, _address in outbox] == []
    settle()
    assert [message.kind for message, _address in outbox] == ["stood_down"]
    assert ("offer_ratified", "skipped", "the offer is no longer in that state") in rows()


def test_still_yes_is_not_asked_of_who_has_said_it(outbox: list[Sent]) -> None:
    job = make.make_open_job()
    offer = make.make_offer_row(job)
    change_job(job, actor=make.make_coordinator(), values={"minutes": 30})
    settle(limit=1)
    offers.confirm_offer(offer, actor=offer.helper.person)
    assert skipped_because() == ["has said «still yes»"]


def test_co_ordinators_mail_is_skipped_when_they_are_none_any_more(outbox: list[Sent]) -> None:
    job = make.make_open_job()
    coordinator, helper = make.make_coordinator(), make.make_matching_helper(job)
    offers.make_offer(job, helper=helper, actor=helper.person)
    settle(limit=1)
    coordinator.role_grants.all().delete()
    assert skipped_because() == ["is no longer a co-ordinator of the job's area"]


def test_somebody_is_going_is_skipped_when_nobody_is_any_more(outbox: list[Sent]) -> None:
    job, [tom, _ann] = published(2)
    settle()
    outbox.clear()
    coordinator = make.make_coordinator()
    offer = make.make_offer_row(job, tom)
    offers.ratify_offer(offer, actor=coordinator)
    settle(limit=1)  # the fan-out alone
    offers.release_offer(offer, actor=tom.person, why="ill")
    settle()
    assert ("job_filled", "skipped", "the job is not filled any more") in rows()


def test_job_cancelled_is_skipped_when_it_is_open_again(outbox: list[Sent]) -> None:
    job, _helpers = published()
    settle()
    outbox.clear()
    coordinator = make.make_coordinator()
    jobs.cancel_job(job, actor=coordinator)
    settle(limit=1)
    jobs.reopen_job(job, actor=coordinator, why="a mistake")
    settle()
    assert ("job_cancelled", "skipped", "the job is not cancelled any more") in rows()
    assert [message.kind for message, _address in outbox] == ["job_alert"]


def test_job_that_is_gone_is_skipped(outbox: list[Sent]) -> None:
    job, _helpers = published()
    job.delete()
    assert skipped_because() == ["the job is gone"]


# Workers that die: what they leave behind is carried once, and written down once.


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
    job, _helpers = published()
    with dies_at(box, "_told"):
        jobs.cancel_job(job, actor=make.make_coordinator())
    box.drain(now=timezone.now() + timedelta(seconds=90) + claims.LEASE)
    assert ("job_alert", "sent", "") in rows()


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
    monkeypatch.setattr(expansion, "BATCH", 2)
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


def test_withdrawn_under_the_hands_of_a_worker_stays_withdrawn(outbox: list[Sent]) -> None:
    published()
    claimed = claims.claim(timezone.now() + timedelta(seconds=90))
    assert claimed is not None
    assert claimed.event is not None
    box.withdraw(claimed.event)
    assert not claims.finish(claimed, box.NotificationState.SENT)
    assert rows(kind="job_alert") == [("job_alert", "withdrawn", "")]


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
