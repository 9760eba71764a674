"""The first door: who may read which detail of one person, and the record that they did."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from community_help.exceptions import NotDisclosed
from community_help.jobs.job import Job
from community_help.jobs.offer import Offer
from community_help.lifecycle.table import OfferState
from community_help.people.profiles import Helper, HelperState, NeverPair
from community_help.people.roles import Role
from community_help.privacy.access_log import AccessLog, Door
from community_help.privacy.disclosure import (
    CONTACT_FIELDS,
    COORDINATOR_FIELDS,
    reveal,
    reveal_job,
    reveal_many,
    search,
)
from community_help.testing.factories import (
    grant_directly,
    make_area,
    make_coordinator,
    make_helper,
    make_job,
    make_offer_row,
    make_open_job,
    make_person,
    make_requester,
)
from tests.privacy.scene import CONTACT, MINUTE_AGO, NAMES, Scene, logged

if TYPE_CHECKING:
    from community_help.people.person import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def assert_refused(person: Person, fields: Any, *, actor: Person | None, why: Any) -> None:
    with pytest.raises(NotDisclosed, match=r"These details can't be shown now\."):
        reveal(person, fields, actor=actor, why=why)
    assert logged() == []


# The ratified helper


def test_reveal_shows_the_ratified_helper_their_requester(scene: Scene) -> None:
    assert reveal(scene.person, CONTACT_FIELDS, actor=scene.helper, why=scene.offer) == CONTACT
    assert logged() == [
        {
            "door": Door.REVEAL,
            "actor": scene.helper,
            "subject": scene.person,
            "fields": NAMES,
            "job": scene.job.pk,
            "offer": scene.offer.pk,
            "why": "",
        }
    ]


def test_reveal_shows_only_what_was_asked_for(scene: Scene) -> None:
    assert reveal(scene.person, ["address"], actor=scene.helper, why=scene.offer) == {"address": "1 Leinster Avenue"}
    assert logged()[0]["fields"] == ["address"]


def test_reveal_of_who_has_no_details_is_empty(scene: Scene) -> None:
    scene.person.contact.delete()
    assert reveal(scene.person, ["phone", "email"], actor=scene.helper, why=scene.offer) == {"phone": "", "email": ""}


@pytest.mark.parametrize(
    "change",
    [
        {"state": "offered", "ratified_at": None},
        {"state": "released", "ended_at": timezone.now()},
        {"state": "stood_down", "ended_at": timezone.now()},
        {"state": "no_show", "ended_at": timezone.now()},
        {"state": "cancelled", "ended_at": timezone.now()},
        {"state": "declined", "ended_at": timezone.now(), "ratified_at": None},
        {"ratified_at": timezone.now() + timedelta(hours=1)},
        {"ratified_at": timezone.now() - timedelta(days=15)},
        {"reported_at": timezone.now() - timedelta(hours=9)},
        {"shut_at": timezone.now() - MINUTE_AGO},
    ],
    ids="-".join,
)
def test_reveal_decides_by_the_row_and_not_by_the_object(scene: Scene, change: dict[str, Any]) -> None:
    Offer.objects.filter(pk=scene.offer.pk).update(**change)
    assert scene.offer.state == OfferState.RATIFIED
    assert_refused(scene.person, ["phone"], actor=scene.helper, why=scene.offer)


def test_reveal_within_the_undo_time_is_refused(scene: Scene) -> None:
    Offer.objects.filter(pk=scene.offer.pk).update(ratified_at=timezone.now() - timedelta(seconds=5))
    assert_refused(scene.person, ["phone"], actor=scene.helper, why=scene.offer)


def test_reveal_reads_the_helper_anew(scene: Scene) -> None:
    Helper.objects.filter(pk=scene.helper.pk).update(state=HelperState.SUSPENDED)
    assert scene.offer.helper.state == HelperState.APPROVED
    assert_refused(scene.person, ["phone"], actor=scene.helper, why=scene.offer)


def test_reveal_reads_the_jobs_time_anew(scene: Scene) -> None:
    later = timezone.now() + timedelta(days=30)
    Job.objects.non_polymorphic().filter(pk=scene.job.pk).update(timing="at", earliest=later, latest=later)
    assert_refused(scene.person, ["phone"], actor=scene.helper, why=scene.offer)


def test_reveal_does_not_believe_a_forged_offer(scene: Scene) -> None:
    other = make_requester(contact=CONTACT)
    scene.offer.requester, scene.offer.job = other, make_open_job(requester=other)
    assert_refused(other.person, ["phone"], actor=scene.helper, why=scene.offer)
    assert_refused(scene.person, ["phone"], actor=scene.helper, why=Offer(pk=0, helper=scene.offer.helper))


def test_reveal_of_somebody_else_than_the_requester_is_refused(scene: Scene) -> None:
    assert_refused(make_requester().person, ["phone"], actor=scene.helper, why=scene.offer)


def test_reveal_to_another_helper_of_the_same_job_is_refused(scene: Scene) -> None:
    waiting = make_offer_row(scene.job)
    assert_refused(scene.person, ["phone"], actor=waiting.helper.person, why=scene.offer)
    assert_refused(scene.person, ["phone"], actor=waiting.helper.person, why=waiting)


@pytest.mark.parametrize("fields", [["warnings"], ["phone", "warnings"], COORDINATOR_FIELDS])
def test_reveal_of_warnings_is_for_coordinators(scene: Scene, fields: list[str]) -> None:
    assert_refused(scene.person, fields, actor=scene.helper, why=scene.offer)


def test_reveal_to_a_helper_by_words_or_job_is_refused(scene: Scene) -> None:
    assert_refused(scene.person, ["phone"], actor=scene.helper, why="please")
    assert_refused(scene.person, ["phone"], actor=scene.helper, why=scene.job)


@pytest.mark.parametrize("fields", [[], ["phone_hash"], ["phone", "name"], "phone", ["Phone"]])
def test_reveal_of_fields_that_are_none_is_refused(scene: Scene, fields: Any) -> None:
    assert_refused(scene.person, fields, actor=scene.coordinator, why=scene.job)
    assert_refused(scene.person, fields, actor=scene.person, why="my own")


# Co-ordinators


@pytest.mark.parametrize("reason", ["offer", "job"])
def test_reveal_shows_a_coordinator_everything_by_offer_or_job(scene: Scene, reason: str) -> None:
    told = reveal(scene.person, COORDINATOR_FIELDS, actor=scene.coordinator, why=getattr(scene, reason))
    assert told == {**CONTACT, "warnings": "hard of hearing"}
    assert logged() == [
        {
            "door": Door.REVEAL,
            "actor": scene.coordinator,
            "subject": scene.person,
            "fields": [*NAMES, "warnings"],
            "job": scene.job.pk,
            "offer": scene.offer.pk if reason == "offer" else None,
            "why": "",
        }
    ]


def test_reveal_shows_a_coordinator_anybody_by_words(scene: Scene) -> None:
    assert reveal(scene.person, ["phone"], actor=scene.coordinator, why=" they asked me to ring ") == {
        "phone": "0117 496 0123"
    }
    row = logged()[0]
    assert (row["why"], row["job"], row["offer"]) == ("they asked me to ring", None, None)


def test_reveal_shows_a_coordinator_the_helper_of_an_offer(scene: Scene) -> None:
    assert reveal(scene.helper, ["phone"], actor=scene.coordinator, why=scene.offer)["phone"].startswith("0117")


@pytest.mark.parametrize("why", ["", "  \n"])
def test_reveal_without_a_reason_is_refused(scene: Scene, why: str) -> None:
    assert_refused(scene.person, ["phone"], actor=scene.coordinator, why=why)


def test_reveal_by_a_job_that_has_nothing_to_do_with_the_person_is_refused(scene: Scene) -> None:
    assert_refused(make_helper().person, ["phone"], actor=scene.coordinator, why=scene.job)
    assert_refused(make_requester().person, ["phone"], actor=scene.coordinator, why=scene.offer)


@pytest.mark.parametrize("reason", ["offer", "job", "words"])
def test_reveal_to_a_coordinator_of_another_area_is_refused(scene: Scene, reason: str) -> None:
    elsewhere = make_coordinator(areas=[make_area()])
    assert_refused(scene.person, ["phone"], actor=elsewhere, why=getattr(scene, reason, "I want to ring"))


@pytest.mark.parametrize("reason", ["offer", "job", "words"])
def test_reveal_to_a_coordinator_of_this_area(scene: Scene, reason: str) -> None:
    here = make_coordinator(areas=[make_area(), scene.area])
    assert reveal(scene.person, ["postcode"], actor=here, why=getattr(scene, reason, "I want to ring")) == {
        "postcode": "BS4 1NL"
    }


def test_reveal_to_a_coordinator_without_any_area_is_refused(scene: Scene) -> None:
    assert_refused(scene.person, ["phone"], actor=make_coordinator(areas=[]), why=scene.job)
    scene.requester.area = None
    scene.requester.save()
    assert_refused(scene.person, ["phone"], actor=make_coordinator(areas=[]), why="no area on either side")


def test_reveal_to_who_was_a_coordinator_is_refused(scene: Scene) -> None:
    scene.coordinator.role_grants.update(until=timezone.now() - timedelta(seconds=1))
    assert_refused(scene.person, ["phone"], actor=scene.coordinator, why=scene.job)


@pytest.mark.parametrize("role", [Role.SAFEGUARDING_LEAD, Role.DATA_PROTECTION_LEAD, Role.ADMINISTRATOR])
def test_reveal_to_another_role_is_refused(scene: Scene, role: Role) -> None:
    person = make_person()
    grant_directly(person, role)
    assert_refused(scene.person, ["phone"], actor=person, why=scene.job)


def test_reveal_to_a_superuser_is_refused(scene: Scene) -> None:
    person = make_person()
    person.user.is_superuser = True
    person.user.save()
    assert_refused(scene.person, ["phone"], actor=person, why="I am root")


def test_reveal_by_a_job_that_is_gone_is_refused(scene: Scene) -> None:
    draft = make_job(requester=scene.requester)
    gone = Job.objects.get(pk=draft.pk)
    draft.delete()
    assert_refused(scene.person, ["phone"], actor=scene.coordinator, why=gone)


def test_reveal_to_nobody_is_refused(scene: Scene) -> None:
    assert_refused(scene.person, ["phone"], actor=None, why=scene.offer)
    assert_refused(scene.person, ["phone"], actor=None, why="clock")


def test_coordinator_who_is_the_helper_reads_with_their_offer_in_its_window_alone(scene: Scene) -> None:
    grant_directly(scene.helper, Role.COORDINATOR)
    Offer.objects.filter(pk=scene.offer.pk).update(shut_at=timezone.now())
    assert_refused(scene.person, ["phone"], actor=scene.helper, why=scene.offer)
    with pytest.raises(NotDisclosed):
        reveal_job(scene.offer.job, actor=scene.helper, why=scene.offer)
    assert reveal(scene.person, ["warnings"], actor=scene.helper, why=scene.offer.job) == {
        "warnings": "hard of hearing"
    }


def test_coordinator_reads_nothing_of_somebody_from_whom_they_are_kept_apart(scene: Scene) -> None:
    grant_directly(scene.helper, Role.COORDINATOR)
    NeverPair.objects.create(
        helper=scene.offer.helper, requester=scene.offer.requester, reason="a quarrel", made_by=scene.coordinator
    )
    for why in (scene.offer, scene.offer.job, "to ring back"):
        assert_refused(scene.person, ["phone"], actor=scene.helper, why=why)
        with pytest.raises(NotDisclosed):
            reveal_job(scene.offer.job, actor=scene.helper, why=why)
    with pytest.raises(NotDisclosed):
        reveal_many([scene.person], ["phone"], actor=scene.helper, why="a list")
    grant_directly(scene.person, Role.COORDINATOR)
    assert_refused(scene.helper, ["phone"], actor=scene.person, why=scene.offer.job)
    assert scene.person not in [found.person for found in search(scene.person.name, actor=scene.helper)]


# One's own


def test_reveal_of_ones_own_details_is_no_disclosure(scene: Scene) -> None:
    assert reveal(scene.person, CONTACT_FIELDS, actor=scene.person, why="") == CONTACT
    assert logged() == []


def test_reveal_of_ones_own_warnings_is_refused(scene: Scene) -> None:
    assert_refused(scene.person, ["phone", "warnings"], actor=scene.person, why="my own")


# The log


def test_reveal_answers_nothing_when_the_log_can_not_be_written(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise IntegrityError("the disk is full")

    monkeypatch.setattr(AccessLog.objects, "bulk_create", broken)
    with CaptureQueriesContext(connection) as queries, pytest.raises(IntegrityError):
        reveal(scene.person, COORDINATOR_FIELDS, actor=scene.coordinator, why=scene.job)
    assert [query["sql"] for query in queries if "personcontact" in query["sql"] or "warnings" in query["sql"]] == []
    with CaptureQueriesContext(connection) as queries, pytest.raises(IntegrityError):
        reveal_job(scene.job, actor=scene.coordinator, why=scene.job)


def test_reveal_writes_the_log_before_it_reads(scene: Scene) -> None:
    with CaptureQueriesContext(connection) as queries:
        reveal(scene.person, ["phone"], actor=scene.helper, why=scene.offer)
    statements = [query["sql"] for query in queries]
    written = next(n for n, sql in enumerate(statements) if "INSERT INTO" in sql and "accesslog" in sql)
    read = next(n for n, sql in enumerate(statements) if "personcontact" in sql)
    assert written < read


def test_reveal_that_fails_while_reading_leaves_no_row(scene: Scene) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE community_help_personcontact SET phone = '1:not a token'")
    with pytest.raises(Exception, match="can't be opened"):
        reveal(scene.person, ["phone"], actor=scene.helper, why=scene.offer)
    assert logged() == []


def test_access_log_can_not_be_changed_or_deleted(scene: Scene) -> None:
    reveal(scene.person, ["phone"], actor=scene.helper, why=scene.offer)
    row = AccessLog.objects.get()
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        AccessLog.objects.update(door="search")
    with pytest.raises(TypeError):
        AccessLog.objects.all().delete()
    assert str(row) == f"reveal by person {scene.helper.pk}"
