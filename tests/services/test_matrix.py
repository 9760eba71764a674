"""Every state × every action, as helper and as co-ordinator: the outcome is written by hand, cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from community_help.access.policy import allows
from community_help.exceptions import IllegalTransition, NotAllowed, TooLateToUndo
from community_help.jobs.job import Job
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import Action, JobState
from community_help.services import change, jobs, offers, reports, undo
from community_help.testing import factories as make
from tests.services.scene import Scene, job_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from community_help.people.person import Person

pytestmark = pytest.mark.django_db

STATES = ["draft", "submitted", "open", "assigned", "reported", "closed", "cancelled", "expired"]

# «–» is an illegal move, «no» is refused by policy, «gone» has deleted the row; else the state that follows.
AS_COORDINATOR = {
    #                    draft      submitted  open      assigned  reported  closed    cancelled expired
    "discard_job":      "gone       –          –         –         –         –         –         –",
    "publish_job":      "open       open       –         –         –         –         –         –",
    "change_job":       "draft      submitted  open      assigned  –         –         –         –",
    "hand_over_job":    "draft      submitted  open      assigned  reported  –         cancelled expired",
    "make_offer":       "–          –          open      –         –         –         –         –",
    "withdraw_offer":   "–          –          open      –         –         –         –         –",
    "decline_offer":    "–          –          open      –         –         –         –         –",
    "ratify_offer":     "–          –          assigned  –         –         –         –         –",
    "note_contact":     "–          –          open      assigned  –         –         –         –",
    "release_offer":    "–          –          open      open      –         –         –         –",
    "stand_down_offer": "–          –          open      open      –         –         –         –",
    "record_no_show":   "–          –          open      open      –         –         –         –",
    "make_report":      "–          –          reported  reported  –         –         –         –",
    "close_job":        "–          –          –         –         closed    –         –         –",
    "reopen_job":       "–          –          –         –         open      open      open      open",
    "cancel_job":       "–          cancelled  cancelled cancelled –         –         –         –",
}  # fmt: skip

AS_HELPER = {
    "discard_job":      "no         no         no        no        no        no        no        no",
    "publish_job":      "no         no         no        no        no        no        no        no",
    "change_job":       "no         no         no        no        no        no        no        no",
    "hand_over_job":    "no         no         no        no        no        no        no        no",
    "make_offer":       "–          –          open      –         –         –         –         –",
    "withdraw_offer":   "–          –          open      –         –         –         –         –",
    "decline_offer":    "no         no         no        no        no        no        no        no",
    "ratify_offer":     "no         no         no        no        no        no        no        no",
    "note_contact":     "–          –          open      assigned  –         –         –         –",
    "release_offer":    "–          –          open      open      –         –         –         –",
    "stand_down_offer": "no         no         no        no        no        no        no        no",
    "record_no_show":   "no         no         no        no        no        no        no        no",
    "make_report":      "–          –          reported  reported  –         –         –         –",
    "close_job":        "no         no         no        no        no        no        no        no",
    "reopen_job":       "no         no         no        no        no        no        no        no",
    "cancel_job":       "no         no         no        no        no        no        no        no",
}  # fmt: skip

BY_THE_CLOCK = {
    "expire_job":       "–          –          expired   –         –         –         –         –",
    "close_job":        "–          –          –         –         closed    –         –         –",
}  # fmt: skip

# The last move that led to the state, taken back by who made it.
UNDO_AS_COORDINATOR = {
    "create_job → draft": "late",
    "create_job → submitted": "late",
    "publish_job → open": "draft",
    "change_job → open": "open",
    "decline_offer → open": "open",
    "ratify_offer → assigned": "open",
    "stand_down_offer → open": "assigned",
    "close_job → closed": "reported",
    "cancel_job → cancelled": "open",
    "reopen_job → open": "late",
    "record_no_show → open": "late",
    "make_report → reported": "late",
}


def _services(scene: Scene, actor: Person | None) -> dict[str, Callable[[], Any]]:
    job, offer = scene.job, scene.offer
    return {
        "discard_job": lambda: jobs.discard_job(job, actor=actor),
        "publish_job": lambda: jobs.publish_job(job, actor=actor),
        "change_job": lambda: change.change_job(job, actor=actor, values={"title": "Small shop"}),
        "hand_over_job": lambda: jobs.hand_over_job(job, actor=actor, to=make.make_coordinator()),
        "make_offer": lambda: offers.make_offer(job, helper=scene.helper, actor=actor),
        "withdraw_offer": lambda: offers.withdraw_offer(offer, actor=actor),
        "decline_offer": lambda: offers.decline_offer(offer, actor=actor),
        "ratify_offer": lambda: offers.ratify_offer(offer, actor=actor),
        "note_contact": lambda: offers.note_contact(offer, actor=actor),
        "release_offer": lambda: offers.release_offer(offer, actor=actor, why="ill"),
        "stand_down_offer": lambda: offers.stand_down_offer(offer, actor=actor, why="a mix-up"),
        "record_no_show": lambda: offers.record_no_show(offer, actor=actor, why="nobody came"),
        "make_report": lambda: reports.make_report(offer, actor=actor, outcome="done"),
        "close_job": lambda: jobs.close_job(job, actor=actor, rule="" if actor else "plain_done"),
        "reopen_job": lambda: jobs.reopen_job(job, actor=actor, why="still wanted"),
        "cancel_job": lambda: jobs.cancel_job(job, actor=actor),
        "expire_job": lambda: jobs.expire_job(job),
    }


def _outcome(action: str, scene: Scene, actor: Person | None) -> str:
    """Do it, and say what came of it. Whatever is refused must leave the row and the story alone."""
    before = Job.objects.non_polymorphic().filter(pk=scene.job.pk).values().get()
    events = Event.objects.count()
    try:
        _services(scene, actor)[action]()
    except (IllegalTransition, NotAllowed) as error:
        assert Job.objects.non_polymorphic().filter(pk=scene.job.pk).values().get() == before
        assert Event.objects.count() == events
        return "–" if isinstance(error, IllegalTransition) else "no"
    event = Event.objects.get(kind=action)
    assert event.actor == actor
    row = Job.objects.non_polymorphic().filter(pk=scene.job.pk).first()
    if row is None:
        return "gone"
    assert row.version == before["version"] + 1
    assert (event.from_state, event.to_state, event.version) == (before["state"], row.state, row.version)
    return str(row.state)


def _cells(table: dict[str, str]) -> list[Any]:
    return [
        pytest.param(action, state, expected, id=f"{action}-{state}")
        for action, row in table.items()
        for state, expected in zip(STATES, row.split(), strict=True)
    ]


@pytest.mark.parametrize(("action", "state", "expected"), _cells(AS_COORDINATOR))
def test_matrix_as_coordinator(action: str, state: str, expected: str) -> None:
    scene = job_in(state, action)
    assert _outcome(action, scene, scene.coordinator) == expected


@pytest.mark.parametrize(("action", "state", "expected"), _cells(AS_HELPER))
def test_matrix_as_helper(action: str, state: str, expected: str) -> None:
    scene = job_in(state, action)
    assert _outcome(action, scene, scene.helper.person) == expected


@pytest.mark.parametrize(("action", "state", "expected"), _cells(BY_THE_CLOCK))
def test_matrix_by_the_clock(action: str, state: str, expected: str) -> None:
    assert _outcome(action, job_in(state, action), None) == expected


@pytest.mark.parametrize("state", STATES)
def test_matrix_expire_is_the_clocks_alone(state: str) -> None:
    scene = job_in(state, "expire_job")
    assert not allows(scene.coordinator, "expire_job", scene.job)
    assert not allows(scene.helper.person, "expire_job", scene.job)


@pytest.mark.parametrize("submit", [False, True], ids=["draft", "submitted"])
def test_matrix_create_job(*, submit: bool) -> None:
    scene = job_in("draft", "create_job")
    kind, area = scene.job.task_type, scene.job.area

    def create(actor: Person) -> Job:
        return jobs.create_job(
            scene.job.requester, actor=actor, task_type=kind, area=area, values={"title": "x"}, submit=submit
        )

    with pytest.raises(NotAllowed):
        create(scene.helper.person)
    job = create(scene.coordinator)
    assert job.state == (JobState.SUBMITTED if submit else JobState.DRAFT)
    assert Event.objects.filter(job=job, kind="create_job", to_state=job.state, version=1).count() == 1


@pytest.mark.parametrize(("move", "expected"), UNDO_AS_COORDINATOR.items(), ids=list(UNDO_AS_COORDINATOR))
def test_matrix_undo_as_coordinator_and_as_helper(move: str, expected: str) -> None:
    action, _, _state = move.partition(" → ")
    scene = _after(move)
    event = Event.objects.filter(kind=action).latest("pk")
    with pytest.raises((NotAllowed, TooLateToUndo) if event.actor_id == scene.helper.pk else NotAllowed):
        undo.undo(event, actor=scene.helper.person)
    if expected == "late":
        with pytest.raises(TooLateToUndo):
            undo.undo(event, actor=scene.coordinator)
        return
    undo.undo(event, actor=scene.coordinator)
    row = Job.objects.non_polymorphic().get(pk=scene.job.pk)
    assert row.state == expected
    assert Event.objects.get(undoes=event).kind == "undo"


def _after(move: str) -> Scene:
    """The scene in which the co-ordinator has just made the move."""
    action, _, state = move.partition(" → ")
    if action == "create_job":
        scene = job_in("draft", action)
        scene.job = jobs.create_job(
            scene.job.requester,
            actor=scene.coordinator,
            task_type=scene.job.task_type,
            area=scene.job.area,
            values={"title": "x"},
            submit=state == "submitted",
        )
        return scene
    came_from = {
        "publish_job": "draft",
        "change_job": "open",
        "decline_offer": "open",
        "ratify_offer": "open",
        "stand_down_offer": "assigned",
        "close_job": "reported",
        "cancel_job": "open",
        "reopen_job": "closed",
        "record_no_show": "assigned",
        "make_report": "assigned",
    }[action]
    scene = job_in(came_from, action)
    _services(scene, scene.coordinator)[action]()
    return scene


def test_matrix_covers_every_action() -> None:
    tried = {*AS_COORDINATOR, *BY_THE_CLOCK, "create_job", "undo"}
    assert tried == set(Action.values)
    assert set(AS_HELPER) == set(AS_COORDINATOR)
