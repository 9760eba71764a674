"""Decisions in a real browser: on a desk and on a phone, with and without a mistake."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from community_help.jobs.decision import Decision
from community_help.people.profiles import Buddy
from community_help.services.people import change_helper, suspend_helper
from community_help.testing import factories as make
from tests.browser.chromium import DESK, POCKET
from tests.services.test_ripple import Town, keep_apart

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(transactional_db: None) -> Town:
    """Give a helper who is suspended while on a job."""
    town = Town()
    town.ratify()
    suspend_helper(town.tom, actor=town.ama, why="a complaint")
    return town


@pytest.mark.parametrize("options", [DESK, POCKET], ids=["desk", "pocket"])
def test_decisions_are_read_and_answered(
    town: Town,
    *,
    options: dict[str, dict[str, int]],
    open_page: Callable[..., Page],
    sign_in: Callable[..., None],
    axe: Callable[[Page], None],
    shot: Callable[..., object],
) -> None:
    lift = make.make_open_job(task_type=make.make_task_type("Lift"), requester=town.job.requester)
    priya = make.make_matching_helper(lift, "Priya Nair")
    make.make_offer_row(lift, priya)
    change_helper(priya, actor=town.ama, areas=[])
    Buddy.objects.create(helper=town.tom, requester=town.job.requester)
    keep_apart(town)
    day = timezone.localdate() + timedelta(days=20)
    make.make_check(priya, town.level, recheck_on=day)
    width = options["viewport"]["width"]
    page = open_page(**options)
    sign_in(page, town.ama.user)
    page.goto(reverse("community_help:desk"))
    page.get_by_role("heading", name="Priya Nair offered").wait_for()
    shot(page, f"decisions-desk-{width}")
    axe(page)

    block = page.locator(".ch-decision", has_text="Does not cover")
    block.get_by_text("Keep until a day").click()
    block.get_by_role("button", name="Keep them until then").click()
    page.get_by_text("“Until which day?” needs an answer.").first.wait_for()
    page.watch.forgive("422")
    shot(page, f"decisions-wrong-{width}")
    axe(page)

    page.goto(reverse("community_help:view_job", args=[lift.uuid]))
    block = page.locator(".ch-decision", has_text="Does not cover")
    shot(page, f"decisions-job-{width}")
    axe(page)
    block.get_by_text("Keep and sign").click()
    block.get_by_label("Why?").last.fill("She lives just over the road.")
    block.get_by_role("button", name="Keep them, in my name").click()
    page.get_by_text("Noted, in your name: Priya is kept.").wait_for()
    assert Decision.objects.get(helper=priya).state == "signed"

    page.goto(reverse("community_help:view_job", args=[town.job.uuid]))
    page.locator(".ch-decision", has_text="Is suspended").get_by_text("Wait until it is renewed").click()
    page.get_by_role("button", name="Wait, with details shut").first.click()
    page.get_by_text("Noted: we wait, and Tom sees no details.").wait_for()
    shot(page, f"decisions-waits-{width}")
    axe(page)
