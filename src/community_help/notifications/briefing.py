"""What a message is about, asked at the moment of sending: is it still true, and what does it rest on?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from community_help import matching
from community_help.jobs.offer import Ask, Offer
from community_help.jobs.task_type import ALERTING, Urgency
from community_help.lifecycle.table import LIVE, JobState, OfferState
from community_help.notifications.audience import (
    ASKED_ANYWAY,
    ENDED,
    OPENING,
    check_of,
    coordinators_of,
    coordinators_who_reach,
    job_of,
    not_asked_again,
)
from community_help.notifications.kinds import ABOUT_CHECKS, TO_COORDINATORS, Kind
from community_help.notifications.notification import Notification, NotificationState
from community_help.notifications.peace import peace_until, was_asked_enough
from community_help.people.community import Community
from community_help.people.profiles import Helper
from community_help.safeguarding.background_checks import Check

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from community_help.jobs.job import Job
    from community_help.lifecycle.event import Event

#: The step by which an alert asks.
ALERT = "alert"
#: How many jobs one digest tells of. The rest is still news tomorrow.
DIGEST_JOBS = 12
#: For each kind about one's own offer: the states in which it is still to be said.
_OFFER_STATES = {
    **{kind: (state,) for state, kind in ENDED.items()},
    Kind.OFFER_RATIFIED: (OfferState.RATIFIED,),
    Kind.JOB_CHANGED: LIVE,
}


class NotNow(Exception):  # noqa: N818  as below
    """It is still to be said, but the helper is to be left in peace until then."""

    def __init__(self, until: datetime) -> None:
        """:param until: when it may be said"""
        super().__init__(f"quiet hours until {until:%H:%M}")
        self.until = until


class NoLongerTrue(Exception):  # noqa: N818  no error: a reason, kept on the row that is skipped
    """What was to be said does not hold any more; the text is the reason."""


@dataclass(frozen=True)
class News:
    """A job, and why it is this helper's."""

    job: Job
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Briefing:
    """What a message rests on.

    :param job: the job that it is about; a digest has ``news`` instead
    :param offer: the recipient's own offer; for co-ordinators the one that the event is about
    :param asked: what its recipient is asked about by it: job and opening
    :param step: by which step they are asked
    :param due_on: the last day on which a check holds
    :param in_spite: the job is critical, and reaches the helper although they would be left in peace now
    :param asked_anyway: a co-ordinator asks this helper particularly, though not everything fits
    """

    job: Job | None = None
    offer: Offer | None = None
    news: tuple[News, ...] = ()
    asked: tuple[tuple[int, int], ...] = ()
    step: str = ""
    due_on: date | None = None
    in_spite: bool = False
    asked_anyway: bool = False


def brief(notification: Notification, *, community: Community | None = None, now: datetime | None = None) -> Briefing:
    """What the message is about.

    :param community: where it has been read already
    :param now: when it would be sent; default: this moment

    Raises :class:`NoLongerTrue` with the reason when it is not to be sent, and :class:`NotNow` when later.
    """
    reader = notification.recipient_id
    if reader is None:
        raise ValueError("an announcement is not a message")
    if notification.event is None:
        return _digest(reader)
    kind = Kind(notification.kind)
    if kind in ABOUT_CHECKS:
        return _check_due(reader, notification.event, kind)
    job = job_of(notification.event)
    if job is None:
        raise NoLongerTrue("the job is gone")
    if kind in TO_COORDINATORS:
        return _to_coordinator(reader, notification.event, kind, job)
    if kind == Kind.JOB_ALERT:
        return _alert(reader, notification.event, job, community or Community.current(), now or timezone.now())
    return _to_helper(reader, kind, job)


def news_for(helper: Helper) -> list[News]:
    """Open jobs that fit the helper and that they have neither been asked about nor offered for, and why.

    A job of which an alert is on its way to them is not news either: they would be asked twice. Neither is one whose
    opening has not been announced yet: it may still be undone.
    """
    asked = Ask.objects.filter(opening=OuterRef("opening"), job=OuterRef("pk"), helper=helper)
    waiting = Offer.objects.live().filter(job=OuterRef("pk"), helper=helper)
    on_its_way = Notification.objects.filter(
        Q(recipient=helper.pk, kind=Kind.JOB_ALERT) | Q(recipient__isnull=True, kind__in=OPENING),
        event__job=OuterRef("pk"),
        state=NotificationState.WAITING,
    )
    fitting = matching.jobs_for(helper).exclude(Exists(asked) | Exists(waiting) | Exists(on_its_way))
    loaded = fitting.select_related("task_type", "area", "check_level").prefetch_related("skills")
    jobs = list(loaded.order_by("latest", "pk")[:DIGEST_JOBS])
    reasons = matching.reasons_for(jobs, helper)
    return [News(job, reasons[job.pk]) for job in jobs]


def _digest(reader: int) -> Briefing:
    helper = Helper.objects.filter(pk=reader).first()
    if helper is None or not helper.wants_digest:
        raise NoLongerTrue("does not want the digest")
    news = news_for(helper)
    if not news:
        raise NoLongerTrue("no news")
    asked = tuple((item.job.pk, item.job.opening) for item in news)
    return Briefing(news=tuple(news), asked=asked, step="digest")


def _check_due(reader: int, event: Event, kind: Kind) -> Briefing:
    check = check_of(event)
    if check is None or check.recheck_on is None:
        raise NoLongerTrue("somebody was reminded again since")
    today = timezone.localdate(timezone=Community.current().zone)
    if not Check.objects.to_be_renewed(today, check.recheck_on).filter(pk=check.pk).exists():
        raise NoLongerTrue("the check is not due any more")
    if kind == Kind.HELPER_CHECK_DUE and not coordinators_who_reach(check.helper).filter(pk=reader).exists():
        raise NoLongerTrue("is no longer a co-ordinator of the helper's areas")
    return Briefing(due_on=check.recheck_on)


def _alert(reader: int, event: Event, job: Job, community: Community, now: datetime) -> Briefing:
    helper = Helper.objects.filter(pk=reader).first()
    if job.state != JobState.OPEN:
        raise NoLongerTrue("the job is no longer open")
    if job.opening != event.opening:
        raise NoLongerTrue("the job has been opened anew since")
    if job.urgency not in ALERTING and event.kind != ASKED_ANYWAY:
        raise NoLongerTrue("the job is no longer urgent")
    if helper is None or not helper.wants_alerts:
        raise NoLongerTrue("does not want alerts")
    if not Helper.objects.filter(not_asked_again(job), pk=helper.pk).exists():
        raise NoLongerTrue("has been asked, or has offered")
    explanation = matching.explain(job, helper, community=community)
    if not explanation.eligible:
        failed = ", ".join(verdict.slug for verdict in explanation.failed)
        raise NoLongerTrue(f"does not match any more: {failed}")
    enough, peace = was_asked_enough(helper, now), peace_until(helper, community, now)
    is_critical = job.urgency == Urgency.CRITICAL
    if enough and not is_critical:
        raise NoLongerTrue("has been asked as often as they want in a week")
    if peace is not None and not is_critical:
        raise NotNow(peace)
    return Briefing(
        job=job,
        news=(News(job, explanation.reasons),),
        in_spite=enough or peace is not None,
        asked=((job.pk, job.opening),),
        step=ALERT,
        asked_anyway=event.kind == ASKED_ANYWAY,
    )


def _to_coordinator(reader: int, event: Event, kind: Kind, job: Job) -> Briefing:
    if not coordinators_of(job.area_id).filter(pk=reader).exists():
        raise NoLongerTrue("is no longer a co-ordinator of the job's area")
    still, reason = _COORDINATOR_CHECKS[kind]
    if not still(job, event):
        raise NoLongerTrue(reason)
    return Briefing(job=job, offer=event.offer)


def _to_helper(reader: int, kind: Kind, job: Job) -> Briefing:
    """Of one's own offer, or of a job that one was asked about."""
    offer = Offer.objects.filter(job=job.pk, helper=reader).order_by("-pk").first()
    if kind == Kind.JOB_FILLED and job.state not in {JobState.ASSIGNED, JobState.REPORTED, JobState.CLOSED}:
        raise NoLongerTrue("the job is not filled any more")
    if kind == Kind.JOB_CANCELLED and job.state != JobState.CANCELLED:
        raise NoLongerTrue("the job is not cancelled any more")
    told_as_asked = kind == Kind.JOB_FILLED or (kind == Kind.JOB_CANCELLED and offer is None)
    if not told_as_asked and (offer is None or offer.state not in _OFFER_STATES[kind]):
        raise NoLongerTrue("the offer is no longer in that state")
    if kind == Kind.JOB_CHANGED and offer is not None and offer.unconfirmed_since is None:
        raise NoLongerTrue("has said «still yes»")
    return Briefing(job=job, offer=offer)


_COORDINATOR_CHECKS: dict[Kind, tuple[Callable[[Job, Event], bool], str]] = {
    Kind.OFFER_MADE: (
        lambda _job, event: event.offer is not None and event.offer.state == OfferState.OFFERED,
        "the offer has been answered",
    ),
    Kind.OFFER_RELEASED: (lambda job, _event: job.state == JobState.OPEN, "the job is no longer open"),
    Kind.REPORT_WORRIED: (lambda _job, _event: True, ""),
    Kind.JOB_OVERDUE: (lambda job, _event: job.state == JobState.OPEN, "the job is no longer open"),
    Kind.NOBODY_FOUND: (lambda job, _event: job.state == JobState.EXPIRED, "the job has been opened again"),
}
