"""What waits on the desk, by next action. Each thing waits in one group only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Count, Exists, Min, OuterRef, Prefetch, Q, Subquery, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community_help import matching
from community_help.access.scopes import jobs_coordinated_by, visible_to
from community_help.jobs.call_back import STILL_OWED, CallBack
from community_help.jobs.decision import Decision, DecisionQuerySet
from community_help.jobs.job import Job, JobQuerySet, Timing
from community_help.jobs.offer import Ask, AskAnswer, Offer
from community_help.jobs.task_type import ALERTING
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import JobState, OfferState
from community_help.notifications.kinds import Kind
from community_help.notifications.notification import Notification, NotificationState
from community_help.people.person import Person

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

#: Rows of a group on the desk; the rest is in the list of jobs.
MOST_ROWS = 20
_MOST_TODAY = 12
_ON_IT = (OfferState.RATIFIED, OfferState.COMPLETED)


@dataclass(frozen=True)
class Group:
    """Jobs that wait for the same thing.

    :param name: in the address of the list
    :param order: which of them first
    """

    name: str
    title: StrOrPromise
    order: tuple[str, ...]


URGENT = Group("urgent", _("Urgent, nobody yet"), ("urgency", "opened_at", "pk"))
OFFERS = Group("offers", _("Offers to ratify"), ("first_offer", "pk"))
SUBMITTED = Group("submitted", _("Submitted from outside"), ("created_at", "pk"))
REPORTS = Group("reports", _("Reports to close"), ("reported_at", "pk"))
OVERDUE = Group("overdue", _("Overdue"), ("latest", "pk"))
#: In the order of the desk.
GROUPS = (URGENT, OFFERS, SUBMITTED, REPORTS, OVERDUE)
DECISIONS_TITLE = _("No longer fits")
UNDELIVERED_TITLE = _("Not delivered")
#: For how long a message that was given up is still worth a call.
WORTH_A_CALL = timedelta(days=7)
CALLS_TITLE = _("Calls owed")


@dataclass(frozen=True)
class Counts:
    """How much waits in each group, by its name; how many calls are owed, how much is to be decided, was not told."""

    groups: dict[str, int]
    calls: int
    decisions: int
    undelivered: int

    @property
    def total(self) -> int:
        """Everything that waits."""
        return sum(self.groups.values()) + self.calls + self.decisions + self.undelivered


def jobs_in(group: Group, actor: Person, *, now: datetime) -> JobQuerySet:
    """The jobs of a group, in their order, with what a row shows: ``live_offers`` and their people among it."""
    offers = Offer.objects.filter(state__in=[OfferState.OFFERED, *_ON_IT]).select_related("helper__person", "report")
    rows = _flagged(actor, now).filter(_CONDITIONS[group.name](now)).order_by(*group.order)
    return rows.prefetch_related(Prefetch("offers", queryset=offers.order_by("made_at"), to_attr="live_offers"))


def calls_owed(actor: Person, *, now: datetime) -> QuerySet[CallBack]:
    """The calls that are due, the oldest first, with whom and what they are about."""
    owed = visible_to(actor, CallBack).filter(outcome__in=STILL_OWED, due_at__lte=now).order_by("due_at", "pk")
    related = owed.select_related("requester__person", "job__task_type", "offer__helper__person", "in_hand_of")
    return related.defer("requester__warnings", "job__private_details", "note")


def decisions(actor: Person, *, now: datetime) -> QuerySet[Decision]:
    """What somebody must decide now: where safety is at stake first, then the oldest; with whom it is about."""
    waiting = cast("DecisionQuerySet", visible_to(actor, Decision)).on_desk(now)
    return with_people(waiting).order_by("-safeguarding", "since", "pk")


def undelivered(actor: Person, *, now: datetime) -> QuerySet[Notification]:
    """Messages that were given up, while it still matters, the latest first; with whom they are for and the job."""
    given_up = Notification.objects.filter(state=NotificationState.DEAD, finished_at__gt=now - WORTH_A_CALL)
    about_people = Q(event=None) | Q(event__job=None)
    theirs = Q(event__in=visible_to(actor, Event)) | (about_people & Q(recipient__in=visible_to(actor, Person)))
    too_late = Q(kind=Kind.JOB_ALERT) & ~Q(event__job__state=JobState.OPEN)
    rows = given_up.filter(theirs).exclude(too_late)
    job = "event__job"
    about = (f"{job}__task_type", f"{job}__area", f"{job}__requester__person")
    people = ("recipient", "event__actor", "event__person", "event__offer__helper__person")
    sealed = (f"{job}__private_details", f"{job}__requester__warnings", "event__offer__note", "event__offer__safe_word")
    return rows.select_related(*about, *people).defer(*sealed).order_by("-finished_at", "-pk")


def with_people(rows: DecisionQuerySet) -> QuerySet[Decision]:
    """The decisions with what is shown of them: their people, and the job where there is one."""
    related = rows.select_related(
        "helper__person", "requester__person", "answered_by", "offer__job__task_type", "offer__job__area"
    )
    return related.defer("requester__warnings", "offer__job__private_details", "offer__note", "offer__safe_word")


def counts(actor: Person, *, now: datetime) -> Counts:
    """How much waits, in four queries."""
    numbers = {group.name: Count("pk", filter=_CONDITIONS[group.name](now)) for group in GROUPS}
    found: dict[str, int] = _flags(visible_jobs(actor).non_polymorphic(), now).aggregate(**numbers)
    calls = visible_to(actor, CallBack).filter(outcome__in=STILL_OWED, due_at__lte=now).count()
    to_decide = cast("DecisionQuerySet", visible_to(actor, Decision)).on_desk(now).count()
    return Counts(found, calls, to_decide, undelivered(actor, now=now).count())


def desk_count(actor: Person) -> int:
    """How many things wait on the desk: the number in the title of the tab."""
    return counts(actor, now=timezone.now()).total


def todays_jobs(actor: Person, today: date) -> Sequence[Job]:
    """What is wanted today at a time, in its order, with who is on it."""
    timed = listed(actor).filter(
        first_day__lte=today,
        last_day__gte=today,
        timing__in=[Timing.AT, Timing.BETWEEN],
        state__in=[JobState.OPEN, JobState.ASSIGNED, JobState.REPORTED],
    )
    on_it = Offer.objects.filter(state__in=_ON_IT).select_related("helper__person")
    rows = timed.prefetch_related(Prefetch("offers", queryset=on_it, to_attr="live_offers"))
    return list(rows.order_by("earliest", "pk")[:_MOST_TODAY])


def could_help(jobs: Sequence[Any]) -> dict[int, int]:
    """Of the open jobs that nobody has offered for or is on: primary key → how many helpers could do it now.

    At most six queries, however many jobs.

    :param jobs: with ``live_offers``, as :func:`jobs_in` finds them, or without
    """
    open_jobs = [job for job in jobs if job.state == JobState.OPEN and not getattr(job, "live_offers", ())]
    unknown = [job.pk for job in open_jobs if not hasattr(job, "live_offers")]
    taken = set(Offer.objects.live().filter(job__in=unknown).values_list("job", flat=True)) if unknown else set()
    alone: list[Job] = [job for job in open_jobs if job.pk not in taken]
    prefetch_related_objects(alone, "check_level", "skills")
    return matching.supply_of_each(alone) if alone else {}


def visible_jobs(actor: Person) -> JobQuerySet:
    """The jobs of the co-ordinator's areas."""
    return cast("JobQuerySet", jobs_coordinated_by(actor))


def listed(actor: Person) -> JobQuerySet:
    """Rows for a list: what is sealed is not even read."""
    return visible_jobs(actor).for_lists().defer("private_details", "requester__warnings")


def _flags(rows: JobQuerySet, now: datetime) -> JobQuerySet:
    offers = Offer.objects.filter(job=OuterRef("pk"))
    to_decide = Decision.objects.on_desk(now).filter(offer__job=OuterRef("pk"), offer__state=OfferState.RATIFIED)
    # An offer that does not fit any more waits as a decision, and can't be ratified.
    fitting = offers.waiting().exclude(pk__in=Decision.objects.standing().filter(offer__isnull=False).values("offer"))
    flagged: JobQuerySet = rows.annotate(is_offered=Exists(fitting), is_to_decide=Exists(to_decide))
    return flagged


def _flagged(actor: Person, now: datetime) -> JobQuerySet:
    asked = Ask.objects.filter(job=OuterRef("pk"), opening=OuterRef("opening")).order_by()
    refused = asked.filter(answer__in=[AskAnswer.NOT_THIS_ONE, AskAnswer.NOT_NOW])
    first = Offer.objects.waiting().filter(job=OuterRef("pk")).order_by().values("job").annotate(first=Min("made_at"))
    counted: JobQuerySet = _flags(listed(actor), now).annotate(
        asked=Subquery(asked.values("job").annotate(n=Count("pk")).values("n")),
        refused=Subquery(refused.values("job").annotate(n=Count("pk")).values("n")),
        first_offer=Subquery(first.values("first")),
    )
    return counted


def _late(now: datetime) -> Q:
    return Q(state__in=[JobState.OPEN, JobState.ASSIGNED], latest__lt=now)


def _in_time(now: datetime) -> Q:
    return Q(state=JobState.OPEN) & (Q(latest__isnull=True) | Q(latest__gte=now))


_CONDITIONS: dict[str, Callable[[datetime], Q]] = {
    URGENT.name: lambda now: _in_time(now) & Q(is_offered=False, places_filled=0, urgency__in=ALERTING),
    OFFERS.name: lambda now: _in_time(now) & Q(is_offered=True),
    SUBMITTED.name: lambda _now: Q(state=JobState.SUBMITTED),
    REPORTS.name: lambda _now: Q(state=JobState.REPORTED),
    OVERDUE.name: lambda now: _late(now) & Q(is_to_decide=False),
}
