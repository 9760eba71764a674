"""What the tests of this room tell their stories with."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from community_help.jobs.task_type import Urgency
from community_help.notifications import outbox
from community_help.notifications.notification import Delivery, Notification
from community_help.services import jobs
from community_help.testing import factories as make

if TYPE_CHECKING:
    from typing import Any

    from community_help.jobs.job import Job
    from community_help.notifications.notifiers.locmem import Sent
    from community_help.people.profiles import Helper


def urgent_job(**fields: Any) -> Job:
    """A draft that tells at once when it is published."""
    return make.make_job(urgency=Urgency.URGENT, **fields)


def settle(**options: Any) -> outbox.Drained:
    """Carry everything, as if the time to undo were over."""
    return outbox.drain(now=timezone.now() + timedelta(seconds=90), **options)


def heard(sent: list[Sent]) -> set[tuple[str, str]]:
    """Who was told what: pairs of kind and address."""
    pairs = {(message.kind, address) for message, address in sent}
    assert len(pairs) == len(sent), "somebody was told the same twice"
    sent.clear()
    return pairs


def address(person: Any) -> str:
    """The e-mail of a person or a helper."""
    return f"{getattr(person, 'person', person).contact.email}"


def rows(**conditions: Any) -> list[tuple[str, str, str]]:
    """Kind, state and reason of the rows that meet the conditions."""
    return list(Notification.objects.filter(**conditions).order_by("pk").values_list("kind", "state", "reason"))


def published(helpers: int = 1) -> tuple[Job, list[Helper]]:
    """An urgent job whose alerts are written and wait."""
    job = urgent_job()
    found = [make.make_matching_helper(job) for _ in range(helpers)]
    jobs.publish_job(job, actor=make.make_coordinator())
    assert settle(limit=1).expanded == 1
    return job, found


def deliveries() -> list[tuple[str, int, str, str]]:
    return list(Delivery.objects.order_by("pk").values_list("notifier", "attempt", "outcome", "detail"))
