"""The only importer of django_q: a queue that nudges. Losing a nudge loses nothing, two repeat nothing."""

from __future__ import annotations

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _

from community_help.exceptions import ConfigurationError

DRAIN = "community_help.tasks.drain_outbox"
CLOCK = "community_help.tasks.run_clock"


def nudge_outbox() -> None:
    """Ask a worker, once this transaction is committed, to look into the outbox now.

    The payload is the dotted path of a task and nothing else. A site without django-q2 runs
    ``community_help_worker``, which looks by itself: there is then nobody to nudge.
    """
    if apps.is_installed("django_q"):
        transaction.on_commit(_nudge, robust=True)


def schedule() -> list[str]:
    """Have django-q2 run both tasks each minute; their names. Done again it changes nothing.

    Raises :class:`~community_help.exceptions.ConfigurationError` on a site without django-q2.
    """
    if not apps.is_installed("django_q"):
        raise ConfigurationError(_("django_q is not in INSTALLED_APPS: run community_help_worker instead."))
    from django_q.models import Schedule  # noqa: PLC0415  its models exist only where it is installed

    for task in (DRAIN, CLOCK):
        wanted = {"func": task, "schedule_type": Schedule.MINUTES, "minutes": 1, "repeats": -1}
        Schedule.objects.update_or_create(name=task, defaults=wanted)
    return [DRAIN, CLOCK]


def _nudge() -> None:
    from django_q.tasks import async_task  # noqa: PLC0415  its models exist only where it is installed

    async_task(DRAIN)
