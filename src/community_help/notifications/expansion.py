"""From an announcement to one notification for each recipient, in batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from community_help.notifications.audience import groups
from community_help.notifications.notification import Notification

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import QuerySet

#: How many primary keys are read, and how many rows written, at a time: what is held in memory does not grow with the
#: number of recipients. Each reading asks all criteria again, so it reads many.
READ = 10_000
WRITE = 500


def expand(announcement: Notification, *, keep_alive: Callable[[], object]) -> int:
    """Write the notifications that the announcement stands for; the number of recipients found.

    Each batch is committed by itself. Cut off anywhere it can simply be done again: a row that is
    there already is left alone.

    :param keep_alive: called after each batch, to hold on to the lease
    """
    found = 0
    if announcement.event is None:
        return found
    for group in groups(announcement.event):
        for people in in_batches(group.people):
            rows = [
                Notification(
                    event_id=announcement.event_id,
                    kind=group.kind,
                    recipient_id=person,
                    not_before=announcement.not_before,
                )
                for person in people
            ]
            Notification.objects.bulk_create(rows, ignore_conflicts=True)
            found += len(rows)
            keep_alive()
    return found


def in_batches(people: QuerySet[Any]) -> Iterator[list[int]]:
    """Primary keys in order, :data:`WRITE` at a time; the next :data:`READ` are asked for when they are wanted."""
    last = 0
    while True:
        read = list(people.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:READ])
        for start in range(0, len(read), WRITE):
            yield read[start : start + WRITE]
        if len(read) < READ:
            return
        last = read[-1]
