"""A real Chromium, and the eyes that a browser test has on it."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route

CHROMIUM = "COMMUNITY_HELP_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
POCKET: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  window.reportViolation(`${event.violatedDirective} refused ${event.blockedURI} ${event.sample}`))
"""


def find_chromium() -> str | None:
    """Return the path of the browser that the environment or the machine offers."""
    if named := os.environ.get(CHROMIUM):
        return named
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextlib.contextmanager
def running_browser(executable: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watch:
    """What went wrong in one browser context; a test that ends with something in ``problems`` has failed."""

    site: str
    problems: list[str] = field(default_factory=list)

    def attach(self, context: BrowserContext) -> None:
        context.route("**/*", self._only_the_site)
        context.expose_function("reportViolation", self._violation)
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", lambda event: self.problems.append(f"script error: {event.error}"))

    def forgive(self, part: str) -> None:
        """Take out the problems that contain a text: for a test that provokes one, such as a page not found."""
        self.problems[:] = [problem for problem in self.problems if part not in problem]

    def _only_the_site(self, route: Route) -> None:
        url = route.request.url
        if url.startswith(("data:", "blob:")) or urlsplit(url).netloc == urlsplit(self.site).netloc:
            route.fallback()
            return
        self.problems.append(f"request left the site: {url}")
        route.abort()

    def _violation(self, text: str) -> None:
        self.problems.append(f"content security policy: {text}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text} ({message.location.get('url')})")


@contextlib.contextmanager
def watched_page(browser: Browser, site: str, **options: Any) -> Iterator[Page]:
    """Open a page of a site; on leaving, fail if it logged an error, broke the policy or called elsewhere.

    ``page.watch`` is its ``Watch``. ``options`` are Playwright's for a new context.
    """
    context = browser.new_context(base_url=site, locale="en-GB", timezone_id="Europe/London", **options)
    context.set_default_timeout(10_000)
    watch = Watch(site)
    watch.attach(context)
    page = context.new_page()
    page.watch = watch  # type: ignore[attr-defined]
    try:
        yield page
    finally:
        context.close()
    assert watch.problems == []
