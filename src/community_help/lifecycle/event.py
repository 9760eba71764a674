"""What happened, append-only: the story on a page and the outbox read the same row."""

from __future__ import annotations

from typing import Any, NoReturn, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community_help.fields import EncryptedText, Keep, classify


class EventQuerySet(models.QuerySet["Event"]):
    """Questions about events; rows can be neither changed nor deleted through it."""

    def of_job(self, job_id: int) -> Self:
        """The story of one job, newest first."""
        return self.filter(job_id=job_id).select_related("actor", "on_behalf_of", "person").order_by("-pk")

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse: what happened does not change."""
        raise TypeError(f"events are append-only: {sorted(kwargs)} can't be changed")

    def delete(self) -> NoReturn:
        """Refuse: what happened does not go away."""
        raise TypeError("events are append-only")


class Event(models.Model):
    """One thing that happened.

    ``kind`` is a verb of the table or of a service; ``actor`` is ``None`` where a rule or the clock
    acted, and ``rule`` then names it.
    """

    kind = models.CharField(_("what"), max_length=40, db_index=True)
    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    job = models.ForeignKey("community_help.Job", models.SET_NULL, null=True, blank=True, related_name="events")
    offer = models.ForeignKey("community_help.Offer", models.SET_NULL, null=True, blank=True, related_name="events")
    person = models.ForeignKey("community_help.Person", models.SET_NULL, null=True, blank=True, related_name="events")
    actor = models.ForeignKey("community_help.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    on_behalf_of = models.ForeignKey("community_help.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    rule = models.CharField(_("by which rule"), max_length=60, blank=True)
    from_state = models.CharField(_("from"), max_length=12, blank=True)
    to_state = models.CharField(_("to"), max_length=12, blank=True)
    version = models.PositiveIntegerField(_("the job's version afterwards"), default=0)
    opening = models.PositiveIntegerField(_("the job's opening afterwards"), default=0)
    why = EncryptedText(_("why"), blank=True)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")

    privacy = classify(
        keep=Keep.WITH_JOB,
        internal=(
            "id",
            "kind",
            "at",
            "job",
            "offer",
            "rule",
            "from_state",
            "to_state",
            "version",
            "opening",
            "undoes",
        ),
        personal={
            "person": _("to tell what happened"),
            "actor": _("to tell who did it"),
            "on_behalf_of": _("to tell for whom it was done"),
        },
        special={"why": _("to tell why it was done")},
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; refuse to change."""
        if self.pk is not None:
            raise TypeError("events are append-only")
        super().save(*args, **kwargs)


class Undoable(models.Model):
    """What a move replaced, from which an undo restores: sealed JSON, and gone when the undo time is over.

    A table of its own, because the event stays and this must not: it may hold what was private.
    """

    event = models.OneToOneField(Event, models.CASCADE, primary_key=True, related_name="undoable")
    before = EncryptedText(_("what it was before"))

    privacy = classify(keep=Keep.UNDO_TIME, internal=("event",), special={"before": _("to be able to undo it")})

    class Meta:
        verbose_name = _("what can be undone")
        verbose_name_plural = _("what can be undone")

    def __str__(self) -> str:
        return f"before event {self.event_id}"
