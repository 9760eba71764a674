"""One phone call taken, with the form as typed so far."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community_help.fields import EncryptedText, Keep, classify
from community_help.people.person import Person
from community_help.people.profiles import Requester


class Call(models.Model):
    """A call: who took it, who rang, from when to when, and what has been typed.

    ``form`` is sealed JSON of the fields as typed. It is emptied when the call is finished: from
    then on the jobs and the people hold what was said. ``saved`` counts the saves, so that two
    windows on one call can't overwrite each other unseen.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    taken_by = models.ForeignKey(Person, models.PROTECT, related_name="calls_taken")
    requester = models.ForeignKey(Requester, models.SET_NULL, null=True, blank=True, related_name="calls")
    started_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    form = EncryptedText(blank=True)

    privacy = classify(
        keep=Keep.WITH_CALL,
        internal=("id", "uuid", "taken_by", "started_at", "saved_at", "saved", "ended_at"),
        personal={"requester": _("to know who rang")},
        special={"form": _("so that nothing typed is lost while the call lasts")},
    )

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(form=""), name="ch_call_ended_keeps_no_form"
            )
        ]

    def __str__(self) -> str:
        return f"call of {self.started_at:%Y-%m-%d %H:%M}"
