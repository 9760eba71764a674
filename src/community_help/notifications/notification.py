"""The outbox's own tables: what is to be said to one person once, and how each attempt went."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community_help.fields import Keep, classify
from community_help.lifecycle.event import Event
from community_help.people.person import Person


class NotificationState(models.TextChoices):
    """Where a notification stands. ``waiting`` is the only one that a worker may claim."""

    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    EXPANDED = "expanded", _("expanded")
    SKIPPED = "skipped", _("skipped")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DEAD = "dead", _("given up")


class Notification(models.Model):
    """What is to be said to one person once.

    A row **without a recipient** is an announcement: written in the transaction of its event, and
    expanded by a worker into one row for each recipient. Both are claimed by the same lease:
    ``lease_until`` in the future means that a worker has it; ``attempts`` is counted at the claim, and never anew:
    ``retried_after`` says after how many of them somebody had it tried again, or it was left for later.
    ``key`` is the stable id that goes into the message, so that a copy can be told from a second one.
    A digest has no event but a local date, ``digest_on``.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, models.PROTECT, null=True, blank=True, related_name="notifications")
    digest_on = models.DateField(null=True, blank=True)
    kind = models.CharField(max_length=40)
    recipient = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="notifications")
    state = models.CharField(max_length=10, choices=NotificationState, default=NotificationState.WAITING)
    not_before = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retried_after = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(_("why it was skipped or given up"), max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    privacy = classify(
        keep=Keep.WITH_JOB,
        internal=(
            "id",
            "key",
            "event",
            "digest_on",
            "kind",
            "state",
            "not_before",
            "lease_until",
            "attempts",
            "retried_after",
            "reason",
            "created_at",
            "finished_at",
        ),
        personal={"recipient": _("to know who was told")},
    )

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["not_before", "pk"]
        indexes = [
            # Not a partial index: SQLite does not see that a bound parameter meets its condition.
            models.Index(fields=["state", "not_before", "id"], name="ch_notification_due"),
            models.Index(fields=["recipient", "-created_at"], name="ch_notification_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "recipient", "kind"], condition=Q(recipient__isnull=False), name="ch_notification_once"
            ),
            models.UniqueConstraint(
                fields=["event", "kind"], condition=Q(recipient__isnull=True), name="ch_announcement_once"
            ),
            models.UniqueConstraint(
                fields=["recipient", "digest_on"], condition=Q(digest_on__isnull=False), name="ch_digest_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(event__isnull=False, digest_on__isnull=True)
                | Q(event__isnull=True, digest_on__isnull=False, recipient__isnull=False),
                name="ch_notification_event_or_digest",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", finished_at__isnull=True)
                | (~Q(state="waiting") & Q(finished_at__isnull=False)),
                name="ch_notification_finished_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def tries(self) -> int:
        """The attempts since it was written, or since it began anew."""
        return self.attempts - self.retried_after


class DeliveryOutcome(models.TextChoices):
    """How one attempt went."""

    ACCEPTED = "accepted", _("accepted")
    QUEUED = "queued", _("queued by the provider")
    TEMPORARY_FAILURE = "temporary", _("failed, tried again later")
    PERMANENT_FAILURE = "permanent", _("failed for good")


class Delivery(models.Model):
    """One attempt to carry one notification by one notifier. The outbox alone writes it."""

    notification = models.ForeignKey(Notification, models.CASCADE, related_name="deliveries")
    notifier = models.CharField(max_length=40)
    attempt = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=DeliveryOutcome)
    provider_id = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=500, blank=True)

    privacy = classify(
        keep=Keep.WITH_JOB,
        internal=("id", "notification", "notifier", "attempt", "at", "outcome", "provider_id", "detail"),
    )

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["notification", "notifier", "attempt"], name="ch_delivery_once_an_attempt"),
            models.UniqueConstraint(
                fields=["notification", "notifier"],
                condition=Q(outcome__in=["accepted", "queued"]),
                name="ch_delivery_accepted_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notifier}: {self.outcome}"
