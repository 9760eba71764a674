"""What happened, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from community_help.dashboard.story import sentence_of, story_of, told_about
from community_help.jobs.offer import Ask
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import Action
from community_help.notifications.notification import Delivery, Notification
from community_help.testing import factories as make

if TYPE_CHECKING:
    from community_help.jobs.job import Job
    from community_help.people.person import Person


@pytest.fixture
def job(db: None) -> Job:
    return make.make_open_job()


@pytest.mark.parametrize("kind", [action for action in Action.values if action != Action.DISCARD_JOB])
def test_every_action_of_the_lifecycle_has_a_sentence(ama: Person, job: Job, kind: str) -> None:
    offer = make.make_offer_row(job, make.make_matching_helper(job, "Tom Aldous"))
    event = Event.objects.create(kind=kind, job=job, actor=ama, offer=offer, person=job.requester.person)
    words = sentence_of(event)
    assert words != kind.replace("_", " ").capitalize()
    assert "%" not in words


def test_rule_and_clock_act_under_their_own_names(job: Job) -> None:
    assert sentence_of(Event.objects.create(kind="close_job", job=job, rule="clock")) == "The clock closed the job"
    assert sentence_of(Event.objects.create(kind="close_job", job=job, rule="x")) == "A rule closed the job"


def test_kind_that_nobody_knows_is_told_by_its_name(job: Job) -> None:
    assert sentence_of(Event.objects.create(kind="water_plants", job=job)) == "Water plants"


def test_people_who_are_gone_leave_a_sentence(job: Job) -> None:
    assert sentence_of(Event.objects.create(kind="make_offer", job=job)) == "Somebody offered"


def test_story_is_newest_first_and_marks_the_newest(ama: Person, job: Job) -> None:
    for kind, why in (("publish_job", ""), ("cancel_job", "Her niece came")):
        Event.objects.create(kind=kind, job=job, actor=ama, why=why)
    assert [(line.text, line.note, line.new) for line in story_of(job, reader=make.make_coordinator())] == [
        ("Ama cancelled the job", "Her niece came", True),
        ("Ama published the job", "", False),
    ]


@pytest.mark.parametrize(
    ("step", "outcome", "how"),
    [
        ("alert", None, "Alert"),
        ("wave 2", None, "Wave 2"),
        ("alert", "accepted", "E-mail"),
        ("alert", "permanent", "E-mail: failed"),
    ],
)
def test_who_was_told_and_how(ama: Person, job: Job, step: str, outcome: str | None, how: str) -> None:
    helper = make.make_matching_helper(job, "Tom Aldous")
    Ask.objects.create(job_id=job.pk, opening=1, helper=helper, step=step)
    Ask.objects.create(job_id=job.pk, opening=2, helper=helper, step=step)
    if outcome:
        event = Event.objects.create(kind="publish_job", job=job, opening=1)
        told = Notification.objects.create(event=event, kind="publish_job", recipient=helper.person)
        Delivery.objects.create(notification=told, notifier="email", attempt=1, outcome=outcome)
    assert [(one.name, one.how, one.answer, one.said_yes) for one in told_about(job)] == [
        ("Tom", how, "no answer yet", False)
    ]
