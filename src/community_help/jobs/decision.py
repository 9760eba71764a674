"""What a co-ordinator must decide because something that was agreed does not fit any more."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community_help.fields import EncryptedText, Keep, classify
from community_help.jobs.offer import Offer
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import GOING_ON, LIVE, OfferState
from community_help.people.person import Person
from community_help.people.profiles import Buddy, Helper, Requester

if TYPE_CHECKING:
    from datetime import datetime


class DecisionState(models.TextChoices):
    """Where a decision stands."""

    OPEN = "open", _("to decide")
    WAITS = "waits", _("waits until it is renewed")
    KEPT = "kept", _("kept until a day")
    SIGNED = "signed", _("kept and signed")
    STOOD_DOWN = "stood_down", _("stood down")
    RESOLVED = "resolved", _("fits again")
    ENDED = "ended", _("over")


#: What was answered for a while: it comes back to the desk, or is settled by itself.
FOR_A_WHILE = (DecisionState.WAITS, DecisionState.KEPT)
#: Not settled yet. Of these there is one at most for an offer, or a pair, and a criterion.
STANDING = (DecisionState.OPEN, *FOR_A_WHILE)


class DecisionAnswer(models.TextChoices):
    """What may be decided: :attr:`Decision.answers` says which of a decision."""

    STAND_DOWN = "stand_down", _("stand down")
    WAIT = "wait", _("wait until it is renewed")
    KEEP_UNTIL = "keep_until", _("keep until a day")
    SIGN = "sign", _("keep and sign")


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Questions about decisions."""

    def standing(self) -> Self:
        """Those that are not settled."""
        return self.filter(state__in=STANDING)

    def about_something(self) -> Self:
        """Those whose offer still counts and has no report, on a job that is going on; or whose pair is still one."""
        offer = Q(offer__state__in=LIVE, offer__reported_at__isnull=True, offer__job__state__in=GOING_ON)
        pair = Buddy.objects.filter(helper=OuterRef("helper"), requester=OuterRef("requester"))
        return self.filter(offer | (Q(offer__isnull=True) & Exists(pair)))

    def on_desk(self, now: datetime) -> Self:
        """Those that somebody must decide now: nobody has yet, or what was answered for a while has run out."""
        due = Q(state=DecisionState.OPEN) | Q(state__in=FOR_A_WHILE, until__lte=now)
        return self.about_something().filter(due)


class Decision(models.Model):
    """One criterion that a live offer, or without an offer a pair of buddies, does not meet any more.

    ``criterion`` is its slug and ``because`` the sentence of its verdict. ``event`` is what happened to make it so;
    ``None`` where it was the calendar. ``opening`` is the job's for which it was asked, 0 for a pair: an answer holds
    for that opening, and a signature for a pair until the criterion holds again. ``can_be_waived`` is the criterion's
    own word. ``until`` is when what was answered for a while comes back to the desk; ``None``: not by itself.
    ``version`` counts what was asked and answered, so that nobody answers what they have not seen.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    offer = models.ForeignKey(Offer, models.CASCADE, null=True, blank=True, related_name="decisions")
    helper = models.ForeignKey(Helper, models.CASCADE, related_name="decisions")
    requester = models.ForeignKey(Requester, models.CASCADE, related_name="+")
    opening = models.PositiveIntegerField(default=0)
    criterion = models.CharField(max_length=40)
    safeguarding = models.BooleanField(_("somebody could come to harm"), default=False)
    can_be_waived = models.BooleanField(_("can be overlooked"), default=True)
    because = EncryptedText(_("what does not hold"))
    since = models.DateTimeField(default=timezone.now)
    event = models.ForeignKey(Event, models.SET_NULL, null=True, blank=True, related_name="decisions")
    state = models.CharField(max_length=10, choices=DecisionState, default=DecisionState.OPEN)
    until = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    why = EncryptedText(_("why"), max_length=500, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    privacy = classify(
        keep=Keep.WITH_JOB,
        internal=(
            "id",
            "uuid",
            "offer",
            "opening",
            "can_be_waived",
            "since",
            "event",
            "state",
            "until",
            "answered_by",
            "answered_at",
            "settled_at",
            "version",
        ),
        personal={
            "helper": _("to decide whether somebody still fits"),
            "requester": _("to decide whether somebody still fits"),
        },
        special={"why": _("so that others can see why it was decided")},
        criminal={
            "criterion": _("to keep people safe"),
            "safeguarding": _("to keep people safe"),
            "because": _("to keep people safe"),
        },
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["since", "pk"]
        indexes = [
            models.Index(fields=["state", "until"], name="ch_decision_waiting"),
            models.Index(fields=["helper", "state"], name="ch_decision_of_helper"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "criterion"],
                condition=Q(offer__isnull=False, state__in=["open", "waits", "kept"]),
                name="ch_decision_one_of_offer",
            ),
            models.UniqueConstraint(
                fields=["helper", "requester", "criterion"],
                condition=Q(offer__isnull=True, state__in=["open", "waits", "kept"]),
                name="ch_decision_one_of_pair",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["kept", "signed"]) | Q(safeguarding=False), name="ch_decision_is_safe"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "waits", "kept"], settled_at__isnull=True)
                | (~Q(state__in=["open", "waits", "kept"]) & Q(settled_at__isnull=False)),
                name="ch_decision_settled_at",
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(answered_at__isnull=True, until__isnull=True),
                name="ch_decision_open_is_unanswered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} of helper {self.helper_id}: {self.state}"

    @property
    def answers(self) -> tuple[DecisionAnswer, ...]:
        """What may be decided.

        Where safety is at stake nobody is kept. An offer that nobody has accepted is not signed for where matching
        will not overlook the criterion: it could not be ratified all the same.
        """
        if self.safeguarding:
            return (DecisionAnswer.STAND_DOWN, DecisionAnswer.WAIT)
        if not self.can_be_waived and self.offer is not None and self.offer.state == OfferState.OFFERED:
            return (DecisionAnswer.STAND_DOWN, DecisionAnswer.KEEP_UNTIL)
        return (DecisionAnswer.STAND_DOWN, DecisionAnswer.KEEP_UNTIL, DecisionAnswer.SIGN)
