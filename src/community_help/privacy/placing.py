"""A door for machines: an address goes to the site's geocoder, and only a place comes back.

Nobody reads the address here, so nothing is written into the access log; a geocoder outside the site is somebody whom
the community's privacy notice has to name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from community_help.people.person import PersonContact

if TYPE_CHECKING:
    from datetime import datetime

    from community_help.people.geocoding import Geocoder
    from community_help.people.places import Position

#: A change of one of these may be another place.
ADDRESS = ("address", "postcode")


class Waiting(NamedTuple):
    """Somebody whose place is to be looked up, and since when: what has been written since is another wait."""

    person_id: int
    due: datetime


def waiting_for_a_place(*, now: datetime, most: int) -> list[Waiting]:
    """Whose place is to be looked up now, the longest wait first."""
    due = PersonContact.objects.filter(place_due__lte=now).order_by("place_due", "pk")
    rows = due.values_list("person", "place_due")[:most]
    return [Waiting(person, since) for person, since in rows if since is not None]


def locate(person_id: int, geocoder: Geocoder) -> Position | None:
    """Where the address of a person is, rounded; ``None`` where nobody knows. Raises what the geocoder raises."""
    contact = PersonContact.objects.filter(person=person_id).only(*ADDRESS).first()
    if contact is None or not (contact.address or contact.postcode):
        return None
    found = geocoder.find(contact.address, contact.postcode)
    return found.rounded() if found is not None else None


def forget_the_wait(person_id: int) -> None:
    """Nobody needs to look this person up any more: somebody has said where they live."""
    PersonContact.objects.filter(person=person_id).update(place_due=None)


def wait_until(waiting: Waiting, later: datetime | None) -> bool:
    """End the wait, or put it off; whether it was still the same one."""
    same = PersonContact.objects.filter(person=waiting.person_id, place_due=waiting.due)
    return bool(same.update(place_due=later))
