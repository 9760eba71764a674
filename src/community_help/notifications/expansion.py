"""From an announcement to one notification for each recipient, in batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from community_help.notifications.audience import groups
from community_help.notifications.notification import Notification

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import QuerySet

#: How many recipients are read and written at a time: what is held in memory does not grow with their number.
BATCH = 500


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
    """Primary keys in order, a batch at a time, each batch asked for when it is wanted."""
    last = 0
    while True:
        batch = list(people.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])
        if batch:
            yield batch
        if len(batch) < BATCH:
            return
        last = batch[-1]
