"""The words: every kind of message in both parts, in its reader's language, without a contact detail."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from django.conf import settings as django_settings
from django.utils import translation

from community_help.exceptions import ConfigurationError
from community_help.lifecycle.machine import Story, record
from community_help.notifications import messages
from community_help.notifications.briefing import Briefing, News
from community_help.notifications.kinds import ABOUT_CHECKS, TO_COORDINATORS, Kind
from community_help.notifications.messages import JobFacts, base_url, compose
from community_help.notifications.notification import Notification
from community_help.people.community import Community
from community_help.testing import factories as make

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from community_help.jobs.offer import Offer
    from community_help.notifications.notifiers.locmem import Sent
    from community_help.notifications.notifiers.notifier import Message

NOW = datetime(2026, 3, 3, 9, 42, tzinfo=UTC)
CANARIES = {
    "name": "Canarina Songbird",
    "known_as": "Canny",
    "title": "Shopping for Canarina",
    "public_details": "ring the yellow door",
    "private_details": "the key is under the pot",
    "phone": "0117 496 0777",
    "e-mail": "canarina@example.org",
    "address": "12 Broad Walk",
    "postcode": "BS4 2PH",
    "access notes": "deaf in one ear",
    "warnings": "a large dog",
    "shopping list": "insulin needles",
    "note": "I know her brother",
    "safe word": "bluebell",
}


def offer_full_of_canaries() -> Offer:
    """Everything that somebody has typed about the job is in it."""
    requester = make.make_requester(
        CANARIES["name"],
        warnings=CANARIES["warnings"],
        contact={
            "phone": CANARIES["phone"],
            "email": CANARIES["e-mail"],
            "address": CANARIES["address"],
            "postcode": CANARIES["postcode"],
            "access_notes": CANARIES["access notes"],
        },
    )
    requester.person.known_as = CANARIES["known_as"]
    requester.person.save()
    job = make.make_open_job(
        task_type=make.make_task_type("Shopping & more"),
        requester=requester,
        area=make.make_area("Inns Court"),
        urgency="urgent",
        title=CANARIES["title"],
        public_details=CANARIES["public_details"],
        private_details=CANARIES["private_details"],
        shopping_list=CANARIES["shopping list"],
        timing="between",
        earliest=datetime(2026, 3, 3, 11, tzinfo=UTC),
        latest=datetime(2026, 3, 3, 12, 30, tzinfo=UTC),
    )
    return make.make_offer_row(job, make.make_matching_helper(job, "Kieran O’Neil"), note=CANARIES["note"])


def composed(kind: str, offer: Offer) -> tuple[Message, Notification]:
    event = record("ratify_offer", Story(offer=offer, why="because of Canny"), job=offer.job)
    is_for_desk = kind in TO_COORDINATORS or kind == Kind.HELPER_CHECK_DUE
    reader = make.make_coordinator("Ama Coord") if is_for_desk else offer.helper.person
    news = (News(offer.job, ("covers Inns Court", "drives")),)
    briefing = Briefing(job=offer.job, offer=offer, news=news if kind == Kind.JOB_ALERT else ())
    row = Notification(event=event, kind=kind, recipient=reader)
    if kind == Kind.DIGEST:
        briefing, row.event, row.digest_on = Briefing(news=news), None, NOW.date()
    if kind in ABOUT_CHECKS:
        briefing = Briefing(due_on=date(2026, 5, 3))
        row.event = record("remind_of_check", Story(rule="clock", person=offer.helper.person))
    return compose(row, briefing, community=Community.current(), now=NOW), row


@pytest.mark.parametrize("kind", Kind.values)
def test_message_has_two_parts_that_say_the_same_and_lead_to_the_same(outbox: list[Sent], kind: str) -> None:
    message, row = composed(kind, offer_full_of_canaries())
    assert (message.key, message.kind, message.site) == (row.key, kind, "help.example")
    assert 5 < len(message.subject) < 90
    assert message.url.startswith("https://help.example/help/")
    links = re.findall(r"https?://[^\s\"<]+", message.text)
    anchors = re.findall(r'<a href="([^"]+)"', message.html)
    assert links == anchors
    assert message.url in links
    heading = message.text.partition("\n")[0]
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", message.html.partition("</style>")[2]))
    assert heading.replace("&", "&amp;") in plain
    assert "\n\n\n" not in message.text
    assert "&amp;" not in message.text
    about = ("3 May 2026",) if kind in ABOUT_CHECKS else ("Shopping & more", "Tuesday 3 March, 11:00 to 12:30")
    for said in about:
        assert said in message.text
        assert said.replace("&", "&amp;").lower() in message.html.lower()


@pytest.mark.parametrize("kind", Kind.values)
def test_message_holds_nothing_that_somebody_typed_about_the_job(outbox: list[Sent], kind: str) -> None:
    message, _row = composed(kind, offer_full_of_canaries())
    everything = f"{message.subject} {message.text} {message.html}"
    assert [what for what, canary in CANARIES.items() if canary in everything] == []
    assert "because of Canny" not in everything


@pytest.mark.parametrize("kind", Kind.values)
def test_message_never_says_today(outbox: list[Sent], kind: str) -> None:
    """It may be read tomorrow."""
    message, _row = composed(kind, offer_full_of_canaries())
    assert not re.search(
        r"\b(today|tomorrow|yesterday)\b", message.subject + message.text + message.html, re.IGNORECASE
    )


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        (Kind.JOB_ALERT, "jobs/{job}/"),
        (Kind.OFFER_RATIFIED, "offers/{offer}/"),
        (Kind.NOT_NEEDED, "offers/{offer}/"),
        (Kind.OFFER_MADE, "desk/jobs/{job}/"),
        (Kind.NOBODY_FOUND, "desk/jobs/{job}/"),
        (Kind.JOB_FILLED, "jobs/"),
        (Kind.JOB_CANCELLED, "jobs/"),
        (Kind.DIGEST, "jobs/"),
        (Kind.CHECK_DUE, "jobs/"),
        (Kind.HELPER_CHECK_DUE, "desk/#checks"),
    ],
)
def test_message_leads_to_its_page(outbox: list[Sent], kind: str, path: str) -> None:
    offer = offer_full_of_canaries()
    message, _row = composed(kind, offer)
    assert message.url == "https://help.example/help/" + path.format(job=offer.job.uuid, offer=offer.uuid)


def test_message_to_somebody_without_an_offer_leads_to_the_job(outbox: list[Sent]) -> None:
    job = make.make_open_job()
    row = Notification(
        event=record("change_job", Story(), job=job), kind=Kind.JOB_CHANGED, recipient=make.make_person()
    )
    message = compose(row, Briefing(job=job), community=Community.current())
    assert message.url == f"https://help.example/help/jobs/{job.uuid}/"


def test_alert_says_why_and_how_soon(outbox: list[Sent]) -> None:
    message, _row = composed(Kind.JOB_ALERT, offer_full_of_canaries())
    assert message.subject == "Urgent: Shopping & more in Inns Court, Tuesday 3 March, 11:00 to 12:30"
    assert "Why you: covers Inns Court, drives\n" in message.text
    assert ">Urgent</p>" in message.html
    assert "Thank you, Kieran." in message.text


def test_message_without_urgency_has_no_flag(outbox: list[Sent]) -> None:
    offer = make.make_offer_row(make.make_open_job())
    message, _row = composed(Kind.OFFER_DECLINED, offer)
    assert 'class="flag"' not in message.html


def test_job_by_phone_is_nowhere(outbox: list[Sent]) -> None:
    job = make.make_open_job(task_type=make.make_task_type("A chat", by_phone=True), area=make.make_area("Inns Court"))
    facts = JobFacts.of(job, community=Community.current(), now=NOW)
    assert (facts.name, facts.where) == ("A chat by phone", "by phone")


def test_times_are_told_in_the_communitys_zone(outbox: list[Sent]) -> None:
    community = Community.current()
    community.time_zone = "Asia/Kathmandu"
    latest = datetime(2026, 3, 3, 20, 0, tzinfo=UTC)
    job = make.make_open_job(timing="by", latest=latest)
    assert JobFacts.of(job, community=community, now=NOW).when == "by 01:45 on Wednesday 4 March"


def test_community_is_sender_footer_and_reply_to(outbox: list[Sent]) -> None:
    Community.current()
    Community.objects.update(name="Knowle West\r\nBcc: x", phone_line="0117 496 0142", email="desk@help.example")
    message, _row = composed(Kind.OFFER_DECLINED, offer_full_of_canaries())
    assert (message.sender, message.reply_to) == ("Knowle West Bcc: x", "desk@help.example")
    assert "Questions? Ring 0117 496 0142." in message.text
    assert "Questions? Ring 0117 496 0142." in message.html


def test_line_break_in_the_name_of_a_kind_of_job_is_none_in_the_subject(outbox: list[Sent]) -> None:
    job = make.make_open_job(task_type=make.make_task_type("Shopping\r\nBcc: all@example.org"))
    message, _row = composed(Kind.OFFER_DECLINED, make.make_offer_row(job))
    assert "\n" not in message.subject
    assert "\r" not in message.subject


def test_message_is_in_its_readers_language(outbox: list[Sent]) -> None:
    offer = offer_full_of_canaries()
    offer.helper.person.language = "fr"
    message, _row = composed(Kind.OFFER_RATIFIED, offer)
    assert '<html lang="fr" dir="ltr">' in message.html
    assert translation.get_language() == django_settings.LANGUAGE_CODE


def test_picture_is_absolute_and_may_be_missing(outbox: list[Sent], monkeypatch: pytest.MonkeyPatch) -> None:
    offer = offer_full_of_canaries()
    message, _row = composed(Kind.OFFER_RATIFIED, offer)
    assert 'src="https://help.example/static/community_help/mail/strip.png"' in message.html

    def missing(name: str) -> str:
        raise ValueError(f"Missing staticfiles manifest entry for '{name}'")

    monkeypatch.setattr(messages, "static", missing)
    message, _row = composed(Kind.OFFER_RATIFIED, offer)
    assert "<img" not in message.html


@pytest.mark.parametrize("url", ["", "help.example", "/help"])
def test_base_url_must_be_an_address(settings: SettingsWrapper, url: str) -> None:
    settings.COMMUNITY_HELP = {"BASE_URL": url}
    with pytest.raises(ConfigurationError, match="BASE_URL"):
        base_url()


def test_base_url_has_no_slash_at_its_end(settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {"BASE_URL": "https://help.example/"}
    assert base_url() == "https://help.example"
