"""The only importer of django_q: a queue that nudges. Losing a nudge loses nothing, two repeat nothing."""

from __future__ import annotations

from django.apps import apps
from django.db import transaction

_NUDGE = "community_help.tasks.drain_outbox"


def nudge_outbox() -> None:
    """Ask a worker, once this transaction is committed, to look into the outbox now.

    The payload is the dotted path of a task and nothing else. A site without django-q2 runs
    ``community_help_worker``, which looks by itself: there is then nobody to nudge.
    """
    if apps.is_installed("django_q"):
        transaction.on_commit(_nudge, robust=True)


def _nudge() -> None:
    from django_q.tasks import async_task  # noqa: PLC0415  its models exist only where it is installed

    async_task(_NUDGE)
