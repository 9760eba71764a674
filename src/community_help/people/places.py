"""Where something is: a point on the map, rounded so that it is nobody's door."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community_help.fields import Keep, classify

#: Decimals of a degree that are kept: 111 m from south to north, less from west to east.
DECIMALS = 3


class Position(NamedTuple):
    """Degrees in WGS 84. ``rough`` says that it is the middle of something larger: an area, a village."""

    latitude: float
    longitude: float
    rough: bool = False

    def checked(self) -> Position:
        """Itself. Raises ``ValueError`` for what is nowhere on the earth."""
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise ValueError(f"{self.latitude}, {self.longitude} is nowhere on the earth")
        return self

    def rounded(self) -> Position:
        """As it is kept: about 100 m. East and west of the date line are one: 180 is kept as -180.

        Raises as :meth:`checked`.
        """
        self.checked()
        longitude = round(self.longitude, DECIMALS)
        return Position(round(self.latitude, DECIMALS), -180.0 if longitude == 180 else longitude, self.rough)


class HasPosition:
    """What has the columns ``latitude``, ``longitude`` and ``rough``, and ``on_earth`` among its constraints.

    The columns are written out in each model: in an abstract one mypy's plugin loses its way.
    """

    latitude: Any
    longitude: Any
    rough: Any

    @property
    def position(self) -> Position | None:
        """Where it is, or ``None`` where nobody knows."""
        if self.latitude is None or self.longitude is None:
            return None
        return Position(self.latitude, self.longitude, self.rough)


def on_earth(what: str) -> models.CheckConstraint:
    """The constraint that a position is one. :param what: a short name of the table, for the constraint's."""
    nowhere = Q(latitude__isnull=True, longitude__isnull=True)
    # Without the second part half a position would be unknown, and what is unknown passes a check.
    somewhere = Q(latitude__isnull=False, longitude__isnull=False)
    there = Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lt=180)
    return models.CheckConstraint(condition=nowhere | (somewhere & there), name=f"ch_{what}_on_earth")


def columns_of(position: Position | None) -> dict[str, float | bool | None]:
    """The columns of :class:`HasPosition` for a position, rounded; for none they are empty."""
    if position is None:
        return {"latitude": None, "longitude": None, "rough": False}
    return position.rounded()._asdict()


class Postcode(models.Model):
    """A postcode and where it is: what ``community_help_postcodes`` has read from a file of somebody who knows."""

    code = models.CharField(_("postcode"), max_length=12, primary_key=True)
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))

    privacy = classify(keep=Keep.WITH_COMMUNITY, public=("code", "latitude", "longitude"))

    class Meta:
        verbose_name = _("postcode")
        verbose_name_plural = _("postcodes")

    def __str__(self) -> str:
        return self.code


def postcode_key(typed: str) -> str:
    """A postcode as the table keeps it: capitals, without spaces; "" where there is nothing of one."""
    return "".join(typed.split()).upper()
