"""What is to be decided, on the desk and beside the offer: who sees it, the choices, what was typed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from community_help.jobs.decision import Decision
from community_help.jobs.offer import Offer
from community_help.lifecycle.event import Event
from community_help.people.profiles import Buddy
from community_help.people.roles import Role
from community_help.services.people import change_helper, pause_helper, suspend_helper
from community_help.services.safeguarding import never_pair
from community_help.testing import factories as make
from tests.dashboard.posting import job_url, text
from tests.services.test_ripple import Town

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.test import Client

    from community_help.people.person import Person

DESK = "/help/desk/"
SAFE = ["Stand down", "Wait until it is renewed"]
OTHER = ["Stand down", "Keep until a day", "Keep and sign"]


@pytest.fixture
def town(ama: Person) -> Town:
    town = Town()
    town.ratify()
    return town


@pytest.fixture
def area_dropped(town: Town) -> Decision:
    change_helper(town.tom, actor=town.ama, areas=[])
    return Decision.objects.get()


@pytest.fixture
def suspended(town: Town) -> Decision:
    suspend_helper(town.tom, actor=town.ama, why="a complaint")
    return Decision.objects.get()


def answer(client: Client, row: Decision, choice: str, page: str = "desk", **typed: Any) -> HttpResponse:
    url = reverse("community_help:answer_decision", args=[row.uuid])
    version = Decision.objects.get(pk=row.pk).version
    return client.post(url, {"version": version, "answer": choice, "page": page, **typed})


def choices(page: str, row: Decision) -> list[str]:
    """The buttons in the decision's own block."""
    block = page.partition(f'id="decision-{row.pk}"')[2].partition("</article>")[0]
    return re.findall(r"<summary[^>]*>(.*?)</summary>", block)


@pytest.mark.parametrize("where", ["desk", "job"])
def test_decision_says_what_does_not_hold_and_what_can_be_done(
    desk: Client, town: Town, area_dropped: Decision, where: str
) -> None:
    page = text(desk.get(DESK if where == "desk" else job_url(town.job)))
    assert "Does not cover Filwood" in page
    assert choices(page, area_dropped) == OTHER
    if where == "desk":
        assert "No longer fits" in page
        assert f"Tom Aldous is down for {town.job.title} for " in page
        assert "One thing needs you." in page


@pytest.mark.parametrize("where", ["desk", "job"])
def test_where_somebody_could_come_to_harm_there_are_two_choices(
    desk: Client, town: Town, suspended: Decision, where: str
) -> None:
    page = text(desk.get(DESK if where == "desk" else job_url(town.job)))
    assert "Is suspended" in page
    assert "Details are shut" in page
    assert choices(page, suspended) == SAFE


def test_decision_about_buddies_is_on_the_desk(desk: Client, town: Town) -> None:
    town.offer.delete()
    Buddy.objects.create(helper=town.tom, requester=town.job.requester)
    never_pair(town.tom, town.job.requester, actor=town.ama, reason="a quarrel")
    row, page = Decision.objects.get(), text(desk.get(DESK))
    assert "Tom Aldous is the buddy of " in page
    assert choices(page, row) == ["End it", "Wait until it is renewed"]
    assert answer(desk, row, "stand_down", page="job", why="a quarrel").url == DESK
    assert not Buddy.objects.exists()


def test_decision_about_an_offer_that_waits_declines_it(desk: Client, ama: Person) -> None:
    town = Town()
    change_helper(town.tom, actor=ama, areas=[])
    row = Decision.objects.get()
    assert choices(text(desk.get(job_url(town.job))), row) == ["Decline kindly", *OTHER[1:]]
    page = text(desk.get(DESK))
    assert "Tom Aldous offered: " in page
    assert "Look and ratify" not in page
    answer(desk, row, "stand_down", why="too far")
    assert Offer.objects.get().state == "declined"


@pytest.mark.parametrize("page", ["desk", "job"])
def test_answer_decision_leads_back_to_the_page_it_came_from(
    desk: Client, town: Town, area_dropped: Decision, page: str
) -> None:
    response = answer(desk, area_dropped, "sign", page=page, why="it is next door")
    assert response.url == (DESK if page == "desk" else job_url(town.job))
    assert Decision.objects.get().state == "signed"
    shown = text(desk.get(job_url(town.job)))
    assert "Noted, in your name: Tom is kept." in shown
    assert "Ama decided about Tom" in shown
    assert "it is next door" in shown
    assert "To decide" not in text(desk.get(DESK))


def test_what_is_decided_for_a_while_stays_beside_the_offer(desk: Client, town: Town, suspended: Decision) -> None:
    answer(desk, suspended, "wait")
    assert f'id="decision-{suspended.pk}"' not in text(desk.get(DESK))
    page = text(desk.get(job_url(town.job)))
    assert "waits until it is renewed. Back on the desk on " in page
    assert choices(page, suspended) == SAFE


def test_what_was_kept_until_today_is_on_the_desk_again(desk: Client, area_dropped: Decision) -> None:
    day = timezone.localdate() + timedelta(days=3)
    answer(desk, area_dropped, "keep_until", until=f"{day:%d/%m/%Y}")
    assert f'id="decision-{area_dropped.pk}"' not in text(desk.get(DESK))
    Decision.objects.update(until=timezone.now())
    assert choices(text(desk.get(DESK)), area_dropped) == OTHER


@pytest.mark.parametrize("page", ["desk", "job"])
@pytest.mark.parametrize(
    ("choice", "typed", "says"),
    [
        ("stand_down", {"why": " "}, "“Why?” needs an answer."),
        ("sign", {"why": "x" * 501}, "“Why?” is too long: use 500 characters or fewer."),
        ("keep_until", {"until": "soon", "why": "his bus"}, "“Until which day?” is not a date such as 27/3/2026."),
        ("keep_until", {"until": "1/1/2020", "why": "his bus"}, "Choose a day that is still to come."),
        ("keep_until", {"until": "1/1/2999", "why": "his bus"}, "That is more than a year away. Check the year."),
        ("keep_until", {"why": "his bus"}, "“Until which day?” needs an answer."),
        ("sign", {"why": "his\x00bus"}, "has a character that can't be kept."),
    ],
)
def test_wrong_answer_comes_back_on_the_same_page_with_what_was_typed(
    desk: Client, area_dropped: Decision, *, page: str, choice: str, typed: dict[str, str], says: str
) -> None:
    response = answer(desk, area_dropped, choice, page=page, **typed)
    shown = text(response)
    assert response.status_code == 422
    assert says in shown.replace("&#x27;", "'")
    assert ("Good " in shown) == (page == "desk")
    for value in typed.values():
        if value.strip() and "\x00" not in value:
            assert value in shown
    assert Decision.objects.get().state == "open"


@pytest.mark.parametrize("forged", ["keep_until", "sign", "ratify", "", "x" * 99, "\x00", "<b>"])
def test_forged_answer_is_refused(desk: Client, suspended: Decision, forged: str) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    response = answer(desk, suspended, forged, why="I know him", until=f"{tomorrow}")
    assert response.status_code == 422
    shown = text(response)
    assert "I know him" in shown
    assert ("stand them down, or wait" in shown) or ("not one of the choices" in shown)
    assert Decision.objects.get().state == "open"


@pytest.mark.parametrize("page", ["desk", "job"])
def test_answer_that_comes_too_late_says_so_and_keeps_what_was_typed(
    desk: Client, area_dropped: Decision, page: str
) -> None:
    answer(desk, area_dropped, "sign", why="it is next door")
    response = answer(desk, area_dropped, "stand_down", page=page, why="he moved away", version=1)
    assert response.status_code == 409
    assert "This has changed since you opened it: Ama has decided: kept and signed." in text(response)
    assert "he moved away" in text(response)
    assert Event.objects.filter(kind="answer_decision").count() == 1


@pytest.mark.parametrize("version", ["", "x", "99"])
def test_answer_that_has_seen_nothing_is_refused(desk: Client, area_dropped: Decision, version: str) -> None:
    assert answer(desk, area_dropped, "sign", why="it is next door", version=version).status_code == 409
    assert Decision.objects.get().state == "open"


def test_coordinator_elsewhere_neither_sees_nor_decides(
    town: Town, area_dropped: Decision, sign_in: Callable[[Person], Client]
) -> None:
    leroy = sign_in(make.make_coordinator("Leroy Grant", areas=[make.make_area("Knowle")]))
    assert "To decide" not in text(leroy.get(DESK))
    assert answer(leroy, area_dropped, "sign", why="it is next door").status_code == 404


def test_coordinator_who_is_the_helper_neither_sees_nor_decides(
    desk: Client, town: Town, area_dropped: Decision, sign_in: Callable[[Person], Client]
) -> None:
    make.grant_directly(town.tom.person, Role.COORDINATOR)
    tom = sign_in(town.tom.person)
    assert "To decide" not in text(tom.get(DESK))
    assert answer(tom, area_dropped, "sign", why="it is next door").status_code == 404
    answer(desk, area_dropped, "sign", why="a word about him")
    assert "a word about him" not in text(tom.get(job_url(town.job)))


@pytest.mark.parametrize("kind", ["area_dropped", "suspended", "paused"])
def test_helper_never_sees_a_decision_or_its_reason(
    desk: Client, town: Town, sign_in: Callable[[Person], Client], kind: str, request: pytest.FixtureRequest
) -> None:
    if kind == "paused":
        pause_helper(town.tom, actor=town.ama)
    else:
        request.getfixturevalue(kind)
    row = Decision.objects.get()
    answer(desk, row, "wait" if row.safeguarding else "sign", why="Zqgnome")
    tom = sign_in(town.tom.person)
    pages = [
        reverse("community_help:view_offer", args=[town.offer.uuid]),
        reverse("community_help:view_open_job", args=[town.job.uuid]),
        reverse("community_help:my_jobs"),
        reverse("community_help:jobs_for_me"),
    ]
    for url in pages:
        shown = text(tom.get(url))
        assert "Zqgnome" not in shown
        assert row.because not in shown


def test_checks_that_are_due_again_are_named_on_the_desk(desk: Client) -> None:
    level = make.make_check_level("Enhanced DBS")
    day = timezone.localdate() + timedelta(days=20)
    make.make_check(make.make_helper("Priya Nair"), level, recheck_on=day)
    make.make_check(make.make_helper("Dan Okafor"), level, recheck_on=day + timedelta(days=60))
    page = text(desk.get(DESK)).partition('id="checks"')[2]
    assert "Priya Nair" in page
    assert f"Enhanced DBS, due again by {day.day} " in page
    assert "Dan Okafor" not in page
