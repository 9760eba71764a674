"""Signs of life, and what is said where there are none."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from community_help import tasks
from community_help.notifications import health, working
from community_help.notifications.heartbeat import EVERY, Duty, Heartbeat, beat
from community_help.notifications.notification import Notification, NotificationState
from community_help.services import jobs
from community_help.testing import factories as make
from tests.notifications.scene import published, settle, urgent_job

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from community_help.notifications.notifiers.locmem import Sent

pytestmark = pytest.mark.django_db

HEALTH = "/help/health/"
SECOND = timedelta(seconds=1)


def all_duties(*, ago: timedelta = timedelta(0)) -> None:
    for duty in Duty:
        beat(duty, worker="test", now=timezone.now() - ago)


def problems() -> list[str]:
    return list(health.look().problems)


def test_beat_is_written_once_in_a_while_and_never_back(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    now = timezone.now()
    for moment, expected in ((now, now), (now + EVERY - SECOND, now), (now + EVERY, now + EVERY), (now, now + EVERY)):
        beat(Duty.OUTBOX, worker="queue", now=moment)
        assert Heartbeat.objects.get().at == expected
    assert Heartbeat.objects.get().worker.startswith("queue ")
    with django_assert_num_queries(1):
        beat(Duty.OUTBOX, now=now)


def test_worker_that_works_is_seen(outbox: list[Sent]) -> None:
    assert len(problems()) == 2
    working.work(seconds=0)
    assert problems() == ["The clock has never run: nothing is reminded of, closed or summed up by itself."]
    tasks.run_clock()
    assert problems() == []


def test_worker_of_cron_is_seen(outbox: list[Sent]) -> None:
    call_command("community_help_worker", once=True)
    assert problems() == []


def test_clock_that_fails_is_not_seen(outbox: list[Sent], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError

    monkeypatch.setattr("community_help.notifications.digest.write_due", fail)
    with pytest.raises(RuntimeError):
        tasks.run_clock()
    assert not Heartbeat.objects.filter(pk=Duty.CLOCK).exists()


def test_worker_that_is_silent_is_named_with_how_long() -> None:
    all_duties(ago=health.LATE)
    assert len(problems()) == 2
    assert "No worker has carried messages for about 5 minutes." in problems()
    Heartbeat.objects.update(at=timezone.now() - health.LATE + SECOND)
    assert problems() == []


def test_message_that_waits_too_long_is_told(outbox: list[Sent]) -> None:
    all_duties()
    published()
    waiting = Notification.objects.filter(state=NotificationState.WAITING)
    waiting.update(not_before=timezone.now() - health.LATE + SECOND)
    assert problems() == []
    waiting.update(not_before=timezone.now() - timedelta(minutes=7))
    assert problems() == ["A message has been waiting for about 7 minutes."]
    waiting.update(lease_until=timezone.now() + SECOND)  # a worker has it
    assert problems() == []
    waiting.update(lease_until=timezone.now() - timedelta(minutes=6))  # and died
    assert problems() == ["A message has been waiting for about 7 minutes."]
    waiting.update(state=NotificationState.DEAD, finished_at=timezone.now())
    assert (problems(), health.given_up()) == ([], 1)


def test_digests_may_take_their_time() -> None:
    all_duties()
    helper = make.make_helper()
    long_ago = timezone.now() - timedelta(hours=1)
    Notification.objects.create(kind="digest", digest_on=long_ago.date(), recipient=helper.person, not_before=long_ago)
    assert problems() == []


def test_command_says_how_it_goes_and_ends_with_an_error_where_it_does_not() -> None:
    out = StringIO()
    with pytest.raises(CommandError, match="No worker has ever carried a message"):
        call_command("community_help_health", stdout=out)
    assert "carrying messages: never" in out.getvalue()
    all_duties()
    out = StringIO()
    call_command("community_help_health", stdout=out)
    assert [line.partition(":")[0] for line in out.getvalue().splitlines()] == [
        "carrying messages",
        "doing what its time has come for",
        "given up",
        "All is well.",
    ]


def not_there(*_args: object, **_kwargs: object) -> None:
    raise OperationalError("host db.internal, user help")


def test_database_that_does_not_answer_is_not_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "look", not_there)
    with pytest.raises(CommandError) as caught:
        call_command("community_help_health")
    assert str(caught.value) == "The database does not answer (OperationalError)."
    response = Client().get(HEALTH)
    assert (response.status_code, response.content) == (503, b"not ok\n")


def test_see_health_is_for_everybody_and_tells_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    job = urgent_job()
    jobs.publish_job(job, actor=make.make_coordinator())
    client = Client()
    assert (client.get(HEALTH).status_code, client.get(HEALTH).content) == (503, b"not ok\n")
    all_duties()
    with django_assert_num_queries(2):
        response = client.get(HEALTH)
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert (response.headers["Cache-Control"], response.cookies) == ("no-store", {})
    assert (client.head(HEALTH).status_code, client.post(HEALTH).status_code) == (200, 405)
    settle()
