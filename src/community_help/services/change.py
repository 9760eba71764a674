"""Changing a job: small words for what may be a new opening for everybody on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Q
from django.utils.translation import ngettext

from community_help.jobs.call_back import CallBackReason
from community_help.jobs.job import Job
from community_help.jobs.registry import own_fields
from community_help.lifecycle.machine import NOW, OfferChange, Story, allowed, fresh, move, retried
from community_help.lifecycle.table import LIVE, Action, JobState, OfferState
from community_help.matching.own_fields import are_asked_about
from community_help.people.community import Community
from community_help.services._answers import checked_answers, kept_answers, without_answers, write_answers
from community_help.services._derived import set_days, set_place, write_slots
from community_help.services._moving import ask_policy, owe_call, refuse_control_characters, tell
from community_help.services.jobs import GIVEN, filled_state, refuse_unknown
from community_help.services.ripple import ask_about, lock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from community_help.lifecycle.event import Event
    from community_help.people.community import Skill
    from community_help.people.person import Person

#: A change of one of these, of the skills, or of what a criterion reads of the job model asks everybody again.
ASKS_AGAIN = frozenset("area check_level places timing earliest latest minutes".split())

_PLACE = ("latitude", "longitude", "rough")


@retried
def change_job(
    job: Job,
    *,
    actor: Person,
    values: Mapping[str, Any],
    skills: Iterable[Skill] | None = None,
    version: int | None = None,
) -> Event:
    """Change what is wanted. Nobody who has offered is moved silently.

    When time, place, needs or places change, this is a new opening: each live offer must say
    «still yes», and the requester's helper-to-come is confirmed by a call.

    :param values: fields of the job and of its job model, and answers to its questions; others are refused with
        ``ValidationError``
    :param skills: ``None`` leaves them as they are
    """
    job = fresh(job, version)
    ask_policy(actor, Action.CHANGE_JOB, job)
    allowed(job, Action.CHANGE_JOB)
    refuse_control_characters(values)
    answers = checked_answers(job.task_type, values, job=job)
    values = without_answers(values)
    refuse_unknown(values, type(job))
    own = own_fields(type(job))
    old = {name: getattr(job, name) for name in (*values, "first_day", "last_day", *_PLACE)}
    old_skills = sorted(job.skills.values_list("pk", flat=True))
    new_skills = old_skills if skills is None else sorted(skill.pk for skill in skills)
    for name, value in values.items():
        setattr(job, name, value)
    job.full_clean(exclude=["polymorphic_ctype"], validate_constraints=False, validate_unique=False)
    changed = {name for name in values if getattr(job, name) != old[name]}
    own_need = not changed.isdisjoint(own) and are_asked_about(type(job))
    asks_again = bool(changed & ASKS_AGAIN) or new_skills != old_skills or own_need
    community = Community.current()
    state, base = _base_values(job, changed, asks_again=asks_again)
    base |= set_days(job, community)
    if "area" in changed:
        base |= set_place(job)
    job.validate_constraints(exclude={"state", "places_filled"})
    if asks_again:  # before the row, as everywhere
        lock(job.offers.live().order_by().values_list("helper", flat=True))
    kept = {
        "own": {name: old[name] for name in changed if name in own},
        "skills": old_skills,
        "answers": kept_answers(job),
    }
    _put_back(job, old)
    event = move(
        job,
        Action.CHANGE_JOB,
        to=state,
        values=base,
        offers=_offer_changes(job, state, asks_again=asks_again),
        story=Story(actor=actor, before=kept),
    )
    _write_own(job, {name: values[name] for name in changed if name in own})
    job.skills.set(new_skills)
    write_answers(job, answers)
    write_slots(job, community)
    if asks_again:
        ask_about(job.offers.all(), event=event)
        if job.offers.ratified().exists():
            owe_call(event, job, CallBackReason.CHANGED)
    if asks_again or "urgency" in changed:  # what has become urgent is told at once
        tell(event)
    return event


def _base_values(job: Job, changed: set[str], *, asks_again: bool) -> tuple[str, dict[str, Any]]:
    """The state that the change leads to, and the base columns to write."""
    values = {_column(name): getattr(job, _column(name)) for name in changed & GIVEN}
    if job.state not in {JobState.OPEN, JobState.ASSIGNED}:
        return job.state, values
    if job.places < job.places_filled:
        message = ngettext(
            "%(n)d helper is on this job already. Stand somebody down first.",
            "%(n)d helpers are on this job already. Stand somebody down first.",
            job.places_filled,
        )
        raise ValidationError({"places": message % {"n": job.places_filled}})
    if asks_again:
        values["opening"] = job.opening + 1
    if job.places > job.places_filled:
        return JobState.OPEN, values
    if job.state == JobState.ASSIGNED:
        return JobState.ASSIGNED, values
    state, extra = filled_state(job)
    return state, values | extra


def _offer_changes(job: Job, state: str, *, asks_again: bool) -> list[OfferChange]:
    changes = []
    if job.state == JobState.OPEN and state != JobState.OPEN:
        changes.append(OfferChange(Q(state=OfferState.OFFERED), {"state": OfferState.NOT_NEEDED, "ended_at": NOW}))
    if asks_again:
        changes.append(OfferChange(Q(state__in=LIVE), {"unconfirmed_since": NOW}))
    return changes


def _column(name: str) -> str:
    field = Job._meta.get_field(name)
    return str(field.attname) if isinstance(field, Field) else name


def _put_back(job: Job, old: Mapping[str, Any]) -> None:
    """The machine keeps what the row was: give it the object as it was read."""
    for name, value in old.items():
        setattr(job, name, value)


def _write_own(job: Job, values: Mapping[str, Any]) -> None:
    """Write the job model's own columns: no state is among them, and the base row is already won."""
    if values:
        for name, value in values.items():
            setattr(job, name, value)
        job.save(update_fields=list(values))
