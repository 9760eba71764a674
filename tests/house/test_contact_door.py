"""Contact details have four doors, all in the privacy room; no other code touches them."""

from __future__ import annotations

import pytest

from tests.house.contact_door import python_breaches, template_breaches
from tests.house.paths import PACKAGE, ROOT, files, relative

ALLOWED = (
    PACKAGE / "models.py",  # the index that Django reads
    PACKAGE / "people" / "person.py",  # the definition
    PACKAGE / "privacy",  # the doors
    PACKAGE / "testing",  # makes people for tests
)
PLANTS = [
    "from community_help.people.person import PersonContact",
    "from community_help import people\npeople.person.PersonContact",
    "print(person.contact.phone)",
    "person.contact.save()",
    "PersonContact(person=person)",
    "models.PersonContact(person=person)",
    "getattr(person, 'contact')",
    "people.filter(contact__email='x')",
    "helpers.select_related('person__contact')",
    "helpers.order_by('-contact__phone')",
    "jobs.filter(Q(requester__person__contact__phone='x'))",
]
INNOCENT = [
    "offer.contacted_at",
    "note_contact(offer=offer)",
    "tale.contact(offer)",
    "contact = reveal(person, ('phone',), actor=actor, why='ratify')",
    "kind = Classification('contact')",
]


def is_allowed(path: object) -> bool:
    return any(path == place or place in path.parents for place in ALLOWED)


def test_only_the_privacy_room_touches_contact_details() -> None:
    folders = (PACKAGE, ROOT / "example_project")
    found = [
        f"{relative(path)}:{line}"
        for path in files(*folders, suffixes={".py"})
        if not is_allowed(path)
        for line in python_breaches(path.read_text())
    ]
    found += [
        f"{relative(path)}:{line}"
        for path in files(*folders, suffixes={".html", ".txt"})
        for line in template_breaches(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize("source", PLANTS)
def test_planted_touch_is_caught(source: str) -> None:
    assert python_breaches(source) != []


@pytest.mark.parametrize("source", INNOCENT)
def test_innocent_word_is_let_pass(source: str) -> None:
    assert python_breaches(source) == []


def test_planted_touch_in_a_template_is_caught() -> None:
    assert template_breaches("<p>\n{{ job.requester.person.contact.phone }}\n{{ contact.phone }}") == [2]
