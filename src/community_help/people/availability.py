"""When a helper can help: hours of the week, and days away, in the community's own days and minutes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community_help.fields import Keep, classify
from community_help.people.profiles import Helper


class FreeHours(models.Model):
    """A stretch of one weekday in which a helper can help, every week. A helper without any can at any time.

    ``weekday`` is 0 for Monday; minutes count from midnight on the wall clock, ``to_minute`` is exclusive
    and at most 1440: what goes past midnight is two rows.
    """

    helper = models.ForeignKey(Helper, models.CASCADE, related_name="free_hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"))
    from_minute = models.PositiveSmallIntegerField(_("from"))
    to_minute = models.PositiveSmallIntegerField(_("until"))

    privacy = classify(
        keep=Keep.WITH_PERSON,
        internal=("id",),
        personal={
            "helper": _("to ask only when they can"),
            "weekday": _("to ask only when they can"),
            "from_minute": _("to ask only when they can"),
            "to_minute": _("to ask only when they can"),
        },
    )

    class Meta:
        verbose_name = _("free hours")
        verbose_name_plural = _("free hours")
        ordering = ["weekday", "from_minute"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__lte=6, to_minute__lte=1440, from_minute__lt=F("to_minute")),
                name="ch_free_hours_are_a_span",
            ),
            models.UniqueConstraint(fields=["helper", "weekday", "from_minute"], name="ch_free_hours_once"),
        ]

    def __str__(self) -> str:
        return f"helper {self.helper_id}, weekday {self.weekday}: {self.from_minute}-{self.to_minute}"


class Away(models.Model):
    """A helper is away from one local day to another, both included; without a last day until they say otherwise."""

    helper = models.ForeignKey(Helper, models.CASCADE, related_name="away")
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("until"), null=True, blank=True)

    privacy = classify(
        keep=Keep.WITH_PERSON,
        internal=("id",),
        personal={
            "helper": _("not to ask while they are away"),
            "first_day": _("not to ask while they are away"),
            "last_day": _("not to ask while they are away"),
        },
    )

    class Meta:
        verbose_name = _("days away")
        verbose_name_plural = _("days away")
        ordering = ["first_day", "pk"]
        indexes = [models.Index(fields=["helper", "first_day"], name="ch_away_of_helper")]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="ch_away_ends_after_start",
                violation_error_message=_("The last day away is before the first."),
            )
        ]

    def __str__(self) -> str:
        return f"helper {self.helper_id}: {self.first_day} to {self.last_day}"
