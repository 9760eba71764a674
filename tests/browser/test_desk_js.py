"""What our two scripts add to the pages, in a real browser; and that nothing is lost where no script runs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from community_help.jobs.call import Call
from community_help.jobs.job import Job
from community_help.jobs.offer import Offer
from community_help.lifecycle.table import JobState, OfferState
from community_help.people.community import Community
from community_help.services.calls import read_form
from community_help.services.offers import make_offer
from community_help.testing import factories as make
from tests.browser.chromium import DESK, POCKET

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AbstractBaseUser
    from playwright.sync_api import Locator, Page

    from community_help.jobs.task_type import TaskType
    from community_help.people.community import Area
    from community_help.people.person import Person
    from community_help.people.profiles import Requester

    SignIn = Callable[[Page, AbstractBaseUser], None]

pytestmark = pytest.mark.django_db(transaction=True)

SLOW = 30_000  # milliseconds for one step on a busy machine
NO_SCRIPT = {"java_script_enabled": False}
SAVED = re.compile(r"Everything saved, \d\d:\d\d")
NOTE_THE_THEME_WHEN_THE_BODY_BEGINS = """
new MutationObserver((_, watcher) => {
  if (!document.body) return;
  window.themeAtBody = document.documentElement.dataset.bsTheme;
  watcher.disconnect();
}).observe(document, { childList: true, subtree: true });
"""
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


@pytest.fixture
def filwood(transactional_db: None) -> Neighbourhood:
    """Filwood: Ama co-ordinates, Doreen asks, shopping is what she asks for."""
    area = make.make_area("Filwood")
    doreen = make.make_requester("Doreen Pascoe", area=area, contact={"phone": "0117 496 0187"})
    return Neighbourhood(make.make_coordinator("Ama Mensah"), doreen, area, make.make_task_type("Shopping"))


@pytest.fixture
def desk(desk_page: Page, sign_in: SignIn, filwood: Neighbourhood) -> Page:
    """Ama's screen, signed in."""
    desk_page.context.set_default_timeout(SLOW)
    sign_in(desk_page, filwood.ama.user)
    return desk_page


@pytest.fixture
def plain_desk(open_page: Callable[..., Page], sign_in: SignIn, filwood: Neighbourhood) -> Page:
    """Ama's screen in a browser that runs no script."""
    page = open_page(**DESK, **NO_SCRIPT)
    page.context.set_default_timeout(SLOW)
    sign_in(page, filwood.ama.user)
    return page


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


def status(page: Page) -> Locator:
    return page.locator("[data-ch-save-status]")


def open_job_page(page: Page, job: Job) -> None:
    page.goto(reverse("community_help:view_job", args=[job.uuid]))


# The call saves itself


def test_call_saves_itself_and_a_reload_shows_all_that_was_typed(desk: Page) -> None:
    take_call(desk)
    desk.get_by_label("Who is calling?").fill("Dor")
    pick_shopping(desk)
    desk.get_by_label("Shopping list").fill("Milk, bread, cat food")
    desk.get_by_label("How soon").select_option("urgent")
    wait_until_kept(desk, "urgency", "urgent")
    expect(status(desk)).to_have_text(SAVED)
    address = desk.url
    again = desk.context.new_page()  # a reload could be the browser's own memory
    for page in (desk, again):
        page.goto(address)
        expect(page.get_by_label("Who is calling?")).to_have_value("Dor")
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


def find_doreen(page: Page) -> None:
    page.get_by_label("Who is calling?").fill("Doreen")
    page.get_by_label("Who is calling?").press("Enter")
    page.get_by_role("button", name="Doreen Pascoe").click()
    page.get_by_role("heading", name="Doreen Pascoe").wait_for()


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


def published(page: Page, filwood: Neighbourhood, *, seconds: int) -> Job:
    """Publish a draft on its page; the form that takes it back is then there."""
    Community.objects.update_or_create(pk=1, defaults={"undo_seconds": seconds})
    job = filwood.job(JobState.DRAFT)
    open_job_page(page, job)
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("Published.").wait_for()
    return job


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


# Without any script


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
