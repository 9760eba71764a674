"""Answers to a community's own questions: kept, changed and undone with the job, and told to the right people."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from community_help.jobs.job import Job
from community_help.jobs.question import Answer, Question, public_answers
from community_help.lifecycle.table import OfferState
from community_help.portal.facts import job_facts
from community_help.privacy.access_log import AccessLog
from community_help.privacy.disclosure import reveal_job
from community_help.services.change import change_job
from community_help.services.jobs import create_job
from community_help.services.undo import undo
from community_help.testing import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lawn() -> Question:
    kind = make.make_task_type("Gardening", job_model="community_help.errandjob")
    return Question.objects.create(task_type=kind, label="How big is the lawn?", kind="number", public=True)


@pytest.fixture
def gate(lawn: Question) -> Question:
    return Question.objects.create(task_type=lawn.task_type, label="Where is the key?", order=1)


def asked(question: Question, **values: Any) -> Job:
    requester = make.make_requester()
    return create_job(
        requester, actor=make.make_coordinator(), task_type=question.task_type, area=requester.area, values=values
    )


def answers(job: Job) -> dict[str, str]:
    return {answer.question.label: answer.text for answer in Answer.objects.filter(job=job.pk)}


def test_answers_are_kept_with_the_job_and_sealed(lawn: Question, gate: Question) -> None:
    job = asked(lawn, **{lawn.name: "20", gate.name: "under the gnome"})
    assert answers(job) == {"How big is the lawn?": "20", "Where is the key?": "under the gnome"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM community_help_answer ORDER BY id")
        assert [row[0] for row in cursor.fetchall()] == ["0:20", "0:under the gnome"]


def test_answer_that_is_missing_or_wrong_makes_no_job(lawn: Question, gate: Question) -> None:
    Question.objects.update(required=True)
    with pytest.raises(ValidationError) as caught:
        asked(lawn, **{lawn.name: "a bus"})
    assert set(caught.value.message_dict) == {lawn.name, gate.name}
    assert not Job.objects.exists()


def test_answer_to_a_question_of_another_kind_of_job_is_refused(lawn: Question) -> None:
    other = Question.objects.create(task_type=make.make_task_type(), label="Which shop?")
    with pytest.raises(ValidationError) as caught:
        asked(lawn, **{other.name: "the Co-op"})
    assert set(caught.value.error_dict) == {other.name}


def test_changed_answers_are_undone_with_the_change(lawn: Question, gate: Question) -> None:
    actor = make.make_coordinator()
    job = asked(lawn, **{lawn.name: "20", gate.name: "under the gnome"})
    event = change_job(job, actor=actor, values={lawn.name: "30", gate.name: ""})
    assert answers(job) == {"How big is the lawn?": "30"}
    undo(event, actor=actor)
    assert answers(job) == {"How big is the lawn?": "20", "Where is the key?": "under the gnome"}
    event = change_job(job, actor=actor, values={"title": "Mow"})
    assert answers(job) == {"How big is the lawn?": "20", "Where is the key?": "under the gnome"}
    undo(event, actor=actor)
    assert answers(job) == {"How big is the lawn?": "20", "Where is the key?": "under the gnome"}


def test_public_answers_are_for_every_helper_and_private_ones_behind_the_door(lawn: Question, gate: Question) -> None:
    job = asked(lawn, **{lawn.name: "20", gate.name: "under the gnome"})
    said = [(label, value) for label, value, _small in job_facts(job)]
    assert ("How big is the lawn?", "20") in said
    assert "gnome" not in str(said)
    helper = make.make_matching_helper(job)
    moment = timezone.now()
    offer = make.make_offer_row(job, helper, state=OfferState.RATIFIED, ratified_at=moment)
    read = reveal_job(job, actor=make.make_coordinator(), why=job)
    assert [(detail.label, detail.value) for detail in read] == [("Where is the key?", "under the gnome")]
    assert AccessLog.objects.latest("pk").fields[-1] == f"job:{gate.name}"
    assert offer.helper == helper


def test_answer_given_in_private_stays_so_when_the_question_becomes_public(lawn: Question, gate: Question) -> None:
    job = asked(lawn, **{lawn.name: "20", gate.name: "under the gnome"})
    Question.objects.filter(pk=gate.pk).update(public=True)
    Question.objects.filter(pk=lawn.pk).update(public=False)
    assert public_answers([job]) == {}
    read = reveal_job(job, actor=make.make_coordinator(), why=job)
    assert [detail.value for detail in read] == ["20", "under the gnome"]


def test_answer_that_left_the_list_stays_until_it_is_changed(lawn: Question) -> None:
    shop = Question.objects.create(
        task_type=lawn.task_type, label="Which shop?", kind="choice", choices=["Co-op", "Asda"], required=True
    )
    actor = make.make_coordinator()
    job = asked(lawn, **{shop.name: "Asda"})
    Question.objects.filter(pk=shop.pk).update(choices=["Co-op", "Asda Bedminster"])
    change_job(job, actor=actor, values={"title": "Buy", shop.name: "Asda"})
    assert answers(job) == {"Which shop?": "Asda"}
    with pytest.raises(ValidationError, match="not on the list any more"):
        asked(lawn, **{shop.name: "Asda"})
    change_job(job, actor=actor, values={shop.name: "Co-op"})
    with pytest.raises(ValidationError, match="not on the list any more"):
        change_job(job, actor=actor, values={shop.name: "Asda"})
    assert answers(job) == {"Which shop?": "Co-op"}
