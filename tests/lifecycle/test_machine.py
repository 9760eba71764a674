from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction
from django.utils import timezone

from community_help.exceptions import IllegalTransition, StaleTransition
from community_help.jobs.job import Job
from community_help.lifecycle.event import Event
from community_help.lifecycle.machine import Story, fresh, move, record, retried
from community_help.lifecycle.table import TABLE, Action, JobState
from community_help.signals import event_recorded
from community_help.testing import factories as make

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

pytestmark = pytest.mark.django_db


def test_table_has_a_rule_for_every_action_but_undo() -> None:
    assert set(TABLE) == set(Action.values) - {Action.UNDO}


def test_table_names_only_states() -> None:
    for rule in TABLE.values():
        assert rule.sources <= set(JobState.values)
        assert rule.targets <= set(JobState.values)


def test_move_writes_the_row_and_its_event() -> None:
    job, ama = make.make_open_job(), make.make_coordinator()
    event = move(
        job, Action.CANCEL_JOB, to="cancelled", values={"cancelled_at": timezone.now()}, story=Story(actor=ama)
    )
    row = Job.objects.get(pk=job.pk)
    assert (row.state, row.version) == ("cancelled", 2)
    assert (job.state, job.version) == ("cancelled", 2)
    assert (event.from_state, event.to_state, event.version, event.actor) == ("open", "cancelled", 2, ama)


def test_move_is_one_update_of_the_base_table(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    job = make.make_open_job()
    with django_assert_num_queries(2) as queries:
        move(job, Action.HAND_OVER_JOB, values={"owner_id": None}, story=Story())
    update = queries.captured_queries[0]["sql"]
    assert update.startswith('UPDATE "community_help_job"')
    assert '"state" = ' in update.partition(" WHERE ")[2]
    assert '"version" = ' in update.partition(" WHERE ")[2]


def test_move_with_an_old_version_writes_nothing() -> None:
    job, ama = make.make_open_job(), make.make_coordinator("Ama Mensah")
    seen = fresh(job)
    move(job, Action.HAND_OVER_JOB, values={"owner_id": ama.pk}, story=Story(actor=ama))
    with pytest.raises(StaleTransition, match="Ama handed the job over 0 seconds ago"):
        move(seen, Action.CANCEL_JOB, to="cancelled", values={"cancelled_at": timezone.now()}, story=Story())
    assert Job.objects.get(pk=job.pk).state == "open"
    assert not Event.objects.filter(kind="cancel_job").exists()


def test_move_the_table_does_not_have_is_refused() -> None:
    job = make.make_open_job()
    with pytest.raises(IllegalTransition, match="this job is open"):
        move(job, Action.CLOSE_JOB, to="closed", story=Story())
    with pytest.raises(IllegalTransition):
        move(job, Action.CANCEL_JOB, to="closed", story=Story())
    assert Job.objects.get(pk=job.pk).version == 1


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=1), "1 second ago"),
        (timedelta(seconds=20), "20 seconds ago"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=1), "1 day ago"),
    ],
)
def test_stale_says_who_what_and_when(ago: timedelta, words: str) -> None:
    job, ama = make.make_open_job(), make.make_coordinator("Ama Mensah")
    record(Action.RATIFY_OFFER, Story(actor=ama), job=job, at=timezone.now() - ago)
    with pytest.raises(StaleTransition, match=f"Ama ratified the offer {words}") as caught:
        fresh(job, version=7)
    assert caught.value.at is not None


def test_stale_names_the_clock() -> None:
    job = make.make_open_job()
    record(Action.EXPIRE_JOB, Story(rule="clock"), job=job, at=timezone.now() - timedelta(days=3))
    with pytest.raises(StaleTransition, match="The clock let the job expire 3 days ago"):
        fresh(job, version=7)


def test_stale_without_a_story_says_only_that() -> None:
    job = make.make_open_job()
    with pytest.raises(StaleTransition, match="This has changed since you opened it"):
        fresh(job, version=7)
    job.delete()
    job.pk = 10**9
    with pytest.raises(StaleTransition):
        fresh(job)


def test_retried_tries_again_unless_a_version_was_seen() -> None:
    tries: list[int | None] = []

    @retried
    def contested(*, version: int | None = None) -> str:
        tries.append(version)
        if len(tries) < 3:
            raise StaleTransition
        return "done"

    assert contested() == "done"
    assert len(tries) == 3
    tries.clear()
    with pytest.raises(StaleTransition):
        contested(version=1)
    assert tries == [1]


def test_retried_gives_up_in_the_end() -> None:
    @retried
    def hopeless() -> None:
        raise StaleTransition

    with pytest.raises(StaleTransition):
        hopeless()


def test_events_can_not_be_changed_or_deleted() -> None:
    event = record("noted", Story())
    event.kind = "other"
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        Event.objects.all().update(kind="other")
    with pytest.raises(TypeError):
        Event.objects.all().delete()
    assert Event.objects.get().kind == "noted"
    assert str(event).startswith("other 20")


def test_event_is_signalled_after_the_commit(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    heard: list[Event] = []

    def listen(event: Event, **_: object) -> None:
        heard.append(event)

    event_recorded.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            event = record("noted", Story())
            assert heard == []
    finally:
        event_recorded.disconnect(listen)
    assert heard == [event]


@pytest.mark.django_db(transaction=True)
def test_move_and_event_stand_or_fall_together() -> None:
    job = make.make_open_job()

    def half_a_move() -> None:
        with transaction.atomic():
            move(job, Action.HAND_OVER_JOB, values={"owner_id": None}, story=Story())
            raise LookupError

    with pytest.raises(LookupError):
        half_a_move()
    assert Job.objects.get(pk=job.pk).version == 1
    assert Event.objects.count() == 0
    assert connection.in_atomic_block is False


def test_stale_passes_over_what_leaves_the_version_alone() -> None:
    job, ama = make.make_open_job(), make.make_coordinator("Ama Mensah")
    record(Action.CHANGE_JOB, Story(actor=ama), job=job)
    record("answer_ask", Story(actor=make.make_helper("Tom Aldous").person), job=job)
    with pytest.raises(StaleTransition, match="Ama changed the job 0 seconds ago"):
        fresh(job, version=7)
