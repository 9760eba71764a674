"""Near enough: a circle on the globe, from both ends, and nowhere is near nowhere."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from community_help.jobs.job import Job
from community_help.jobs.task_type import TaskType
from community_help.matching import Moment, Need, explain
from community_help.matching.criteria.radius import NearEnough
from community_help.matching.distance import MILE, band_of, metres_to
from community_help.people.person import Person
from community_help.people.places import Position
from community_help.people.profiles import Helper
from community_help.testing.criteria import assert_keeps_contract
from community_help.testing.factories import make_helper, make_job, make_open_job
from tests.matching.globe import metres_between

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = pytest.mark.django_db

Place = tuple[float, float]
FILWOOD: Place = (51.420, -2.596)
TOTTERDOWN: Place = (51.440, -2.580)
BATH: Place = (51.381, -2.359)


def lives_at(place: Place | None, *, rough: bool = False) -> Helper:
    helper = make_helper(account=False)
    if place is not None:
        Helper.objects.filter(pk=helper.pk).update(latitude=place[0], longitude=place[1], rough=rough)
    helper.refresh_from_db()
    return helper


def job_at(place: Place | None, *, miles: float | None = None, rough: bool = False) -> Job:
    job = make_open_job()
    if place is not None:
        Job.objects.filter(pk=job.pk).update(latitude=place[0], longitude=place[1], rough=rough)
    if miles is not None:
        options = {"radius": {"on": True, "options": {"miles": miles}}}
        TaskType.objects.filter(pk=job.task_type_id).update(criteria_options=options)
    return Job.objects.get(pk=job.pk)


def among(job: Job, *, miles: float) -> set[int]:
    """The helpers who pass, asked of the job."""
    asked = NearEnough(Moment.of(), {"miles": miles})
    return set(Helper.objects.filter(asked.helpers_for(Need.of(job))).values_list("pk", flat=True))


def asked_themselves(job: Job, helpers: Iterable[Helper], *, miles: float) -> set[int]:
    """Those of the helpers who pass, each asked on their own."""
    asked = NearEnough(Moment.of(), {"miles": miles})
    jobs = Job.objects.non_polymorphic().filter(pk=job.pk)
    return {helper.pk for helper in helpers if jobs.filter(asked.jobs_for(helper)).exists()}


def passing(job: Job, helpers: Iterable[Helper], *, miles: float) -> set[int]:
    """The helpers who pass, asked from both ends."""
    found = among(job, miles=miles)
    assert found == asked_themselves(job, helpers, miles=miles)
    return found


def test_contract_of_near_enough() -> None:
    near, far, nowhere = lives_at(FILWOOD), lives_at(BATH), lives_at(None)
    assert_keeps_contract(NearEnough, jobs=[job_at(FILWOOD), job_at(TOTTERDOWN)], helpers=[near, far, nowhere])


@pytest.mark.parametrize(
    ("miles", "expected"), [(0.5, ["filwood"]), (2, ["filwood", "totterdown"]), (12, ["filwood", "totterdown", "bath"])]
)
def test_helpers_within_so_many_miles(miles: float, expected: list[str]) -> None:
    homes = {"filwood": lives_at(FILWOOD), "totterdown": lives_at(TOTTERDOWN), "bath": lives_at(BATH)}
    found = passing(job_at(FILWOOD), homes.values(), miles=miles)
    assert [name for name, helper in homes.items() if helper.pk in found] == expected


MIDDLES: dict[str, Place] = {
    "Knowle West": FILWOOD,
    "date line": (0.0, 179.995),
    "Fiji": (-16.5, -179.999),
    "north": (89.995, 45.0),
    "south": (-89.99, -120.0),
    "Reykjavik": (64.1, -21.9),
    "nowhere in the sea": (0.0, 0.0),
    "the pole": (90.0, 0.0),
}


@pytest.mark.slow
def test_radius_among_11000_helpers_agrees_with_the_plain_distance_to_ten_metres() -> None:
    chance = random.Random(11_000)
    places = [_somewhere_near(middle, chance) for middle in MIDDLES.values() for _ in range(11_000 // len(MIDDLES))]
    people = Person.objects.bulk_create(Person(name="Somebody", known_as="Somebody") for _ in places)
    homes = {person.pk: place for person, place in zip(people, places, strict=True)}
    Helper.objects.bulk_create(
        Helper(person_id=pk, latitude=latitude, longitude=longitude) for pk, (latitude, longitude) in homes.items()
    )
    assert len(homes) == 11_000
    for name, middle in MIDDLES.items():
        job = job_at(middle)
        metres = {pk: metres_between(middle, place) for pk, place in homes.items()}
        for miles in (0.5, 2.0, 5.0):
            found = among(job, miles=miles)
            clear = {pk for pk in homes if abs(metres[pk] - miles * MILE) > 10}
            assert found & clear == {pk for pk in clear if metres[pk] < miles * MILE}, (name, miles)
            nearest = sorted(clear, key=lambda pk, edge=miles * MILE: abs(metres[pk] - edge))  # type: ignore[misc]  # a default has no type
            some = Helper.objects.in_bulk(nearest[:20]).values()
            assert {helper.pk for helper in some} & found, (name, miles)
            assert {helper.pk for helper in some} & found == asked_themselves(job, some, miles=miles)


def test_metres_are_those_of_the_plain_distance() -> None:
    chance = random.Random(1)
    places = [(round(chance.uniform(-90, 90), 3), round(chance.uniform(-180, 179.999), 3)) for _ in range(200)]
    places += [(-51.42, 177.404), (51.42, -2.596)]  # the other end of the earth, and the place itself
    homes = {lives_at(place).pk: place for place in places}
    read = Helper.objects.annotate(metres=metres_to(Position(51.42, -2.596))).values_list("pk", "metres")
    found = {pk: metres for pk, metres in read if pk in homes}
    assert len(found) == len(places)
    assert {
        pk: metres for pk, metres in found.items() if abs(metres - metres_between((51.42, -2.596), homes[pk])) > 1
    } == {}


def test_metres_to_what_has_no_place_are_unknown() -> None:
    nowhere = lives_at(None)
    assert Helper.objects.annotate(metres=metres_to(Position(51.42, -2.596))).get(pk=nowhere.pk).metres is None


@pytest.mark.parametrize(("home", "there"), [(None, FILWOOD), (FILWOOD, None), (None, None)])
def test_what_has_no_place_is_near_nothing_and_says_so(home: Place | None, there: Place | None) -> None:
    helper, job = lives_at(home), job_at(there, miles=1000)
    assert passing(job, [helper], miles=1000) == set()
    (verdict,) = [each for each in explain(job, helper).verdicts if each.slug == "radius"]
    assert verdict.holds is False
    assert verdict.because == ("nobody knows yet where " + ("this job is" if there is None else "they live"))


@pytest.mark.parametrize(
    ("home", "rough", "said"),
    [
        (FILWOOD, False, "lives under half a mile away"),
        (FILWOOD, True, "lives about under half a mile away"),
        (TOTTERDOWN, False, "lives one to two miles away"),
        (BATH, False, "lives more than ten miles away, further than 2 miles"),
    ],
)
def test_reason_speaks_in_bands(home: Place, rough: bool, said: str) -> None:
    (verdict,) = [
        each
        for each in explain(job_at(FILWOOD, miles=2), lives_at(home, rough=rough)).verdicts
        if each.slug == "radius"
    ]
    assert verdict.because == said


@pytest.mark.parametrize(
    ("metres", "said"),
    [(0, "under half a mile away"), (0.5 * MILE, "half a mile to a mile away"), (MILE, "one to two miles away")],
)
def test_band_begins_where_the_last_one_ends(metres: float, said: str) -> None:
    assert band_of(metres, rough=False) == said


def test_radius_is_off_until_a_community_switches_it_on() -> None:
    far, job = lives_at(BATH), job_at(FILWOOD)
    assert "radius" not in [verdict.slug for verdict in explain(job, far).verdicts]
    job = job_at(FILWOOD, miles=2)
    assert "radius" in [verdict.slug for verdict in explain(job, far).verdicts]
    TaskType.objects.filter(pk=job.task_type_id).update(by_phone=True)
    assert "radius" not in [verdict.slug for verdict in explain(Job.objects.get(pk=job.pk), far).verdicts]


def test_near_enough_asks_for_miles_in_plain_words() -> None:
    need = Need.of(make_job())
    assert NearEnough(Moment.of(), {"miles": 1.0}).asks(need) == "lives within a mile"
    assert NearEnough(Moment.of(), {"miles": 2.5}).asks(need) == "lives within 2.5 miles"


def _somewhere_near(middle: Place, chance: random.Random) -> Place:
    """Up to about ten miles off, over the pole and the date line too."""
    latitude = middle[0] + chance.uniform(-0.15, 0.15)
    longitude = middle[1] + chance.uniform(-0.2, 0.2) if abs(middle[0]) < 80 else chance.uniform(-180, 180)
    if abs(latitude) > 90:
        latitude, longitude = (180 - abs(latitude)) * (1 if latitude > 0 else -1), longitude + 180
    return latitude, (longitude + 180) % 360 - 180
