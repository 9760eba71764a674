"""Who speaks the language of a library run: the contract, and what people read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from community_help import defaults, matching
from community_help.people.community import Skill
from community_help.testing.criteria import assert_keeps_contract
from community_help.testing.factories import (
    make_area,
    make_helper,
    make_job,
    make_matching_helper,
    make_open_job,
    make_task_type,
)
from example_project.library_run.criteria import SpeaksLanguage
from example_project.library_run.models import Language

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from community_help.jobs.job import Job
    from community_help.people.profiles import Helper

pytestmark = pytest.mark.django_db


def run_in(language: str = "", **fields: object) -> Job:
    kind = make_task_type("Library run", job_model="library_run.libraryrunjob")
    return make_open_job(task_type=kind, language=language, **fields)


def speaker(language: Language) -> Helper:
    name, phrase = f"to speak {language.label}", f"speaks {language.label}"
    skill = Skill.objects.create(slug=language.value, name=name, phrase=phrase)
    return make_helper(skills=[skill])


def test_speaks_language_keeps_the_contract() -> None:
    jobs = [run_in(Language.SOMALI), run_in(Language.POLISH), run_in(), make_job()]
    helpers = [speaker(Language.SOMALI), speaker(Language.POLISH), make_helper()]
    assert_keeps_contract(SpeaksLanguage, jobs=jobs, helpers=helpers)


def test_speaks_language_says_so_in_plain_words(settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {"CRITERIA": [*defaults.CRITERIA, "example_project.library_run.criteria.SpeaksLanguage"]}
    job = run_in(Language.SOMALI, area=make_area("Filwood"))
    somali = speaker(Language.SOMALI)
    somali.areas.add(job.area)
    somali.task_types.add(job.task_type)
    english = make_matching_helper(job)
    assert list(matching.helpers_for(job)) == [somali]
    [missing] = matching.explain(job, english).failed
    assert (missing.because, missing.can_be_waived) == ("does not speak Somali", True)
    assert matching.explain(job, somali).reasons[0] == "speaks Somali"
    assert matching.supply(job).costs[-1].asks == "speaks Somali"


def test_job_without_a_language_is_for_everybody() -> None:
    asked = SpeaksLanguage(matching.Moment.of())
    need = matching.Need.of(run_in())
    assert (asked.asks(need), asked.tells(need, make_helper())) == ("needs no other language", False)
