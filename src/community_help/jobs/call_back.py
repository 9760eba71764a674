"""A phone call that a co-ordinator owes a requester."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community_help.fields import EncryptedText, Keep, classify
from community_help.jobs.job import Job
from community_help.jobs.offer import Offer
from community_help.lifecycle.event import Event
from community_help.people.person import Person
from community_help.people.profiles import Requester


class CallBackReason(models.TextChoices):
    """Why the requester must be rung."""

    WHO_IS_COMING = "who_is_coming", _("who is coming, and the safe word")
    NOT_COMING = "not_coming", _("the helper can't come after all")
    CANCELLED = "cancelled", _("the job was cancelled")
    NOBODY_FOUND = "nobody_found", _("nobody could be found")
    CHANGED = "changed", _("the job was changed")


class CallBackOutcome(models.TextChoices):
    """How the last attempt went; ``owed`` and the middle two leave the call on the desk."""

    OWED = "owed", _("not rung yet")
    NO_ANSWER = "no_answer", _("no answer")
    MESSAGE_LEFT = "message_left", _("message left")
    REACHED = "reached", _("reached")
    WRONG_NUMBER = "wrong_number", _("wrong number")
    NOT_NEEDED = "not_needed", _("not needed any more")


#: Outcomes after which the call is still owed.
STILL_OWED = (CallBackOutcome.OWED, CallBackOutcome.NO_ANSWER, CallBackOutcome.MESSAGE_LEFT)


class CallBack(models.Model):
    """One call owed: to whom, why, from when, how often tried, how it went, and who has it in hand."""

    requester = models.ForeignKey(Requester, models.CASCADE, related_name="call_backs")
    job = models.ForeignKey(Job, models.CASCADE, null=True, blank=True, related_name="call_backs")
    offer = models.ForeignKey(Offer, models.CASCADE, null=True, blank=True, related_name="call_backs")
    #: The event that made it owed: undoing that takes the call off the desk.
    event = models.ForeignKey(Event, models.PROTECT, related_name="call_backs")
    reason = models.CharField(max_length=14, choices=CallBackReason)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=14, choices=CallBackOutcome, default=CallBackOutcome.OWED)
    tried_at = models.DateTimeField(null=True, blank=True)
    in_hand_of = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    in_hand_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    note = EncryptedText(_("note"), blank=True)

    privacy = classify(
        keep=Keep.WITH_JOB,
        internal=(
            "id",
            "job",
            "offer",
            "event",
            "reason",
            "due_at",
            "attempts",
            "outcome",
            "tried_at",
            "in_hand_of",
            "in_hand_until",
            "done_at",
        ),
        personal={"requester": _("to know whom to ring")},
        special={"note": _("to know what was said")},
    )

    class Meta:
        verbose_name = _("call-back")
        verbose_name_plural = _("call-backs")
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["due_at"], condition=Q(done_at__isnull=True), name="ch_call_back_owed")]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["owed", "no_answer", "message_left"], done_at__isnull=True)
                | (~Q(outcome__in=["owed", "no_answer", "message_left"]) & Q(done_at__isnull=False)),
                name="ch_call_back_done_at",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason} for requester {self.requester_id}"
