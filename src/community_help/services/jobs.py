"""Every move of a job that is not about one offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from community_help.jobs.call_back import CallBackReason
from community_help.jobs.job import Job, Source
from community_help.jobs.offer import Offer
from community_help.jobs.registry import job_model_of, own_fields
from community_help.lifecycle.machine import NOW, OfferChange, Story, allowed, fresh, move, record, retried
from community_help.lifecycle.table import LIVE, Action, JobState, OfferState
from community_help.people.community import Community
from community_help.people.roles import coordinator_areas
from community_help.services._answers import checked_answers, without_answers, write_answers
from community_help.services._derived import set_days, set_place, write_slots
from community_help.services._moving import ask_policy, drop_calls, owe_call, refuse_control_characters, tell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from community_help.jobs.call import Call
    from community_help.jobs.task_type import TaskType
    from community_help.lifecycle.event import Event
    from community_help.people.community import Area, Skill
    from community_help.people.person import Person
    from community_help.people.profiles import Requester

#: Base fields that people give; all others are the machine's.
GIVEN = frozenset(
    "title public_details private_details urgency area check_level places timing earliest latest minutes".split()
)


@transaction.atomic
def create_job(
    requester: Requester,
    *,
    actor: Person | None,
    task_type: TaskType,
    area: Area,
    values: Mapping[str, Any],
    skills: Iterable[Skill] | None = None,
    call: Call | None = None,
    source: str = Source.CALL,
    submit: bool = False,
    rule: str = "",
) -> Job:
    """Make a draft, or with ``submit`` a job that waits for a co-ordinator.

    :param values: fields of the job and of its job model, and answers to the task type's questions (``question.name``);
        what is missing comes from the task type
    :param skills: what the helper needs; ``None`` for the task type's own

    Raises ``ValidationError`` (by field) and ``NotAllowed``.
    """
    refuse_control_characters(values)
    model = job_model_of(task_type)
    answers = checked_answers(task_type, values)
    values = without_answers(values)
    refuse_unknown(values, model)
    begin = {
        "title": task_type.name,
        "public_details": task_type.public_template,
        "private_details": task_type.private_template,
        "urgency": task_type.urgency,
        "places": task_type.places,
        "check_level": task_type.check_level,
    }
    job = model(
        requester=requester,
        task_type=task_type,
        area=area,
        call=call,
        source=source,
        state=JobState.SUBMITTED if submit else JobState.DRAFT,
        created_by=actor,
        owner=actor if not submit else None,
        **{**begin, **values},
    )
    ask_policy(actor, Action.CREATE_JOB, job, rule=rule)
    community = Community.current()
    job.full_clean(exclude=["polymorphic_ctype"], validate_constraints=False)
    set_place(job)
    set_days(job, community)
    job.validate_constraints()
    job.save()
    job.skills.set(task_type.default_skills.all() if skills is None else skills)
    write_answers(job, answers)
    write_slots(job, community)
    event = record(Action.CREATE_JOB, Story(actor=actor, rule=rule, person=requester.person), job=job)
    tell(event)
    return job


@retried
def discard_job(job: Job, *, actor: Person) -> Event:
    """Delete a draft. The event stays and names the requester; nobody is told."""
    job = fresh(job)
    ask_policy(actor, Action.DISCARD_JOB, job)
    event = move(job, Action.DISCARD_JOB, story=Story(actor=actor, person=job.requester.person))
    job.delete()
    return event


@retried
def publish_job(job: Job, *, actor: Person | None, version: int | None = None, rule: str = "") -> Event:
    """Open a draft or submitted job for offers; the right helpers hear when it can no longer be undone."""
    job = fresh(job, version)
    ask_policy(actor, Action.PUBLISH_JOB, job, rule=rule)
    allowed(job, Action.PUBLISH_JOB)
    _refuse_past(job)
    values = {"opening": job.opening + 1, "opened_at": NOW, "owner_id": job.owner_id or (actor and actor.pk)}
    event = move(job, Action.PUBLISH_JOB, to=JobState.OPEN, values=values, story=Story(actor=actor, rule=rule))
    tell(event)
    return event


@retried
def hand_over_job(job: Job, *, actor: Person, to: Person, why: str = "", version: int | None = None) -> Event:
    """Give the job to another co-ordinator."""
    job = fresh(job, version)
    ask_policy(actor, Action.HAND_OVER_JOB, job)
    areas = coordinator_areas(to)
    if areas is not None and job.area_id not in areas:
        raise ValidationError({"to": _("%(name)s is not a co-ordinator here.") % {"name": to.known_as}})
    story = Story(actor=actor, person=to, why=why)
    event = move(job, Action.HAND_OVER_JOB, values={"owner_id": to.pk}, story=story)
    tell(event)
    return event


@retried
def close_job(job: Job, *, actor: Person | None, version: int | None = None, rule: str = "") -> Event:
    """Close a reported job: its helpers' offers are completed."""
    job = fresh(job, version)
    ask_policy(actor, Action.CLOSE_JOB, job, rule=rule)
    event = move(
        job,
        Action.CLOSE_JOB,
        to=JobState.CLOSED,
        values={"closed_at": NOW},
        offers=[OfferChange(Q(state=OfferState.RATIFIED), {"state": OfferState.COMPLETED, "ended_at": NOW})],
        story=Story(actor=actor, rule=rule),
    )
    tell(event)
    return event


@retried
def reopen_job(
    job: Job, *, actor: Person, why: str, values: Mapping[str, Any] | None = None, version: int | None = None
) -> Event:
    """Open an ended job again: a new opening, and those who were on it are stood down.

    :param why: the reason, which the story tells
    :param values: a new time (``timing``, ``earliest``, ``latest``, ``minutes``; needed when the old one is
        past) or new ``places``
    """
    job = fresh(job, version)
    ask_policy(actor, Action.REOPEN_JOB, job)
    if not why.strip():
        raise ValidationError({"why": _("Say why it is opened again.")})
    refuse_control_characters({"why": why})
    allowed(job, Action.REOPEN_JOB)
    for name, value in (values or {}).items():
        setattr(job, name, value)
    _refuse_past(job)
    job.clean_fields(exclude=["polymorphic_ctype"])
    community = Community.current()
    written = {
        **(values or {}),
        **set_days(job, community),
        "opening": job.opening + 1,
        "opened_at": job.opened_at or NOW,
        "places_filled": 0,
        "reported_at": None,
        "closed_at": None,
        "cancelled_at": None,
        "expired_at": None,
    }
    event = move(
        job,
        Action.REOPEN_JOB,
        to=JobState.OPEN,
        values=written,
        offers=[
            OfferChange(Q(state=OfferState.OFFERED), {"state": OfferState.NOT_NEEDED, "ended_at": NOW}),
            OfferChange(Q(state=OfferState.RATIFIED), {"state": OfferState.STOOD_DOWN, "ended_at": NOW}),
        ],
        story=Story(actor=actor, why=why),
    )
    write_slots(job, community)
    tell(event)
    return event


@retried
def cancel_job(job: Job, *, actor: Person, why: str = "", version: int | None = None) -> Event:
    """Call the job off: live offers are cancelled, all are told, and the requester is owed a call."""
    job = fresh(job, version)
    ask_policy(actor, Action.CANCEL_JOB, job)
    refuse_control_characters({"why": why})
    event = move(
        job,
        Action.CANCEL_JOB,
        to=JobState.CANCELLED,
        values={"cancelled_at": NOW},
        offers=[OfferChange(Q(state__in=LIVE), {"state": OfferState.CANCELLED, "ended_at": NOW})],
        story=Story(actor=actor, why=why),
    )
    drop_calls(event, {"job_id": job.pk})
    if actor.pk != job.requester_id:
        owe_call(event, job, CallBackReason.CANCELLED)
    tell(event)
    return event


@retried
def expire_job(job: Job, *, version: int | None = None, rule: str = "clock") -> Event:
    """The time of an open job has run out.

    With nobody on it the job expires, and the requester is owed a call. With a ratified helper only the
    places that stayed free lapse.
    """
    job = fresh(job, version)
    waiting = OfferChange(Q(state=OfferState.OFFERED), {"state": OfferState.LAPSED, "ended_at": NOW})
    story = Story(rule=rule)
    if job.places_filled:
        to, extra = filled_state(job)
        values = {"places": job.places_filled, **extra}
        event = move(job, Action.EXPIRE_JOB, to=to, values=values, offers=[waiting], story=story)
    else:
        values = {"expired_at": NOW}
        event = move(job, Action.EXPIRE_JOB, to=JobState.EXPIRED, values=values, offers=[waiting], story=story)
        owe_call(event, job, CallBackReason.NOBODY_FOUND)
    tell(event)
    return event


def refuse_unknown(values: Mapping[str, Any], model: type[Job]) -> None:
    """Raise ``ValidationError`` for what is neither one of ``GIVEN`` nor a field of the job model's own."""
    if unknown := set(values) - GIVEN - set(own_fields(model)):
        raise ValidationError(_("These can't be changed: %(names)s.") % {"names": ", ".join(sorted(unknown))})


def filled_state(job: Job, *, but: Offer | None = None) -> tuple[str, dict[str, Any]]:
    """Where a job with no place free stands: assigned, or reported when every helper on it has reported.

    :param but: an offer that is about to be reported and counts as such
    """
    unreported = Offer.objects.ratified().filter(job_id=job.pk, reported_at__isnull=True)
    if but is not None:
        unreported = unreported.exclude(pk=but.pk)
    if unreported.exists():
        return JobState.ASSIGNED, {}
    return JobState.REPORTED, {"reported_at": NOW}


def _refuse_past(job: Job) -> None:
    if job.latest is not None and job.latest <= timezone.now():
        raise ValidationError({"latest": _("That time is past. Give a new one.")})
