"""Who may read the private fields of a job, and the record that they did."""

from __future__ import annotations

import pytest
from django.utils import timezone

from community_help.exceptions import NotDisclosed
from community_help.jobs.job import Job
from community_help.jobs.offer import Offer
from community_help.privacy.access_log import Door
from community_help.privacy.disclosure import Detail, reveal_job
from community_help.testing.factories import (
    make_area,
    make_coordinator,
    make_job,
    make_offer_row,
    make_task_type,
)
from tests.privacy.scene import Scene, logged

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def lift() -> Scene:
    kind = make_task_type("Lift", job_model="community_help.liftjob")
    return Scene(task_type=kind, towards="the hospital", destination="Ward 7, gate 3", passengers=2)


@pytest.mark.parametrize("reader", ["helper", "coordinator"])
def test_reveal_job_shows_the_private_fields_of_the_real_job(reader: str) -> None:
    scene = lift()
    base = Job.objects.non_polymorphic().get(pk=scene.job.pk)
    details = reveal_job(base, actor=getattr(scene, reader), why=scene.offer)
    assert details == [
        Detail("private_details", "what only the ratified helper sees", "ring twice", "ring twice"),
        Detail("destination", "exactly where to", "Ward 7, gate 3", "Ward 7, gate 3"),
    ]
    assert logged() == [
        {
            "door": Door.REVEAL,
            "actor": getattr(scene, reader),
            "subject": scene.person,
            "fields": ["job:private_details", "job:destination"],
            "job": scene.job.pk,
            "offer": scene.offer.pk,
            "why": "",
        }
    ]


def test_reveal_job_says_values_as_people_read_them(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = lift()
    monkeypatch.setattr(type(scene.job), "public_fields", ())
    told = {detail.name: detail.value for detail in reveal_job(scene.job, actor=scene.coordinator, why=scene.job)}
    assert told["and_back"] == "yes"
    assert told["passengers"] == "2"
    shopping = Scene(payment="receipt")
    monkeypatch.setattr(type(shopping.job), "public_fields", ())
    told = {detail.name: detail.value for detail in reveal_job(shopping.job, actor=shopping.coordinator, why="a look")}
    assert told["payment"] == "the helper brings the receipt to us"
    assert "spend_limit" not in told


def test_reveal_job_of_another_job_is_refused(scene: Scene) -> None:
    other = make_job(requester=scene.requester, private_details="not yours")
    for reader in (scene.helper, scene.coordinator):
        for why in (scene.offer, scene.job):
            with pytest.raises(NotDisclosed):
                reveal_job(other, actor=reader, why=why)
    assert logged() == []


def test_reveal_job_outside_the_window_is_refused(scene: Scene) -> None:
    Offer.objects.filter(pk=scene.offer.pk).update(shut_at=timezone.now())
    with pytest.raises(NotDisclosed):
        reveal_job(scene.job, actor=scene.helper, why=scene.offer)
    assert logged() == []


@pytest.mark.parametrize("reader", ["nobody", "elsewhere", "waiting", "requester"])
def test_reveal_job_to_a_stranger_is_refused(scene: Scene, reader: str) -> None:
    readers = {
        "nobody": None,
        "elsewhere": make_coordinator(areas=[make_area()]),
        "waiting": make_offer_row(scene.job).helper.person,
        "requester": scene.person,
    }
    for why in (scene.offer, scene.job, "words"):
        with pytest.raises(NotDisclosed):
            reveal_job(scene.job, actor=readers[reader], why=why)
    assert logged() == []


def test_reveal_job_that_is_gone_is_refused(scene: Scene) -> None:
    draft = make_job()
    gone = Job.objects.get(pk=draft.pk)
    draft.delete()
    with pytest.raises(NotDisclosed):
        reveal_job(gone, actor=scene.coordinator, why=gone)
