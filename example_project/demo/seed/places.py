"""Where the demo is: the middles of its areas as they are, and postcodes that do not exist around them."""

from __future__ import annotations

from itertools import product

from community_help.people.places import Position, Postcode, postcode_key

MIDDLES = {
    "Filwood": (51.420, -2.594), "Inns Court": (51.415, -2.592), "Melvin Square": (51.424, -2.587),
    "Novers Park": (51.421, -2.603), "Knowle": (51.434, -2.571), "Totterdown": (51.441, -2.579),
    "Bedminster": (51.439, -2.603), "Hartcliffe": (51.406, -2.602), "Hengrove": (51.411, -2.577),
    "Brislington": (51.434, -2.545),
}  # fmt: skip
#: Area → postcode district, as facts on the ground; the rest of each postcode is invented.
DISTRICTS = {
    "Filwood": "BS4 1", "Inns Court": "BS4 1", "Melvin Square": "BS4 1", "Novers Park": "BS4 1", "Knowle": "BS4 2",
    "Totterdown": "BS4 3", "Bedminster": "BS3 4", "Hartcliffe": "BS13 0", "Hengrove": "BS14 8", "Brislington": "BS4 5",
}  # fmt: skip
#: No real postcode ends in two of these.
LETTERS = "CIKMOV"
# Where areas share a district, it lies around the first of them.
_FIRST = {DISTRICTS[area]: area for area in reversed(MIDDLES)}
_SPREAD = (0.0014, 0.0022)  # degrees from one letter to the next


def postcode_of(area: str, first: str, second: str) -> str:
    """A postcode of an area, by its last two letters."""
    return f"{DISTRICTS[area]}{first}{second}"


def middle_of(area: str) -> Position:
    """The middle of an area."""
    return Position(*MIDDLES[area], rough=True)


def position_of(postcode: str) -> Position:
    """Where a postcode is: the first of its last letters goes north, the second east."""
    latitude, longitude = MIDDLES[_FIRST[postcode[:-2]]]
    north, east = (LETTERS.index(letter) - (len(LETTERS) - 1) / 2 for letter in postcode[-2:])
    return Position(latitude + north * _SPREAD[0], longitude + east * _SPREAD[1]).rounded()


def write_postcodes() -> None:
    """Fill the table of postcodes."""
    rows = []
    for area, first, second in product(_FIRST.values(), LETTERS, LETTERS):
        code = postcode_of(area, first, second)
        position = position_of(code)
        rows.append(Postcode(postcode_key(code), position.latitude, position.longitude))
    Postcode.objects.bulk_create(rows)
