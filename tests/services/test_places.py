"""Places: looked up by a worker, never lost, never overwritten by what is older; put on the map by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from community_help import tasks
from community_help.exceptions import NotAllowed
from community_help.jobs.job import Job
from community_help.lifecycle.event import Event
from community_help.people.geocoding import Geocoder
from community_help.people.person import PersonContact
from community_help.people.places import Position, Postcode
from community_help.privacy.contacts import write_contact
from community_help.services import places
from community_help.services.change import change_job
from community_help.services.jobs import create_job
from community_help.services.places import AGAIN, Looked, look_up_places, pin_area, pin_person
from community_help.services.undo import undo
from community_help.testing import factories as make

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from community_help.people.profiles import Helper, Requester

pytestmark = pytest.mark.django_db

HERE, THERE = Position(51.42, -2.596), Position(51.44, -2.58)


class Broken(Geocoder):
    """One that answers about some, and of others tells their address in its error."""

    def find(self, address: str, postcode: str) -> Position | None:
        if "Lane" in address:
            raise RuntimeError(f"no answer about {address}")
        return Position(1.23456, 2.34567)


class Unreachable(Geocoder):
    """One that can't even be made."""

    def __init__(self) -> None:
        raise OSError("no such host")

    def find(self, address: str, postcode: str) -> Position | None:
        return None


@pytest.fixture
def table() -> None:
    Postcode.objects.bulk_create(
        [
            Postcode(code="BS41NL", latitude=HERE.latitude + 0.0002, longitude=HERE.longitude),
            Postcode(code="BS43AA", latitude=THERE.latitude, longitude=THERE.longitude),
        ]
    )


def at(row: Helper | Requester | Job) -> Position | None:
    row.refresh_from_db()
    return row.position


def asked(requester: Requester, **values: Any) -> Job:
    area = values.pop("area", requester.area)
    return create_job(
        requester, actor=make.make_coordinator(), task_type=make.make_task_type(), area=area, values=values
    )


@pytest.mark.usefixtures("table")
def test_place_of_a_helper_and_of_a_requester_is_looked_up_by_postcode() -> None:
    helper = make.make_helper(contact={"postcode": "bs4 1nl"})
    requester = make.make_requester(contact={"postcode": "BS4 3AA"})
    make.make_helper(contact={"postcode": "ZZ9 9ZZ"})
    assert look_up_places() == Looked(found=2, unknown=1)
    assert (at(helper), at(requester)) == (HERE, THERE)
    assert look_up_places() == Looked()


@pytest.mark.usefixtures("table")
def test_new_address_is_another_place_and_the_same_one_is_not_looked_up_again() -> None:
    helper = make.make_helper(contact={"postcode": "BS4 1NL"})
    tasks.run_clock()
    write_contact(helper.person, postcode="bs41nl", phone="0117 496 0123")
    assert look_up_places() == Looked()
    write_contact(helper.person, postcode="BS4 3AA")
    assert look_up_places() == Looked(found=1)
    assert at(helper) == THERE
    write_contact(helper.person, postcode="")
    assert look_up_places() == Looked(unknown=1)
    assert at(helper) is None


@pytest.mark.usefixtures("table")
def test_address_that_changes_meanwhile_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    helper = make.make_helper(contact={"postcode": "BS4 1NL"})
    locate = places.locate

    def slow(person_id: int, geocoder: Geocoder) -> Position | None:
        found = locate(person_id, geocoder)
        write_contact(helper.person, postcode="BS4 3AA")
        return found

    monkeypatch.setattr(places, "locate", slow)
    assert look_up_places() == Looked()
    assert at(helper) is None
    monkeypatch.undo()
    assert look_up_places() == Looked(found=1)
    assert at(helper) == THERE


def test_geocoder_that_fails_is_asked_again_and_nobody_else_waits(
    settings: SettingsWrapper, caplog: pytest.LogCaptureFixture
) -> None:
    settings.COMMUNITY_HELP = {"GEOCODER": f"{__name__}.Broken"}
    stuck = make.make_helper(contact={"address": "7 Secret Lane"})
    fine = make.make_helper(contact={"address": "1 High Street"})
    assert look_up_places() == Looked(found=1, put_off=1)
    assert (at(stuck), at(fine)) == (None, Position(1.235, 2.346))
    assert "RuntimeError" in caplog.text
    assert "Secret" not in caplog.text
    assert look_up_places() == Looked()
    assert look_up_places(now=timezone.now() + AGAIN + timedelta(seconds=1)) == Looked(put_off=1)


@pytest.mark.usefixtures("table")
def test_round_of_a_slow_geocoder_ends_and_the_others_wait_for_the_next() -> None:
    for _ in range(2):
        make.make_helper(contact={"postcode": "BS4 1NL"})
    assert look_up_places(seconds=-1) == Looked()
    assert look_up_places() == Looked(found=2)


@pytest.mark.usefixtures("table")
def test_geocoder_that_can_not_be_made_loses_nothing(
    settings: SettingsWrapper, caplog: pytest.LogCaptureFixture
) -> None:
    settings.COMMUNITY_HELP = {"GEOCODER": f"{__name__}.Unreachable"}
    make.make_helper(contact={"postcode": "BS4 1NL"})
    assert look_up_places() == Looked(put_off=1)
    assert "no geocoder: 1 addresses wait" in caplog.text
    settings.COMMUNITY_HELP = {}
    assert look_up_places() == Looked(found=1)


@pytest.mark.usefixtures("table")
def test_no_more_than_so_many_are_looked_up_at_once_and_the_longest_wait_first() -> None:
    helpers = [make.make_helper(contact={"postcode": "BS4 1NL"}) for _ in range(3)]
    now = timezone.now()
    for number, helper in enumerate(helpers):
        PersonContact.objects.filter(person=helper.pk).update(place_due=now - timedelta(minutes=number))
    assert look_up_places(most=2) == Looked(found=2)
    assert [at(helper) for helper in helpers] == [None, HERE, HERE]


@pytest.mark.usefixtures("table")
def test_job_is_at_home_in_the_requesters_area_and_roughly_elsewhere() -> None:
    requester = make.make_requester(contact={"postcode": "BS4 1NL"})
    look_up_places()
    requester.refresh_from_db()
    elsewhere = make.make_area()
    pin_area(elsewhere, THERE, actor=make.make_coordinator())
    elsewhere.refresh_from_db()
    assert at(asked(requester)) == HERE
    assert at(asked(requester, area=elsewhere)) == THERE._replace(rough=True)
    assert at(asked(requester, area=make.make_area())) is None


@pytest.mark.usefixtures("table")
def test_jobs_follow_their_requester() -> None:
    requester = make.make_requester(contact={})
    before, elsewhere = asked(requester), asked(requester, area=make.make_area())
    write_contact(requester.person, postcode="BS4 1NL")
    look_up_places()
    assert (at(before), at(elsewhere)) == (HERE, None)
    ended = make.make_job(requester=requester)
    Job.objects.filter(pk=ended.pk).update(state="cancelled", cancelled_at=timezone.now(), latitude=1, longitude=1)
    write_contact(requester.person, postcode="BS4 3AA")
    look_up_places()
    assert (at(before), at(ended)) == (THERE, Position(1, 1))


def test_change_of_the_area_moves_the_job_and_undo_moves_it_back() -> None:
    actor, requester, elsewhere = make.make_coordinator(), make.make_requester(), make.make_area()
    pin_person(requester.person, HERE, actor=actor)
    pin_area(elsewhere, THERE, actor=actor)
    requester.refresh_from_db()
    elsewhere.refresh_from_db()
    job = asked(requester)
    event = change_job(job, actor=actor, values={"area": elsewhere})
    assert at(job) == THERE._replace(rough=True)
    undo(event, actor=actor)
    assert at(job) == HERE


def test_pin_of_an_area_moves_jobs_that_are_there_roughly() -> None:
    actor, requester = make.make_coordinator(), make.make_requester()
    roughly = asked(requester)
    pin_area(requester.area, HERE, actor=actor)
    assert at(roughly) == HERE._replace(rough=True)
    pin_person(requester.person, THERE, actor=actor)
    assert at(roughly) == THERE
    pin_area(requester.area, None, actor=actor)
    assert at(roughly) == THERE
    assert [event.why for event in Event.objects.filter(kind="pin_area")] == [requester.area.name] * 2


def test_pin_holds_until_the_address_changes(settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {"GEOCODER": f"{__name__}.Broken"}
    helper = make.make_helper(contact={"address": "1 High Street"})
    look_up_places()
    pin_person(helper.person, HERE, actor=make.make_coordinator())
    write_contact(helper.person, phone="0117 496 0123")
    look_up_places()
    assert at(helper) == HERE
    write_contact(helper.person, address="2 High Street")
    look_up_places()
    assert at(helper) == Position(1.235, 2.346)


@pytest.mark.usefixtures("table")
def test_pin_holds_where_a_look_up_was_still_due() -> None:
    helper = make.make_helper(contact={"postcode": "BS4 3AA"})
    pin_person(helper.person, HERE, actor=make.make_coordinator())
    assert look_up_places() == Looked()
    assert at(helper) == HERE


def test_pin_is_refused_to_others_and_nowhere() -> None:
    helper = make.make_helper()
    with pytest.raises(NotAllowed):
        pin_person(helper.person, HERE, actor=make.make_helper().person)
    with pytest.raises(ValidationError, match="nowhere on the earth"):
        pin_person(helper.person, Position(91, 0), actor=make.make_coordinator())
    assert at(helper) is None
