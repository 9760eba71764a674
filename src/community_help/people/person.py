"""A human, once, and how to reach them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community_help.fields import EncryptedText, Keep, classify


class Person(models.Model):
    """One human, once: what to call them, their language, and the account they sign in with, if any."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("full name"), max_length=150)
    known_as = models.CharField(_("known as"), max_length=60, help_text=_("What to call them: «Doreen», «Mr Clarke»."))
    face = models.CharField(_("drawn face"), max_length=30, blank=True)
    language = models.CharField(_("language"), max_length=20, default="en-gb")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("account"),
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    privacy = classify(
        keep=Keep.WITH_PERSON,
        internal=("id", "uuid", "created_at", "user", "face"),
        personal={
            "name": _("to know whom we speak of"),
            "known_as": _("to address them"),
            "language": _("to write to them in their language"),
        },
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["name"], name="ch_person_name")]

    def __str__(self) -> str:
        return self.name


class PersonContact(models.Model):
    """The only home of contact details, helpers' and requesters' alike.

    No code but ``community_help.privacy`` reads or writes it. Beside each number stand keyed hashes of
    the whole (E.164), its last six and its last four digits; beside the e-mail that of the whole.
    ``place_due`` is when a worker may look up where the address is; empty when it is known as well as can be.
    """

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="contact")
    phone = EncryptedText(_("phone"), blank=True)
    phone_hash = models.CharField(max_length=32, blank=True, db_index=True)
    phone_last6 = models.CharField(max_length=32, blank=True, db_index=True)
    phone_last4 = models.CharField(max_length=32, blank=True, db_index=True)
    other_phone = EncryptedText(_("other phone"), blank=True)
    other_phone_hash = models.CharField(max_length=32, blank=True, db_index=True)
    other_phone_last6 = models.CharField(max_length=32, blank=True, db_index=True)
    other_phone_last4 = models.CharField(max_length=32, blank=True, db_index=True)
    email = EncryptedText(_("e-mail"), blank=True)
    email_hash = models.CharField(max_length=32, blank=True, db_index=True)
    address = EncryptedText(_("address"), blank=True)
    postcode = EncryptedText(_("postcode"), blank=True)
    access_notes = EncryptedText(_("how to get in, and what to know at the door"), blank=True)
    place_due = models.DateTimeField(null=True, blank=True)

    privacy = classify(
        keep=Keep.WITH_PERSON,
        internal=(
            "person",
            "phone_hash",
            "phone_last6",
            "phone_last4",
            "other_phone_hash",
            "other_phone_last6",
            "other_phone_last4",
            "email_hash",
            "place_due",
        ),
        contact={
            "phone": _("to ring them about help"),
            "other_phone": _("to ring them about help"),
            "email": _("to write to them about help"),
            "address": _("to bring the help to the door"),
            "postcode": _("to bring the help to the door"),
        },
        special={"access_notes": _("so that the helper gets in and nobody is frightened")},
    )

    class Meta:
        verbose_name = _("contact details")
        verbose_name_plural = _("contact details")
        indexes = [
            models.Index(fields=["place_due"], condition=models.Q(place_due__isnull=False), name="ch_contact_place_due")
        ]

    def __str__(self) -> str:
        return f"contact details of person {self.person_id}"
