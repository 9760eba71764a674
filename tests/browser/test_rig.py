"""The rig itself: what it must not let pass, it does not let pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.settings.csp import POLICY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page, Route

GOOD = "<!doctype html><html lang=en><title>Planted</title><main><h1>Planted</h1>{}</main></html>"


def plant(page: Page, body: str) -> None:
    """Show a page of the site that holds what no page of ours may hold."""

    def answer(route: Route) -> None:
        headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html"}
        route.fulfill(body=GOOD.format(body), headers=headers)

    page.route("**/planted/", answer)
    page.goto("/planted/")
    page.wait_for_load_state("networkidle")


def told(page: Page, part: str) -> bool:
    """Tell if the watch saw it, and forgive it: it was planted."""
    found = any(part in problem for problem in page.watch.problems)
    page.watch.problems.clear()
    return found


def test_watch_sees_nothing_on_a_clean_page(desk_page: Page) -> None:
    plant(desk_page, "<p>All is well.</p>")
    assert desk_page.watch.problems == []


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ("<script>1</script>", "content security policy: script-src"),
        ("<p style='color:red'>red</p>", "content security policy: style-src"),
        ("<button onclick='1'>x</button>", "content security policy: script-src"),
        ("<img alt='' src='/static/no-such.png'>", "console: Failed to load resource"),
    ],
)
def test_watch_sees_what_a_page_must_not_do(desk_page: Page, body: str, part: str) -> None:
    plant(desk_page, body)
    assert told(desk_page, part)


def test_watch_sees_a_request_that_leaves_the_site(desk_page: Page) -> None:
    desk_page.goto("/accounts/login/")
    with pytest.raises(Exception, match="ERR_FAILED"):
        desk_page.goto("http://elsewhere.example/")
    assert told(desk_page, "request left the site: http://elsewhere.example/")


def test_watch_sees_a_script_error(desk_page: Page) -> None:
    desk_page.goto("/accounts/login/")
    desk_page.evaluate("setTimeout(() => { throw new Error('planted') })")
    desk_page.wait_for_timeout(100)
    assert told(desk_page, "script error: planted")


def test_axe_finds_a_picture_without_words(desk_page: Page, axe: Callable[[Page], None]) -> None:
    plant(desk_page, "<img src='data:,'>")
    desk_page.watch.problems.clear()
    with pytest.raises(pytest.fail.Exception, match="image-alt"):
        axe(desk_page)


def test_sign_in_form_is_clean_on_the_phone(pocket_page: Page, axe: Callable[[Page], None]) -> None:
    pocket_page.goto("/accounts/login/")
    assert pocket_page.evaluate("[innerWidth, innerHeight, navigator.maxTouchPoints > 0]")[2] is True
    axe(pocket_page)


def test_shot_writes_a_picture(
    desk_page: Page,
    shot: Callable[[Page, str], Path],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("COMMUNITY_HELP_SCREENSHOTS", str(tmp_path))
    desk_page.goto("/accounts/login/")
    assert shot(desk_page, "sign-in").read_bytes().startswith(b"\x89PNG")
    assert [path.name for path in tmp_path.iterdir()] == ["sign-in.png"]
