"""What the call screen shows while somebody types, in few queries."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db.models import Q
from django.utils import timezone

from community_help import defaults
from community_help.jobs.waiver import Waiver
from community_help.loading import load_class
from community_help.matching import Criterion, Need, best, outlook, supply
from community_help.people.community import Community
from community_help.testing.factories import make_area, make_helper, make_open_job, make_skill, make_task_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django.fixtures import SettingsWrapper

    from community_help.people.community import Area, Skill
    from community_help.people.profiles import Helper

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
#: What no site can do without.
ALWAYS = [path for path in defaults.CRITERIA if not load_class(path, Criterion, setting="CRITERIA").can_be_waived()]  # type: ignore[type-abstract]  # a base to ask about


class Nowhere(Criterion):
    """Nobody passes, and no SQL is needed to say so."""

    slug = "nowhere"
    label = "is nowhere"
    about_place = True

    def helpers_for(self, need: Need) -> Q:
        return Q(pk__in=())

    def jobs_for(self, helper: Helper) -> Q:
        return Q(pk__in=())


def scene() -> tuple[Need, Callable[[], Helper]]:
    """A need that asks for much, and a helper who fits for each call."""
    area: Area = make_area("Filwood")
    skill: Skill = make_skill("a car")
    kind = make_task_type("Shopping")
    Community.current()  # made once in the life of a site
    need = Need(task_type=kind, area=area, skills=(skill,))
    return need, lambda: make_helper(areas=[area], task_types=[kind], skills=[skill], account=False)


def test_outlook_is_supply_and_best_of_the_same_need() -> None:
    need, helper = scene()
    helpers = [helper() for _ in range(3)]
    make_helper(areas=[make_area()])
    answer = outlook(need, most=2)
    assert answer.supply == supply(need)
    assert answer.best == best(need, most=2)
    assert [one.helper for one in answer.best] == helpers[:2]


def test_outlook_costs_five_queries_at_most_however_many_helpers(assert_constant_queries: Callable[..., int]) -> None:
    need, helper = scene()
    made: list[Helper] = []

    def make_rows(number: int) -> None:
        made.extend(helper() for _ in range(number - len(made)))

    assert assert_constant_queries(make_rows, lambda: outlook(need, most=5)) <= 5


def test_outlook_of_a_time_that_ends_before_it_begins_is_nobody() -> None:
    need, helper = scene()
    helper()
    now = timezone.now()
    answer = outlook(replace(need, timing="between", earliest=now + 2 * HOUR, latest=now + HOUR), most=5)
    assert (answer.supply.count, answer.best) == (0, [])
    assert answer.supply.dearest is not None
    assert answer.supply.dearest.slug == "available"


def test_outlook_of_a_saved_job_counts_whom_somebody_asks_anyway() -> None:
    job = make_open_job(task_type=make_task_type())
    fits = make_helper(areas=[job.area], task_types=[job.task_type])
    elsewhere = make_helper(task_types=[job.task_type])
    Waiver.objects.create(job=job, opening=job.opening, helper=elsewhere, criterion="area", why="so")
    answer = outlook(job, most=5)
    assert answer.supply.count == 2
    assert [one.helper for one in answer.best] == [fits, elsewhere]


def test_outlook_where_one_criterion_is_all_that_is_asked(settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {**settings.COMMUNITY_HELP, "CRITERIA": ALWAYS}
    helpers = [make_helper() for _ in range(2)]
    answer = outlook(Need(), most=5)
    assert answer.supply.count == 2
    assert [one.helper for one in answer.best] == helpers


def test_outlook_where_nobody_can_pass_the_narrowest(settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {**settings.COMMUNITY_HELP, "CRITERIA": [*ALWAYS, f"{__name__}.Nowhere"]}
    make_helper()
    answer = outlook(Need(), most=5)
    assert (answer.supply.count, answer.best) == (0, [])
    assert answer.supply.dearest is not None
    assert (answer.supply.dearest.slug, answer.supply.dearest.without) == ("nowhere", 1)


def test_outlook_where_nobody_could_help() -> None:
    answer = outlook(scene()[0], most=5)
    assert (answer.supply.count, answer.best) == (0, [])
