"""A helper's answer to a job, who was asked, and what the helper said afterwards."""

from __future__ import annotations

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community_help.fields import EncryptedText, Keep, classify
from community_help.jobs.job import Job
from community_help.lifecycle.table import LIVE, OfferState
from community_help.people.person import Person
from community_help.people.profiles import Helper, Requester


class OfferQuerySet(models.QuerySet["Offer"]):
    """Questions about offers."""

    def live(self) -> Self:
        """Offers that still count: the helper waits, or is on the job."""
        return self.filter(state__in=LIVE)

    def ratified(self) -> Self:
        """Offers of helpers who are on the job."""
        return self.filter(state=OfferState.RATIFIED)

    def waiting(self) -> Self:
        """Offers that nobody has answered."""
        return self.filter(state=OfferState.OFFERED)


class Offer(models.Model):
    """One answer of one helper to one opening of a job, with a state of its own.

    ``ratified_rule`` names the rule where no co-ordinator said yes. ``unconfirmed_since`` is set when
    the job changed under a live offer: the helper has yet to say «still yes». ``shut_at`` is set when a
    safeguarding criterion fails: disclosure is shut at once. ``reopened_until`` is set by a co-ordinator
    who opens the window again.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    job = models.ForeignKey(Job, models.CASCADE, related_name="offers", db_index=False)
    helper = models.ForeignKey(Helper, models.PROTECT, related_name="offers", db_index=False)
    #: The job's requester, repeated so that the database itself can hold «nobody helps themselves».
    requester = models.ForeignKey(Requester, models.PROTECT, related_name="+", db_index=False)
    opening = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=OfferState, default=OfferState.OFFERED)
    note = EncryptedText(_("note to the co-ordinator"), max_length=500, blank=True)
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    ratified_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    ratified_rule = models.CharField(max_length=60, blank=True)
    ratified_at = models.DateTimeField(null=True, blank=True)
    contacted_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    unconfirmed_since = models.DateTimeField(null=True, blank=True)
    shut_at = models.DateTimeField(null=True, blank=True)
    reopened_until = models.DateTimeField(null=True, blank=True)
    safe_word = EncryptedText(_("safe word"), blank=True)

    privacy = classify(
        keep=Keep.WITH_JOB,
        internal=(
            "id",
            "uuid",
            "job",
            "requester",
            "opening",
            "state",
            "made_by",
            "made_at",
            "ratified_by",
            "ratified_rule",
            "ratified_at",
            "contacted_at",
            "reported_at",
            "ended_at",
            "unconfirmed_since",
            "shut_at",
            "reopened_until",
        ),
        personal={"helper": _("to know who offers"), "note": _("so that the co-ordinator can choose")},
        contact={"safe_word": _("so that the requester knows who is at the door")},
    )

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["made_at", "pk"]
        indexes = [
            models.Index(fields=["helper", "state"], name="ch_offer_of_helper"),
            models.Index(fields=["job", "state"], name="ch_offer_of_job"),
            models.Index(fields=["requester", "helper"], name="ch_offer_of_pair"),
            models.Index(
                fields=["helper"],
                condition=Q(state__in=["offered", "ratified"], reported_at__isnull=True),
                name="ch_offer_in_hand",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["job", "helper"], condition=Q(state__in=["offered", "ratified"]), name="ch_offer_one_live"
            ),
            models.CheckConstraint(
                condition=Q(ratified_by__isnull=True) | ~Q(helper_id=F("ratified_by_id")), name="ch_offer_not_ones_own"
            ),
            models.CheckConstraint(condition=~Q(requester_id=F("helper_id")), name="ch_offer_not_to_oneself"),
            models.CheckConstraint(
                condition=~Q(state__in=["ratified", "completed", "released", "stood_down", "no_show"])
                | Q(ratified_at__isnull=False),
                name="ch_offer_ratified_at",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["offered", "declined", "withdrawn", "not_needed", "lapsed"])
                | Q(ratified_at__isnull=True),
                name="ch_offer_not_ratified",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["offered", "ratified"], ended_at__isnull=True)
                | (~Q(state__in=["offered", "ratified"]) & Q(ended_at__isnull=False)),
                name="ch_offer_ended_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.helper_id} for job {self.job_id}: {self.state}"


class AskAnswer(models.TextChoices):
    """What somebody who was asked has said."""

    NONE = "none", _("no answer yet")
    OFFERED = "offered", _("offered")
    NOT_THIS_ONE = "not_this_one", _("not this one")
    NOT_NOW = "not_now", _("not now")


class Ask(models.Model):
    """Who was asked about which opening, when, by which step, and the answer."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="asks", db_index=False)
    opening = models.PositiveIntegerField()
    helper = models.ForeignKey(Helper, models.CASCADE, related_name="asks", db_index=False)
    step = models.CharField(max_length=30, help_text=_("alert, digest, or the name of a step of the ladder"))
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=14, choices=AskAnswer, default=AskAnswer.NONE)
    answered_at = models.DateTimeField(null=True, blank=True)

    privacy = classify(
        keep=Keep.WITH_JOB,
        internal=("id", "job", "opening", "step", "asked_at", "answered_at"),
        personal={"helper": _("to know who was told"), "answer": _("so as not to ask again")},
    )

    class Meta:
        verbose_name = _("ask")
        verbose_name_plural = _("asks")
        ordering = ["asked_at", "pk"]
        indexes = [models.Index(fields=["helper", "-asked_at"], name="ch_ask_of_helper")]
        constraints = [
            models.UniqueConstraint(fields=["job", "opening", "helper"], name="ch_ask_once_an_opening"),
            models.CheckConstraint(
                condition=Q(answer="none", answered_at__isnull=True)
                | (~Q(answer="none") & Q(answered_at__isnull=False)),
                name="ch_ask_answered_at",
            ),
        ]

    def __str__(self) -> str:
        return f"helper {self.helper_id} about job {self.job_id}"


class Outcome(models.TextChoices):
    """How it went, in the helper's words."""

    DONE = "done", _("Done")
    PARTLY = "partly", _("Partly done")
    NOBODY_HOME = "nobody_home", _("Nobody home")
    NOT_DONE = "not_done", _("Not done")
    WORRIED = "worried", _("I'm worried")


class Report(models.Model):
    """What the helper says afterwards: one for each ratified offer."""

    offer = models.OneToOneField(Offer, models.CASCADE, related_name="report")
    outcome = models.CharField(_("how did it go"), max_length=12, choices=Outcome)
    note = EncryptedText(_("note"), max_length=2000, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes it took"), null=True, blank=True)
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    privacy = classify(
        keep=Keep.WITH_JOB,
        internal=("id", "offer", "made_by", "made_at"),
        personal={"outcome": _("to know how it went"), "minutes": _("to count the hours given")},
        special={"note": _("to know how it went")},
    )

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")

    def __str__(self) -> str:
        return f"{self.outcome} for offer {self.offer_id}"
