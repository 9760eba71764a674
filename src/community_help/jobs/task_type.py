"""A community's kinds of job: rows that anyone with the role can add."""

from __future__ import annotations

import uuid

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from community_help.fields import Keep, classify
from community_help.people.community import Skill
from community_help.safeguarding.background_checks import CheckLevel


class Urgency(models.TextChoices):
    """How soon. The first two alert at once; only critical passes quiet hours."""

    CRITICAL = "critical", _("critical: somebody is in danger without it")
    URGENT = "urgent", _("urgent: today")
    SOON = "soon", _("soon: in the next days")
    WHENEVER = "whenever", _("whenever it suits")


#: Urgencies that are told at once; the others wait for the digest.
ALERTING = (Urgency.CRITICAL, Urgency.URGENT)


class Tile(models.TextChoices):
    """The set of colours from which a community picks for its kinds of job."""

    SHOPPING = "shopping", _("mint")
    PRESCRIPTION = "prescription", _("lime")
    LIFT = "lift", _("sky")
    VISIT = "visit", _("lilac")
    DOG = "dog", _("sunflower")
    ERRAND = "errand", _("peach")


class Ratification(models.TextChoices):
    """Who says yes to an offer."""

    COORDINATOR = "coordinator", _("a co-ordinator")
    AUTOMATIC = "automatic", _("nobody: the first who offers has it")


class TaskType(models.Model):
    """What the community calls a kind of job, and what such a job needs.

    ``job_model`` is the label of the job model that it uses, such as ``community_help.shoppingjob``.
    ``check_reason`` says why the check is needed: asking for a level that the role is not eligible for
    is an offence in England and Wales. Disclosure times, where given, stand before the community's.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=60)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    icon = models.CharField(_("icon"), max_length=40, default="envelope-paper-fill")
    tile = models.CharField(_("colour"), max_length=14, choices=Tile, default=Tile.ERRAND)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    job_model = models.CharField(_("job model"), max_length=100, default="community_help.errandjob")
    public_template = models.TextField(_("text that helpers see, to begin from"), blank=True)
    private_template = models.TextField(_("text that only the ratified helper sees, to begin from"), blank=True)
    script = models.TextField(_("what to ask the caller"), blank=True)
    safety_rules = models.TextField(_("rules about money and safety"), blank=True)
    check_level = models.ForeignKey(
        CheckLevel, models.PROTECT, null=True, blank=True, related_name="task_types", verbose_name=_("check needed")
    )
    check_reason = models.CharField(_("why that check"), max_length=200, blank=True)
    default_skills = models.ManyToManyField(
        Skill, blank=True, related_name="+", verbose_name=_("skills, to begin with")
    )
    by_phone = models.BooleanField(_("done by phone: the place does not matter"), default=False)
    places = models.PositiveSmallIntegerField(_("helpers needed"), default=1, validators=[MinValueValidator(1)])
    urgency = models.CharField(_("how soon, to begin with"), max_length=10, choices=Urgency, default=Urgency.SOON)
    ratification = models.CharField(
        _("who says yes to an offer"), max_length=12, choices=Ratification, default=Ratification.COORDINATOR
    )
    criteria_options = models.JSONField(_("criteria's options"), default=dict, blank=True)
    disclosure_days_before = models.PositiveSmallIntegerField(null=True, blank=True)
    disclosure_hours_after_report = models.PositiveSmallIntegerField(null=True, blank=True)
    disclosure_hours_after_end = models.PositiveSmallIntegerField(null=True, blank=True)
    disclosure_days_untimed = models.PositiveSmallIntegerField(null=True, blank=True)

    privacy = classify(
        keep=Keep.WITH_COMMUNITY,
        public=(
            "uuid",
            "name",
            "slug",
            "icon",
            "tile",
            "order",
            "active",
            "safety_rules",
            "check_level",
            "check_reason",
        ),
        internal=(
            "id",
            "version",
            "job_model",
            "public_template",
            "private_template",
            "script",
            "default_skills",
            "by_phone",
            "places",
            "urgency",
            "ratification",
            "criteria_options",
            "disclosure_days_before",
            "disclosure_hours_after_report",
            "disclosure_hours_after_end",
            "disclosure_days_untimed",
        ),
    )

    class Meta:
        verbose_name = _("kind of job")
        verbose_name_plural = _("kinds of job")
        ordering = ["order", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(check_level__isnull=True) | ~models.Q(check_reason=""),
                name="ch_check_needs_a_reason",
            ),
            models.CheckConstraint(condition=models.Q(places__gte=1), name="ch_task_type_places"),
        ]

    def __str__(self) -> str:
        return self.name
