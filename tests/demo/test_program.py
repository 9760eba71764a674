"""The demo as a program: its pages over HTTP, and how it starts and stops."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from example_project.demo.running import Running, running_demo
from example_project.demo.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.proof, pytest.mark.own_database]


def environment(folder: Path) -> dict[str, str]:
    """Give the demo a database of its own."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return os.environ | {"PYTHONPATH": path, "COMMUNITY_HELP_DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder with the running demo's database."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(folder: Path) -> Iterator[Running]:
    """Run the demo for the tests of this module; it stops on SIGTERM, and leaves nothing behind."""
    with running_demo(environment=environment(folder)) as running:
        assert running.site, running.last_complaints()
        yield running
        assert running.stop(signal.SIGTERM) == (0, set())


def sign_in(visitor: Visitor, name: str, *, then: str = "") -> str:
    """Sign in with one click; where that leads."""
    page = visitor.get(f"/?next={then}")
    form, _button = page.form("sign-in", name)
    pressed = form.button(name)
    assert pressed is not None
    return visitor.submit(page, "sign-in", button=name).url


def test_one_click_leads_to_the_work(demo: Running) -> None:
    assert sign_in(Visitor(demo.site), "Ama Mensah") == f"{demo.site}/help/desk/"
    assert sign_in(Visitor(demo.site), "Tom Aldous") == f"{demo.site}/help/jobs/"


def test_one_click_goes_on_to_where_the_link_led(demo: Running) -> None:
    assert sign_in(Visitor(demo.site), "Tom Aldous", then="/help/jobs/mine/") == f"{demo.site}/help/jobs/mine/"


def test_one_click_goes_on_to_no_other_site(demo: Running) -> None:
    assert sign_in(Visitor(demo.site), "Tom Aldous", then="//elsewhere.example/") == f"{demo.site}/help/jobs/"


def test_page_that_needs_a_sign_in_leads_to_the_start(demo: Running) -> None:
    assert Visitor(demo.site).get("/help/desk/").url == f"{demo.site}/?next=/help/desk/"


def test_sign_in_without_the_token_is_refused(demo: Running) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{demo.site}/demo/sign-in/", data=b"person=")
    refused.value.close()
    assert refused.value.code == 403


@pytest.mark.parametrize("path", ["/", "/demo/mail/"])
def test_page_through_a_proxy_does_not_exist(demo: Running, path: str) -> None:
    request = urllib.request.Request(f"{demo.site}{path}", headers={"X-Forwarded-For": "192.0.2.7"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    refused.value.close()
    assert refused.value.code == 404


def test_mailbox_shows_a_mail_as_its_recipient_sees_it(demo: Running) -> None:
    visitor = Visitor(demo.site)
    page = visitor.get("/demo/mail/?to=tom.aldous@example.org")
    path = page.text.partition('class="demo-mails"')[2].partition('href="')[2].partition('"')[0]
    mail, html = visitor.get(path), visitor.get(f"{path}html/")
    assert mail.status == html.status == 200
    assert f"{path}html/" in mail.text
    assert "frame-src 'self'" in mail.headers["Content-Security-Policy"]
    assert "sandbox" in html.headers["Content-Security-Policy"]
    assert html.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert '<base target="_blank">' in html.text


def test_program_on_a_port_that_is_taken_says_so(demo: Running, tmp_path: Path) -> None:
    port = demo.site.rpartition(":")[2]
    answer = subprocess.run(
        [sys.executable, "-m", "example_project.demo", "--port", port],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert answer.stderr == f"Port {port} is taken. Choose another one: --port {int(port) + 1}\n"
    assert list(tmp_path.iterdir()) == []


def test_program_keeps_its_people_until_a_reset(demo: Running, folder: Path, tmp_path: Path) -> None:
    code = """
import django
django.setup()
from community_help.people.person import Person
from example_project.demo.program import prepare
def show():
    print(Person.objects.count(), Person.objects.get(name="Ama Mensah").uuid)
show()
for reset in (False, True):
    prepare(reset=reset)
    show()
"""
    with (
        closing(sqlite3.connect(folder / "demo.sqlite3")) as of_the_demo,
        closing(sqlite3.connect(tmp_path / "demo.sqlite3")) as its_copy,
    ):
        of_the_demo.backup(its_copy)
    answer = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(tmp_path) | {"DJANGO_SETTINGS_MODULE": "example_project.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    first, second, third = answer.stdout.splitlines()
    assert first == second
    assert first.split()[0] == third.split()[0]
    assert first != third


def test_smoke_tells_the_whole_story(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "example_project.demo", "--smoke"],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "the story went as it should" in answer.stdout
    assert list(tmp_path.iterdir()) == []
