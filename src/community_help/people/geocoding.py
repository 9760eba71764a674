"""Finding the place of an address. A site names its own geocoder in ``COMMUNITY_HELP["GEOCODER"]``."""

from __future__ import annotations

from abc import ABC, abstractmethod

from community_help import conf
from community_help.loading import load_class
from community_help.people.places import Position, Postcode, postcode_key

SETTING = "GEOCODER"


class Geocoder(ABC):
    """Base class of geocoders. One is made for each round of a worker, never while somebody waits for a page."""

    @abstractmethod
    def find(self, address: str, postcode: str) -> Position | None:
        """**Mandatory.** Where this is; ``None`` where nobody knows. What is answered is rounded before it is kept.

        Raises whatever it likes where it can't be asked now: the worker writes it into its log, without the address,
        and asks again later.

        :param address: lines of an address, maybe none
        :param postcode: as people write it («BS4 1NL»), maybe none
        """


class PostcodeTable(Geocoder):
    """The bundled one: looks the postcode up in the table that ``community_help_postcodes`` has filled."""

    def find(self, address: str, postcode: str) -> Position | None:  # noqa: ARG002  a postcode says enough
        row = Postcode.objects.filter(pk=postcode_key(postcode)).first() if postcode else None
        return Position(row.latitude, row.longitude) if row else None


def load_geocoder() -> Geocoder:
    """The site's geocoder.

    Raises :class:`~community_help.exceptions.ConfigurationError`, with the path in it, where it can't be used.
    """
    return load_class(conf.get(SETTING), Geocoder, setting=SETTING)()  # type: ignore[type-abstract]  # a base to ask about
