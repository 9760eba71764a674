"""Filling the table of postcodes: from the files that there are, all or nothing."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command

from community_help.people.places import Postcode

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db

ONS = """\ufeffpcd7,pcd8,pcds,dointr,doterm,lat,long
"BS4 1NL","BS4  1NL","BS4 1NL",198001,,51.420123,-2.596456
"BS4 1NM","BS4  1NM","BS4 1NM",198001,,51.421,-2.597
"BS3 1AA","BS3  1AA","BS3 1AA",198001,,51.44,-2.6
"GY1 1AA","GY1  1AA","GY1 1AA",198001,,99.999999,0
"""
# No header: postcode, quality, easting, northing, country, …. The first is Ordnance Survey's own worked example.
CODE_POINT = """"NR29 4XX",10,651410,313177,"E92000001","","","","",""
"NR29 4ZZ",90,0,0,"E92000001","","","","",""
"""


def fill(path: Path, text: str, *options: str) -> str:
    path.write_text(text, encoding="utf-8")
    out = StringIO()
    call_command("community_help_postcodes", str(path), *options, stdout=out)
    return out.getvalue().strip()


def kept() -> dict[str, tuple[float, float]]:
    return {row.pk: (row.latitude, row.longitude) for row in Postcode.objects.all()}


def test_postcodes_of_an_ons_directory(tmp_path: Path) -> None:
    assert fill(tmp_path / "ons.csv", ONS) == "3 postcodes kept; 1 have no place in the file"
    assert kept() == {"BS41NL": (51.420123, -2.596456), "BS41NM": (51.421, -2.597), "BS31AA": (51.44, -2.6)}


def test_postcodes_read_again_are_written_over(tmp_path: Path) -> None:
    fill(tmp_path / "ons.csv", ONS)
    fill(tmp_path / "own.csv", "Postcode,Latitude,Longitude\nbs4 1nl,51.5,-2.5\n\n")
    assert kept()["BS41NL"] == (51.5, -2.5)
    assert len(kept()) == 3


def test_postcodes_that_begin_as_wanted(tmp_path: Path) -> None:
    assert fill(tmp_path / "ons.csv", ONS, "--only", "bs4", "--only", "GY") == (
        "2 postcodes kept; 1 have no place in the file"
    )
    assert set(kept()) == {"BS41NL", "BS41NM"}


def test_postcodes_of_code_point_open_are_turned_into_degrees(tmp_path: Path) -> None:
    assert fill(tmp_path / "nr.csv", CODE_POINT) == "1 postcodes kept; 1 have no place in the file"
    latitude, longitude = kept()["NR294XX"]
    # WGS 84 of that point; a grid shift to five metres is enough for a hundred.
    assert latitude == pytest.approx(52.65798, abs=1e-4)
    assert longitude == pytest.approx(1.71605, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has neither columns for postcode, latitude and longitude, nor those of Code-Point Open. It begins: "),
        ("name,lat,long\n", "It begins: name,lat,long"),
        ("postcode,lat,long\nBS4 1NL,north,0\n", "line 2: BS4 1NL,north,0 is not a postcode with its place"),
        ("postcode,lat,long\n ,51,0\n", "“ ” is no postcode"),
        ("postcode,lat,long\nBS4 1NL or BS4 1NM,51,0\n", "“BS4 1NL or BS4 1NM” is no postcode"),
        ("postcode,lat,long\nBS4 1NL,51\n", "line 2: BS4 1NL,51 is not a postcode with its place"),
        ("postcode,lat,long\nBS4 1NL,51,181\n", "line 2: BS4 1NL,51,181 is not a postcode with its place"),
    ],
)
def test_file_that_is_none_is_refused_whole(tmp_path: Path, text: str, said: str) -> None:
    fill(tmp_path / "ons.csv", ONS)
    before = kept()
    with pytest.raises(CommandError) as caught:
        fill(tmp_path / "wrong.csv", text)
    assert said in str(caught.value)
    assert kept() == before


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00postcode"])
def test_file_that_can_not_be_read_is_said(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "missing.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match="can't be read"):
        call_command("community_help_postcodes", str(path))
