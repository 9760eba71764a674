"""Filwood as the tests in the browser know it: who there is, and what is done on its pages again and again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from community_help.jobs.call import Call
from community_help.lifecycle.table import JobState
from community_help.people.community import Community
from community_help.services.calls import read_form
from community_help.testing import factories as make

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from community_help.jobs.job import Job
    from community_help.jobs.task_type import TaskType
    from community_help.people.community import Area
    from community_help.people.person import Person
    from community_help.people.profiles import Requester

SLOW = 30_000  # milliseconds for one step on a busy machine
expect.set_options(timeout=SLOW)


@dataclass
class Neighbourhood:
    """Who there is, and one kind of job."""

    ama: Person
    doreen: Requester
    area: Area
    shopping: TaskType

    def job(self, state: JobState = JobState.OPEN, **fields: object) -> Job:
        return make.make_job(state=state, task_type=self.shopping, requester=self.doreen, **fields)

    @classmethod
    def begin(cls) -> Neighbourhood:
        """Ama co-ordinates, Doreen asks, shopping is what she asks for."""
        area = make.make_area("Filwood")
        doreen = make.make_requester("Doreen Pascoe", area=area, contact={"phone": "0117 496 0187"})
        return cls(make.make_coordinator("Ama Mensah"), doreen, area, make.make_task_type("Shopping"))


def take_call(page: Page) -> None:
    page.goto(reverse("community_help:take_call"))
    page.get_by_role("button", name="The phone rings").click()
    page.get_by_label("Who is calling?").wait_for()


def pick_shopping(page: Page) -> None:
    page.locator(".ch-pick", has_text="Shopping").click()
    page.get_by_label("Shopping list").wait_for()


def fill_in_shopping(page: Page) -> None:
    """What a job can't do without."""
    pick_shopping(page)
    page.get_by_label("Shopping list").fill("Milk")
    page.get_by_label("When", exact=True).select_option("asap")


def wait_until_kept(page: Page, name: str, text: str) -> None:
    """Wait for the server to have an answer of the one call."""
    for _ in range(SLOW // 100):
        if read_form(Call.objects.get()).get(name) == [text]:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"{text} was never kept")


def open_job_page(page: Page, job: Job) -> None:
    page.goto(reverse("community_help:view_job", args=[job.uuid]))


def find_doreen(page: Page) -> None:
    page.get_by_label("Who is calling?").fill("Doreen")
    page.get_by_label("Who is calling?").press("Enter")
    page.get_by_role("button", name="Doreen Pascoe").click()
    page.get_by_role("heading", name="Doreen Pascoe").wait_for()


def published(page: Page, filwood: Neighbourhood, *, seconds: int) -> Job:
    """Publish a draft on its page; the form that takes it back is then there."""
    Community.objects.update_or_create(pk=1, defaults={"undo_seconds": seconds})
    job = filwood.job(JobState.DRAFT)
    open_job_page(page, job)
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("Published.").wait_for()
    return job
