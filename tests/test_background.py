"""The queue: it nudges, and nothing rests on it."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils.module_loading import import_string
from django_q.models import OrmQ, Schedule

from community_help import background
from community_help.exceptions import ConfigurationError

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper


def without_the_queue(settings: SettingsWrapper) -> None:
    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != "django_q"]


@pytest.mark.django_db(transaction=True)
def test_nudge_goes_out_with_the_commit_and_holds_the_name_of_a_task() -> None:
    with transaction.atomic():
        background.nudge_outbox()
        assert OrmQ.objects.count() == 0
    [queued] = OrmQ.objects.all()
    task = queued.task
    assert (task["func"], task["args"], task["kwargs"]) == (background.DRAIN, (), {})


@pytest.mark.django_db(transaction=True)
def test_nudge_of_a_transaction_that_failed_never_goes_out() -> None:
    with transaction.atomic():
        background.nudge_outbox()
        transaction.set_rollback(True)
    assert OrmQ.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_queue_that_is_broken_breaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ConnectionError

    monkeypatch.setattr(background, "_nudge", broken)
    with transaction.atomic():
        background.nudge_outbox()


@pytest.mark.django_db(transaction=True)
def test_site_without_the_queue_is_not_nudged(settings: SettingsWrapper) -> None:
    without_the_queue(settings)
    background.nudge_outbox()
    assert OrmQ.objects.count() == 0


@pytest.mark.django_db
def test_schedule_command_sets_both_tasks_up_and_again_changes_nothing() -> None:
    out = StringIO()
    call_command("community_help_schedule", stdout=out)
    first = list(Schedule.objects.order_by("pk").values())
    call_command("community_help_schedule", stdout=out)
    assert list(Schedule.objects.order_by("pk").values()) == first
    assert [(row["func"], row["schedule_type"], row["minutes"], row["repeats"]) for row in first] == [
        (background.DRAIN, Schedule.MINUTES, 1, -1),
        (background.CLOCK, Schedule.MINUTES, 1, -1),
    ]
    assert (
        out.getvalue().splitlines()
        == [
            "each minute: community_help.tasks.drain_outbox",
            "each minute: community_help.tasks.run_clock",
        ]
        * 2
    )


def test_tasks_are_where_the_queue_looks_for_them() -> None:
    assert all(callable(import_string(task)) for task in (background.DRAIN, background.CLOCK))


def test_schedule_command_says_what_to_do_without_the_queue(settings: SettingsWrapper) -> None:
    without_the_queue(settings)
    with pytest.raises(CommandError, match="community_help_worker") as caught:
        call_command("community_help_schedule")
    assert isinstance(caught.value.__cause__, ConfigurationError)
