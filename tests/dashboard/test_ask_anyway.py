"""Those who fail one thing alone stand on the job's page, and can be asked anyway."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from community_help.jobs.waiver import Waiver
from community_help.people.profiles import Helper, HelperState
from community_help.testing import factories as make
from tests.dashboard.posting import job_url, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.test import Client

    from community_help.jobs.job import Job
    from community_help.people.person import Person


@pytest.fixture
def job(doreen: object, shopping: object) -> Job:
    return make.make_open_job(requester=doreen, task_type=shopping, skills=[make.make_skill("a car", phrase="drives")])


@pytest.fixture
def nearly(job: Job) -> Helper:
    return make.make_helper("Priya Nair", areas=[job.area], task_types=[job.task_type])


def ask(desk: Client, job: Job, helper: Helper, **typed: object) -> HttpResponse:
    url = reverse("community_help:ask_anyway", args=[job.uuid, helper.person.uuid])
    return desk.post(url, {"version": job.version, "criterion": "skills", "why": "her son drives", **typed})


def test_near_miss_says_what_is_in_the_way_and_is_asked(desk: Client, job: Job, nearly: Helper) -> None:
    page = text(desk.get(job_url(job)))
    assert "The job needs somebody who drives" in page
    assert reverse("community_help:ask_anyway", args=[job.uuid, nearly.person.uuid]) in page
    assert ask(desk, job, nearly).url == job_url(job)
    page = text(desk.get(job_url(job)))
    assert "Ama had Priya asked anyway" in page
    assert "her son drives" in page
    assert "The job needs somebody who drives" not in page
    assert Waiver.objects.get().helper == nearly


def test_near_miss_who_has_offered_has_a_card_instead(desk: Client, job: Job, nearly: Helper) -> None:
    make.make_offer_row(job, nearly)
    assert "Ask anyway" not in text(desk.get(job_url(job)))


def test_ask_anyway_without_a_reason_keeps_the_page(desk: Client, job: Job, nearly: Helper) -> None:
    response = ask(desk, job, nearly, why=" ")
    assert response.status_code == 422
    assert "“Why?” needs an answer." in text(response)
    assert not Waiver.objects.exists()


def test_who_is_asked_anyway_and_fits_already_is_told_so(desk: Client, job: Job, nearly: Helper) -> None:
    nearly.skills.set(job.skills.all())
    response = ask(desk, job, nearly)
    assert response.status_code == 422
    assert "Nothing stands in their way: they may be asked already." in text(response)
    assert "her son drives" in text(response)


def test_of_many_near_misses_the_rest_are_found_by_name(desk: Client, job: Job) -> None:
    about = {"areas": [job.area], "task_types": [job.task_type]}
    everybody = [make.make_helper(f"Zoe {letter}", **about) for letter in "abcdefgh"]
    make.make_offer_row(job, make.make_matching_helper(job))  # nobody is left out for one who has offered
    page = desk.get(job_url(job))
    assert len(page.context["near_misses"]) == 8
    assert "There are more" not in text(page)
    last = make.make_helper("Abe Last", **about)  # first by name, and here for the shortest time
    page = text(desk.get(job_url(job)))
    assert "There are more: look for one by name" in page
    assert f"helper={last.person.uuid}" not in page
    assert f"helper={everybody[-1].person.uuid}" in page
    supply = reverse("community_help:view_supply", args=[job.uuid])
    for helper in (everybody[0], last):
        address = reverse("community_help:ask_anyway", args=[job.uuid, helper.person.uuid])
        assert address in text(desk.get(supply, {"helper": helper.person.uuid}))


def test_coordinator_of_some_areas_reads_of_those_only_whom_they_reach(
    job: Job, sign_in: Callable[[Person], Client]
) -> None:
    about = {"task_types": [job.task_type], "skills": job.skills.all()}
    elsewhere = make.make_helper("Hamza Elsewhere", areas=[make.make_area()], **about)
    here = make.make_helper("Mei Here", areas=[job.area], task_types=[job.task_type])
    martin = sign_in(make.make_coordinator("Martin Coles", areas=[job.area]))
    page = text(martin.get(job_url(job)))
    assert ("Mei Here" in page, "Hamza Elsewhere" in page) == (True, False)
    assert ask(martin, job, here).status_code == 302
    assert ask(martin, job, elsewhere, criterion="area").status_code == 404


def test_offer_of_somebody_who_was_asked_anyway_says_so_on_its_card(desk: Client, job: Job, nearly: Helper) -> None:
    ask(desk, job, nearly)
    make.make_offer_row(job, nearly)
    page = text(desk.get(job_url(job)))
    assert "The job needs somebody who drives: asked anyway by Ama" in page
    assert "Ratify Priya" in page


def test_page_of_one_helper_offers_to_ask_anyway_only_where_it_may_be(
    desk: Client, ama: Person, job: Job, nearly: Helper
) -> None:
    supply = reverse("community_help:view_supply", args=[job.uuid])

    def offers_it(helper: Helper) -> bool:
        page = text(desk.get(supply, {"helper": helper.person.uuid}))
        assert f"{helper.person.name} " in page
        return "Ask anyway" in page

    assert offers_it(nearly)
    two = make.make_helper(areas=[], task_types=[job.task_type])
    paused = make.make_matching_helper(job, state=HelperState.PAUSED)
    oneself = Helper.objects.create(person=ama, state="approved", approved_at=timezone.now())
    oneself.areas.add(job.area)
    oneself.task_types.add(job.task_type)
    assert [offers_it(helper) for helper in (two, paused, oneself)] == [False, False, False]
    make.make_offer_row(job, nearly)
    assert not offers_it(nearly)


@pytest.mark.parametrize("forged", ["never_pair", "area", "", "x" * 100, "\x00"])
def test_ask_anyway_over_something_else_is_refused(desk: Client, job: Job, nearly: Helper, forged: str) -> None:
    response = ask(desk, job, nearly, criterion=forged)
    assert response.status_code == 422
    page = text(response)
    assert "her son drives" in page
    assert 'name="criterion" value="skills"' in page  # the next try is about what stands in the way
    assert not Waiver.objects.exists()
