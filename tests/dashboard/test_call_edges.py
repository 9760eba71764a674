"""A call at its edges: too much text, begun twice, taken back, half answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from community_help.jobs.call import Call
from community_help.jobs.job import Job
from community_help.lifecycle.event import Event
from community_help.people.profiles import Requester
from community_help.people.roles import RoleGrant
from community_help.services.calls import choose_requester, start_call
from community_help.testing import factories as make
from tests.dashboard.calling import Browser, about

if TYPE_CHECKING:
    from django.test import Client

    from community_help.jobs.task_type import TaskType
    from community_help.people.person import Person


@pytest.fixture
def browser(desk: Client, ama: Person) -> Browser:
    return Browser(desk, ama)


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize("to", ["save_call", "choose_requester", "finish_call"])
def test_text_that_no_call_can_hold_is_told_and_not_lost(browser: Browser, shopping: TaskType, to: str) -> None:
    browser.look()
    response = browser.send({**about(shopping), "private_details": "x" * 60_000}, to=to)
    assert response.status_code == 422
    assert "more text than a call can hold" in text(response)
    assert "x" * 60_000 in text(response)


@pytest.mark.parametrize("name", ["task_type", "asked"])
def test_kind_of_job_with_a_number_that_no_row_has_is_no_kind(browser: Browser, name: str) -> None:
    browser.look()
    assert browser.send({name: "9" * 5000}).status_code == 302


def test_call_that_was_begun_and_not_used_is_gone_on_with(desk: Client, ama: Person) -> None:
    first = desk.post(reverse("community_help:take_call")).url
    assert desk.post(reverse("community_help:take_call")).url == first
    call = start_call(actor=ama)
    Browser(desk, ama).send({"who": "Doreen"})
    assert desk.post(reverse("community_help:take_call")).url != first
    assert Call.objects.filter(taken_by=ama).count() == 2
    assert call.started_at <= Call.objects.latest("pk").started_at


def test_undo_on_the_call_screen_stays_there(
    browser: Browser, doreen: Requester, shopping: TaskType, ama: Person
) -> None:
    choose_requester(browser.call, actor=ama, requester=doreen)
    browser.look()
    browser.send(about(shopping), do="publish")
    published = Event.objects.get(kind="publish_job")
    undo = reverse("community_help:undo", args=[published.pk])
    assert f'name="call" value="{browser.call.uuid}"' in text(browser.look())
    assert browser.client.post(undo, {"call": str(browser.call.uuid)}).url == browser.url("view_call")
    assert Job.objects.get().state == "draft"


def test_lines_of_the_template_that_nobody_answered_are_left_out(
    browser: Browser, doreen: Requester, ama: Person
) -> None:
    kind = make.make_task_type(private_template="Which shop they like:\nWhat to do if it is sold out:")
    choose_requester(browser.call, actor=ama, requester=doreen)
    browser.look()
    typed = "Which shop they like: the corner one\r\nWhat to do if it is sold out:\r\n"
    browser.send({**about(kind), "private_details": typed}, do="keep")
    assert Job.objects.get().private_details == "Which shop they like: the corner one"


def test_person_out_of_reach_is_not_chosen(browser: Browser, ama: Person) -> None:
    RoleGrant.objects.filter(person=ama).update(all_areas=False)
    RoleGrant.objects.get(person=ama).areas.add(make.make_area())
    far = make.make_helper("Tom Aldous", areas=[make.make_area()])
    browser.look()
    assert browser.send({"person": str(far.person.uuid)}, to="choose_requester").status_code == 404
    assert not Requester.objects.exists()
