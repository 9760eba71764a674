"""What happens by itself when its time has come. Running it twice does nothing twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from community_help.exceptions import IllegalTransition, StaleTransition
from community_help.jobs.call import Call
from community_help.jobs.job import Job, JobQuerySet
from community_help.jobs.offer import Offer, Outcome, Report
from community_help.lifecycle.event import Event, Undoable
from community_help.lifecycle.machine import Story, compare_and_swap, record
from community_help.lifecycle.table import JobState
from community_help.people.community import Community
from community_help.services import days
from community_help.services._moving import tell
from community_help.services.jobs import close_job, expire_job

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

#: How long a co-ordinator has after the escalation before an open job expires.
GRACE = timedelta(hours=24)
#: When a call that nobody finished counts as abandoned: what was typed is then emptied.
ABANDONED = timedelta(hours=24)
#: How long after the undo time what an undo needs is still kept: for one that is on its way.
MARGIN = timedelta(minutes=1)


@dataclass(frozen=True)
class Ticked:
    """How many jobs and calls the clock moved.

    And how many offers' disclosure it shut, how many decisions it put on the desk, of how many checks it reminded.
    """

    closed: int
    escalated: int
    expired: int
    calls_emptied: int
    shut: int = 0
    to_decide: int = 0
    reminded: int = 0


def tick(now: datetime | None = None) -> Ticked:
    """Close plain reports, escalate and expire open jobs whose time is past, empty abandoned calls.

    Ask again about what no longer fits because a day has come, and remind of checks that end.

    :param now: for tests; default: this moment
    """
    now = now or timezone.now()
    settled = now - timedelta(seconds=Community.current().undo_seconds) - MARGIN
    Undoable.objects.filter(event__at__lt=settled).delete()
    days.end_decisions(now, settled=settled)
    rippled = days.ask_what_has_changed(now)
    return Ticked(
        closed=_each(_plainly_done(now), _close),
        escalated=_each(_past(now).exclude(_escalated()), _escalate),
        expired=_each(_past(now - GRACE).filter(_escalated(by=now - GRACE)), _expire),
        calls_emptied=_empty_calls(now),
        shut=rippled.shut,
        to_decide=rippled.asked,
        reminded=days.remind_of_checks(now),
    )


def _each(jobs: JobQuerySet, move: Callable[[Job], object]) -> int:
    done = 0
    for job in jobs:
        try:
            move(job)
        except (IllegalTransition, StaleTransition):
            continue  # somebody was faster than the clock, which is as it should be
        done += 1
    return done


def _plainly_done(now: datetime) -> JobQuerySet:
    """Reported jobs, old enough, of which no helper said anything but a plain «done»."""
    before = now - timedelta(days=Community.current().close_after_days)
    spoken = Report.objects.filter(offer__job=OuterRef("pk"), offer__state="ratified").exclude(
        outcome=Outcome.DONE, note=""
    )
    jobs = Job.objects.non_polymorphic().filter(state=JobState.REPORTED, reported_at__lte=before)
    return jobs.exclude(Exists(spoken)).filter(Exists(Offer.objects.ratified().filter(job=OuterRef("pk"))))


def _past(now: datetime) -> JobQuerySet:
    return Job.objects.non_polymorphic().filter(state=JobState.OPEN, latest__lte=now)


def _escalated(*, by: datetime | None = None) -> Exists:
    """Co-ordinators were told, by then where that is given, that this opening found nobody."""
    told = Event.objects.filter(job=OuterRef("pk"), kind="escalate_job", opening=OuterRef("opening"))
    return Exists(told if by is None else told.filter(at__lte=by))


# Each moves the job that the clock has looked at, and no other version of it: it may have a new time by now.


def _close(job: Job) -> None:
    close_job(job, actor=None, version=job.version, rule="plain_done")


def _expire(job: Job) -> None:
    expire_job(job, version=job.version)


@transaction.atomic
def _escalate(job: Job) -> None:
    """Tell the co-ordinators, whole or not at all. Of two clocks the one that comes second finds it told."""
    if not compare_and_swap(job, {"version": job.version}, Q()):
        raise StaleTransition
    # A statement of its own: from here on nobody else holds the row, and this sees what they have written.
    if Job.objects.non_polymorphic().filter(_escalated(), pk=job.pk).exists():
        raise StaleTransition
    tell(record("escalate_job", Story(rule="clock"), job=job))


def _empty_calls(now: datetime) -> int:
    left = Call.objects.filter(ended_at__isnull=True, started_at__lte=now - ABANDONED)
    return left.exclude(saved_at__gt=now - ABANDONED).update(ended_at=now, form="")
