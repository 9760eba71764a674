"""What the proof `outbox` does in the database: `python -m workshop.outbox_rows seed 300`, `count`, `later`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from collections.abc import Callable

#: So many urgent jobs share the mails: each has its announcement, and each helper hears of all.
JOBS = 5


def seed(mails: str) -> dict[str, Any]:
    """Publish five urgent jobs that fit ``mails / 5`` helpers each, with no time to undo."""
    from community_help.people.community import Community  # noqa: PLC0415  Django is set up by main
    from community_help.services.jobs import publish_job  # noqa: PLC0415  the same
    from community_help.testing import factories as make  # noqa: PLC0415  the same

    make.no_quiet_hours()
    Community.objects.update(undo_seconds=0)
    area, task_type, coordinator = make.make_area(), make.make_task_type(), make.make_coordinator()
    for _ in range(int(mails) // JOBS):
        make.make_helper(areas=[area], task_types=[task_type], account=False)
    for _ in range(JOBS):
        job = make.make_job(area=area, task_type=task_type, urgency="urgent")
        publish_job(job, actor=coordinator)
    return {}


def count() -> dict[str, Any]:
    """How the alerts stand; ``keys`` are the messages that are to arrive, and where.

    The workers may write a digest for the same helpers: it has no part in the count.
    """
    from django.db.models import Count  # noqa: PLC0415  the same

    from community_help.jobs.offer import Ask  # noqa: PLC0415  the same
    from community_help.notifications.notification import Delivery, Notification  # noqa: PLC0415  the same
    from community_help.privacy.disclosure import address_for  # noqa: PLC0415  the same

    told = Notification.objects.filter(kind="job_alert").select_related("recipient")
    accepted = Delivery.objects.filter(outcome="accepted", notification__in=told).values("notification")
    accepted = accepted.annotate(rows=Count("pk"))
    states = Notification.objects.filter(digest_on=None).order_by().values_list("state").annotate(rows=Count("pk"))
    once = told.order_by().values("event", "recipient").annotate(rows=Count("pk"))
    return {
        "states": dict(states),
        "notifications": told.count(),
        "notifications_twice": sum(row["rows"] - 1 for row in once),
        "accepted": sum(row["rows"] for row in accepted),
        "accepted_twice": sum(row["rows"] - 1 for row in accepted),
        "asks": Ask.objects.count(),
        "attempts": sum(told.values_list("attempts", flat=True)),
        "keys": {row.key.hex: address_for(row.recipient, "email") for row in told if row.recipient},
    }


def later() -> dict[str, Any]:
    """Carry what the killed have left behind, as if their leases had run out already."""
    from django.utils import timezone  # noqa: PLC0415  the same

    from community_help.notifications import claims, outbox  # noqa: PLC0415  the same

    return {"sent": outbox.drain(now=timezone.now() + claims.LEASE).sent}


COMMANDS: dict[str, Callable[..., dict[str, Any]]] = {"seed": seed, "count": count, "later": later}


if __name__ == "__main__":
    django.setup()
    command, *arguments = sys.argv[1:]
    sys.stdout.write(json.dumps(COMMANDS[command](*arguments)))
