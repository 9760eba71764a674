"""The other two doors and lists: searching for people, reading several, and where a notifier writes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet

from community_help.exceptions import NotDisclosed
from community_help.fields import keyed_hash
from community_help.privacy.access_log import AccessLog, Door
from community_help.privacy.disclosure import Found, address_for, reveal_many, search
from community_help.testing.factories import make_area, make_coordinator, make_helper, make_person, make_requester

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django.fixtures import SettingsWrapper

    from community_help.people.person import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ama() -> Person:
    return make_coordinator("Ama Mensah", contact={})  # or a number of hers might be found


def names(query: str, actor: Person) -> list[str]:
    return [found.name for found in search(query, actor=actor)]


@pytest.fixture(params=["plain", "cipher"])
def doreen(request: pytest.FixtureRequest, settings: SettingsWrapper) -> Person:
    if request.param == "cipher":
        settings.COMMUNITY_HELP = {"ENCRYPTION_KEYS": [Fernet.generate_key().decode()], "HASH_KEY": "x" * 50}
    contact = {"phone": "0117 496 0123", "other_phone": "07700 900456", "email": "Doreen@example.org"}
    return make_requester("Doreen Pike", contact=contact).person


# Searching


@pytest.mark.parametrize(
    "query",
    [
        "0117 496 0123",
        "+44 117 496 0123",
        "0044117-4960123",
        "(0117) 496.0123",
        "117 496 0123",
        "496 0123",
        "960123",
        "60123",
        "0123",
        "07700 900456",
        "900456",
        "0456",
        "doreen@example.org",
        " DOREEN@EXAMPLE.ORG ",
        "do",
        "PIKE",
        "reen pi",
    ],
)
def test_search_finds_by_number_mail_and_name(doreen: Person, ama: Person, query: str) -> None:
    make_requester("Somebody Else", contact={"phone": "0117 496 0999", "email": "else@example.org"})
    assert names(query, ama) == ["Doreen Pike"]


@pytest.mark.parametrize(
    "query",
    [
        "0117 496 0124",
        "0117 497 0123",
        "97 0123",
        "1 0123",
        "9 0123 0",
        "0117 496",
        "oreen@example.org",
        "d",
        "123",
        "",
        " ",
        "?",
    ],
)
def test_search_does_not_find_what_does_not_fit(doreen: Person, ama: Person, query: str) -> None:
    assert names(query, ama) == []


def test_search_answers_names_and_three_digits(doreen: Person, ama: Person) -> None:
    assert search("pike", actor=ama) == [Found(doreen, "123")]
    found = search("pike", actor=ama)[0]
    assert (found.name, found.known_as) == ("Doreen Pike", "Doreen")


def test_search_answers_the_other_phone_where_there_is_no_first(ama: Person) -> None:
    make_requester("Doreen Pike", contact={"other_phone": "07700 900456"})
    assert search("pike", actor=ama)[0].last3 == "456"


def test_search_finds_who_has_no_details(ama: Person) -> None:
    person = make_requester("Doreen Pike", contact={}).person
    person.contact.delete()
    assert search("pike", actor=ama) == [Found(person, "")]


def test_search_by_what_somebody_is_called(ama: Person) -> None:
    person = make_requester("Doreen Pike").person
    person.known_as = "Mrs P"
    person.save()
    assert names("mrs p", ama) == ["Doreen Pike"]


def test_search_answers_ten_at_most_by_name(ama: Person) -> None:
    for number in range(12, 0, -1):
        make_requester(f"Pike {number:02d}", contact={"phone": "0117 496 0123"})
    assert names("pike", ama) == [f"Pike {number:02d}" for number in range(1, 11)]
    assert names("0123", ama) == [f"Pike {number:02d}" for number in range(1, 11)]


def test_search_answers_each_person_once(ama: Person) -> None:
    both = {"phone": "0117 496 0123", "other_phone": "0117 496 0123"}
    make_helper("Doreen Pike", areas=[make_area(), make_area()], contact=both)
    assert names("0123", ama) == ["Doreen Pike"]


@pytest.mark.parametrize("query", ["%%", "__", "Pik_", "P%e", "'; --ab", "\x00ab"])
def test_search_takes_signs_as_they_are(doreen: Person, ama: Person, query: str) -> None:
    assert names(query, ama) == []


def test_search_stays_within_the_coordinators_reach(doreen: Person) -> None:
    here = make_coordinator(areas=[doreen.requester.area])
    elsewhere = make_coordinator(areas=[make_area()])
    assert [names(query, here) for query in ("pike", "0123")] == [["Doreen Pike"]] * 2
    assert [names(query, elsewhere) for query in ("pike", "0123", "doreen@example.org")] == [[]] * 3


@pytest.mark.parametrize(
    ("query", "kind", "hashed"),
    [
        ("0117 496 0123", "phone", "+441174960123"),
        ("+44117 4960123", "phone", "+441174960123"),
        ("60 123", "phone", "60123"),
        ("Doreen@Example.org", "email", "doreen@example.org"),
        ("Pike", "name", "pike"),
    ],
)
def test_search_logs_a_keyed_hash(doreen: Person, ama: Person, query: str, kind: str, hashed: str) -> None:
    search(query, actor=ama)
    row = AccessLog.objects.get()
    assert (row.door, row.actor, row.subject, row.fields) == (Door.SEARCH, ama, None, [kind])
    assert (row.query_hash, row.why) == (keyed_hash(hashed), "")


@pytest.mark.parametrize("query", ["123", "d", ""])
def test_search_for_too_little_logs_nothing(ama: Person, query: str) -> None:
    assert search(query, actor=ama) == []
    assert not AccessLog.objects.exists()


@pytest.mark.parametrize(
    "actor",
    [lambda: None, make_person, lambda: make_helper().person, lambda: make_coordinator(areas=[])],
    ids=["nobody", "person", "helper", "coordinator of nothing"],
)
def test_search_is_for_coordinators(doreen: Person, actor: Callable[[], Any]) -> None:
    with pytest.raises(NotDisclosed):
        search("pike", actor=actor())
    assert not AccessLog.objects.exists()


# Several at once


def test_reveal_many_answers_each_and_logs_each(ama: Person) -> None:
    people = [make_requester(contact={"phone": f"0117 496 000{n}"}, warnings=f"w{n}").person for n in range(3)]
    told = reveal_many([*people, people[0]], ["warnings", "phone"], actor=ama, why=" the day sheet ")
    assert told == {person.pk: {"phone": f"0117 496 000{n}", "warnings": f"w{n}"} for n, person in enumerate(people)}
    rows = AccessLog.objects.order_by("pk")
    assert [(row.subject, row.door, row.fields, row.why) for row in rows] == [
        (person, Door.REVEAL_MANY, ["phone", "warnings"], "the day sheet") for person in people
    ]


def test_reveal_many_costs_the_same_for_many(ama: Person, assert_constant_queries: Callable[..., int]) -> None:
    people: list[Person] = []

    def make_rows(number: int) -> None:
        people.extend(make_requester(contact={"phone": "0117 496 0001"}).person for _ in range(number - len(people)))

    def read() -> None:
        reveal_many(people, ["phone", "warnings"], actor=ama, why="the day sheet")

    assert_constant_queries(make_rows, read, small=3, large=60)


def test_reveal_many_reads_nobody_when_one_is_out_of_reach() -> None:
    near, far = make_requester(), make_requester()
    here = make_coordinator(areas=[near.area])
    with pytest.raises(NotDisclosed):
        reveal_many([near.person, far.person], ["phone"], actor=here, why="the day sheet")
    assert not AccessLog.objects.exists()


@pytest.mark.parametrize(("fields", "why"), [(["phone"], " "), ([], "the day sheet"), (["name"], "the day sheet")])
def test_reveal_many_without_reason_or_fields_is_refused(ama: Person, fields: list[str], why: str) -> None:
    with pytest.raises(NotDisclosed):
        reveal_many([make_requester().person], fields, actor=ama, why=why)


def test_reveal_many_is_for_coordinators() -> None:
    helper = make_helper()
    for actor in (None, helper.person):
        with pytest.raises(NotDisclosed):
            reveal_many([helper.person], ["phone"], actor=actor, why="the day sheet")


# Notifiers


def test_address_for_answers_what_a_machine_dials(doreen: Person) -> None:
    assert address_for(doreen, "phone") == "+441174960123"
    assert address_for(doreen, "email") == "doreen@example.org"
    assert not AccessLog.objects.exists()


def test_address_for_who_has_none_is_empty() -> None:
    person = make_person(contact={})
    assert (address_for(person, "email"), address_for(person, "phone")) == ("", "")
    person.contact.delete()
    assert address_for(person, "email") == ""


@pytest.mark.parametrize("channel", ["address", "other_phone", "pigeon"])
def test_address_for_an_unknown_channel_is_a_bug(doreen: Person, channel: Any) -> None:
    with pytest.raises(ValueError, match=channel):
        address_for(doreen, channel)
