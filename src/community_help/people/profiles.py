"""What a person is here: a helper, a requester, or both; and who must never meet whom."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community_help.fields import EncryptedText, Keep, classify
from community_help.people.community import Area, Skill
from community_help.people.person import Person


class HelperState(models.TextChoices):
    """Where a helper stands with the community. Only the approved are asked."""

    APPLIED = "applied", _("applied")
    APPROVED = "approved", _("approved")
    PAUSED = "paused", _("paused")
    SUSPENDED = "suspended", _("suspended")
    LEFT = "left", _("left")


class Helper(models.Model):
    """A person who helps: what they do, where, and whether they may be asked."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="helper")
    state = models.CharField(_("state"), max_length=12, choices=HelperState, default=HelperState.APPLIED, db_index=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    areas = models.ManyToManyField(Area, blank=True, related_name="helpers", verbose_name=_("areas"))
    task_types = models.ManyToManyField(
        "community_help.TaskType", blank=True, related_name="helpers", verbose_name=_("kinds of job")
    )
    skills = models.ManyToManyField(Skill, blank=True, related_name="helpers", verbose_name=_("skills"))
    wants_alerts = models.BooleanField(_("wants to hear of urgent jobs at once"), default=True)
    wants_digest = models.BooleanField(_("wants the daily digest"), default=True)
    most_jobs = models.PositiveSmallIntegerField(
        _("most jobs at once"), null=True, blank=True, help_text=_("Empty: as many as come.")
    )

    privacy = classify(
        keep=Keep.WITH_PERSON,
        internal=("person", "state", "approved_at", "wants_alerts", "wants_digest"),
        personal={
            "areas": _("to ask for help near them only"),
            "task_types": _("to ask for what they are willing to do only"),
            "skills": _("to ask for what they can do only"),
            "most_jobs": _("not to ask for more than they can take on"),
        },
    )

    class Meta:
        verbose_name = _("helper")
        verbose_name_plural = _("helpers")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="approved") | models.Q(approved_at__isnull=False),
                name="ch_helper_approved_at",
            )
        ]

    def __str__(self) -> str:
        return self.person.name


class Requester(models.Model):
    """A person who is helped. ``warnings`` is what a co-ordinator must know when they ring."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="requester")
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="requesters", verbose_name=_("area")
    )
    warnings = EncryptedText(_("what to know when they ring"), blank=True)
    trusted = models.BooleanField(_("may publish without a co-ordinator"), default=False)
    consent_at = models.DateTimeField(_("was told how we keep their details"), null=True, blank=True)
    consent_how = models.CharField(_("how they were told"), max_length=40, blank=True)
    since = models.DateTimeField(_("with us since"), default=timezone.now)

    privacy = classify(
        keep=Keep.WITH_PERSON,
        internal=("person", "trusted", "since"),
        personal={
            "area": _("to find helpers near them"),
            "consent_at": _("to show that they were told"),
            "consent_how": _("to show that they were told"),
        },
        special={"warnings": _("to treat them with care on the phone")},
    )

    class Meta:
        verbose_name = _("requester")
        verbose_name_plural = _("requesters")

    def __str__(self) -> str:
        return self.person.name


class NeverPairQuerySet(models.QuerySet["NeverPair"]):
    """Questions about pairs that must never be made."""

    def between(self, helper_id: int, requester_id: int) -> Self:
        """The rows that keep these two apart."""
        return self.filter(helper_id=helper_id, requester_id=requester_id)


class NeverPair(models.Model):
    """This helper and this requester are never matched. The reason is private."""

    helper = models.ForeignKey(Helper, models.CASCADE, related_name="never_pairs")
    requester = models.ForeignKey(Requester, models.CASCADE, related_name="never_pairs")
    reason = EncryptedText(_("reason"), blank=True)
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    privacy = classify(
        keep=Keep.WITH_PERSON,
        internal=("id", "made_by", "made_at"),
        personal={"helper": _("to keep two people apart"), "requester": _("to keep two people apart")},
        special={"reason": _("so that a co-ordinator knows why")},
    )

    objects = NeverPairQuerySet.as_manager()

    class Meta:
        verbose_name = _("never pair")
        verbose_name_plural = _("never pairs")
        constraints = [models.UniqueConstraint(fields=["helper", "requester"], name="ch_never_pair_once")]

    def __str__(self) -> str:
        return f"helper {self.helper_id}, requester {self.requester_id}"
