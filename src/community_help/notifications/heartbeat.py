"""When a worker last came to the end of one of its duties: how a site notices that nobody works any more."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community_help.fields import Keep, classify

if TYPE_CHECKING:
    from datetime import datetime

#: A row is not written more often than this.
EVERY = timedelta(seconds=10)


class Duty(models.TextChoices):
    """What workers do, whichever of them comes first."""

    OUTBOX = "outbox", _("carrying messages")
    CLOCK = "clock", _("doing what its time has come for")


class Heartbeat(models.Model):
    """The last time that a duty was done. One row for each, however many workers there are."""

    duty = models.CharField(max_length=10, choices=Duty, primary_key=True)
    at = models.DateTimeField(default=timezone.now)
    worker = models.CharField(_("which worker"), max_length=60, blank=True)

    privacy = classify(keep=Keep.WITH_COMMUNITY, internal=("duty", "at", "worker"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return f"{self.duty} at {self.at:%Y-%m-%d %H:%M:%S}"


def beat(duty: Duty, *, worker: str = "", now: datetime | None = None) -> None:
    """Note that the duty was done just now. Costs one query, and a second each :data:`EVERY`.

    :param worker: what kind of worker it was; its process is added
    """
    now = now or timezone.now()
    last = Heartbeat.objects.filter(pk=duty).values_list("at", flat=True).first()
    values = {"at": now, "worker": f"{worker} {os.getpid()}".strip()[:60]}
    if last is None:
        Heartbeat.objects.bulk_create([Heartbeat(duty=duty, **values)], ignore_conflicts=True)
    elif last <= now - EVERY:
        Heartbeat.objects.filter(pk=duty, at__lt=now).update(**values)
