"""A library run: the contract, its questions on the call screen, its table."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.utils.datastructures import MultiValueDict

from community_help import defaults
from community_help.dashboard.clock import Clock
from community_help.dashboard.job_form import ONLY_THE_RATIFIED, JobForm, as_sent, beginning
from community_help.matching import Need, supply
from community_help.people.community import Skill
from community_help.testing.factories import make_matching_helper, make_open_job, make_task_type
from community_help.testing.job_models import assert_job_model_keeps_contract
from example_project.library_run.models import LibraryRunJob

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db


def test_library_run_keeps_the_contract() -> None:
    assert_job_model_keeps_contract(
        LibraryRunJob,
        {"branch": "Filwood", "language": "somali", "books": "A sea story", "large_print": True, "to_return": 3},
    )


def test_call_screen_asks_for_a_library_run_by_itself() -> None:
    kind = make_task_type("Library run", job_model="library_run.libraryrunjob")
    hints = {str(field.label): field.help_text for field in JobForm(task_type=kind, clock=Clock.of()).own}
    assert hints == {
        "Which library": "",
        "Language to speak": "",
        "Books wanted": ONLY_THE_RATIFIED,
        "In large print": ONLY_THE_RATIFIED,
        "Books to take back": ONLY_THE_RATIFIED,
    }


@pytest.mark.parametrize(("language", "helpers"), [("", 2), ("somali", 1), ("polish", 0), ("klingon", 2)])
def test_call_screen_counts_who_speaks_the_language_while_it_is_typed(
    settings: SettingsWrapper, language: str, helpers: int
) -> None:
    settings.COMMUNITY_HELP = {"CRITERIA": [*defaults.CRITERIA, "example_project.library_run.criteria.SpeaksLanguage"]}
    kind = make_task_type("Library run", job_model="library_run.libraryrunjob")
    like_it = make_open_job(task_type=kind)
    make_matching_helper(like_it)
    somali = Skill.objects.create(slug="somali", name="to speak Somali", phrase="speaks Somali")
    make_matching_helper(like_it).skills.add(somali)
    typed = {**beginning(kind), **as_sent({"area": like_it.area_id, "timing": "asap", "language": language})}
    form = JobForm(MultiValueDict(typed), task_type=kind, clock=Clock.of())
    assert supply(Need.from_form(form.need)).count == helpers


def test_makemigrations_of_the_library_run_finds_nothing_to_do() -> None:
    output = io.StringIO()
    call_command("makemigrations", "library_run", check=True, dry_run=True, stdout=output)
    assert output.getvalue().strip() == "No changes detected in app 'library_run'"
