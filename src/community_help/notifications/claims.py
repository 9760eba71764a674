"""The lease: who works on which row of the outbox, so that a worker may die at any moment.

A claim counts the attempt first. A worker that dies leaves a lease behind, which runs out; then the row is
claimed again, with one attempt more. The number of the attempt is also the proof that a claim is still
one's own: a worker that was thought dead can't overwrite what a second one has written.
"""

from __future__ import annotations

import random
from contextlib import nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connections, router, transaction
from django.db.models import F, Q
from django.utils import timezone

from community_help.notifications.notification import Notification, NotificationState

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

#: How long a worker has a row to itself. Longer than one message takes at its slowest.
LEASE = timedelta(minutes=2)
#: After so many attempts it is given up.
ATTEMPTS = 8
#: How long to wait after the first, second … attempt; the last stands for all that follow.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 4 * 60, 12 * 60))
_JITTER = 0.2  # of the wait, so that a hundred that failed together do not come back together


def due(now: datetime) -> QuerySet[Notification]:
    """The rows that may be claimed at ``now``, the longest due first."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    return Notification.objects.filter(free, state=NotificationState.WAITING, not_before__lte=now).order_by(
        "not_before", "pk"
    )


def next_due() -> datetime | None:
    """When the next row that nobody has in hand may be claimed: perhaps long ago; ``None`` when there is none."""
    waiting = Notification.objects.filter(state=NotificationState.WAITING)
    free = waiting.filter(Q(lease_until__isnull=True) | Q(lease_until__lte=timezone.now()))
    return free.order_by("not_before", "pk").values_list("not_before", flat=True).first()


def claim(now: datetime) -> Notification | None:
    """Take the row that has been due longest, or ``None``. A digest waits until nothing else is due.

    On PostgreSQL workers step around each other's rows (``SKIP LOCKED``). Everywhere the claim itself is one
    conditional ``UPDATE``, which exactly one of them wins.
    """
    connection = connections[router.db_for_write(Notification)]
    skips = connection.features.has_select_for_update_skip_locked
    while True:
        with transaction.atomic() if skips else nullcontext():
            rows = due(now).select_for_update(skip_locked=True) if skips else due(now)
            row = rows.filter(digest_on__isnull=True).first() or rows.filter(digest_on__isnull=False).first()
            if row is None:
                return None
            lease = now + LEASE
            won = due(now).filter(pk=row.pk, attempts=row.attempts).order_by()
            if won.update(attempts=F("attempts") + 1, lease_until=lease):
                row.attempts += 1
                row.lease_until = lease
                return row


def _mine(claimed: Notification) -> QuerySet[Notification]:
    return Notification.objects.filter(pk=claimed.pk, state=NotificationState.WAITING, attempts=claimed.attempts)


def renew(claimed: Notification) -> None:
    """Hold on to the lease of something that takes long."""
    _mine(claimed).update(lease_until=timezone.now() + LEASE)


def finish(claimed: Notification, state: NotificationState, *, reason: str = "") -> bool:
    """End it. Answers ``False`` when it had ended already: withdrawn, or by another worker.

    What was sent is sent, whoever has the lease by now; any other end is only for the worker whose claim it is.
    """
    rows = _mine(claimed)
    if state == NotificationState.SENT:
        rows = Notification.objects.filter(pk=claimed.pk, state=NotificationState.WAITING)
    return bool(rows.update(state=state, reason=reason[:200], finished_at=timezone.now(), lease_until=None))


def postpone(claimed: Notification, until: datetime, *, reason: str) -> None:
    """Leave it until then: that was no attempt, and all of them are still to come."""
    _mine(claimed).update(not_before=until, lease_until=None, reason=reason[:200], retried_after=F("attempts"))


def try_again(dead: Notification, now: datetime) -> bool:
    """Let workers have a row that was given up; ``False`` when it is not given up any more."""
    rows = Notification.objects.filter(pk=dead.pk, state=NotificationState.DEAD)
    anew = {"state": NotificationState.WAITING, "finished_at": None, "lease_until": None, "reason": ""}
    return bool(rows.update(**anew, not_before=now, retried_after=F("attempts")))


def retry(claimed: Notification, now: datetime, *, reason: str) -> bool:
    """Try it again later, or give it up after the last attempt; ``False`` when it was given up."""
    if claimed.tries >= ATTEMPTS:
        finish(claimed, NotificationState.DEAD, reason=reason)
        return False
    wait = BACK_OFF[min(claimed.tries, len(BACK_OFF)) - 1]
    wait *= random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311  not a secret
    _mine(claimed).update(not_before=now + wait, lease_until=None, reason=reason[:200])
    return True
