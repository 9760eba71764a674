"""One piece of help for one requester: the base table, where state, version and owner live."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar, Self

from django.core.validators import MaxLengthValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from polymorphic.managers import PolymorphicManager
from polymorphic.models import PolymorphicModel
from polymorphic.query import PolymorphicQuerySet

from community_help.fields import EncryptedText, Keep, classify
from community_help.jobs.call import Call
from community_help.jobs.task_type import TaskType, Urgency
from community_help.lifecycle.table import JobState
from community_help.people.community import Area, Skill
from community_help.people.person import Person
from community_help.people.places import HasPosition, on_earth
from community_help.people.profiles import Requester
from community_help.safeguarding.background_checks import CheckLevel


class Timing(models.TextChoices):
    """How a job's time was asked for; it says what ``earliest`` and ``latest`` mean."""

    AT = "at", _("at this time")
    BETWEEN = "between", _("between two times")
    BY = "by", _("by this time")
    ON = "on", _("on this day")
    ASAP = "asap", _("as soon as possible")
    FLEXIBLE = "flexible", _("any time")


class Source(models.TextChoices):
    """By which door a job came in."""

    CALL = "call", _("a phone call")
    DESK = "desk", _("a co-ordinator")
    REQUESTER = "requester", _("the requester")
    PUBLIC_FORM = "public_form", _("the public form")
    REFERRER = "referrer", _("a referrer")
    API = "api", _("the API")
    SERIES = "series", _("a series")


if TYPE_CHECKING:

    class _PolymorphicQuerySet(models.QuerySet["Job"]):
        def non_polymorphic(self) -> Self: ...

else:
    _PolymorphicQuerySet = PolymorphicQuerySet  # whose own types lose the model


class JobQuerySet(_PolymorphicQuerySet):
    """Questions about jobs. Everything that only reads base fields asks ``.non_polymorphic()``."""

    def open_for_offers(self) -> Self:
        """Jobs that a helper may offer for now."""
        return self.filter(state=JobState.OPEN)

    def for_lists(self) -> Self:
        """Base rows with what a row on a page shows: one query however many subtypes there are."""
        return self.non_polymorphic().select_related("task_type", "area", "requester__person", "owner")


if TYPE_CHECKING:

    class JobManager(models.Manager["Job"]):
        def get_queryset(self) -> JobQuerySet: ...
        def non_polymorphic(self) -> JobQuerySet: ...
        def open_for_offers(self) -> JobQuerySet: ...
        def for_lists(self) -> JobQuerySet: ...

else:
    JobManager = PolymorphicManager.from_queryset(JobQuerySet)


class Job(HasPosition, PolymorphicModel):
    """One piece of help for one requester.

    A job model is a subclass with fields of its own. **A field is private until it is named in**
    ``public_fields``: private fields are read through ``privacy.disclosure`` only.

    ``opening`` counts how often the job was opened for offers; a re-opened or re-timed job is a new
    opening. ``earliest`` and ``latest`` are instants (UTC); ``first_day`` and ``last_day`` are the same in
    the community's days; ``minutes`` is how long the help takes.
    """

    #: Fields of this job model that helpers may read before ratification.
    public_fields: ClassVar[tuple[str, ...]] = ()

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    task_type = models.ForeignKey(TaskType, models.PROTECT, related_name="jobs", verbose_name=_("kind of job"))
    requester = models.ForeignKey(Requester, models.PROTECT, related_name="jobs", verbose_name=_("requester"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="jobs", verbose_name=_("area"))
    source = models.CharField(max_length=12, choices=Source, default=Source.CALL)
    call = models.ForeignKey(Call, models.SET_NULL, null=True, blank=True, related_name="jobs")

    state = models.CharField(max_length=12, choices=JobState, default=JobState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    owner = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="jobs_owned")
    opening = models.PositiveIntegerField(default=0)

    urgency = models.CharField(_("how soon"), max_length=10, choices=Urgency, default=Urgency.SOON)
    title = models.CharField(_("what helpers see as title"), max_length=100)
    public_details = models.TextField(
        _("what helpers see"), max_length=2000, blank=True, validators=[MaxLengthValidator(2000)]
    )
    private_details = EncryptedText(_("what only the ratified helper sees"), max_length=4000, blank=True)

    skills = models.ManyToManyField(Skill, blank=True, related_name="jobs", verbose_name=_("the helper needs"))
    check_level = models.ForeignKey(
        CheckLevel, models.PROTECT, null=True, blank=True, related_name="jobs", verbose_name=_("check needed")
    )
    places = models.PositiveSmallIntegerField(_("helpers needed"), default=1, validators=[MinValueValidator(1)])
    places_filled = models.PositiveSmallIntegerField(default=0)

    timing = models.CharField(_("when"), max_length=10, choices=Timing, default=Timing.FLEXIBLE)
    earliest = models.DateTimeField(_("from"), null=True, blank=True)
    latest = models.DateTimeField(_("until"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes needed"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True, editable=False)
    longitude = models.FloatField(_("longitude"), null=True, blank=True, editable=False)
    rough = models.BooleanField(_("the place is rough"), default=False, editable=False)
    first_day = models.DateField(null=True, blank=True, editable=False)
    last_day = models.DateField(null=True, blank=True, editable=False)

    created_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    expired_at = models.DateTimeField(null=True, blank=True)

    privacy = classify(
        keep=Keep.WITH_JOB,
        public=(
            "uuid",
            "task_type",
            "area",
            "urgency",
            "skills",
            "check_level",
            "places",
            "timing",
            "earliest",
            "latest",
            "minutes",
        ),
        internal=(
            "id",
            "polymorphic_ctype",
            "source",
            "call",
            "state",
            "version",
            "owner",
            "opening",
            "places_filled",
            "first_day",
            "last_day",
            "created_by",
            "created_at",
            "changed_at",
            "opened_at",
            "reported_at",
            "closed_at",
            "cancelled_at",
            "expired_at",
            "rough",
        ),
        personal={
            "latitude": _("to find helpers near them"),
            "longitude": _("to find helpers near them"),
            "requester": _("to know whom the help is for"),
            "title": _("to tell helpers what is wanted"),
            "public_details": _("to tell helpers what is wanted"),
        },
        special={"private_details": _("to tell the ratified helper what is wanted")},
    )

    objects: ClassVar[JobManager] = JobManager()  # type: ignore[assignment]  # the same queryset, typed

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        base_manager_name = "objects"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "urgency"], name="ch_job_state"),
            models.Index(fields=["area", "task_type"], condition=Q(state="open"), name="ch_job_open"),
            models.Index(fields=["requester", "-id"], name="ch_job_of_requester"),
            models.Index(fields=["latest"], condition=Q(state="open"), name="ch_job_due"),
        ]
        constraints = [
            on_earth("job"),
            models.CheckConstraint(condition=Q(places__gte=1), name="ch_job_has_a_place"),
            models.CheckConstraint(condition=Q(places_filled__lte=F("places")), name="ch_job_not_overfilled"),
            models.CheckConstraint(
                condition=~Q(state="assigned") | Q(places_filled=F("places")), name="ch_job_assigned_is_full"
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(places_filled__lt=F("places")), name="ch_job_open_has_room"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted"], opened_at__isnull=True, opening=0)
                | Q(
                    state__in=["open", "assigned", "reported", "closed", "expired"],
                    opened_at__isnull=False,
                    opening__gte=1,
                )
                | Q(state="cancelled"),
                name="ch_job_opened_at",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["reported", "closed"], reported_at__isnull=False)
                | (~Q(state__in=["reported", "closed"]) & Q(reported_at__isnull=True)),
                name="ch_job_reported_at",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="ch_job_closed_at",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_at__isnull=False)
                | (~Q(state="cancelled") & Q(cancelled_at__isnull=True)),
                name="ch_job_cancelled_at",
            ),
            models.CheckConstraint(
                condition=Q(state="expired", expired_at__isnull=False)
                | (~Q(state="expired") & Q(expired_at__isnull=True)),
                name="ch_job_expired_at",
            ),
            models.CheckConstraint(
                condition=Q(earliest__isnull=True) | Q(latest__isnull=True) | Q(earliest__lte=F("latest")),
                name="ch_job_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
            models.CheckConstraint(
                condition=Q(timing__in=["at", "between", "on"], earliest__isnull=False, latest__isnull=False)
                | Q(timing="by", latest__isnull=False)
                | Q(timing__in=["asap", "flexible"]),
                name="ch_job_timing_has_times",
                violation_error_message=_("Say from when and until when."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def places_free(self) -> int:
        """How many helpers are still wanted."""
        return self.places - self.places_filled

    @classmethod
    def private_field_names(cls) -> tuple[str, ...]:
        """The job model's own fields that only the ratified helper sees, in their order."""
        own = (field.name for field in cls._meta.local_fields if not field.primary_key) if cls is not Job else ()
        return ("private_details", *(name for name in own if name not in cls.public_fields))


class JobSlot(models.Model):
    """When a job may be done, in the community's days and minutes: derived from the job's time.

    One row per local date, split at midnight. ``weekday`` is 0 for Monday;
    ``to_minute`` is exclusive and at most 1440.
    """

    job = models.ForeignKey(Job, models.CASCADE, related_name="slots")
    date = models.DateField()
    weekday = models.PositiveSmallIntegerField()
    from_minute = models.PositiveSmallIntegerField()
    to_minute = models.PositiveSmallIntegerField()

    privacy = classify(
        keep=Keep.WITH_JOB, internal=("id", "job"), public=("date", "weekday", "from_minute", "to_minute")
    )

    class Meta:
        verbose_name = _("time slot")
        verbose_name_plural = _("time slots")
        ordering = ["date", "from_minute"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__lte=6, to_minute__lte=1440, from_minute__lt=F("to_minute")),
                name="ch_slot_is_a_span",
            ),
            models.UniqueConstraint(fields=["job", "date", "from_minute"], name="ch_slot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.from_minute}-{self.to_minute}"
