"""What a person is here: a helper, a requester, or both; and who must never meet whom."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community_help.fields import EncryptedText, Keep, classify
from community_help.people.community import Area, Skill
from community_help.people.person import Person
from community_help.people.places import HasPosition, Position, on_earth


class HelperState(models.TextChoices):
    """Where a helper stands with the community. Only the approved are asked."""

    APPLIED = "applied", _("applied")
    APPROVED = "approved", _("approved")
    PAUSED = "paused", _("paused")
    SUSPENDED = "suspended", _("suspended")
    LEFT = "left", _("left")


class Helper(HasPosition, models.Model):
    """A person who helps: what they do, where, and whether they may be asked.

    ``quiet_from`` and ``quiet_until`` are the helper's own quiet hours, on the community's clocks; both empty: those of
    the community. The same time twice: none.
    """

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
    most_asks_per_week = models.PositiveSmallIntegerField(
        _("most times to be asked in a week"), null=True, blank=True, help_text=_("Empty: as often as somebody fits.")
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True, editable=False)
    longitude = models.FloatField(_("longitude"), null=True, blank=True, editable=False)
    rough = models.BooleanField(_("the place is rough"), default=False, editable=False)

    privacy = classify(
        keep=Keep.WITH_PERSON,
        internal=("person", "state", "approved_at", "wants_alerts", "wants_digest", "rough"),
        personal={
            "most_asks_per_week": _("not to ask more often than they like"),
            "quiet_from": _("to leave them in peace at night"),
            "quiet_until": _("to leave them in peace at night"),
            "latitude": _("to ask for help near them only"),
            "longitude": _("to ask for help near them only"),
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
            ),
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="ch_helper_quiet_both_ends",
            ),
            on_earth("helper"),
        ]
        indexes = [models.Index(fields=["latitude", "longitude"], name="ch_helper_place")]

    def __str__(self) -> str:
        return self.person.name


class Requester(HasPosition, models.Model):
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
    latitude = models.FloatField(_("latitude"), null=True, blank=True, editable=False)
    longitude = models.FloatField(_("longitude"), null=True, blank=True, editable=False)
    rough = models.BooleanField(_("the place is rough"), default=False, editable=False)

    privacy = classify(
        keep=Keep.WITH_PERSON,
        internal=("person", "trusted", "since", "rough"),
        personal={
            "latitude": _("to find helpers near them"),
            "longitude": _("to find helpers near them"),
            "area": _("to find helpers near them"),
            "consent_at": _("to show that they were told"),
            "consent_how": _("to show that they were told"),
        },
        special={"warnings": _("to treat them with care on the phone")},
    )

    class Meta:
        verbose_name = _("requester")
        verbose_name_plural = _("requesters")
        constraints = [on_earth("requester")]

    def __str__(self) -> str:
        return self.person.name


def place_of(requester: Requester | None, area: Area | None) -> Position | None:
    """Where help for somebody in an area would be: at home where they live there, else the area's middle, roughly."""
    if requester is not None and area is not None and requester.area_id == area.pk and requester.position is not None:
        return requester.position
    middle = area.position if area is not None else None
    return None if middle is None else middle._replace(rough=True)


class Buddy(models.Model):
    """This helper is the known and trusted one of this requester."""

    helper = models.ForeignKey(Helper, models.CASCADE, related_name="buddies")
    requester = models.ForeignKey(Requester, models.CASCADE, related_name="buddies")
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    privacy = classify(
        keep=Keep.WITH_PERSON,
        internal=("id", "made_by", "made_at"),
        personal={"helper": _("to ask whom they trust first"), "requester": _("to ask whom they trust first")},
    )

    class Meta:
        verbose_name = _("buddies")
        verbose_name_plural = _("buddies")
        constraints = [
            models.UniqueConstraint(fields=["helper", "requester"], name="ch_buddy_once"),
            models.CheckConstraint(condition=~models.Q(helper=models.F("requester")), name="ch_buddy_is_another"),
        ]

    def __str__(self) -> str:
        return f"helper {self.helper_id}, requester {self.requester_id}"


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
