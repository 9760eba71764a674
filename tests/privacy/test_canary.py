"""The canaries in short, and the net that they are caught with: each way out is tried with a planted leak."""

from __future__ import annotations

import logging
import random
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.http import HttpResponse
from django.urls import path
from django_q.tasks import async_task

from community_help.testing import factories as make
from workshop.canary import COORDINATOR, RATIFIED, Browser, Canary, Leak, Net, login
from workshop.canary_story import ENDINGS, Story

if TYPE_CHECKING:
    from django.http import HttpRequest
    from pytest_django.fixtures import SettingsWrapper

PHONE = Canary("phone", "0117 496 0123", "phone")
NOTES = Canary("access_notes", "Zqgnome", "access_notes")


@pytest.mark.proof
@pytest.mark.django_db(transaction=True)
def test_story_shows_canaries_to_nobody_else() -> None:
    """One ending, which the seed of the run chooses; `run prove canary` goes through all."""
    ending = random.choice(ENDINGS)
    net = Story(ENDINGS.index(ending), ending, thorough=False).tell()
    assert sorted(net.leaks) == [], ending
    assert net.counts["pages"] > 300, ending
    assert net.counts["mails"] >= 5, ending
    assert net.counts["payloads"] >= 3, ending
    assert net.counts["logs"] > 100, ending


@pytest.fixture
def net() -> Net:
    return Net([PHONE, NOTES], stage="now")


def planted(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Ring (0117) 496-0123 &amp; mind the ZQGNOME")


def linked(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        '<a href="/map?q=zqgnome">map</a> <a href="tel:+441174960123">ring</a>', headers={"X-Id": "Zqgnome"}
    )


urlpatterns = [path("help/planted/", planted), path("help/linked/", linked)]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [COORDINATOR, RATIFIED, "nobody"])
def test_net_catches_a_page_that_nobody_has_logged(net: Net, settings: SettingsWrapper, kind: str) -> None:
    settings.ROOT_URLCONF = __name__
    net.window_is_open = True
    person = make.make_person()
    net.get(Browser(kind, person, login(person)), "/help/planted/")
    assert net.leaks == {
        Leak("now", kind, "get /help/planted/", "phone"),
        Leak("now", kind, "get /help/planted/", "access_notes"),
    }


@pytest.mark.django_db
def test_net_catches_links_headers_and_addresses(net: Net, settings: SettingsWrapper) -> None:
    settings.ROOT_URLCONF = __name__
    net.get(Browser("nobody"), "/help/linked/?who=01174960123")
    where = {(leak.where.partition(" ")[0], leak.canary) for leak in net.leaks}
    assert where == {
        ("address", "phone"),
        ("headers", "access_notes"),
        ("link", "access_notes"),
        ("get", "access_notes"),
        ("get", "phone"),
    }


@pytest.mark.parametrize(
    "text", ["+441174960123", "0117 496 0123", "01174960123", "0117%20496%200123", "0117&#32;4960123"]
)
def test_net_catches_a_number_however_it_is_written(net: Net, text: str) -> None:
    net.never("anybody", "here", f"ring {text}!")
    assert net.leaks == {Leak("now", "anybody", "here", "phone")}


def test_net_lets_other_numbers_through(net: Net) -> None:
    net.never("anybody", "here", "0117 496 0124, 496 0123, last three 123")
    assert net.leaks == set()


def test_net_catches_a_mail_in_any_part(net: Net) -> None:
    letter = mail.EmailMultiAlternatives("A job", "Ring ☎ 0117 496 0123", "a@example.org", ["b@example.org"])
    letter.attach_alternative("<p>Zq<wbr>gnome or Zqgnome</p>", "text/html")
    mail.outbox.append(letter)
    assert net.mails() == 1
    assert {leak.canary for leak in net.leaks} == {"phone", "access_notes"}
    assert mail.outbox == []


@pytest.mark.django_db
def test_net_catches_a_payload(net: Net) -> None:
    async_task("community_help.tasks.drain_outbox", {"note": "Zqgnome"})
    net.payloads()
    assert net.leaks == {Leak("now", "queue", "payload", "access_notes")}


@pytest.mark.django_db
def test_net_catches_a_row(net: Net) -> None:
    make.make_area("Zqgnome Hill")
    net.tables()
    assert net.leaks == {Leak("now", "database", "community_help_area", "access_notes")}


@pytest.mark.parametrize("name", ["community_help.services", "django.request", "somebody.else"])
def test_net_catches_a_log_line(net: Net, name: str) -> None:
    logger = logging.getLogger(name)
    with net.logs():
        logger.debug("rang %s", "+44 117 496 0123")
        try:
            int("at the Zqgnome")
        except ValueError:
            logger.exception("broken")
        logger.info("fine", extra={"door": "Zqgnome"})
    logger.debug("Zqgnome")
    assert {(leak.who, leak.canary) for leak in net.leaks} == {("log", "phone"), ("log", "access_notes")}
    assert net.counts["logs"] == 3
