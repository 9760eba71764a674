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

    from django.http import HttpResponse
    from django.test import Client

    from community_help.jobs.job import Job
    from community_help.people.person import Person
    from community_help.people.profiles import Helper

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
    assert found["Needs a car"] == ["3 of 5", "3 could do the job, 2 more"]
    assert found["Covers Filwood"] == ["4 of 5", "2 could do the job, 1 more"]
    assert found["Is approved and active"] == ["4 of 5", "2 could do the job, 1 more"]
    assert found["Can take on another job"] == ["5 of 5", "nobody more"]
    page = text(desk.get(reverse("community_help:view_supply", args=[job.uuid])))
    assert "1 helper could do it." in page
    assert reverse("community_help:view_supply", args=[job.uuid]) in text(desk.get(job_url(job)))


def test_supply_counts_whom_somebody_asked_anyway(desk: Client, ama: Person, job: Job) -> None:
    gloria = job.task_type.helpers.get(person__name="Gloria Bennett")
    Waiver.objects.create(job=job, opening=job.opening, helper=gloria, criterion="skills", why="by bus", made_by=ama)
    assert lines(desk, job)["Needs a car"] == ["4 of 5", "3 could do the job, 1 more"]


def test_supply_costs_the_same_however_many_helpers(
    desk: Client, job: Job, assert_constant_queries: Callable[..., int]
) -> None:
    def make_rows(number: int) -> None:
        while job.area.helpers.count() < number:
            make.make_matching_helper(job)

    url = reverse("community_help:view_supply", args=[job.uuid])
    assert_constant_queries(make_rows, lambda: desk.get(url), small=6, large=30)


def ask_why(desk: Client, job: Job, helper: Helper | str) -> HttpResponse:
    who = helper if isinstance(helper, str) else str(helper.person.uuid)
    return desk.get(reverse("community_help:view_supply", args=[job.uuid]), {"helper": who})


def reasons(response: HttpResponse) -> list[str]:
    """Each line about one helper, as it is read aloud."""
    section = text(response).split('<ul class="ch-reasons">')[1].split("</ul>")[0]
    found = re.findall(r"<li>(.*?)</li>", section, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", line).split()) for line in found]


def named(job: Job, name: str) -> Helper:
    return job.task_type.helpers.get(person__name=name)


def test_why_says_all_that_stands_in_the_way_of_one_helper(desk: Client, job: Job) -> None:
    dan = named(job, "Dan Hollis")
    dan.areas.clear()
    response = ask_why(desk, job, dan)
    assert "Dan Hollis is not asked about this job: 2 things stand in the way." in text(response)
    found = reasons(response)
    assert "No: Does not cover Filwood" in found
    assert "No: The job needs somebody who drives" in found
    assert "Yes: Is approved (can’t be left out)" in found
    assert sum(line.startswith("No:") for line in found) == 2
    assert "Has no job in hand" in " ".join(found)


def test_why_says_who_may_be_asked(desk: Client, job: Job) -> None:
    response = ask_why(desk, job, named(job, "Tom Aldous"))
    assert "Tom Aldous may be asked about this job." in text(response)
    assert all(line.startswith("Yes:") for line in reasons(response))
    assert "Show why" in text(desk.get(reverse("community_help:view_supply", args=[job.uuid])))


def test_why_names_who_had_somebody_asked_anyway(desk: Client, ama: Person, job: Job) -> None:
    gloria = named(job, "Gloria Bennett")
    waiver = Waiver.objects.create(
        job=job, opening=job.opening, helper=gloria, criterion="skills", why="by bus", made_by=ama
    )
    response = ask_why(desk, job, gloria)
    assert "Gloria Bennett may be asked about this job." in text(response)
    assert "No: The job needs somebody who drives Asked anyway by Ama" in reasons(response)
    Waiver.objects.filter(pk=waiver.pk).update(made_by=None)
    found = reasons(ask_why(desk, job, gloria))
    assert "No: The job needs somebody who drives Asked anyway by somebody who is gone" in found


@pytest.mark.parametrize("forged", ["", "nobody", "\x00", "00000000-0000-4000-8000-000000000000"])
def test_why_of_nobody_is_a_clear_word(desk: Client, job: Job, forged: str) -> None:
    response = ask_why(desk, job, forged)
    assert response.status_code == 422
    words = "is not on the list any more. Choose again." if forged else "“Which helper?” needs an answer."
    assert words in text(response)
    assert "What this job asks" in text(response)
    assert "ch-reasons" not in text(response)


def test_why_knows_whom_the_areas_reach(job: Job, sign_in: Callable[[Person], Client]) -> None:
    filwood = sign_in(make.make_coordinator(areas=[job.area]))
    knowle = make.make_area("Knowle")
    there = make.make_helper("Priya Nair", areas=[knowle])
    left = make.make_helper("Long Gone", areas=[job.area], state=HelperState.LEFT)
    page = text(filwood.get(reverse("community_help:view_supply", args=[job.uuid])))
    assert "Tom Aldous" in page
    assert "Priya Nair" not in page
    assert "Long Gone" not in page
    for helper in (there, left):
        response = ask_why(filwood, job, helper)
        assert response.status_code == 422
        assert helper.person.name not in text(response)
    elsewhere = sign_in(make.make_coordinator(areas=[knowle]))
    assert ask_why(elsewhere, job, there).status_code == 404


def test_why_is_told_of_who_is_past_the_end_of_the_list(
    desk: Client, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = reverse("community_help:view_supply", args=[job.uuid])
    assert "letters" not in text(desk.get(address))
    monkeypatch.setattr("community_help.dashboard.supply._MOST_HELPERS", 1)
    page = text(desk.get(address))
    assert "Tom Aldous" not in page
    assert "The first 1 by name" in page
    found = desk.get(address, {"letters": " tom a", "helper": ""})
    assert found.status_code == 200
    assert ("Tom Aldous" in text(found), "Dan Hollis" in text(found)) == (True, False)
    assert 'value="tom a"' in text(found)
    assert desk.get(address, {"letters": "\x00"}).status_code == 200
    assert "Tom Aldous may be asked about this job." in text(ask_why(desk, job, named(job, "Tom Aldous")))


def test_job_page_leads_to_why_of_each_whom_it_names(
    desk: Client, job: Job, sign_in: Callable[[Person], Client]
) -> None:
    page = text(desk.get(job_url(job)))
    for name in ("Tom Aldous", "Gloria Bennett"):
        assert f"helper={named(job, name).person.uuid}#why" in page
    tom = named(job, "Tom Aldous")
    job.task_type.by_phone = True
    job.task_type.save()
    tom.areas.set([make.make_area("Knowle")])
    page = text(sign_in(make.make_coordinator(areas=[job.area])).get(job_url(job)))
    assert "Tom Aldous" in page
    assert f"helper={tom.person.uuid}#why" not in page


def test_why_costs_the_same_however_many_helpers(
    desk: Client, job: Job, assert_constant_queries: Callable[..., int]
) -> None:
    tom = named(job, "Tom Aldous")

    def make_rows(number: int) -> None:
        while job.area.helpers.count() < number:
            make.make_matching_helper(job)

    assert_constant_queries(make_rows, lambda: ask_why(desk, job, tom), small=6, large=30)
