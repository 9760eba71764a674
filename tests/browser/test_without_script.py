"""Nothing that matters needs a script: the same work in a browser that runs none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from community_help.jobs.job import Job
from community_help.jobs.offer import Offer
from community_help.lifecycle.table import JobState, OfferState
from community_help.people.community import Community
from community_help.testing import factories as make
from tests.browser.chromium import DESK, POCKET
from tests.browser.filwood import (
    SLOW,
    Neighbourhood,
    fill_in_shopping,
    find_doreen,
    open_job_page,
    published,
    take_call,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AbstractBaseUser
    from playwright.sync_api import Page

    SignIn = Callable[[Page, AbstractBaseUser], None]

pytestmark = pytest.mark.django_db(transaction=True)

NO_SCRIPT = {"java_script_enabled": False}


@pytest.fixture
def filwood(transactional_db: None) -> Neighbourhood:
    return Neighbourhood.begin()


@pytest.fixture
def plain_desk(open_page: Callable[..., Page], sign_in: SignIn, filwood: Neighbourhood) -> Page:
    """Ama's screen in a browser that runs no script."""
    page = open_page(**DESK, **NO_SCRIPT)
    page.context.set_default_timeout(SLOW)
    sign_in(page, filwood.ama.user)
    return page


def test_call_is_taken_without_script(plain_desk: Page) -> None:
    take_call(plain_desk)
    find_doreen(plain_desk)
    plain_desk.locator(".ch-pick", has_text="Shopping").click()
    plain_desk.get_by_role("button", name="Show the questions").click()
    fill_in_shopping(plain_desk)
    plain_desk.get_by_label("How soon").select_option("urgent")
    plain_desk.get_by_role("button", name="Publish").click()
    plain_desk.get_by_text("Published:").wait_for()
    job = Job.objects.get()
    assert (job.state, job.urgency, job.shopping_list) == (JobState.OPEN, "urgent", "Milk")
    plain_desk.get_by_role("button", name="Finish the call").click()
    plain_desk.get_by_text("The call is finished.").wait_for()


def test_publishing_is_undone_without_script(plain_desk: Page, filwood: Neighbourhood) -> None:
    job = published(plain_desk, filwood, seconds=60)
    plain_desk.locator(".ch-undo").get_by_role("button", name="Undo").click()
    plain_desk.get_by_text("Undone.").wait_for()
    job.refresh_from_db()
    assert job.state == JobState.DRAFT


def test_switch_that_needs_a_script_is_not_shown_without_one(plain_desk: Page) -> None:
    plain_desk.goto(reverse("community_help:desk"))
    plain_desk.locator("details[data-ch-menu] summary").click()
    expect(plain_desk.get_by_role("button", name="Sign out")).to_be_visible()
    expect(plain_desk.locator("[data-ch-themes]")).to_be_hidden()


def test_offer_is_made_ratified_and_reported_without_script(
    plain_desk: Page, open_page: Callable[..., Page], sign_in: SignIn, filwood: Neighbourhood
) -> None:
    Community.objects.update_or_create(pk=1, defaults={"undo_seconds": 0})  # details are shown at once
    job = filwood.job()
    tom = make.make_matching_helper(job, "Tom Aldous")
    pocket = open_page(**POCKET, **NO_SCRIPT)
    pocket.context.set_default_timeout(SLOW)
    sign_in(pocket, tom.person.user)
    pocket.goto(reverse("community_help:view_open_job", args=[job.uuid]))
    pocket.get_by_role("button", name="Offer to do this").click()
    pocket.get_by_text("You have offered").wait_for()

    open_job_page(plain_desk, job)
    plain_desk.get_by_role("button", name="Ratify Tom").click()
    plain_desk.get_by_text("Ratified: Tom Aldous").wait_for()
    offer = Offer.objects.get()
    assert offer.state == OfferState.RATIFIED

    pocket.goto(reverse("community_help:view_offer", args=[offer.uuid]))
    expect(pocket.get_by_role("main")).to_contain_text("0117 496 0187")
    pocket.get_by_role("button", name="I’ve made contact").click()
    pocket.get_by_role("link", name="Say how it went").click()
    pocket.locator("label", has_text="Done").first.click()
    pocket.get_by_role("button", name="Send it").click()
    pocket.get_by_text("Thank you").first.wait_for()
    job.refresh_from_db()
    assert job.state == JobState.REPORTED
