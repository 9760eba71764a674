"""The page that says what a job asks, how many meet each part of it, and what each part costs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from community_help.jobs.waiver import Waiver
from community_help.people.profiles import HelperState
from community_help.testing import factories as make
from tests.dashboard.posting import job_url, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from community_help.jobs.job import Job
    from community_help.people.person import Person

pytestmark = pytest.mark.django_db


def lines(desk: Client, job: Job) -> dict[str, list[str]]:
    """What is asked → how many meet it, and how many could do the job without it."""
    page = text(desk.get(reverse("community_help:view_supply", args=[job.uuid])))
    rows = re.findall(r"<tr[^>]*><th scope=\"row\">(.*?)</th>(.*?)</tr>", page, re.DOTALL)
    words = {
        re.sub(r"<.*", "", name, flags=re.DOTALL).strip(): re.findall(r"<td[^>]*>(.*?)</td>", cells, re.DOTALL)
        for name, cells in rows
    }
    return {name: [re.sub(r"<[^>]*>", "", cell) for cell in cells] for name, cells in words.items()}


@pytest.fixture
def job() -> Job:
    """A job for a driver in Filwood: Tom does it, two have no car, one is suspended, one is elsewhere and drives."""
    car = make.make_skill("a car")
    job = make.make_open_job(area=make.make_area("Filwood"), skills=[car])
    about = {"areas": [job.area], "task_types": [job.task_type]}
    make.make_helper("Tom Aldous", skills=[car], **about)
    make.make_helper("Gloria Bennett", **about)
    make.make_helper("Dan Hollis", **about)
    make.make_helper("Suspended", state=HelperState.SUSPENDED, skills=[car], **about)
    make.make_helper("Elsewhere", skills=[car], task_types=[job.task_type])
    return job


def test_supply_says_how_many_meet_each_and_how_many_there_would_be_without_it(desk: Client, job: Job) -> None:
    found = lines(desk, job)
    assert found["Needs a car"] == ["3 do", "3 could do the job, 2 more"]
    assert found["Covers Filwood"] == ["4 do", "2 could do the job, 1 more"]
    assert found["Is approved and active"] == ["4 do", "2 could do the job, 1 more"]
    assert found["Can take on another job"] == ["5 do", "nobody more"]
    page = text(desk.get(reverse("community_help:view_supply", args=[job.uuid])))
    assert "1 helper could do it." in page
    assert "Of 5 helpers" in page
    assert reverse("community_help:view_supply", args=[job.uuid]) in text(desk.get(job_url(job)))


def test_supply_counts_whom_somebody_asked_anyway(desk: Client, ama: Person, job: Job) -> None:
    gloria = job.task_type.helpers.get(person__name="Gloria Bennett")
    Waiver.objects.create(job=job, opening=job.opening, helper=gloria, criterion="skills", why="by bus", made_by=ama)
    assert lines(desk, job)["Needs a car"] == ["4 do", "3 could do the job, 1 more"]


def test_supply_costs_the_same_however_many_helpers(
    desk: Client, job: Job, assert_constant_queries: Callable[..., int]
) -> None:
    def make_rows(number: int) -> None:
        while job.area.helpers.count() < number:
            make.make_matching_helper(job)

    url = reverse("community_help:view_supply", args=[job.uuid])
    assert_constant_queries(make_rows, lambda: desk.get(url), small=6, large=30)
