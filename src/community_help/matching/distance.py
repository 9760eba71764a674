"""How far it is as the crow flies, in SQL: on a sphere, without PostGIS."""

from __future__ import annotations

from math import asin, cos, degrees, pi, radians, sin
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from community_help.matching.sql import Condition, Differs, Figure

if TYPE_CHECKING:
    from community_help.people.places import Position

#: The mean radius of the earth, metres.
EARTH = 6_371_008.8
MILE = 1_609.344

# Haversine, null where there is no place: the LEAST of PostgreSQL passes over a null. Rounding may bring what goes into
# the square root past 1 for two places at opposite ends.
_METRES = f"""CASE WHEN {{latitude}} IS NOT NULL THEN ({2 * EARTH} * ASIN(SQRT({{least}}(1,
    POWER(SIN(RADIANS({{latitude}} - {{to_latitude}}) / 2), 2)
    + COS(RADIANS({{latitude}})) * COS(RADIANS({{to_latitude}}))
    * POWER(SIN(RADIANS({{longitude}} - {{to_longitude}}) / 2), 2))))) END"""
_NEAR_HOME = """EXISTS (
    SELECT 1 FROM community_help_helper home WHERE home.person_id = {pk}
    AND {latitude} BETWEEN home.latitude - {band} AND home.latitude + {band} AND {metres_between} <= {metres}
)"""
_PARTS: dict[str, str | Differs] = {"metres_between": _METRES}
# A box that is a little too large only costs a row or two: the circle decides. Degrees.
_ROUNDING = 1e-6
_COLUMNS = {"latitude": "latitude", "longitude": "longitude"}


def metres_to(position: Position) -> Figure:
    """How far each row is from there; null for a row without a place."""
    return Figure(_METRES, columns=_COLUMNS, values=_values(position))


def within(position: Position, metres: float) -> Q:
    """The rows that are at most so far from there. A box that an index can find comes first, then the circle."""
    values = {**_values(position), "metres": metres}
    circle = Condition("{metres_between} <= {metres}", parts=_PARTS, columns=_COLUMNS, values=values)
    return _box(position, metres) & Q(circle)


def within_of_helper(metres: float, pk: int) -> Q:
    """The rows that are at most so far from a helper's home, which the database looks up."""
    parts = {**_PARTS, "to_latitude": "home.latitude", "to_longitude": "home.longitude"}
    values = {"pk": pk, "metres": metres, "band": degrees(metres / EARTH) + _ROUNDING}
    return Q(Condition(_NEAR_HOME, parts=parts, columns=_COLUMNS, values=values))


def band_of(metres: float, *, rough: bool) -> str:
    """How far in the only words in which it is told before two people know each other: never a figure."""
    bands = (
        (0.5, _("under half a mile away")),
        (1, _("half a mile to a mile away")),
        (2, _("one to two miles away")),
        (5, _("two to five miles away")),
        (10, _("five to ten miles away")),
    )
    far = next((words for miles, words in bands if metres < miles * MILE), _("more than ten miles away"))
    return _("about %(far)s") % {"far": far} if rough else far


def _box(position: Position, metres: float) -> Q:
    """Degrees in which the circle lies: all around where it holds a pole, in two pieces across the date line."""
    around = metres / EARTH
    south, north = (position.latitude + side * (degrees(around) + _ROUNDING) for side in (-1, 1))
    box = Q(latitude__gte=south, latitude__lte=north)
    if south <= -90 or north >= 90 or around >= pi / 2:
        return box
    across = degrees(asin(min(1.0, sin(around) / cos(radians(position.latitude))))) + _ROUNDING
    west, east = position.longitude - across, position.longitude + across
    if west < -180:
        return box & (Q(longitude__gte=west + 360) | Q(longitude__lte=east))
    if east >= 180:
        return box & (Q(longitude__gte=west) | Q(longitude__lte=east - 360))
    return box & Q(longitude__gte=west, longitude__lte=east)


def _values(position: Position) -> dict[str, Any]:
    return {"to_latitude": position.latitude, "to_longitude": position.longitude}
