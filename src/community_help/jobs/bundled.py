"""The six job models that come with the package. A field is private until ``public_fields`` names it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from community_help.fields import EncryptedText, Keep, classify
from community_help.jobs.job import Job


class ErrandJob(Job):
    """A small errand: a parcel to post, a form to fetch."""

    errand_place = EncryptedText(_("where to"), blank=True)

    privacy = classify(
        keep=Keep.WITH_JOB,
        internal=("job_ptr",),
        special={"errand_place": _("to tell the ratified helper where to go")},
    )

    class Meta:
        verbose_name = _("errand")
        verbose_name_plural = _("errands")


class Payment(models.TextChoices):
    """How the shopping is paid. Never a card or a PIN."""

    CASH = "cash", _("cash at the door")
    RECEIPT = "receipt", _("the helper brings the receipt to us")
    PREPAID = "prepaid", _("already paid")


class ShoppingJob(Job):
    """Shopping: the list, the limit and how it is paid."""

    public_fields: ClassVar[tuple[str, ...]] = ("payment",)

    shopping_list = EncryptedText(_("shopping list"), blank=True)
    spend_limit = models.PositiveSmallIntegerField(_("spend at most, pounds"), null=True, blank=True)
    payment = models.CharField(_("how it is paid"), max_length=10, choices=Payment, default=Payment.CASH)

    privacy = classify(
        keep=Keep.WITH_JOB,
        public=("payment",),
        internal=("job_ptr",),
        personal={"spend_limit": _("to agree the limit first")},
        special={"shopping_list": _("to tell the ratified helper what to buy")},
    )

    class Meta:
        verbose_name = _("shopping")
        verbose_name_plural = _("shopping")


class PrescriptionJob(Job):
    """A prescription to collect."""

    public_fields: ClassVar[tuple[str, ...]] = ("to_pay",)

    pharmacy = EncryptedText(_("pharmacy"), blank=True)
    name_on_it = EncryptedText(_("name on the prescription"), blank=True)
    to_pay = models.BooleanField(_("there is a charge to pay"), default=False)

    privacy = classify(
        keep=Keep.WITH_JOB,
        public=("to_pay",),
        internal=("job_ptr",),
        special={
            "pharmacy": _("to tell the ratified helper where to go"),
            "name_on_it": _("to tell the ratified helper what to ask for"),
        },
    )

    class Meta:
        verbose_name = _("prescription")
        verbose_name_plural = _("prescriptions")


class LiftJob(Job):
    """A lift: roughly where to, and whether back again."""

    public_fields: ClassVar[tuple[str, ...]] = ("towards", "and_back", "passengers")

    towards = models.CharField(_("roughly where to"), max_length=80, blank=True)
    destination = EncryptedText(_("exactly where to"), blank=True)
    and_back = models.BooleanField(_("and back again"), default=True)
    passengers = models.PositiveSmallIntegerField(_("passengers"), default=1)

    privacy = classify(
        keep=Keep.WITH_JOB,
        public=("and_back", "passengers"),
        internal=("job_ptr",),
        personal={"towards": _("so that helpers know how far it is")},
        special={"destination": _("to tell the ratified helper where to go")},
    )

    class Meta:
        verbose_name = _("lift")
        verbose_name_plural = _("lifts")


class VisitMode(models.TextChoices):
    """At the door or by phone."""

    VISIT = "visit", _("a visit")
    CALL = "call", _("a phone call")


class VisitJob(Job):
    """A visit or a phone call: company."""

    public_fields: ClassVar[tuple[str, ...]] = ("mode",)

    mode = models.CharField(_("visit or call"), max_length=6, choices=VisitMode, default=VisitMode.VISIT)
    likes = EncryptedText(_("what they like to talk about"), blank=True)

    privacy = classify(
        keep=Keep.WITH_JOB,
        public=("mode",),
        internal=("job_ptr",),
        special={"likes": _("to tell the ratified helper what they like")},
    )

    class Meta:
        verbose_name = _("visit or call")
        verbose_name_plural = _("visits and calls")


class DogSize(models.TextChoices):
    """How big the dog is."""

    SMALL = "small", _("small")
    MEDIUM = "medium", _("medium")
    LARGE = "large", _("large")


class DogWalkJob(Job):
    """A dog to walk."""

    public_fields: ClassVar[tuple[str, ...]] = ("dog_size",)

    dog_size = models.CharField(_("size of the dog"), max_length=8, choices=DogSize, default=DogSize.MEDIUM)
    dog_name = EncryptedText(_("the dog's name"), blank=True)
    habits = EncryptedText(_("the dog's habits"), blank=True)

    privacy = classify(
        keep=Keep.WITH_JOB,
        public=("dog_size",),
        internal=("job_ptr",),
        special={
            "dog_name": _("to tell the ratified helper whom they walk"),
            "habits": _("to tell the ratified helper whom they walk"),
        },
    )

    class Meta:
        verbose_name = _("dog walk")
        verbose_name_plural = _("dog walks")
