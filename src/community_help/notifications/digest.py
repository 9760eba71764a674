"""The daily summary: one for each helper for whom there is news, once each local day."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from django.utils import timezone

from community_help import matching
from community_help.background import nudge_outbox
from community_help.jobs.job import Job
from community_help.lifecycle.event import Event
from community_help.lifecycle.machine import Story, record
from community_help.notifications.audience import not_asked_again
from community_help.notifications.expansion import in_batches
from community_help.notifications.kinds import Kind
from community_help.notifications.notification import Notification
from community_help.people.community import Community

if TYPE_CHECKING:
    from datetime import date

#: The event that says: today's digests have all been written.
WRITTEN = "write_digests"


def write_due(now: datetime | None = None) -> int:
    """Write today's digests into the outbox when their hour has come and nobody has yet; how many were found.

    Cut off anywhere it can be done again: a helper has one row for each local day. Days that were missed are not made
    up for. What a digest tells of, and whether it is still worth sending, is asked when it is sent.

    :param now: for tests; default: this moment
    """
    now = now or timezone.now()
    community = Community.current()
    today = now.astimezone(community.zone).date()
    hour = datetime.combine(today, time(community.digest_hour), tzinfo=community.zone)
    if now < hour or Event.objects.filter(kind=WRITTEN, at__gte=hour).exists():
        return 0
    found = sum(_write_for(job, today, now) for job in Job.objects.open_for_offers().order_by("pk"))
    record(WRITTEN, Story(rule="clock"), at=now)
    if found:
        nudge_outbox()
    return found


def _write_for(job: Job, today: date, now: datetime) -> int:
    """A digest for each helper to whom this job is news and who has none today; how many."""
    have = Notification.objects.filter(digest_on=today).values("recipient")
    helpers = matching.helpers_for(job).filter(not_asked_again(job), wants_digest=True).exclude(pk__in=have)
    found = 0
    for people in in_batches(helpers):
        rows = [
            Notification(kind=Kind.DIGEST, digest_on=today, recipient_id=person, not_before=now) for person in people
        ]
        Notification.objects.bulk_create(rows, ignore_conflicts=True)
        found += len(rows)
    return found
