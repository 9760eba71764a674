"""Ten seconds instead of «are you sure?»."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from community_help.exceptions import TooLateToUndo
from community_help.jobs.call_back import CallBack, CallBackOutcome
from community_help.lifecycle.event import Event
from community_help.lifecycle.machine import fresh, kept_of, retried, revert
from community_help.lifecycle.table import TABLE, Action
from community_help.notifications import outbox
from community_help.people.community import Community
from community_help.services._answers import put_answers_back
from community_help.services._derived import write_slots
from community_help.services._moving import ask_policy, drop_calls, settled_at
from community_help.services.ripple import ask_about, lock

if TYPE_CHECKING:
    from community_help.jobs.job import Job
    from community_help.people.person import Person

_UNDOABLE = [action for action, rule in TABLE.items() if rule.undoable]
#: What brings back offers, or a job as it was, about which nobody has asked meanwhile.
_ASKED_ABOUT = frozenset({Action.CHANGE_JOB, Action.DECLINE_OFFER, Action.STAND_DOWN_OFFER, Action.CANCEL_JOB})


@retried
def undo(event: Event, *, actor: Person) -> Event:
    """Take back one's own last move. Nothing has gone out yet, so there is nothing to call back.

    Raises :class:`TooLateToUndo` when the community's undo time is over or something has happened since.
    """
    ask_policy(actor, Action.UNDO, event)
    job = fresh(event.job)
    kept = kept_of(event)
    if event.kind in _ASKED_ABOUT:
        lock(job.offers.order_by().values_list("helper", flat=True))
    done = revert(event, job, kept, actor=actor, until=settled_at(event))
    if not outbox.withdraw(event):
        raise TooLateToUndo
    if own := kept.get("own"):
        for name, value in own.items():
            setattr(job, name, job._meta.get_field(name).to_python(value))
        job.save(update_fields=list(own))
    if "skills" in kept:
        job.skills.set(kept["skills"])
    if "answers" in kept:
        put_answers_back(job, kept["answers"])
    if event.kind == Action.CHANGE_JOB:
        write_slots(job, Community.current())
    drop_calls(done, {"event": event})
    dropped = CallBack.objects.filter(job_id=job.pk, done_at=event.at, outcome=CallBackOutcome.NOT_NEEDED)
    dropped.update(outcome=CallBackOutcome.OWED, done_at=None)
    if event.kind in _ASKED_ABOUT:
        ask_about(job.offers.all(), event=done)
    return done


def last_undoable(job: Job | None, *, actor: Person) -> Event | None:
    """The actor's own last move that can still be undone: of this job, or of any when ``None``."""
    seconds = Community.current().undo_seconds
    recent = Event.objects.filter(actor=actor, kind__in=_UNDOABLE, at__gt=timezone.now() - timedelta(seconds=seconds))
    if job is not None:
        recent = recent.filter(job_id=job.pk)
    event = recent.select_related("job").order_by("-pk").first()
    if event is None or event.job is None or event.job.version != event.version:
        return None
    return event
