"""The community itself, its areas and the skills that it speaks of."""

from __future__ import annotations

import zoneinfo
from datetime import time

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from community_help.fields import Keep, classify
from community_help.people.places import HasPosition, on_earth


def validate_time_zone(value: str) -> None:
    """Raise ``ValidationError`` for a name that the IANA data does not know."""
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        raise ValidationError(_("That is not a time zone, such as Europe/London.")) from error


def evening() -> time:
    """When quiet hours begin, to begin with. A function: Django warns of a fixed time that is near «now»."""
    return time(21)


def morning() -> time:
    """When quiet hours end, to begin with."""
    return time(8)


class Community(models.Model):
    """The one community that this database serves: what it decides for itself, without a developer.

    There is one row, with primary key 1; :meth:`current` makes it when it is missing.
    Times are in the units that their names end in.
    """

    name = models.CharField(_("name"), max_length=120, default="Community help")
    phone_line = models.CharField(_("phone line"), max_length=40, blank=True)
    email = models.EmailField(_("mailbox that somebody reads"), blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Europe/London", validators=[validate_time_zone]
    )
    quiet_from = models.TimeField(_("quiet from"), default=evening)
    quiet_until = models.TimeField(_("quiet until"), default=morning)
    digest_hour = models.PositiveSmallIntegerField(
        _("hour of the digest"), default=8, validators=[MaxValueValidator(23)]
    )
    undo_seconds = models.PositiveSmallIntegerField(
        _("undo time, seconds"), default=10, validators=[MaxValueValidator(60)]
    )
    disclosure_days_before = models.PositiveSmallIntegerField(
        _("days before a job that its details are shown"), default=7
    )
    disclosure_hours_after_report = models.PositiveSmallIntegerField(
        _("hours that details stay after the report"), default=8
    )
    disclosure_hours_after_end = models.PositiveSmallIntegerField(
        _("hours that details stay without a report"), default=72
    )
    disclosure_days_untimed = models.PositiveSmallIntegerField(
        _("days that details stay for a job without a time"), default=14, validators=[MinValueValidator(1)]
    )
    close_after_days = models.PositiveSmallIntegerField(
        _("days after which a plain «done» closes by itself"), default=3
    )

    preference_weights = models.JSONField(_("whom to ask first"), default=dict, blank=True)

    privacy = classify(
        keep=Keep.WITH_COMMUNITY,
        public=("name", "phone_line", "email", "time_zone"),
        internal=(
            "id",
            "quiet_from",
            "quiet_until",
            "digest_hour",
            "undo_seconds",
            "disclosure_days_before",
            "disclosure_hours_after_report",
            "disclosure_hours_after_end",
            "disclosure_days_untimed",
            "close_after_days",
            "preference_weights",
        ),
    )

    class Meta:
        verbose_name = _("community")
        verbose_name_plural = _("community")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="ch_community_is_one_row")]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone in which this community lives."""
        return zoneinfo.ZoneInfo(self.time_zone)

    @classmethod
    def current(cls) -> Community:
        """The community of this database."""
        row, _made = cls.objects.get_or_create(pk=1)
        return row


class Area(HasPosition, models.Model):
    """A neighbourhood as the community sees it: not a ward, not a postcode. Its position is its middle."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    active = models.BooleanField(_("in use"), default=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True, editable=False)
    longitude = models.FloatField(_("longitude"), null=True, blank=True, editable=False)
    rough = models.BooleanField(_("the place is rough"), default=False, editable=False)

    privacy = classify(
        keep=Keep.WITH_COMMUNITY,
        public=("name", "slug", "order", "active", "latitude", "longitude", "rough"),
        internal=("id",),
    )

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["order", "name"]
        constraints = [on_earth("area")]

    def __str__(self) -> str:
        return self.name


class Skill(models.Model):
    """Something that a helper has or can: drives, good with dogs, speaks Somali. A car is a skill."""

    name = models.CharField(_("name"), max_length=80, help_text=_("As on a form: «a car», «to speak clearly»."))
    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    phrase = models.CharField(_("said of a helper"), max_length=80, help_text=_("As in a reason: «drives»."))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    active = models.BooleanField(_("in use"), default=True)

    privacy = classify(keep=Keep.WITH_COMMUNITY, public=("name", "slug", "phrase", "order", "active"), internal=("id",))

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name
