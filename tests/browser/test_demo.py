"""The demo's own pages, as the running demo shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from example_project.demo.running import running_demo
from tests.browser.chromium import DESK, POCKET, watched_page
from tests.demo.test_program import environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.own_database


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run the demo for this module; gives its address."""
    with running_demo(environment=environment(tmp_path_factory.mktemp("demo"))) as running:
        assert running.site, running.last_complaints()
        yield running.site


@pytest.fixture
def look(axe: Callable[[Page], None], shot: Callable[[Page, str], object]) -> Callable[[Page, str], None]:
    """Return what takes a picture of a page and asks axe about it."""

    def do(page: Page, name: str) -> None:
        shot(page, name)
        axe(page)

    return do


@pytest.mark.parametrize("size", ["desk", "pocket"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_start_page_and_mailbox_are_clean(
    site: str, browser: Browser, look: Callable[[Page, str], None], size: str, scheme: str
) -> None:
    with watched_page(browser, site, color_scheme=scheme, **(DESK if size == "desk" else POCKET)) as page:
        page.goto("/?next=/help/jobs/")
        look(page, f"demo-start-{size}-{scheme}")
        page.goto("/demo/mail/")
        look(page, f"demo-mailbox-{size}-{scheme}")
        page.locator(".demo-mails a").first.click()
        page.frame_locator(".demo-frame").get_by_role("heading").first.wait_for()
        look(page, f"demo-mail-{size}-{scheme}")


def test_link_in_a_mail_opens_in_a_window_of_its_own(site: str, browser: Browser) -> None:
    with watched_page(browser, site, **DESK) as page:
        page.goto("/demo/mail/?to=tom.aldous@example.org")
        page.locator(".demo-mails a").first.click()
        with page.context.expect_page() as opened:
            page.frame_locator(".demo-frame").get_by_role("link").first.click()
        opened.value.wait_for_load_state()
        assert opened.value.url.startswith(f"{site}/?next=/help/")
        opened.value.get_by_role("button", name="Tom Aldous").click()
        opened.value.wait_for_url(f"{site}/help/**")
