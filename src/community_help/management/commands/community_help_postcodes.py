"""Fills the table of postcodes from a file of somebody who knows where they are."""

from __future__ import annotations

import csv
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from community_help.people.places import Position, Postcode, postcode_key

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterable, Iterator

# Names of the columns in files of the Office for National Statistics, and in tables that people make themselves.
_CODE = ("pcds", "pcd7", "pcd", "postcode")
_LAT, _LONG = ("lat", "latitude"), ("long", "lon", "longitude")
_NOWHERE = 99.0
_LONGEST = 12
# Code-Point Open has no header: postcode, quality, easting, northing, ….
_EASTING, _NORTHING = 2, 3
_AT_ONCE = 5_000

Row = tuple[str, float, float]
Place = Callable[[float, float], Position | None]


class Command(BaseCommand):
    """Read a CSV of postcodes: with columns for code, latitude and longitude, or one of Code-Point Open.

    What is in the file is written over what is there; what is not in it stays.
    """

    help = "Fills the table that finds the place of a postcode: an ONS directory or Code-Point Open, as CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the files, and which postcodes of them."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV; Code-Point Open is many of them")
        parser.add_argument(
            "--only", action="append", default=[], metavar="BS4", help="only postcodes that begin so; may be repeated"
        )

    def handle(self, *_args: object, files: list[Path], only: list[str], **_options: object) -> None:
        """Fill the table: all files or nothing."""
        wanted = tuple(postcode_key(each) for each in only)
        count = skipped = 0
        with transaction.atomic():
            for path in files:
                try:
                    with path.open(newline="", encoding="utf-8-sig") as file:
                        read, without = _keep(_rows(csv.reader(file), path), wanted)
                except (OSError, UnicodeDecodeError, csv.Error) as error:
                    raise CommandError(f"{path} can't be read: {error}") from error
                count, skipped = count + read, skipped + without
        self.stdout.write(f"{count:,} postcodes kept; {skipped:,} have no place in the file")


def _keep(rows: Iterable[Row | None], wanted: tuple[str, ...]) -> tuple[int, int]:
    """Write the rows; how many, and how many had no place."""
    batch: dict[str, Postcode] = {}
    count = skipped = 0
    for row in rows:
        if row is None:
            skipped += 1
            continue
        code = postcode_key(row[0])
        if not 0 < len(code) <= _LONGEST:
            raise CommandError(f"“{row[0][:40]}” is no postcode")
        if wanted and not code.startswith(wanted):
            continue
        _code, latitude, longitude = row
        batch[code] = Postcode(code=code, latitude=latitude, longitude=longitude)
        if len(batch) == _AT_ONCE:
            count += _write(batch)
    return count + _write(batch), skipped


def _write(batch: dict[str, Postcode]) -> int:
    written = len(batch)
    fields = ["latitude", "longitude"]
    Postcode.objects.bulk_create(batch.values(), update_conflicts=True, unique_fields=["code"], update_fields=fields)
    batch.clear()
    return written


def _rows(lines: Iterator[list[str]], path: Path) -> Iterator[Row | None]:
    """Each postcode with its place; ``None`` for one without."""
    first = next(lines, [])
    place: Place
    names = [name.strip().lower() for name in first]
    columns = [next((names.index(name) for name in known if name in names), -1) for known in (_CODE, _LAT, _LONG)]
    if min(columns) >= 0:
        code, *places = columns
        place = _degrees
    elif len(first) > _NORTHING and first[_EASTING].isdecimal() and first[_NORTHING].isdecimal():
        lines, code, places, place = chain([first], lines), 0, [_EASTING, _NORTHING], _from_the_grid()
    else:
        wanted = "columns for postcode, latitude and longitude, nor those of Code-Point Open"
        raise CommandError(f"{path} has neither {wanted}. It begins: {','.join(first)[:80]}")
    for number, line in enumerate(lines, start=2):
        if not line:
            continue
        try:
            position = place(*(float(line[column]) for column in places))
            yield (line[code], position.latitude, position.longitude) if position else None
        except (IndexError, ValueError) as error:
            what = f"{','.join(line)[:80]} is not a postcode with its place"
            raise CommandError(f"{path}, line {number}: {what}") from error


def _degrees(latitude: float, longitude: float) -> Position | None:
    """Where it is. The Office for National Statistics writes 99.999999 for nowhere."""
    return Position(latitude, longitude).checked() if latitude < _NOWHERE else None


def _from_the_grid() -> Place:
    """What turns metres on the British national grid into degrees. Ordnance Survey writes 0, 0 for nowhere."""
    try:
        from pyproj import Transformer  # noqa: PLC0415  an extra of its own
    except ImportError as error:
        raise CommandError(
            "Code-Point Open is in metres on the national grid: pip install 'django-community-help[postcodes]'"
        ) from error
    to_degrees = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)

    def place(easting: float, northing: float) -> Position | None:
        if not (easting and northing):
            return None
        longitude, latitude = to_degrees.transform(easting, northing)
        return Position(latitude, longitude).checked()

    return place
