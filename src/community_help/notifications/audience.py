"""Who is told of which event, read from the rows that the event left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Max, Q

from community_help import matching
from community_help.jobs.job import Job
from community_help.jobs.offer import Ask, AskAnswer, Offer, Outcome, Report
from community_help.jobs.task_type import ALERTING
from community_help.lifecycle.table import Action, JobState, OfferState
from community_help.notifications.kinds import Kind
from community_help.people.person import Person
from community_help.people.profiles import Helper
from community_help.people.roles import Role, RoleGrant
from community_help.safeguarding.background_checks import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from community_help.lifecycle.event import Event

#: Kinds of event that may tell anybody; the others never reach the outbox.
TELLING = frozenset(
    {
        Action.PUBLISH_JOB,
        Action.CHANGE_JOB,
        Action.MAKE_OFFER,
        Action.DECLINE_OFFER,
        Action.RATIFY_OFFER,
        Action.RELEASE_OFFER,
        Action.STAND_DOWN_OFFER,
        Action.RECORD_NO_SHOW,
        Action.MAKE_REPORT,
        Action.REOPEN_JOB,
        Action.CANCEL_JOB,
        Action.EXPIRE_JOB,
        "ask_anyway",
        "escalate_job",
        "remind_of_check",
    }
)
#: Those of them that are about a person and no job.
ABOUT_PEOPLE = frozenset({"remind_of_check"})
#: One helper is asked at once, however urgent the job is.
ASKED_ANYWAY = "ask_anyway"
#: Events that may leave a new opening behind.
OPENING = frozenset(
    {
        Action.PUBLISH_JOB,
        Action.CHANGE_JOB,
        Action.RELEASE_OFFER,
        Action.STAND_DOWN_OFFER,
        Action.RECORD_NO_SHOW,
        Action.REOPEN_JOB,
    }
)
#: What is said to the helper of an offer that an event has ended, by the state that it ended in.
ENDED = {
    OfferState.DECLINED: Kind.OFFER_DECLINED,
    OfferState.NOT_NEEDED: Kind.NOT_NEEDED,
    OfferState.STOOD_DOWN: Kind.STOOD_DOWN,
    OfferState.CANCELLED: Kind.JOB_CANCELLED,
    OfferState.LAPSED: Kind.JOB_EXPIRED,
}
_FOR_COORDINATORS = {
    Action.MAKE_OFFER.value: Kind.OFFER_MADE,
    Action.RELEASE_OFFER.value: Kind.OFFER_RELEASED,
    "escalate_job": Kind.JOB_OVERDUE,
}


@dataclass(frozen=True)
class Group:
    """People who are told the same.

    :param people: a queryset whose primary keys are those of persons: Person or Helper
    """

    kind: Kind
    people: QuerySet[Any]


def job_of(event: Event) -> Job | None:
    """The job as its own job model, with what a mail says of it; ``None`` when it is gone."""
    if event.job_id is None:
        return None
    return Job.objects.filter(pk=event.job_id).select_related("task_type", "area").first()


def groups(event: Event) -> Iterator[Group]:
    """The groups that hear of the event; nobody hears of what they did themselves."""
    if event.kind in ABOUT_PEOPLE:
        yield from _about_a_check(event)
        return
    job = job_of(event)
    if job is None:
        return
    for group in (*_about_offers(event, job), *_to_coordinators(event, job), *_about_the_job(event, job)):
        yield group if event.actor_id is None else Group(group.kind, group.people.exclude(pk=event.actor_id))


def coordinators_of(area_id: int) -> QuerySet[Person]:
    """The co-ordinators of this area, now."""
    grants = RoleGrant.objects.current().filter(role=Role.COORDINATOR)
    return Person.objects.filter(pk__in=grants.filter(Q(all_areas=True) | Q(areas=area_id)).values("person"))


def coordinators_who_reach(helper: Helper) -> QuerySet[Person]:
    """The co-ordinators of an area that the helper covers, now; of a helper without an area, all. Never themselves."""
    grants = RoleGrant.objects.current().filter(role=Role.COORDINATOR)
    areas = list(helper.areas.values_list("pk", flat=True))
    there = grants.filter(Q(all_areas=True) | Q(areas__in=areas)) if areas else grants
    nowhere = Q(all_areas=False, areas=None)
    return Person.objects.filter(pk__in=there.exclude(nowhere).values("person")).exclude(pk=helper.pk)


def check_of(event: Event) -> Check | None:
    """The check that the event reminds of; ``None`` where somebody was reminded of it again since."""
    return Check.objects.filter(reminder=event).select_related("helper").first()


def not_asked_again(job: Job) -> Q:
    """A condition over Helper: not yet asked about this opening, no live offer."""
    asked = Ask.objects.filter(opening=job.opening, job=job.pk)
    waiting = Offer.objects.live().filter(job=job.pk)
    return ~Q(pk__in=asked.values("helper")) & ~Q(pk__in=waiting.values("helper"))


def _about_offers(event: Event, job: Job) -> Iterator[Group]:
    offers = Offer.objects.filter(job=job.pk)
    for state, kind in ENDED.items():
        yield Group(kind, _helpers_of(offers.filter(state=state, ended_at=event.at)))
    if event.kind == Action.RATIFY_OFFER:
        yield Group(Kind.OFFER_RATIFIED, _helpers_of(offers.ratified().filter(events=event)))
    if event.kind == Action.CHANGE_JOB:
        yield Group(Kind.JOB_CHANGED, _helpers_of(offers.live().filter(unconfirmed_since__isnull=False)))


def _about_a_check(event: Event) -> Iterator[Group]:
    check = check_of(event)
    if check is not None:
        yield Group(Kind.CHECK_DUE, Person.objects.filter(pk=check.helper_id))
        yield Group(Kind.HELPER_CHECK_DUE, coordinators_who_reach(check.helper))


def _to_coordinators(event: Event, job: Job) -> Iterator[Group]:
    kind = _FOR_COORDINATORS.get(event.kind)
    if event.to_state == JobState.EXPIRED:
        kind = Kind.NOBODY_FOUND
    if event.kind == Action.MAKE_REPORT and _is_worried(event):
        kind = Kind.REPORT_WORRIED
    if kind is not None:
        yield Group(kind, coordinators_of(job.area_id))


def _about_the_job(event: Event, job: Job) -> Iterator[Group]:
    if event.kind == ASKED_ANYWAY:
        yield Group(Kind.JOB_ALERT, Helper.objects.filter(not_asked_again(job), pk=event.person_id))
        return
    if job.urgency not in ALERTING:
        return
    if event.kind in OPENING and job.state == JobState.OPEN and job.opening == event.opening:
        fit = matching.helpers_for(job).filter(not_asked_again(job), wants_alerts=True)
        has_just_left = Offer.objects.filter(events=event)
        yield Group(Kind.JOB_ALERT, fit.exclude(pk__in=has_just_left.values("helper")))
    elif event.from_state == JobState.OPEN and event.to_state in {JobState.ASSIGNED, JobState.REPORTED}:
        yield Group(Kind.JOB_FILLED, _still_wondering(job))
    elif event.from_state == JobState.OPEN and event.to_state == JobState.CANCELLED:
        yield Group(Kind.JOB_CANCELLED, _still_wondering(job))


def _still_wondering(job: Job) -> QuerySet[Person]:
    """Those who were asked last, have not answered and have not offered: they hear how it ended."""
    asks = Ask.objects.filter(job=job.pk)
    last = asks.aggregate(last=Max("opening"))["last"]
    silent = asks.filter(opening=last, answer=AskAnswer.NONE)
    offered = Offer.objects.filter(job=job.pk, opening=last)
    return Person.objects.filter(pk__in=silent.values("helper")).exclude(pk__in=offered.values("helper"))


def _helpers_of(offers: QuerySet[Offer]) -> QuerySet[Person]:
    return Person.objects.filter(pk__in=offers.values("helper"))


def _is_worried(event: Event) -> bool:
    return Report.objects.filter(offer=event.offer_id, outcome=Outcome.WORRIED).exists()
