"""The questions about a job: built from its model, begun from its kind, asked again from the job."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils.datastructures import MultiValueDict

from community_help.dashboard.clock import Clock
from community_help.dashboard.job_form import ONLY_THE_RATIFIED, JobForm, as_sent, beginning, own_field
from community_help.jobs.bundled import LiftJob, ShoppingJob
from community_help.jobs.registry import job_models
from community_help.testing import factories as make

if TYPE_CHECKING:
    from community_help.jobs.task_type import TaskType
    from community_help.people.community import Area


def test_private_questions_say_who_sees_the_answer(shopping: TaskType) -> None:
    form = JobForm(task_type=shopping, clock=Clock.of())
    hints = {field.name: field.help_text for field in form.own}
    assert hints == {"shopping_list": ONLY_THE_RATIFIED, "spend_limit": ONLY_THE_RATIFIED, "payment": ""}


@pytest.mark.parametrize("label", sorted(job_models()))
def test_every_job_model_can_be_asked_for(filwood: Area, label: str) -> None:
    task_type = make.make_task_type("Anything", job_model=label)
    begun = {**beginning(task_type), "timing": ["asap"], "area": [str(filwood.pk)]}
    form = JobForm(MultiValueDict(begun), task_type=task_type, clock=Clock.of())
    assert form.is_valid(), form.errors
    assert set(form.values) >= {"title", "timing", "urgency", "places", *form.own_names}


def test_questions_begin_as_the_kind_of_job_says(db: None) -> None:
    car = make.make_skill("a car")
    lift = make.make_task_type("Lift", job_model="community_help.liftjob", urgency="urgent", places=2)
    lift.default_skills.add(car)
    begun = beginning(lift)
    assert begun["skills"] == [str(car.pk)]
    assert (begun["urgency"], begun["places"], begun["and_back"]) == (["urgent"], ["2"], ["on"])


def test_answers_are_sent_as_a_browser_sends_them() -> None:
    answers = {"yes": True, "no": False, "none": None, "number": 2, "many": [1, 2], "text": ""}
    assert as_sent(answers) == {"yes": ["on"], "number": ["2"], "many": ["1", "2"], "text": [""]}


def test_skill_and_area_out_of_use_stay_with_the_job_that_has_them(filwood: Area, shopping: TaskType) -> None:
    skill = make.make_skill("to swim")
    job = make.make_open_job(area=filwood, task_type=shopping, skills=[skill])
    for row in (skill, filwood):
        row.active = False
        row.save()
    about = {"task_type": shopping, "clock": Clock.of()}
    old, new = JobForm(was=job, **about), JobForm(**about)
    assert (str(skill.pk) in old.all_skills, str(filwood.pk) in old.all_areas) == (True, True)
    assert (str(skill.pk) in new.all_skills, str(filwood.pk) in new.all_areas) == (False, False)


def test_need_is_read_from_answers_that_are_half_wrong(filwood: Area, shopping: TaskType) -> None:
    data = MultiValueDict({"area": [str(filwood.pk)], "places": ["none"], "timing": ["asap"]})
    form = JobForm(data, task_type=shopping, clock=Clock.of())
    need = form.need
    assert isinstance(need.pop("job"), ShoppingJob)
    assert need == {
        "task_type": shopping,
        "area": filwood,
        "skills": [],
        "timing": "asap",
        "earliest": None,
        "latest": None,
    }


def test_only_a_models_own_field_is_a_question() -> None:
    assert own_field(LiftJob, "towards").max_length == 80
    with pytest.raises(TypeError, match="offers of ShoppingJob"):
        own_field(ShoppingJob, "offers")
