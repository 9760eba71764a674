"""The story in a real browser: from the call of somebody new to the closed job and the shut window."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from community_help import tasks
from community_help.jobs.job import Job
from community_help.jobs.offer import Offer
from community_help.lifecycle.table import JobState, OfferState
from community_help.people.community import Community
from community_help.people.person import Person
from community_help.privacy.access_log import AccessLog
from example_project.demo.seed import seed
from example_project.demo.seed.cast import UNKNOWN_NUMBER
from example_project.demo.seed.clock import clock_at
from example_project.demo.truth import CANARIES, fitting_addresses, slipped
from tests.browser.chromium import POCKET

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from pytest_django.fixtures import SettingsWrapper
    from pytest_django.live_server_helper import LiveServer

    from tests.smtp import Received, SmtpServer

PASSWORD = "a word for this test"
SLOW = 30_000  # milliseconds for one step on a busy machine

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def community(transactional_db: None, settings: SettingsWrapper, live_server: LiveServer) -> Community:
    """Give the demo's community, with passwords, mails that lead to this server, and an undo time of a second."""
    settings.COMMUNITY_HELP = {"BASE_URL": live_server.url}
    seed()
    for name in ("Ama Mensah", "Tom Aldous", "Gloria Bennett"):
        user = Person.objects.get(name=name).user
        user.set_password(PASSWORD)
        user.save()
    row = Community.current()
    row.undo_seconds = 1
    row.save()
    return row


class Screens:
    """What is done on every page of the story: a picture, and axe's opinion."""

    def __init__(self, shot: Callable[[Page, str], object], axe: Callable[[Page], None]) -> None:
        self.shot, self.axe, self.number = shot, axe, 0

    def look(self, page: Page, name: str) -> None:
        self.number += 1
        self.shot(page, f"story-{self.number:02d}-{name}")
        self.axe(page)


@pytest.fixture
def screens(shot: Callable[[Page, str], object], axe: Callable[[Page], None]) -> Screens:
    """Give what looks at each page."""
    return Screens(shot, axe)


def sign_in(page: Page, name: str) -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def job_link(mail: Received) -> str:
    """The path of the one link that a mail is about."""
    links = {urlsplit(link).path for link in re.findall(r"https?://\S+/help/jobs/\S+", mail.text)}
    assert len(links) == 1, mail.text
    return links.pop()


def test_call_becomes_a_closed_job_end_to_end(
    community: Community,
    smtp_server: SmtpServer,
    desk_page: Page,
    open_page: Callable[..., Page],
    screens: Screens,
) -> None:
    ama, tom, gloria = desk_page, open_page(**POCKET), open_page(**POCKET)
    for page in (ama, tom, gloria):
        page.context.set_default_timeout(SLOW)

    # A co-ordinator signs in and takes a call from a number that nobody knows.
    ama.goto("/help/")
    sign_in(ama, "ama.mensah")
    ama.get_by_role("heading", level=1).wait_for()
    screens.look(ama, "desk")
    ama.get_by_role("link", name="Take a call").click()
    screens.look(ama, "take-a-call")
    ama.get_by_role("button", name="The phone rings").click()
    ama.get_by_label("Who is calling?").fill(UNKNOWN_NUMBER)
    ama.get_by_role("button", name="Find").click()
    ama.get_by_text("Nobody with that number or name").wait_for()
    screens.look(ama, "unknown-number")

    # She makes the requester and an urgent shopping job for a driver.
    ama.get_by_role("button", name="Somebody new").click()
    ama.get_by_label("Full name").fill(CANARIES["name"])
    assert ama.get_by_label("Phone", exact=True).input_value() == UNKNOWN_NUMBER
    ama.get_by_label("Address", exact=True).fill(CANARIES["address"])
    ama.get_by_label("Postcode").fill(CANARIES["postcode"])
    ama.get_by_label("Area they live in").select_option(label="Filwood")
    ama.get_by_label("Getting in").fill(CANARIES["access_notes"])
    ama.locator(".ch-pick", has_text="Shopping").click()
    ama.get_by_label("Shopping list").fill(CANARIES["shopping_list"])
    ama.get_by_label("Anything else for the helper who comes").fill(CANARIES["private_details"])
    ama.get_by_label("When", exact=True).select_option("asap")
    ama.get_by_label("How soon").select_option("urgent")
    ama.locator(".ch-need", has_text="a car").click()
    ama.locator(".ch-cost", has_text="car").wait_for()
    screens.look(ama, "call")
    ama.get_by_role("button", name="Publish and tell helpers").click()
    ama.get_by_text("Published:").wait_for()
    screens.look(ama, "published")
    job = Job.objects.get(requester__person__name=CANARIES["name"])
    assert job.state == JobState.OPEN

    # Exactly the helpers who fit get a mail, without any detail in it.
    fitting = fitting_addresses(job)
    assert len(fitting) > 1
    tasks.drain_outbox()
    assert sorted(address for mail in smtp_server.received for address in mail.recipients) == sorted(fitting)
    assert [slipped(mail.text + mail.html + mail.raw.decode()) for mail in smtp_server.received] == [[]] * len(fitting)

    # One opens it on a phone-sized screen, signs in and offers; another offers too.
    for page, who, shows in ((tom, "tom.aldous", "tom"), (gloria, "gloria.bennett", "gloria")):
        (mail,) = smtp_server.to(f"{who}@example.org")
        page.goto(job_link(mail))
        sign_in(page, who)
        page.get_by_role("button", name="Offer to do this").wait_for()
        assert slipped(page.content()) == []
        screens.look(page, f"{shows}-asked")
        page.locator("[name=note]").fill("I go past at three anyway.")
        page.get_by_role("button", name="Offer to do this").click()
        page.get_by_text("You have offered").wait_for()
        screens.look(page, f"{shows}-offered")

    # The co-ordinator ratifies the first; the other is thanked.
    ama.goto(f"/help/desk/jobs/{job.uuid}/")
    screens.look(ama, "two-offers")
    ama.get_by_role("button", name="Ratify Tom").click()
    ama.get_by_text("Tom").first.wait_for()
    offer = Offer.objects.get(job_id=job.pk, helper__person__name="Tom Aldous")
    assert offer.state == OfferState.RATIFIED
    screens.look(ama, "ratified")
    tasks.drain_outbox()
    assert [mail.message["subject"] for mail in smtp_server.to("gloria.bennett@example.org")][1:] != []
    assert [mail for mail in smtp_server.received if slipped(mail.text + mail.html)] == []

    # The first sees phone and address; the other sees nothing.
    tom.goto(f"/help/offers/{offer.uuid}/")
    tom.get_by_text(CANARIES["address"]).wait_for()
    assert sorted(slipped(tom.content())) == sorted([*CANARIES, "phone"])
    screens.look(tom, "tom-sees")
    other = Offer.objects.get(job_id=job.pk, helper__person__name="Gloria Bennett")
    for path in (f"/help/offers/{offer.uuid}/", f"/help/offers/{other.uuid}/", f"/help/jobs/{job.uuid}/"):
        gloria.goto(path)
        assert slipped(gloria.content()) == []
    gloria.watch.forgive("404")
    screens.look(gloria, "gloria-thanked")

    # He notes contact, reports; the job is closed.
    tom.get_by_role("button", name="I’ve made contact").click()
    tom.get_by_role("link", name="Say how it went").click()
    screens.look(tom, "tom-reports")
    tom.locator(".ch-pick", has_text="Done").first.click()
    tom.get_by_role("button", name="Send it").click()
    tom.get_by_text("Thank you").first.wait_for()
    screens.look(tom, "tom-done")
    ama.goto(f"/help/desk/jobs/{job.uuid}/")
    screens.look(ama, "reported")
    ama.get_by_role("button", name="Close the job").click()
    ama.get_by_text("closed").first.wait_for()
    screens.look(ama, "closed")
    job.refresh_from_db()
    assert job.state == JobState.CLOSED

    # The window stays open for as long as the community says, then it shuts.
    tom.goto(f"/help/offers/{offer.uuid}/")
    assert CANARIES["address"] in tom.content()
    hours = community.disclosure_hours_after_report
    with clock_at(timezone.now() + timedelta(hours=hours, minutes=1)):
        tom.goto(f"/help/offers/{offer.uuid}/")
        assert slipped(tom.content()) == []
        screens.look(tom, "window-shut")

    # The access log shows each read.
    rows = AccessLog.objects.filter(subject=job.requester.person)
    by_tom = rows.filter(actor__name="Tom Aldous")
    assert set(rows.values_list("actor__name", flat=True)) == {"Ama Mensah", "Tom Aldous"}
    assert {name for row in by_tom for name in row.fields} >= {"phone", "address", "access_notes", "job:shopping_list"}
    assert by_tom.filter(offer=offer).count() == by_tom.count()
