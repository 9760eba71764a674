"""The rig of the browser tests: pages that watch themselves, axe, sign-in, screenshots."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as site_settings
from django.test import Client

from tests.browser.chromium import DESK, POCKET, find_chromium, running_browser, watched_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.contrib.auth.models import AbstractBaseUser
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

REPOSITORY = Path(__file__).resolve().parents[2]
SCREENSHOTS = "COMMUNITY_HELP_SCREENSHOTS"  # the folder; `run screenshots` names that of the docs
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_itemcollected(item: pytest.Item) -> None:
    if Path(__file__).parent in item.path.parents:
        item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = find_chromium()
    if executable is None:
        pytest.skip("no Chromium on this machine")
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with running_browser(executable) as chromium:
            yield chromium


@pytest.fixture
def desk_page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Give a co-ordinator's screen, 1440 × 900."""
    with watched_page(browser, live_server.url, **DESK) as page:
        yield page


@pytest.fixture
def pocket_page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Give a helper's phone, 390 × 844 and touched."""
    with watched_page(browser, live_server.url, **POCKET) as page:
        yield page


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer, request: pytest.FixtureRequest) -> Callable[..., Page]:
    """Return what opens one more watched page, with a visitor of its own: ``open_page(**POCKET)``."""

    def open_one(**options: object) -> Page:
        manager = watched_page(browser, live_server.url, **options)
        page = manager.__enter__()
        request.addfinalizer(lambda: manager.__exit__(None, None, None))
        return page

    return open_one


@pytest.fixture
def sign_in(live_server: LiveServer) -> Callable[[Page, AbstractBaseUser], None]:
    """Return what signs a user in without typing: for tests that are about something else."""

    def do(page: Page, user: AbstractBaseUser) -> None:
        client = Client()
        client.force_login(user)
        name = site_settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return do


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Return the assertion that axe finds nothing on a page as it now stands."""
    judge = Axe()

    def check(page: Page) -> None:
        found = judge.run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
        if found.violations_count:
            pytest.fail(f"{page.url}\n{found.generate_report()}")

    return check


@pytest.fixture(scope="session")
def shot() -> Callable[..., Path]:
    """Return what takes a picture of a whole page, or of what is in sight: ``shot(page, "desk", whole=False)``."""

    def take(page: Page, name: str, *, whole: bool = True) -> Path:
        folder = Path(os.environ.get(SCREENSHOTS) or REPOSITORY / "test-results" / "screenshots")
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.png"
        page.screenshot(path=path, full_page=whole, animations="disabled")
        return path

    return take
