"""Who saw what of whom, why and when: append-only."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community_help.fields import EncryptedText, Keep, classify
from community_help.jobs.job import Job
from community_help.jobs.offer import Offer
from community_help.people.person import Person


class Door(models.TextChoices):
    """By which of the doors of ``privacy.disclosure`` the details were read."""

    REVEAL = "reveal", _("shown")
    REVEAL_MANY = "reveal_many", _("shown in a list")
    SEARCH = "search", _("searched")


class AccessLogQuerySet(models.QuerySet["AccessLog"]):
    """Questions about the log; rows can be neither changed nor deleted through it."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse: the log is append-only."""
        raise TypeError(f"the access log is append-only: {sorted(kwargs)} can't be changed")

    def delete(self) -> NoReturn:
        """Refuse: only the purge's own function will take rows away."""
        raise TypeError("the access log is append-only")


class AccessLog(models.Model):
    """One reading of one person's details, or one search. ``query_hash`` is keyed: never the query itself."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    door = models.CharField(max_length=12, choices=Door)
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    subject = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="seen_by")
    fields = models.JSONField(default=list)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    offer = models.ForeignKey(Offer, models.SET_NULL, null=True, blank=True, related_name="+")
    why = EncryptedText(blank=True)
    query_hash = models.CharField(max_length=32, blank=True)

    privacy = classify(
        keep=Keep.AS_RECORD,
        internal=("id", "at", "door", "fields", "job", "offer", "query_hash"),
        personal={
            "actor": _("to show who read it"),
            "subject": _("to show whose details were read"),
            "why": _("to show why it was read"),
        },
    )

    objects = AccessLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("access log")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["subject", "-at"], name="ch_access_of_subject")]

    def __str__(self) -> str:
        return f"{self.door} by person {self.actor_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; refuse to change."""
        if self.pk is not None:
            raise TypeError("the access log is append-only")
        super().save(*args, **kwargs)
