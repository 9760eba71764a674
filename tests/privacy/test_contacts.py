"""Writing contact details."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from community_help.fields import keyed_hash
from community_help.people.person import PersonContact
from community_help.privacy.contacts import digits_of, phone_fingerprints, readable_phone, write_contact
from community_help.testing.factories import make_person

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db

DIALLED = "+441174960123"
UNKEEPABLE = "There is a character in here that can't be kept. Type it again."


@pytest.mark.parametrize(
    "typed",
    [
        "0117 496 0123",
        "+44 117 4960123",
        "0044 117 496 0123",
        "0117-496-0123",
        "117 496 0123",
        " (0117) 496.0123 ",
        "01174960123",
    ],
)
def test_write_contact_keeps_a_number_as_it_is_dialled(typed: str) -> None:
    contact = write_contact(make_person(contact={}), phone=typed)
    assert contact.phone == DIALLED
    assert contact.phone_hash == keyed_hash(DIALLED)
    assert contact.phone_last6 == keyed_hash("960123")
    assert contact.phone_last4 == keyed_hash("0123")


@pytest.mark.parametrize(
    ("typed", "whole", "last6"),
    [
        ("496 0123", "4960123", "960123"),  # a number without its town
        ("0117 496 0123 (daughter, evenings)", "01174960123", "960123"),
        ("01234", "01234", ""),
    ],
)
def test_write_contact_keeps_what_is_no_whole_number_as_typed(typed: str, whole: str, last6: str) -> None:
    contact = write_contact(make_person(contact={}), other_phone=typed)
    assert contact.other_phone == typed
    assert contact.other_phone_hash == keyed_hash(whole)
    assert contact.other_phone_last6 == (keyed_hash(last6) if last6 else "")
    assert contact.other_phone_last4 == keyed_hash(whole[-4:])


def test_write_contact_keeps_an_extension_and_finds_the_number() -> None:
    contact = write_contact(make_person(contact={}), phone="0117 496 0123 ext 5")
    assert contact.phone == "0117 496 0123 ext 5"
    assert contact.phone_hash == keyed_hash(DIALLED)


def test_write_contact_keeps_an_e_mail_in_lower_case() -> None:
    contact = write_contact(make_person(contact={}), email=" Doreen@Example.ORG ")
    assert contact.email == "doreen@example.org"
    assert contact.email_hash == keyed_hash("doreen@example.org")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("bs41nl", "BS4 1NL"), ("BS4  1NL", "BS4 1NL"), ("w1a 0ax", "W1A 0AX"), ("D02 AF30", "D02 AF30"), ("?", "?")],
)
def test_write_contact_tidies_a_postcode(typed: str, kept: str) -> None:
    assert write_contact(make_person(contact={}), postcode=typed).postcode == kept


def test_write_contact_keeps_lines_of_an_address() -> None:
    assert write_contact(make_person(contact={}), address=" 1 Leinster Avenue\nFlat 2 ").address == (
        "1 Leinster Avenue\nFlat 2"
    )


def test_write_contact_leaves_what_is_not_named() -> None:
    person = make_person(contact={"phone": "0117 496 0123", "email": "doreen@example.org"})
    contact = write_contact(person, phone="0117 496 0199")
    assert (contact.email, contact.email_hash) == ("doreen@example.org", keyed_hash("doreen@example.org"))


def test_write_contact_takes_a_detail_away_with_its_hashes() -> None:
    person = make_person(contact={"phone": "0117 496 0123", "email": "doreen@example.org", "address": "1 High Street"})
    contact = write_contact(person, phone="", email=" ")
    assert [contact.phone, contact.phone_hash, contact.phone_last6, contact.phone_last4] == [""] * 4
    assert [contact.email, contact.email_hash, contact.address] == ["", "", "1 High Street"]


def test_write_contact_makes_one_row_a_person() -> None:
    person = make_person(contact={})
    write_contact(person, phone="0117 496 0123")
    write_contact(person, postcode="BS4 1NL")
    assert PersonContact.objects.filter(person=person).count() == 1


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("phone", "ring the neighbour", "That is not a phone number. Type it with its digits, such as 0117 496 0123."),
        ("phone", "999", "That is not a phone number. Type it with its digits, such as 0117 496 0123."),
        ("other_phone", "1" * 21, "That is not a phone number. Type it with its digits, such as 0117 496 0123."),
        ("phone", "1" * 61, "That is too long: 60 characters at most."),
        ("email", "doreen at example", "That is not an e-mail address, such as doreen@example.org."),
        (
            "email",
            "doreen@example.org\nBcc: x@example.org",
            UNKEEPABLE,
        ),
        ("address", "1 High\x00 Street", UNKEEPABLE),
        ("address", "x" * 401, "That is too long: 400 characters at most."),
        ("postcode", "BS4 1NL near the shop", "That is too long: 12 characters at most."),
        ("access_notes", "x" * 4001, "That is too long: 4000 characters at most."),
    ],
)
def test_write_contact_says_what_can_not_be_right(field: str, typed: str, sentence: str) -> None:
    person = make_person(contact={})
    with pytest.raises(ValidationError) as refused:
        write_contact(person, **{"postcode": "BS4 1NL", field: typed})
    assert refused.value.message_dict == {field: [sentence]}
    assert PersonContact.objects.get(person=person).postcode == ""


def test_write_contact_says_everything_at_once() -> None:
    with pytest.raises(ValidationError) as refused:
        write_contact(make_person(contact={}), phone="x", email="y")
    assert set(refused.value.message_dict) == {"phone", "email"}


@pytest.mark.parametrize("name", ["phone_hash", "person", "nickname"])
def test_write_contact_of_no_detail_is_a_bug(name: str) -> None:
    with pytest.raises(TypeError, match=name):
        write_contact(make_person(contact={}), **{name: "x"})


def test_write_contact_seals_everything_but_the_hashes(settings: SettingsWrapper) -> None:
    person = make_person(contact={})
    write_contact(
        person,
        phone="0117 496 0123",
        other_phone="07700 900123",
        email="doreen@example.org",
        address="1 Leinster Avenue",
        postcode="BS4 1NL",
        access_notes="key under the gnome",
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM community_help_personcontact WHERE person_id = %s", [person.pk])
        row = dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))
    sealed = {name for name, value in row.items() if str(value).startswith("0:")}
    assert sealed == {"phone", "other_phone", "email", "address", "postcode", "access_notes"}
    assert all(len(str(value)) == 32 for name, value in row.items() if name not in sealed | {"person_id", "place_due"})


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        (DIALLED, "0117 496 0123"),
        ("+447700900123", "07700 900123"),
        ("+14155550100", "+1 415-555-0100"),
        ("496 0123", "496 0123"),
        ("", ""),
        ("+", "+"),
    ],
)
def test_readable_phone_is_as_people_write_it(stored: str, read: str) -> None:
    assert readable_phone(stored) == read


@pytest.mark.property
@given(st.text(max_size=60))
def test_phone_fingerprints_take_any_text(typed: str) -> None:
    whole, last6, last4 = phone_fingerprints(typed)
    assert {len(whole), len(last6), len(last4)} <= {0, 32}
    assert bool(whole) >= bool(last4) >= bool(last6)


@pytest.mark.property
@given(st.text(max_size=60))
def test_digits_of_are_ascii(typed: str) -> None:
    assert all(char in "0123456789" for char in digits_of(typed))
