"""Who may do what: roles are granted, for areas or all, from and until, by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community_help.fields import Keep, classify
from community_help.people.community import Area
from community_help.people.person import Person

if TYPE_CHECKING:
    from datetime import datetime


class Role(models.TextChoices):
    """The roles beside those of helper and requester."""

    COORDINATOR = "coordinator", _("co-ordinator")
    SAFEGUARDING_LEAD = "safeguarding_lead", _("safeguarding lead")
    DATA_PROTECTION_LEAD = "data_protection_lead", _("data-protection lead")
    ADMINISTRATOR = "administrator", _("administrator")


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    """Questions about grants."""

    def current(self, now: datetime | None = None) -> Self:
        """The grants in force at ``now`` (default: this moment)."""
        now = now or timezone.now()
        return self.filter(models.Q(until__isnull=True) | models.Q(until__gt=now), since__lte=now)


class RoleGrant(models.Model):
    """One role of one person. No areas means all of them when ``all_areas``, else none."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="role_grants")
    role = models.CharField(_("role"), max_length=24, choices=Role)
    all_areas = models.BooleanField(_("all areas"), default=True)
    areas = models.ManyToManyField(Area, blank=True, related_name="+", verbose_name=_("areas"))
    since = models.DateTimeField(_("from"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    granted_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    privacy = classify(
        keep=Keep.AS_RECORD,
        internal=("id", "all_areas", "areas", "since", "until", "granted_by"),
        personal={"person": _("to know who may do what"), "role": _("to know who may do what")},
    )

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        indexes = [models.Index(fields=["person", "role"], name="ch_role_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gt=models.F("since")),
                name="ch_role_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.person}"


def has_role(person: Person, role: str, *, now: datetime | None = None) -> bool:
    """Whether the person holds the role now, for any area."""
    return any(grant.role == role for grant in current_grants(person, now=now))


def current_grants(person: Person, *, now: datetime | None = None) -> list[RoleGrant]:
    """The person's grants in force, with their areas: asked once and remembered on this Person object.

    Remembered for the life of the object (one request), so that a page asks the database once.
    """
    cached: list[RoleGrant] | None = getattr(person, "_ch_grants", None)
    if cached is None or now is not None:
        cached = list(RoleGrant.objects.current(now).filter(person=person).prefetch_related("areas"))
        if now is None:
            person._ch_grants = cached  # type: ignore[attr-defined]  # noqa: SLF001  a cache on our own model
    return cached


def coordinator_areas(person: Person) -> set[int] | None:
    """The ids of the areas that the person co-ordinates: ``None`` means all, an empty set none."""
    ids: set[int] = set()
    for grant in current_grants(person):
        if grant.role == Role.COORDINATOR:
            if grant.all_areas:
                return None
            ids |= {area.pk for area in grant.areas.all()}
    return ids
