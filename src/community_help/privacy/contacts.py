"""Writing contact details: as one may ring them, with the fingerprints by which they are found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community_help.fields import keyed_hash
from community_help.people.person import PersonContact
from community_help.plain_text import has_unseen
from community_help.privacy.placing import ADDRESS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from community_help.people.person import Person

#: Where a number without a country code is.
REGION = "GB"

#: The details of a person, in the order in which they are shown, with their longest length.
LENGTHS = {"phone": 60, "other_phone": 60, "email": 254, "address": 400, "postcode": 12, "access_notes": 4000}

_PHONES = ("phone", "other_phone")
_SEVERAL_LINES = ("address", "access_notes")
_FEWEST_DIGITS, _MOST_DIGITS = 4, 20


@transaction.atomic
def write_contact(person: Person, **fields: str) -> PersonContact:
    """Write some of a person's contact details; those that are not named stay as they are.

    Phone numbers are kept in E.164 where they can be read as a number (without a country code: a
    British one) and else as typed; e-mails in lower case; the keyed hashes beside them are written anew.

    :param fields: any of ``LENGTHS``; "" takes a detail away

    Raises ``ValidationError``, by field and in plain words, for what can't be right; nothing is written then.
    """
    errors: dict[str, str] = {}
    tidy: dict[str, str] = {}
    for name, typed in fields.items():
        try:
            tidy[name] = _tidied(name, typed)
        except ValidationError as error:
            errors[name] = error.messages[0]
    if errors:
        raise ValidationError(errors)
    written: dict[str, Any] = tidy | _fingerprints(tidy)
    address = {name: tidy[name] for name in ADDRESS if name in tidy}
    first = written | {"place_due": timezone.now() if any(address.values()) else None}
    contact, made = PersonContact.objects.select_for_update().get_or_create(person=person, defaults=first)
    if made:
        return contact
    if any(value != getattr(contact, name) for name, value in address.items()):
        contact.place_due = timezone.now()
    for name, value in written.items():
        setattr(contact, name, value)
    contact.save()
    return contact


def _fingerprints(tidy: Mapping[str, str]) -> dict[str, str]:
    """The keyed hashes by which tidied details are found, by column."""
    columns: dict[str, str] = {}
    for name in _PHONES:
        if name in tidy:
            whole, last6, last4 = phone_fingerprints(tidy[name])
            columns |= {f"{name}_hash": whole, f"{name}_last6": last6, f"{name}_last4": last4}
    if "email" in tidy:
        columns["email_hash"] = keyed_hash(tidy["email"])
    return columns


def digits_of(text: str) -> str:
    """The digits of a text, in ASCII, and nothing else."""
    return "".join(str(int(char)) for char in text if char.isdecimal())


def as_dialled(text: str) -> str:
    """The number in E.164, such as «+441174960123»; "" where the text is no whole number."""
    number = _number(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if number else ""


def readable_phone(stored: str) -> str:
    """A stored number as people write it: «0117 496 0123», «+1 415-555-0100»."""
    number = _number(stored) if stored.startswith("+") else None
    if number is None:
        return stored
    at_home = number.country_code == phonenumbers.country_code_for_region(REGION)
    form = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def phone_fingerprints(stored: str) -> tuple[str, str, str]:
    """The keyed hashes of a stored number: of the whole, its last six digits and its last four.

    An extension is not part of the number. Too few digits for one of them leave it "".
    """
    whole = as_dialled(stored) or digits_of(stored)
    digits = digits_of(whole)
    six, four = 6, 4
    return (
        keyed_hash(whole),
        keyed_hash(digits[-six:]) if len(digits) >= six else "",
        keyed_hash(digits[-four:]) if len(digits) >= four else "",
    )


def tidy_email(typed: str) -> str:
    """An e-mail address as it is stored and looked for."""
    return typed.strip().lower()


def _number(text: str) -> phonenumbers.PhoneNumber | None:
    """The text as a whole number. Without its beginning («496 0123») it is none: who could ring it from elsewhere?"""
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        return None
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    begins = text.lstrip(" (").startswith(("+", "0"))
    return number if begins or phonenumbers.is_valid_number(number) else None


def _tidied(name: str, typed: str) -> str:
    if name not in LENGTHS:
        raise TypeError(f"«{name}» is no contact detail")
    if has_unseen(typed, lines=name in _SEVERAL_LINES):
        raise ValidationError(_("There is a character in here that can't be kept. Type it again."))
    text = typed.strip()
    if len(text) > LENGTHS[name]:
        raise ValidationError(_("That is too long: %(most)d characters at most.") % {"most": LENGTHS[name]})
    if not text:
        return ""
    if name in _PHONES:
        return _tidy_phone(text)
    if name == "email":
        return _checked_email(text)
    return _tidy_postcode(text) if name == "postcode" else text


def _tidy_phone(text: str) -> str:
    digits = digits_of(text)
    if not _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS:
        raise ValidationError(_("That is not a phone number. Type it with its digits, such as 0117 496 0123."))
    number = _number(text)
    return as_dialled(text) if number is not None and not number.extension else text


def _checked_email(text: str) -> str:
    email = tidy_email(text)
    try:
        validate_email(email)
    except ValidationError as error:
        raise ValidationError(_("That is not an e-mail address, such as doreen@example.org.")) from error
    return email


def _tidy_postcode(text: str) -> str:
    """Upper case, and for a British postcode one space before the last three: «bs41nl» is «BS4 1NL»."""
    plain = " ".join(text.upper().split())
    match = re.fullmatch(r"([A-Z]{1,2}[0-9][0-9A-Z]?) ?([0-9][A-Z]{2})", plain)
    return f"{match[1]} {match[2]}" if match else plain
