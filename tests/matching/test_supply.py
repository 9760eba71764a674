"""How many could do it, and what each need costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from community_help.jobs.job import Job
from community_help.jobs.waiver import Waiver
from community_help.matching import Need, passing, supply, supply_of_each
from community_help.people.community import Community
from community_help.people.profiles import HelperState
from community_help.testing.factories import make_area, make_helper, make_open_job, make_skill, make_task_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


def test_supply_says_which_single_need_costs_most(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    filwood, shopping, car = make_area("Filwood"), make_task_type("Shopping"), make_skill("a car")
    fits = {"areas": [filwood], "task_types": [shopping], "skills": [car]}
    for _ in range(2):
        make_helper(**fits)  # type: ignore[arg-type]
    for _ in range(3):
        make_helper(areas=[filwood], task_types=[shopping])
    make_helper(areas=[make_area()], task_types=[shopping], skills=[car])
    make_helper(areas=[make_area()], task_types=[shopping])  # fails two: counts for neither
    make_helper(**fits, state=HelperState.PAUSED)  # type: ignore[arg-type]
    need = Need(task_type=shopping, area=filwood, skills=(car,))
    Community.current()  # made once in the life of a site
    with django_assert_num_queries(3):  # the community, those who cover the area, those who would without it
        answer = supply(need)
    assert answer.count == 2
    with django_assert_num_queries(2):  # the community, and one for all criteria
        pass_it = passing(need)
    costs = {cost.slug: (pass_it[cost.slug], cost.without, cost.count, cost.lost) for cost in answer.costs}
    assert costs == {
        "approved": (7, 3, 2, 1),
        "never_pair": (8, 2, 2, 0),
        "not_oneself": (8, 2, 2, 0),
        "not_this_one": (8, 2, 2, 0),
        "check_level": (8, 2, 2, 0),
        "willing": (8, 2, 2, 0),
        "area": (6, 3, 2, 1),
        "skills": (4, 5, 2, 3),
        "available": (8, 2, 2, 0),
        "load": (8, 2, 2, 0),
    }
    assert answer.dearest is not None
    assert (answer.dearest.asks, answer.dearest.without, answer.dearest.count) == ("needs a car", 5, 2)


def test_supply_where_nothing_alone_costs_anybody() -> None:
    make_helper()
    answer = supply(Need())
    assert (answer.count, answer.dearest) == (1, None)


def test_supply_without_any_helper() -> None:
    answer = supply(make_open_job())
    assert (answer.count, {cost.without for cost in answer.costs}) == (0, {0})


def test_supply_of_a_saved_job_says_what_it_asks() -> None:
    job = make_open_job(area=make_area("Knowle"), task_type=make_task_type("Lift"))
    assert [cost.asks for cost in supply(job).costs] == [
        "is approved and active",
        "may be matched with this person",
        "is not the one who asked",
        "has not said “not this one”",
        "needs no check",
        "does “Lift”",
        "covers Knowle",
        "needs no skill",
        "at any time",
        "can take on another job",
    ]


def test_supply_counts_whom_somebody_asks_anyway() -> None:
    job = make_open_job(area=make_area(), task_type=make_task_type())
    fits = {"areas": [job.area], "task_types": [job.task_type]}
    make_helper(**fits)
    elsewhere, elsewhere_and_away = (make_helper(task_types=[job.task_type]) for _ in range(2))
    make_helper(task_types=[job.task_type])
    for helper, slug in [(elsewhere, "area"), (elsewhere_and_away, "willing")]:
        Waiver.objects.create(job=job, opening=job.opening, helper=helper, criterion=slug, why="so")
    answer = supply(job)
    without = {cost.slug: cost.without for cost in answer.costs}
    assert (answer.count, without["area"], without["willing"]) == (2, 4, 2)
    assert (passing(job)["area"], passing(job)["willing"]) == (2, 4)


def test_supply_of_what_is_done_by_phone_does_not_ask_where() -> None:
    phone = make_task_type(by_phone=True)
    make_helper(task_types=[phone])
    make_helper()
    answer = supply(Need(task_type=phone, area=make_area()))
    assert answer.count == 1
    assert answer.dearest is not None
    assert (answer.dearest.slug, answer.dearest.without) == ("willing", 2)


def test_supply_of_each_says_the_same_as_supply_of_one() -> None:
    car = make_skill("a car")
    jobs = [make_open_job(), make_open_job(skills=[car]), make_open_job()]
    for number, job in enumerate(jobs):
        for _ in range(number):
            make_helper(areas=[job.area], task_types=[job.task_type], skills=[car])
    asked_anyway = make_helper(task_types=[jobs[0].task_type])
    Waiver.objects.create(job=jobs[0], opening=1, helper=asked_anyway, criterion="area", why="so")
    Waiver.objects.create(job=jobs[1], opening=2, helper=asked_anyway, criterion="area", why="of another opening")
    assert supply_of_each(jobs) == {jobs[0].pk: 1, jobs[1].pk: 1, jobs[2].pk: 2}
    assert supply_of_each(jobs) == {job.pk: supply(job).count for job in jobs}


@pytest.mark.slow
def test_supply_of_each_costs_the_same_for_3_and_300_jobs(assert_constant_queries: Callable[..., int]) -> None:
    fits = {"area": make_area(), "task_type": make_task_type()}
    first = make_open_job(**fits)
    make_helper(areas=[first.area], task_types=[first.task_type])

    def make_rows(number: int) -> None:
        for _ in range(number - Job.objects.count()):
            make_open_job(requester=first.requester, **fits)

    rows = Job.objects.for_lists().select_related("check_level").prefetch_related("skills")
    assert assert_constant_queries(make_rows, lambda: supply_of_each(rows.all())) == 2 + 3
    assert set(supply_of_each(rows.all()).values()) == {1}


def test_supply_of_no_jobs_is_nothing() -> None:
    assert supply_of_each([]) == {}
