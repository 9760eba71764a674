"""The one place that moves a job: a conditional update on the base table, and its Event beside it.

A move names the version that its reader saw. When no row has it any more somebody was faster, and
nothing is written. Offers change only together with their job's version, so that one row decides
every race about a job.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community_help.exceptions import IllegalTransition, StaleTransition, TooLateToUndo
from community_help.lifecycle.event import Event, Undoable
from community_help.lifecycle.table import TABLE, Action, JobState
from community_help.signals import event_recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

_P = ParamSpec("_P")
_R = TypeVar("_R")

#: How often a move that nobody saw a version of is tried again when somebody was faster.
#: Each round lets at least one through, so this is how many may act on one job at one moment.
ATTEMPTS = 50


#: Stands for the moment of the move in the values that it writes: they then equal ``Event.at``.
NOW: Final = object()


@dataclass(frozen=True)
class OfferChange:
    """What a move does to offers of its job.

    :param where: which of the job's offers
    :param values: field → new value; ``NOW`` stands for the moment of the move
    """

    where: Q
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Story:
    """Who moves, for whom, by which rule and why: what the Event keeps beside the states."""

    actor: Any = None
    on_behalf_of: Any = None
    rule: str = ""
    why: str = ""
    offer: Any = None
    person: Any = None
    #: Kept sealed for an undo, beside what the machine keeps by itself.
    before: Mapping[str, Any] = field(default_factory=dict)


def job_table() -> type[models.Model]:
    """The base job model. Asked of the Event's key, because this room is below the jobs'."""
    return _target("job")


def offer_table() -> type[models.Model]:
    """The offer model, likewise."""
    return _target("offer")


def _target(name: str) -> type[models.Model]:
    model = Event._meta.get_field(name).related_model
    if model is None or isinstance(model, str):  # pragma: no branch  only before the apps are loaded
        raise RuntimeError("the apps are not loaded yet")
    return model


def retried(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Run in one transaction; when somebody was faster, read again and try again.

    For moves whose caller gives no ``version``: those who saw one must look again themselves.
    """

    @wraps(function)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        attempts = 1 if kwargs.get("version") is not None else ATTEMPTS
        for _again in range(attempts - 1):
            with suppress(StaleTransition), transaction.atomic():
                return function(*args, **kwargs)
        with transaction.atomic():
            return function(*args, **kwargs)

    return run


def fresh(job: Any, version: int | None = None) -> Any:
    """The job's real instance as it is now.

    Raises :class:`StaleTransition` when ``version`` is given and no longer true, or the job is gone.
    """
    found = job_table()._default_manager.filter(pk=job.pk).first()
    if found is None:
        raise StaleTransition
    if version is not None and found.version != version:  # type: ignore[attr-defined]
        raise _somebody_was_faster(found)
    return found


def allowed(job: Any, action: str) -> None:
    """Raise :class:`IllegalTransition` when the table has no such action from the job's state."""
    if job.state not in TABLE[action].sources:
        raise IllegalTransition(action, job.state, JobState(job.state).label)


def allowed_offer(offer: Any, action: str) -> None:
    """Raise :class:`IllegalTransition` when the action is not for an offer in that state."""
    wanted = TABLE[action].offer
    if wanted is not None and offer.state != wanted:
        raise IllegalTransition(action, offer.state, offer.get_state_display())


def compare_and_swap(job: Any, values: Mapping[str, Any], condition: Q) -> int:
    """Write the values where id, state and version are as the job object has them; rows written: 0 or 1."""
    rows = job_table()._default_manager.filter(condition, pk=job.pk, state=job.state, version=job.version)
    return rows.update(**values)


def move(
    job: Any,
    action: str,
    *,
    story: Story,
    to: str = "",
    values: Mapping[str, Any] | None = None,
    condition: Q | None = None,
    offers: Sequence[OfferChange] = (),
) -> Event:
    """Make one move of the table, whole or not at all; call it inside a transaction.

    :param job: as its mover read it; its state, version and values are brought up to date
    :param to: the state it ends in; "" for the same
    :param values: further columns of the base table; ``NOW`` stands for the moment of the move
    :param condition: what else must hold on the row at the moment of writing
    :param offers: what happens to its offers; what they were is kept for an undo

    Raises :class:`IllegalTransition` for a move that the table does not have, and
    :class:`StaleTransition` when somebody was faster.
    """
    allowed(job, action)
    to = to or job.state
    if to != job.state and to not in TABLE[action].targets:
        raise IllegalTransition(action, job.state, JobState(job.state).label)
    now = timezone.now()
    written = {"state": to, "version": job.version + 1, "changed_at": now, **_at(now, values or {})}
    before = {name: getattr(job, name) for name in written if name not in {"version", "changed_at"}}
    if not compare_and_swap(job, written, condition or Q()):
        raise _somebody_was_faster(job)
    came_from = job.state
    for name, value in written.items():
        setattr(job, name, value)
    kept = {"job": before, "offers": _change_offers(job, offers, at=now), **story.before}
    return record(
        action,
        story,
        at=now,
        job=job,
        from_state=came_from,
        to_state=to,
        before=kept if TABLE[action].undoable else None,
    )


def _change_offers(job: Any, changes: Sequence[OfferChange], *, at: datetime) -> dict[str, dict[str, Any]]:
    """Apply the changes; answer what the touched fields were: offer id → field → value."""
    before: dict[str, dict[str, Any]] = {}
    for change in changes:
        rows = offer_table()._default_manager.filter(change.where, job_id=job.pk)
        for row in rows.values("pk", *change.values):
            before.setdefault(str(row.pop("pk")), {}).update(row)
        rows.update(**_at(at, change.values))
    return before


def _at(moment: datetime, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: moment if value is NOW else value for name, value in values.items()}


def record(
    kind: str,
    story: Story,
    *,
    at: datetime | None = None,
    job: Any = None,
    from_state: str = "",
    to_state: str = "",
    before: Mapping[str, Any] | None = None,
    undoes: Event | None = None,
) -> Event:
    """Write the Event of something that happened, in the caller's transaction; sites hear after the commit."""
    event = Event.objects.create(
        kind=kind,
        at=at or timezone.now(),
        job_id=job.pk if job is not None else None,
        offer=story.offer,
        person=story.person,
        actor=story.actor,
        on_behalf_of=story.on_behalf_of,
        rule=story.rule,
        why=story.why,
        from_state=from_state,
        to_state=to_state or (job.state if job is not None else ""),
        version=job.version if job is not None else 0,
        opening=job.opening if job is not None else 0,
        undoes=undoes,
    )
    if before is not None:
        Undoable.objects.create(event=event, before=json.dumps(before, default=str))
    transaction.on_commit(partial(event_recorded.send_robust, sender=Event, event=event), robust=True)
    return event


def kept_of(event: Event) -> dict[str, Any]:
    """What the move replaced: «job» and «offers», and what its service added.

    Raises :class:`TooLateToUndo` when it can't be undone, or is so old that nothing is kept of it.
    """
    row = Undoable.objects.filter(event=event).first()
    if row is None:
        raise TooLateToUndo
    kept: dict[str, Any] = json.loads(row.before)
    return kept


def revert(event: Event, job: Any, kept: Mapping[str, Any], *, actor: Any, until: datetime) -> Event:
    """Take the job's last move back: the row and its offers are again what they were.

    :param job: read now; its version must still be the one that the move left
    :param kept: what :func:`kept_of` answers for the event
    :param until: when the undo time of that move ends

    Raises :class:`TooLateToUndo` when the time is over, or the move is not the last one.
    """
    if job.version != event.version or timezone.now() > until:
        raise TooLateToUndo
    now = timezone.now()
    came_from = job.state
    values = {**kept["job"], "version": job.version + 1, "changed_at": now}
    if not compare_and_swap(job, values, Q()):
        raise TooLateToUndo
    for pk, fields in kept["offers"].items():
        offer_table()._default_manager.filter(pk=pk, job_id=job.pk).update(**fields)
    job.refresh_from_db()
    story = Story(actor=actor, offer=event.offer)
    return record(Action.UNDO, story, at=now, job=job, from_state=came_from, undoes=event)


def _somebody_was_faster(job: Any) -> StaleTransition:
    last = Event.objects.of_job(job.pk).filter(kind__in=Action.values).first()  # others leave the version alone
    if last is None:
        return StaleTransition()
    by_itself = _("The clock") if last.rule == "clock" else _("A rule")
    who = last.actor.known_as if last.actor else by_itself
    sentence = _("%(who)s %(what)s %(ago)s") % {"who": who, "what": Action(last.kind).label, "ago": _ago(last.at)}
    return StaleTransition(sentence, last.at)


def _ago(then: datetime) -> str:
    seconds = max(0, int((timezone.now() - then).total_seconds()))
    if seconds < 60:
        return ngettext("%(n)d second ago", "%(n)d seconds ago", seconds) % {"n": seconds}
    minutes = seconds // 60
    if minutes < 60:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 24:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", hours) % {"n": hours}
    days = hours // 24
    return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
