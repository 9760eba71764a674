"""Background checks: levels are rows, not code; a check holds what was seen and decided, never a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from community_help.fields import EncryptedText, Keep, classify
from community_help.lifecycle.event import Event
from community_help.people.person import Person
from community_help.people.profiles import Helper, HelperState

if TYPE_CHECKING:
    from datetime import date

    from django.db.models.expressions import Combinable


class CheckLevel(models.Model):
    """A kind of check: «Basic DBS», «Enhanced DBS», «PVG». ``includes`` are the levels that it also proves."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    includes = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="included_in", verbose_name=_("also proves")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    privacy = classify(keep=Keep.WITH_COMMUNITY, public=("name", "slug", "order"), internal=("id", "includes"))

    class Meta:
        verbose_name = _("check level")
        verbose_name_plural = _("check levels")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class CheckDecision(models.TextChoices):
    """What the community decided after somebody had seen the check."""

    PENDING = "pending", _("not decided yet")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")


class Workforce(models.TextChoices):
    """For work with whom the check was made."""

    ADULTS = "adults", _("adults")
    CHILDREN = "children", _("children")
    BOTH = "both", _("adults and children")
    OTHER = "other", _("other")


class CheckQuerySet(models.QuerySet["Check"]):
    """Questions about checks."""

    def valid_on(self, first: date | Combinable, last: date | Combinable) -> Self:
        """Accepted, not revoked, issued by ``first`` and not due again before the end of ``last``."""
        return self.filter(
            Q(recheck_on__isnull=True) | Q(recheck_on__gte=last),
            decision=CheckDecision.ACCEPTED,
            revoked_at__isnull=True,
            issued_on__lte=first,
        )

    def to_be_renewed(self, first: date, last: date) -> Self:
        """Accepted checks that are due again from ``first`` to ``last``, of helpers who have not left.

        Not those that a later one has taken the place of: of the same level or one that includes it, and valid for
        longer.
        """
        later = Check.objects.valid_on(first, OuterRef("recheck_on")).filter(
            Q(recheck_on__isnull=True)
            | Q(recheck_on__gt=OuterRef("recheck_on"))
            | Q(recheck_on=OuterRef("recheck_on"), pk__gt=OuterRef("pk")),
            Q(level=OuterRef("level")) | Q(level__includes=OuterRef("level")),
            helper=OuterRef("helper"),
        )
        due = self.valid_on(first, first).filter(recheck_on__gte=first, recheck_on__lte=last)
        return due.filter(~Exists(later)).exclude(helper__state=HelperState.LEFT)

    def proving(self, level_id: int) -> Self:
        """Of this level, or of one that includes it."""
        return self.filter(Q(level_id=level_id) | Q(level__in=CheckLevel.objects.filter(includes=level_id)))


class Check(models.Model):
    """One verified check of one helper: who saw it, when, what was decided. Never a file or its content.

    ``reminded_days`` is for how many days ahead of ``recheck_on`` people were last reminded, ``reminder`` the event.
    """

    helper = models.ForeignKey(Helper, models.CASCADE, related_name="checks")
    level = models.ForeignKey(CheckLevel, models.PROTECT, related_name="checks")
    workforce = models.CharField(_("workforce"), max_length=10, choices=Workforce, default=Workforce.ADULTS)
    barred_adults = models.BooleanField(_("adults' barred list was asked"), default=False)
    barred_children = models.BooleanField(_("children's barred list was asked"), default=False)
    issued_on = models.DateField(_("issued on"))
    reference = EncryptedText(_("reference"), blank=True)
    seen_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name=_("seen by"))
    seen_on = models.DateField(_("seen on"))
    decision = models.CharField(_("decision"), max_length=10, choices=CheckDecision, default=CheckDecision.PENDING)
    recheck_on = models.DateField(_("to be checked again on"), null=True, blank=True)
    update_service = models.BooleanField(_("on the update service"), default=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    reminded_days = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    reminder = models.ForeignKey(Event, models.SET_NULL, null=True, blank=True, editable=False, related_name="+")

    privacy = classify(
        keep=Keep.WITH_PERSON,
        internal=("id", "seen_by", "seen_on", "update_service", "reminded_days", "reminder"),
        criminal={
            "helper": _("to keep people safe"),
            "level": _("to ask only those who hold it"),
            "workforce": _("to ask only those who hold it"),
            "barred_adults": _("to ask only those who hold it"),
            "barred_children": _("to ask only those who hold it"),
            "issued_on": _("to know from when it holds"),
            "reference": _("to verify it again"),
            "decision": _("to keep people safe"),
            "recheck_on": _("to know until when it holds"),
            "revoked_at": _("to keep people safe"),
        },
    )

    objects = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(recheck_on__isnull=True) | Q(recheck_on__gt=models.F("issued_on")),
                name="ch_check_due_after_issue",
            )
        ]

    def __str__(self) -> str:
        return f"{self.level}, {self.issued_on}"
