"""Positions: rounded to about 100 m, and somewhere on the earth."""

from __future__ import annotations

import pytest

from community_help.people.places import Position, columns_of, postcode_key
from community_help.people.profiles import place_of
from community_help.testing.factories import make_area, make_requester


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ((51.42049, -2.59651), (51.420, -2.597)),
        ((-16.5004, 179.9996), (-16.5, -180.0)),
        ((-16.5, 180.0), (-16.5, -180.0)),
        ((90, -180), (90, -180)),
    ],
)
def test_position_is_rounded(given: tuple[float, float], kept: tuple[float, float]) -> None:
    assert Position(*given).rounded() == Position(*kept)
    assert columns_of(Position(*given)) == {"latitude": kept[0], "longitude": kept[1], "rough": False}


@pytest.mark.parametrize(
    "given", [(90.1, 0), (-90.1, 0), (0, 180.1), (0, -180.1), (float("nan"), 0), (0, float("inf"))]
)
def test_position_that_is_nowhere_is_refused(given: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="nowhere on the earth"):
        Position(*given).rounded()


def test_columns_of_no_position_are_empty() -> None:
    assert columns_of(None) == {"latitude": None, "longitude": None, "rough": False}


@pytest.mark.parametrize(("typed", "key"), [("bs4 1nl", "BS41NL"), (" BS4  1NL ", "BS41NL"), ("", "")])
def test_postcode_key(typed: str, key: str) -> None:
    assert postcode_key(typed) == key


@pytest.mark.django_db
def test_place_of_help_is_at_home_or_else_roughly_in_the_area() -> None:
    ours, elsewhere, nowhere = make_area(), make_area(), make_area()
    elsewhere.latitude, elsewhere.longitude = 51.44, -2.58
    somebody = make_requester(area=ours)
    assert place_of(somebody, ours) is None
    somebody.latitude, somebody.longitude = 51.42, -2.596
    assert place_of(somebody, ours) == Position(51.42, -2.596)
    assert place_of(somebody, elsewhere) == place_of(None, elsewhere) == Position(51.44, -2.58, rough=True)
    assert place_of(somebody, nowhere) is place_of(somebody, None) is None
