"""Why this helper: for a whole list at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db.models import Q, Value

from community_help import defaults
from community_help.jobs.waiver import Waiver
from community_help.matching import Criterion, best, explain, reasons_for
from community_help.testing import factories as make

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models.expressions import Combinable
    from pytest_django.fixtures import SettingsWrapper

    from community_help.jobs.task_type import TaskType
    from community_help.matching import Need
    from community_help.people.community import Area
    from community_help.people.profiles import Helper


class Likes(Criterion):
    """A site's own, which reads a column of its own for each job."""

    slug = "likes"
    label = "likes it"

    def helpers_for(self, need: Need) -> Q:
        return Q()

    def jobs_for(self, helper: Helper) -> Q:
        return Q()

    def facts(self, need: Need) -> Mapping[str, Combinable]:
        assert need.job is not None
        return {"likes_what": Value(need.job.title)}

    def because(self, need: Need, helper: Any, holds: bool) -> str:
        return f"likes {helper.likes_what}"


@pytest.fixture
def area(db: None) -> Area:
    return make.make_area("Filwood")


@pytest.fixture
def shopping(db: None) -> TaskType:
    return make.make_task_type()


@pytest.fixture
def helper(area: Area, shopping: TaskType) -> Helper:
    return make.make_helper("Tom Aldous", areas=[area], task_types=[shopping])


@pytest.fixture
def drives(helper: Helper) -> Any:
    skill = make.make_skill("a car", phrase="drives")
    helper.skills.add(skill)
    return skill


def test_reasons_for_puts_the_most_telling_first(helper: Helper, area: Area, shopping: TaskType, drives: Any) -> None:
    plain = make.make_open_job(task_type=shopping, area=area)
    driving = make.make_open_job(task_type=shopping, area=area, skills=[drives])
    assert reasons_for([plain, driving], helper, most=2) == {
        plain.pk: ("covers Filwood", "does “Shopping”"),
        driving.pk: ("drives", "covers Filwood"),
    }


def test_reasons_for_reads_the_columns_of_a_sites_own_criterion_for_each_job(
    helper: Helper, area: Area, shopping: TaskType, settings: SettingsWrapper
) -> None:
    settings.COMMUNITY_HELP = {"CRITERIA": [*defaults.CRITERIA, f"{__name__}.Likes"]}
    tea, chess = (make.make_open_job(task_type=shopping, area=area, title=title) for title in ("tea", "chess"))
    assert reasons_for([tea, chess], helper, most=1) == {tea.pk: ("likes tea",), chess.pk: ("likes chess",)}


def test_reasons_for_no_jobs_asks_nothing(helper: Helper) -> None:
    assert reasons_for([], helper) == {}


def test_reasons_say_nothing_of_what_is_overlooked(helper: Helper, shopping: TaskType) -> None:
    ama, elsewhere = make.make_coordinator(), make.make_area("Hartcliffe")
    driven = make.make_open_job(area=elsewhere, task_type=shopping, skills=[make.make_skill("a car")])
    walked = make.make_open_job(area=elsewhere, task_type=shopping)
    for job, slug in ((driven, "area"), (driven, "skills"), (walked, "area")):
        about = {"job": job, "opening": job.opening, "helper": helper, "criterion": slug}
        Waiver.objects.create(**about, why="next door", made_by=ama)
    told = reasons_for([driven, walked], helper)
    assert told == {job.pk: explain(job, helper).reasons for job in (driven, walked)}
    assert told[driven.pk] == ("does “Shopping”",)
    [first] = best(driven, most=2)
    assert not {"drives", "covers Hartcliffe"} & set(first.reasons)
    assert "does “Shopping”" in first.reasons
