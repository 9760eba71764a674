"""The grid of kinds of job, in a real browser: looked at in both sizes, and used without a mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from community_help.people.roles import Role
from community_help.testing import factories as make
from tests.browser.chromium import DESK, POCKET

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from community_help.people.person import Person

pytestmark = pytest.mark.django_db(transaction=True)

GRID = "/help/desk/kinds/"


@pytest.fixture
def ama() -> Person:
    """Ama sets up a community of three kinds of job and four helpers."""
    person = make.make_coordinator("Ama Mensah")
    make.grant_directly(person, Role.ADMINISTRATOR)
    filwood = make.make_area("Filwood")
    car = make.make_skill("a car", phrase="drives")
    shopping = make.make_task_type("Shopping", icon="basket2-fill", tile="shopping", order=0)
    lift = make.make_task_type("Lift", icon="car-front-fill", tile="lift", order=1)
    lift.default_skills.add(car)
    phone = make.make_task_type("A call for a chat", icon="telephone-fill", tile="visit", order=2, by_phone=True)
    for number in range(4):
        make.make_helper(areas=[filwood], task_types=[shopping, lift, phone], skills=[car] if number else [])
    return person


@pytest.fixture(params=["desk", "pocket"])
def page(
    ama: Person, request: pytest.FixtureRequest, open_page: Callable[..., Page], sign_in: Callable[..., None]
) -> Page:
    page = open_page(**(POCKET if request.param == "pocket" else DESK))
    sign_in(page, ama.user)
    return page


def test_grid_is_switched_and_taken_back(
    page: Page, request: pytest.FixtureRequest, axe: Callable[[Page], None], shot: Callable[..., Path]
) -> None:
    size = request.node.callspec.params["page"]
    page.goto(GRID)
    axe(page)
    lift = page.locator("tr", has_text="Lift")
    assert lift.get_by_text("Needs a car").is_visible()
    lift.get_by_text("Not asked").click()
    lift.get_by_label("Miles, as the crow flies").fill("1.5")
    axe(page)
    shot(page, f"kinds-open-{size}")
    lift.get_by_role("button", name="Ask this").click()
    page.get_by_text("0 helpers remain for a typical job in Filwood, before it was 3.").wait_for()
    axe(page)
    shot(page, f"kinds-{size}")
    page.get_by_role("button", name="Undo").first.click()
    page.get_by_text("Taken back. “Lift” is as it was. 3 helpers remain").wait_for()
    page.get_by_role("link", name="New kind of job").click()
    page.get_by_role("heading", name="New kind of job").wait_for()
    axe(page)
    shot(page, f"kind-{size}")
    page.get_by_label("Name", exact=True).fill("Gardening")
    page.get_by_role("button", name="Make it").click()
    page.get_by_text("“Gardening” is there.").wait_for()
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width == 0
