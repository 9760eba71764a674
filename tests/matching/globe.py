"""Distances in plain Python, by vectors: another way than the haversine that is tested against them."""

from __future__ import annotations

from math import atan2, cos, dist, radians, sin, sqrt

EARTH = 6_371_008.8
MILE = 1_609.344


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along a great circle, between two places as latitude and longitude."""
    chord = dist(_on_the_sphere(one), _on_the_sphere(other)) / 2
    return 2 * EARTH * atan2(chord, sqrt(max(0.0, 1 - chord * chord)))


def miles_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The same in miles."""
    return metres_between(one, other) / MILE


def _on_the_sphere(place: tuple[float, float]) -> tuple[float, float, float]:
    latitude, longitude = radians(place[0]), radians(place[1])
    return cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)
