"""The pictures of the docs, taken of the running demo: `run screenshots` writes them where the docs look."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from example_project.demo.running import running_demo
from tests.browser.chromium import DESK, POCKET, watched_page
from tests.demo.test_program import environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.screenshots, pytest.mark.own_database]


def test_pictures_of_the_docs(tmp_path: Path, browser: Browser, shot: Callable[..., Path]) -> None:
    with running_demo(environment=environment(tmp_path)) as running:
        assert running.site, running.last_complaints()
        with watched_page(browser, running.site, **DESK) as ama:
            ama.goto("/")
            shot(ama, "start-1440", whole=False)
            ama.get_by_role("button", name="Ama").first.click()
            ama.goto("/help/desk/")
            shot(ama, "desk-1440", whole=False)
            ama.get_by_role("link", name="Compare 2 offers").first.click()
            ama.get_by_role("button", name="Ratify").first.wait_for()
            shot(ama, "job-1440", whole=False)
            ama.goto("/help/desk/")
            ama.get_by_role("link", name="Take a call").click()
            ama.get_by_role("button", name="The phone rings").click()
            ama.get_by_label("Who is calling?").fill("Doreen")
            ama.get_by_role("button", name="Find").click()
            ama.get_by_role("button", name="Doreen Pascoe").first.click()
            ama.get_by_text("Shopping", exact=True).first.click()
            ama.get_by_label("Shopping list").wait_for()
            shot(ama, "call-1440", whole=False)
            ama.goto("/help/desk/kinds/")
            shot(ama, "kinds-1440", whole=False)
        with watched_page(browser, running.site, **POCKET) as tom:
            tom.goto("/")
            tom.get_by_role("button", name="Tom").first.click()
            tom.goto("/help/jobs/")
            shot(tom, "home-390", whole=False)
            tom.goto("/help/jobs/mine/")
            tom.get_by_role("link", name="Walk").first.click()
            shot(tom, "taken-390", whole=False)
