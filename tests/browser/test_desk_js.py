"""What our scripts add to the pages, in a real browser."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from community_help.jobs.call import Call
from community_help.jobs.job import Job
from community_help.lifecycle.table import JobState
from community_help.services.calls import read_form
from community_help.services.offers import make_offer
from community_help.testing import factories as make
from tests.browser.filwood import (
    SLOW,
    Neighbourhood,
    fill_in_shopping,
    find_doreen,
    pick_shopping,
    published,
    take_call,
    wait_until_kept,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AbstractBaseUser
    from playwright.sync_api import Locator, Page

    SignIn = Callable[[Page, AbstractBaseUser], None]

pytestmark = pytest.mark.django_db(transaction=True)

SAVED = re.compile(r"Everything saved, \d\d:\d\d")
NOTE_THE_THEME_WHEN_THE_BODY_BEGINS = """
new MutationObserver((_, watcher) => {
  if (!document.body) return;
  window.themeAtBody = document.documentElement.dataset.bsTheme;
  watcher.disconnect();
}).observe(document, { childList: true, subtree: true });
"""


@pytest.fixture
def filwood(transactional_db: None) -> Neighbourhood:
    return Neighbourhood.begin()


@pytest.fixture
def desk(desk_page: Page, sign_in: SignIn, filwood: Neighbourhood) -> Page:
    """Ama's screen, signed in."""
    desk_page.context.set_default_timeout(SLOW)
    sign_in(desk_page, filwood.ama.user)
    return desk_page


def status(page: Page) -> Locator:
    return page.locator("[data-ch-save-status]")


# The call saves itself


def test_call_saves_itself_and_a_reload_shows_all_that_was_typed(desk: Page) -> None:
    take_call(desk)
    desk.get_by_label("Who is calling?").fill("Doreen")  # stands in a column of its own
    wait_until_kept(desk, "who", "Doreen")
    pick_shopping(desk)
    desk.get_by_label("Shopping list").fill("Milk, bread, cat food")
    desk.get_by_label("How soon").select_option("urgent")
    wait_until_kept(desk, "urgency", "urgent")
    expect(status(desk)).to_have_text(SAVED)
    address = desk.url
    again = desk.context.new_page()  # a reload could be the browser's own memory
    for page in (desk, again):
        page.goto(address)
        expect(page.get_by_label("Who is calling?")).to_have_value("Doreen")
        expect(page.get_by_label("Shopping", exact=True)).to_be_checked()
        expect(page.get_by_label("Shopping list")).to_have_value("Milk, bread, cat food")
        expect(page.get_by_label("How soon")).to_have_value("urgent")
    assert Job.objects.count() == 0


def test_call_keeps_what_was_typed_the_moment_before_the_page_goes(desk: Page) -> None:
    take_call(desk)
    pick_shopping(desk)
    expect(status(desk)).to_have_text(SAVED)
    address = desk.url
    desk.get_by_label("Shopping list").fill("Milk")
    desk.goto(reverse("community_help:desk"))
    wait_until_kept(desk, "shopping_list", "Milk")
    desk.goto(address)
    expect(desk.get_by_label("Shopping list")).to_have_value("Milk")


def test_two_windows_on_one_call_are_told_and_neither_loses_a_word(desk: Page) -> None:
    take_call(desk)
    pick_shopping(desk)
    expect(status(desk)).to_have_text(SAVED)
    other = desk.context.new_page()
    other.goto(desk.url)
    desk.get_by_label("Shopping list").fill("Milk")
    wait_until_kept(desk, "shopping_list", "Milk")
    other.get_by_label("Shopping list").fill("Bread")
    expect(status(other)).to_contain_text("another window has this call too")
    other.get_by_role("button", name="Publish").click()
    expect(other.get_by_role("alert")).to_contain_text("this call was saved in another window")
    expect(other.get_by_label("Shopping list")).to_have_value("Bread")
    assert read_form(Call.objects.get())["shopping_list"] == ["Milk"]
    assert Job.objects.count() == 0
    desk.watch.forgive("409")


def test_call_on_a_bad_line_says_so_and_saves_when_the_line_is_back(desk: Page) -> None:
    take_call(desk)
    pick_shopping(desk)
    expect(status(desk)).to_have_text(SAVED)
    desk.context.set_offline(True)
    desk.get_by_label("Shopping list").fill("Milk")
    expect(status(desk)).to_contain_text("Not saved yet")
    desk.context.set_offline(False)
    wait_until_kept(desk, "shopping_list", "Milk")
    expect(status(desk)).to_have_text(SAVED)
    desk.watch.forgive("ERR_INTERNET_DISCONNECTED")


def test_call_says_that_nothing_is_saved_after_signing_out(desk: Page) -> None:
    take_call(desk)
    pick_shopping(desk)
    expect(status(desk)).to_have_text(SAVED)
    desk.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    desk.get_by_label("Shopping list").fill("Milk")
    expect(status(desk)).to_contain_text("Not saved yet")


def test_call_shows_who_could_do_it_while_somebody_types(desk: Page, filwood: Neighbourhood) -> None:
    car = make.make_skill("a car")
    about = {"areas": [filwood.area], "task_types": [filwood.shopping]}
    make.make_helper("Tom Aldous", **about)
    make.make_helper("Gloria Bennett", skills=[car], **about)
    take_call(desk)
    pick_shopping(desk)
    desk.get_by_label("Where").select_option(label="Filwood")
    count = desk.locator(".ch-supply-count b")
    expect(count).to_have_text("2")
    desk.locator(".ch-need", has_text="a car").click()
    expect(count).to_have_text("1")
    expect(desk.locator("#call-supply")).to_contain_text("Gloria Bennett")
    expect(desk.locator("#call-supply")).not_to_contain_text("Tom Aldous")


def test_call_says_how_long_it_has_gone_on(desk: Page) -> None:
    take_call(desk)
    expect(desk.locator("[data-ch-since]")).to_have_text(re.compile(r"0 min [1-9]\d* s"))


# Ctrl+Enter


def test_ctrl_enter_publishes_from_any_field(desk: Page) -> None:
    take_call(desk)
    find_doreen(desk)
    fill_in_shopping(desk)
    desk.get_by_label("Shopping list").press("Control+Enter")
    desk.get_by_text("Published:").wait_for()
    assert [job.state for job in Job.objects.all()] == [JobState.OPEN]


def test_ctrl_enter_publishes_where_the_page_asks_what_to_do_with_the_job(desk: Page) -> None:
    """Not the button that throws it away, though that one stands first."""
    take_call(desk)
    find_doreen(desk)
    fill_in_shopping(desk)
    desk.get_by_role("button", name="Finish the call").click()
    desk.get_by_role("button", name="Finish and throw it away").wait_for()
    desk.wait_for_load_state()  # only then the script listens
    desk.keyboard.press("Control+Enter")
    desk.get_by_text("Published:").wait_for()
    assert [job.state for job in Job.objects.all()] == [JobState.OPEN]
    desk.watch.forgive("422")


# The keyboard on the desk


def test_j_and_k_move_through_the_queue_and_enter_opens(desk: Page, filwood: Neighbourhood) -> None:
    for urgency in ("urgent", "urgent", "soon"):
        job = filwood.job(urgency=urgency)
        if urgency == "soon":
            make_offer(job, helper=make.make_matching_helper(job), actor=filwood.ama)
    desk.goto(reverse("community_help:desk"))
    titles = [link.inner_text() for link in desk.locator(".ch-lead h3 a, .ch-row h3 a").all()]
    assert len(titles) == 3
    here = desk.locator(":focus")
    for key, place in (("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1), ("k", 0), ("k", 0)):
        desk.keyboard.press(key)
        expect(here).to_have_text(titles[place])
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text(titles[0])


def test_j_in_a_field_is_a_letter(desk: Page, filwood: Neighbourhood) -> None:
    filwood.job(urgency="urgent")
    desk.goto(reverse("community_help:desk"))
    desk.evaluate("document.querySelector('main').append(document.createElement('textarea'))")
    field = desk.locator("textarea")
    field.press_sequentially("jk")
    expect(field).to_have_value("jk")
    expect(field).to_be_focused()


# Undo


def test_undo_counts_down_by_the_clock_of_the_server_and_goes(desk: Page, filwood: Neighbourhood) -> None:
    desk.clock.install(time=datetime(2031, 5, 4, 12, 0, 0))  # noqa: DTZ001  any wrong time
    published(desk, filwood, seconds=60)
    button = desk.locator(".ch-undo").get_by_role("button")
    expect(button).to_have_text(re.compile(r"^Undo, [3-6]\d s$"))
    desk.clock.fast_forward(61_000)
    expect(desk.locator(".ch-undo")).to_be_hidden()


def test_undo_takes_it_back(desk: Page, filwood: Neighbourhood) -> None:
    job = published(desk, filwood, seconds=60)
    desk.locator(".ch-undo").get_by_role("button").click()
    desk.get_by_text("Undone.").wait_for()
    job.refresh_from_db()
    assert job.state == JobState.DRAFT


# Light and dark, and the menu that holds the switch


def theme(page: Page) -> str | None:
    return page.locator("html").get_attribute("data-bs-theme")


def choose(page: Page, name: str) -> None:
    menu = page.locator("details[data-ch-menu]")
    if menu.get_attribute("open") is None:
        menu.locator("summary").click()
    page.get_by_role("button", name=name, exact=True).click()


def test_theme_is_kept_on_the_next_page_and_given_back_to_the_device(desk: Page) -> None:
    desk.goto(reverse("community_help:desk"))
    assert theme(desk) is None
    choose(desk, "Dark")
    assert theme(desk) == "dark"
    desk.reload()
    assert theme(desk) == "dark"
    desk.goto(reverse("community_help:list_jobs"))
    assert theme(desk) == "dark"
    desk.locator("details[data-ch-menu] summary").click()
    expect(desk.get_by_role("button", name="Dark", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(desk.get_by_role("button", name="Device", exact=True)).to_have_attribute("aria-pressed", "false")
    choose(desk, "Device")
    assert theme(desk) is None
    desk.reload()
    assert theme(desk) is None


def test_theme_is_set_before_anything_is_drawn(desk: Page) -> None:
    desk.goto(reverse("community_help:desk"))
    choose(desk, "Dark")
    desk.add_init_script(NOTE_THE_THEME_WHEN_THE_BODY_BEGINS)
    desk.reload()
    assert desk.evaluate("window.themeAtBody") == "dark"


def test_theme_holds_for_the_page_where_storage_is_forbidden(desk: Page) -> None:
    desk.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden') } })")
    desk.goto(reverse("community_help:desk"))
    choose(desk, "Dark")
    assert theme(desk) == "dark"
    desk.reload()
    assert theme(desk) is None


def test_menu_closes_by_escape_and_by_a_click_elsewhere(desk: Page) -> None:
    desk.goto(reverse("community_help:desk"))
    menu = desk.locator("details[data-ch-menu]")
    menu.locator("summary").click()
    expect(menu).to_have_attribute("open", "")
    desk.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    menu.locator("summary").click()
    desk.get_by_role("heading", level=1).click()
    expect(menu).not_to_have_attribute("open", "")
