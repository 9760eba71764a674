"""The requester's details as a helper uses them: to ring, to text, to find the door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

import phonenumbers

from community_help.privacy.contacts import as_dialled
from community_help.privacy.disclosure import reveal, reveal_job

if TYPE_CHECKING:
    from community_help.jobs.offer import Offer
    from community_help.people.person import Person
    from community_help.privacy.disclosure import Detail

#: What a helper needs at the door. Not the e-mail: nobody is surprised by a stranger's mail.
FIELDS = ("phone", "other_phone", "address", "postcode", "access_notes")


@dataclass(frozen=True)
class Phone:
    """One number, as people write it, and the links that a phone understands."""

    written: str

    @property
    def dialled(self) -> str:
        """In the form that may be dialled from anywhere; as written where it can't be read as a number."""
        return as_dialled(self.written) or "".join(self.written.split())

    @property
    def call_url(self) -> str:
        """Rings the number."""
        return f"tel:{quote(self.dialled, safe='+')}"

    @property
    def text_url(self) -> str:
        """Writes a text; "" for a landline, where it would not arrive."""
        whole = as_dialled(self.written)
        landline = phonenumbers.PhoneNumberType.FIXED_LINE
        if not whole or phonenumbers.number_type(phonenumbers.parse(whole)) == landline:
            return ""
        return f"sms:{quote(whole, safe='+')}"


@dataclass(frozen=True)
class Contact:
    """What was disclosed, for one page."""

    person: Person
    phones: tuple[Phone, ...]
    address: str
    access_notes: str
    details: tuple[Detail, ...]

    @property
    def map_url(self) -> str:
        """Opens the phone's own map. No map site hears of the address from this page."""
        one_line = ", ".join(line.strip() for line in self.address.splitlines() if line.strip())
        return f"geo:0,0?q={quote(one_line)}" if one_line else ""


def contact_of(offer: Offer, *, actor: Person) -> Contact:
    """Read and log the details that the helper of this offer may see now.

    Raises :class:`~community_help.exceptions.NotDisclosed` outside the window.
    """
    person = offer.requester.person
    read = reveal(person, FIELDS, actor=actor, why=offer)
    details = reveal_job(offer.job, actor=actor, why=offer)
    return Contact(
        person=person,
        phones=tuple(Phone(read[name]) for name in ("phone", "other_phone") if read[name]),
        address="\n".join(read[name] for name in ("address", "postcode") if read[name]),
        access_notes=read["access_notes"],
        details=tuple(details),
    )
