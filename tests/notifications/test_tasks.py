"""The entry points of workers: the two tasks, and the command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone
from django_q.models import OrmQ

from community_help import tasks
from community_help.lifecycle.event import Event
from community_help.management.commands import community_help_worker
from community_help.notifications import digest, working
from community_help.notifications.notification import Notification
from community_help.services import jobs
from community_help.testing import factories as make
from tests.notifications.scene import address, heard, urgent_job
from workshop.databases import DATABASE_URL

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from community_help.notifications.notifiers.locmem import Sent


def due_alert() -> str:
    """An urgent job whose announcement is due now; the address of the one who is to hear."""
    job = urgent_job()
    helper = make.make_matching_helper(job)
    jobs.publish_job(job, actor=make.make_coordinator())
    Notification.objects.update(not_before=timezone.now())
    return address(helper)


def test_drain_outbox_carries_and_asks_for_no_more(outbox: list[Sent]) -> None:
    told = due_alert()
    OrmQ.objects.all().delete()
    tasks.drain_outbox()
    assert heard(outbox) == {("job_alert", told)}
    assert OrmQ.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_drain_outbox_asks_for_another_task_when_there_is_more(
    outbox: list[Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "PATIENCE", 0)
    due_alert()
    OrmQ.objects.all().delete()
    tasks.drain_outbox()
    assert [queued.task["func"] for queued in OrmQ.objects.all()] == ["community_help.tasks.drain_outbox"]


def test_run_clock_ticks_and_writes_the_digests(outbox: list[Sent]) -> None:
    make.Community.current()
    make.Community.objects.update(digest_hour=0)
    overdue = make.make_open_job(timing="by", latest=timezone.now())
    tasks.run_clock()
    assert Event.objects.filter(kind="escalate_job", job=overdue).count() == 1
    assert Event.objects.filter(kind=digest.WRITTEN).count() == 1


def test_worker_once_does_what_is_due_and_ends(outbox: list[Sent]) -> None:
    told = due_alert()
    before = signal.getsignal(signal.SIGTERM)
    call_command("community_help_worker", once=True)
    assert ("job_alert", told) in {(message.kind, where) for message, where in outbox}
    assert signal.getsignal(signal.SIGTERM) is before


def test_worker_sends_even_if_the_clock_fails(
    outbox: list[Sent], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise KeyError("Doreen, 12 Broad Walk")

    told = due_alert()
    monkeypatch.setattr(tasks, "run_clock", broken)
    call_command("community_help_worker", once=True)
    assert heard(outbox) == {("job_alert", told)}
    assert "the clock failed: KeyError at test_tasks.py:" in caplog.text
    assert "Doreen" not in caplog.text


def test_worker_says_what_is_wrong_with_the_settings(outbox: list[Sent], settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {"BASE_URL": ""}
    with pytest.raises(CommandError, match="BASE_URL"):
        call_command("community_help_worker")


def test_worker_goes_on_when_the_database_was_away(outbox: list[Sent], monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []

    def work(**options: Any) -> bool:
        looks.append(options)
        if len(looks) == 1:
            raise OperationalError
        os.kill(os.getpid(), signal.SIGTERM)
        return False

    monkeypatch.setattr(working, "work", work)
    monkeypatch.setattr(community_help_worker, "RECOVER", 0.01)
    call_command("community_help_worker")
    assert len(looks) == 2


def test_worker_runs_the_clock_first_and_then_each_minute(outbox: list[Sent], monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def work(**options: Any) -> bool:
        done.append("outbox")
        if len(done) > 4:
            os.kill(os.getpid(), signal.SIGINT)
        return False

    monkeypatch.setattr(working, "work", work)
    monkeypatch.setattr(tasks, "run_clock", lambda: done.append("clock"))
    monkeypatch.setattr(community_help_worker, "LOOK", 0.01)
    call_command("community_help_worker")
    assert done == ["clock", "outbox", "outbox", "outbox", "outbox"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_worker_process_sends_and_stops_cleanly(number: int) -> None:
    """A real process on the test's own database; its messages go to the terminal."""
    told = due_alert()
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{given['NAME']}"
    else:
        url = os.environ[DATABASE_URL].replace("/postgres?", f"/{given['NAME']}?")
    environment = {
        **os.environ,
        DATABASE_URL: url,
        "DJANGO_SETTINGS_MODULE": "tests.notifications.console_site",
        "PYTHONPATH": os.pathsep.join([str(Path.cwd()), *sys.path]),
    }
    command = [sys.executable, "-u", "-m", "django", "community_help_worker"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as worker:
        killer = threading.Timer(60, worker.kill)
        killer.start()
        try:
            assert worker.stdout is not None
            lines = [worker.stdout.readline() for _ in range(2)]
            worker.send_signal(number)
            assert worker.wait(timeout=30) == 0
        finally:
            killer.cancel()
            worker.kill()
    assert lines[0] == f"To: {told}\n"
    assert lines[1].startswith("Subject: Urgent: ")
    for _ in range(50):
        if Notification.objects.filter(kind="job_alert", state="sent").exists():
            break
        time.sleep(0.1)
    assert Notification.objects.get(kind="job_alert").state == "sent"
