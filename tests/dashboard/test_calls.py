"""A call: who rings, what they need, saved while somebody types, made into rows at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from community_help.jobs.bundled import ShoppingJob
from community_help.jobs.call import Call
from community_help.jobs.job import Job
from community_help.lifecycle.event import Event
from community_help.people.person import Person
from community_help.people.profiles import Requester
from community_help.privacy.access_log import AccessLog
from community_help.services.calls import choose_requester, read_form, start_call
from community_help.testing import factories as make
from tests.dashboard.calling import Browser, about, details_of, new_person

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from community_help.jobs.task_type import TaskType
    from community_help.people.community import Area

FASTER = "this call was saved in another window"


@pytest.fixture
def browser(desk: Client, ama: Person) -> Browser:
    return Browser(desk, ama)


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def test_taking_a_call_begins_one(desk: Client, ama: Person) -> None:
    url = reverse("community_help:take_call")
    assert desk.get(url).status_code == 200
    assert Call.objects.count() == 0
    response = desk.post(url)
    call = Call.objects.get()
    assert call.taken_by == ama
    assert response.url == reverse("community_help:view_call", args=[call.uuid])
    assert str(call.uuid) in text(desk.get(url))


def test_call_shows_the_kinds_of_job(browser: Browser, shopping: TaskType) -> None:
    make.make_task_type("Old kind", active=False)
    page = text(browser.look())
    assert "Shopping" in page
    assert "Old kind" not in page


def test_search_by_number_finds_the_person_and_stands_in_no_address(browser: Browser, doreen: Requester) -> None:
    browser.look()
    answer = browser.send({"who": "0117 496 0187"}, do="search")
    assert answer.headers["Location"] == f"{browser.url('view_call')}?found=1"
    page = text(browser.client.get(answer.headers["Location"]))
    assert "Doreen Pascoe" in page
    assert "Number ends in 187" in page
    assert "Leinster" not in page
    assert AccessLog.objects.get().door == "search"
    assert read_form(browser.fresh())["who"] == ["0117 496 0187"]


def test_enter_in_the_first_field_searches_once(browser: Browser, doreen: Requester) -> None:
    browser.look()
    assert "Doreen Pascoe" in text(browser.find("do", do="enter"))
    assert browser.send({"who": "do"}, do="enter").headers["Location"] == browser.url("view_call")


def test_search_for_nobody_says_so(browser: Browser) -> None:
    browser.look()
    assert "Nobody with that number or name" in text(browser.find("zz"))


def test_helper_who_never_asked_is_chosen_and_stays_one_person(browser: Browser) -> None:
    tom = make.make_helper("Tom Aldous").person
    browser.look()
    assert "Has not asked for help before" in text(browser.find("Tom"))
    assert browser.send({"person": str(tom.uuid)}, to="choose_requester").status_code == 302
    assert browser.fresh().requester == Requester.objects.get(person=tom)
    assert Event.objects.get(kind="add_requester").person == tom
    assert Person.objects.filter(name="Tom Aldous").count() == 1
    assert "On the phone with Tom Aldous" in text(browser.look())


def test_choosing_shows_warnings_and_last_jobs_and_is_logged(browser: Browser, doreen: Requester) -> None:
    make.make_open_job(requester=doreen, title="Parcel to post")
    browser.look()
    response = browser.send({"person": str(doreen.person.uuid), "who": "do"}, to="choose_requester")
    assert response.status_code == 302
    page = text(browser.look())
    assert "On the phone with Doreen Pascoe" in page
    assert "Hard of hearing" in page
    assert "Parcel to post" in page
    assert "Leinster" not in page
    assert AccessLog.objects.get(subject=doreen.person).fields == ["warnings"]


def test_somebody_else_after_all_takes_the_choice_back(browser: Browser, doreen: Requester, ama: Person) -> None:
    choose_requester(browser.call, actor=ama, requester=doreen)
    browser.look()
    assert browser.send({"person": ""}, to="choose_requester").status_code == 302
    assert browser.fresh().requester is None


@pytest.mark.parametrize("chosen", ["x", "00000000-0000-0000-0000-000000000000", "\x00"])
def test_choosing_nobody_who_is_there_is_not_found(browser: Browser, chosen: str) -> None:
    browser.look()
    assert browser.send({"person": chosen}, to="choose_requester").status_code == 404


def test_somebody_new_begins_with_the_number_that_was_typed(browser: Browser) -> None:
    browser.look()
    assert browser.send({"who": "0117 496 0555"}, do="new_person").status_code == 302
    page = text(browser.look())
    assert "Somebody new" in page
    assert read_form(browser.fresh())["phone"] == ["0117 496 0555"]


def test_somebody_new_begins_with_the_name_that_was_typed(browser: Browser) -> None:
    browser.look()
    browser.send({"who": "Mary O’Leary"}, do="new_person")
    assert read_form(browser.fresh())["name"] == ["Mary O’Leary"]


def test_search_again_leaves_the_questions_about_somebody_new(browser: Browser) -> None:
    browser.look()
    browser.send({"who": "Mary"}, do="new_person")
    browser.send({"who": "Mary", "new_person": "yes", "name": "Mary"}, do="search")
    page = text(browser.look())
    assert "Area they live in" not in page


def test_typing_is_kept_in_the_call_alone(browser: Browser, shopping: TaskType, filwood: Area) -> None:
    people = Person.objects.count()
    browser.look()
    browser.send({**new_person(filwood), **about(shopping)})
    assert (Job.objects.count(), Requester.objects.count(), Person.objects.count()) == (0, 0, people)
    page = text(browser.look())
    assert "Mary O’Leary" in page
    assert "a small brown loaf" in page


def test_autosave_answers_with_supply_and_the_new_count(browser: Browser, shopping: TaskType, filwood: Area) -> None:
    make.make_helper("Tom Aldous", areas=[filwood], task_types=[shopping])
    browser.look()
    response = browser.send(
        {"task_type": shopping.pk, "home_area": filwood.pk, "new_person": "yes"},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    page = text(response)
    assert response.status_code == 200
    assert 'id="call-saved" value="1"' in page
    assert "helper can do this now" in page
    assert "Tom Aldous" in page
    assert "How will you pay?" in page
    assert "<html" not in page


def test_autosave_of_another_window_is_refused(browser: Browser, desk: Client) -> None:
    browser.look()
    browser.send({"who": "first"})
    browser.seen, browser.window = 0, "second"
    response = browser.send({"who": "second"}, headers={"X-Requested-With": "XMLHttpRequest"})
    assert response.status_code == 409
    assert FASTER in text(response)
    assert read_form(browser.fresh())["who"] == ["first"]


def test_two_windows_lose_nothing(browser: Browser, shopping: TaskType) -> None:
    browser.look()
    browser.send({"who": "typed in the first window"})
    browser.seen, browser.window = 0, "second"
    response = browser.send({"who": "typed in the second", **about(shopping, shopping_list="eggs")})
    page = text(response)
    assert response.status_code == 409
    assert FASTER in page
    assert "typed in the second" in page
    assert "eggs" in page
    assert read_form(browser.fresh())["who"] == ["typed in the first window"]
    assert browser.send({"who": "typed in the second"}).status_code == 302
    assert read_form(browser.fresh())["who"] == ["typed in the second"]


def test_window_has_no_quarrel_with_its_own_autosave(browser: Browser) -> None:
    browser.look()
    browser.send({"who": "do"})
    browser.seen = 0
    assert browser.send({"who": "dor"}).status_code == 302


def test_choosing_and_finishing_are_refused_to_another_window_too(
    browser: Browser, doreen: Requester, shopping: TaskType
) -> None:
    browser.look()
    browser.send({"who": "first"})
    for to, typed in (
        ("choose_requester", {"person": str(doreen.person.uuid), "who": "second"}),
        ("finish_call", about(shopping)),
    ):
        browser.seen, browser.window = 0, "second"
        response = browser.send(typed, to=to)
        assert response.status_code == 409
        assert FASTER in text(response)
    call = browser.fresh()
    assert (call.requester, call.ended_at) == (None, None)


@pytest.mark.parametrize("saved", ["", "x", "-1", "²", "9" * 40])
def test_forged_count_of_saves_is_another_window(browser: Browser, saved: str) -> None:
    browser.look()
    response = browser.client.post(browser.url("save_call"), {"who": "do", "saved": saved, "window": "other"})
    assert response.status_code == 409


def test_sending_the_same_twice_saves_once(browser: Browser) -> None:
    browser.look()
    browser.send({"who": "do"})
    browser.seen = 0
    assert browser.send({"who": "do"}).status_code == 302
    assert browser.fresh().saved == 1


def test_publish_makes_requester_contact_and_job_at_once(
    browser: Browser, ama: Person, shopping: TaskType, filwood: Area
) -> None:
    browser.look()
    response = browser.send({**new_person(filwood), **about(shopping, spend_limit="15")}, do="publish")
    assert response.status_code == 302
    job = ShoppingJob.objects.get()
    assert (job.state, job.title, job.area, job.call, job.spend_limit) == (
        "open",
        "Shopping",
        filwood,
        browser.call,
        15,
    )
    assert job.requester.person.name == "Mary O’Leary"
    assert job.requester.consent_how == "read aloud on the phone"
    assert details_of(job.requester.person, ama) == {
        "phone": "0117 496 0555",
        "address": "7 Throgmorton Road",
        "postcode": "BS4 1AA",
        "access_notes": "Ring twice",
    }
    call = browser.fresh()
    assert call.requester == job.requester
    assert read_form(call) == {}
    page = text(browser.look())
    assert "Made on this call:" in page
    assert "Undo" in page


def test_publish_for_a_known_requester_takes_their_home(
    browser: Browser, ama: Person, doreen: Requester, shopping: TaskType
) -> None:
    choose_requester(browser.call, actor=ama, requester=doreen)
    browser.look()
    browser.send(about(shopping), do="publish")
    job = Job.objects.get()
    assert (job.requester, job.area) == (doreen, doreen.area)


def test_keep_makes_a_draft(browser: Browser, ama: Person, doreen: Requester, shopping: TaskType) -> None:
    choose_requester(browser.call, actor=ama, requester=doreen)
    browser.look()
    browser.send(about(shopping), do="keep")
    assert Job.objects.get().state == "draft"


def test_publishing_twice_makes_one_job(browser: Browser, ama: Person, doreen: Requester, shopping: TaskType) -> None:
    choose_requester(browser.call, actor=ama, requester=doreen)
    browser.look()
    seen = browser.seen
    assert browser.send(about(shopping), do="publish").status_code == 302
    browser.seen = seen
    again = browser.send(about(shopping), do="publish")
    assert again.status_code == 409
    assert "a small brown loaf" in text(again)
    assert Job.objects.count() == 1


def test_half_a_person_makes_no_row(browser: Browser, shopping: TaskType, filwood: Area) -> None:
    people = Person.objects.count()
    browser.look()
    typed = {**new_person(filwood, phone=""), **about(shopping, day="")}
    response = browser.send(typed, do="publish")
    page = text(response)
    assert response.status_code == 422
    assert page.count("“Phone” needs an answer.") == 2
    assert page.count("“Day” needs an answer.") == 2
    assert "7 Throgmorton Road" in page
    assert (Job.objects.count(), Person.objects.count()) == (0, people)
    assert read_form(browser.fresh())["address"] == ["7 Throgmorton Road"]


def test_phone_that_the_service_refuses_makes_no_row(browser: Browser, shopping: TaskType, filwood: Area) -> None:
    people = Person.objects.count()
    browser.look()
    response = browser.send({**new_person(filwood, phone="12"), **about(shopping)}, do="publish")
    assert response.status_code == 422
    assert text(response).count("That is not a phone number.") == 2
    assert "a small brown loaf" in text(response)
    assert (Job.objects.count(), Person.objects.count()) == (0, people)


def test_publish_needs_a_caller(browser: Browser, shopping: TaskType, filwood: Area) -> None:
    browser.look()
    response = browser.send(about(shopping, area=filwood.pk), do="publish")
    assert response.status_code == 422
    assert "Say first who is calling" in text(response)


def test_publish_needs_a_kind_of_job(browser: Browser) -> None:
    browser.look()
    response = browser.send({"task_type": "9" * 30}, do="publish")
    assert response.status_code == 422
    assert "Choose first what they need." in text(response)


def test_publish_needs_a_place(browser: Browser, ama: Person, shopping: TaskType) -> None:
    requester = make.make_requester()
    requester.area = None
    requester.save()
    choose_requester(browser.call, actor=ama, requester=requester)
    browser.look()
    response = browser.send(about(shopping), do="publish")
    assert response.status_code == 422
    assert "Say where it is" in text(response)


def test_finish_throws_nothing_away_unasked(browser: Browser, shopping: TaskType) -> None:
    browser.look()
    response = browser.send(about(shopping), to="finish_call")
    assert response.status_code == 422
    assert "This job is not kept yet" in text(response)
    assert browser.fresh().ended_at is None
    response = browser.send({**about(shopping), "throw_away": "yes"}, to="finish_call")
    assert response.url == reverse("community_help:desk")
    call = browser.fresh()
    assert call.ended_at is not None
    assert call.form == ""


def test_finished_call_shows_what_came_of_it_and_takes_no_more(
    browser: Browser, ama: Person, doreen: Requester, shopping: TaskType
) -> None:
    choose_requester(browser.call, actor=ama, requester=doreen)
    browser.look()
    browser.send(about(shopping), do="publish")
    browser.send({}, to="finish_call")
    assert "This call is finished" in text(browser.look())
    response = browser.send({"who": "late"})
    assert response.status_code == 409
    assert "this call was finished" in text(response)
    assert "late" in text(response)
    assert browser.send({}, to="finish_call").status_code == 302


def test_call_of_somebody_else_is_not_found(desk: Client, sign_in: Callable[[Person], Client]) -> None:
    other = start_call(actor=make.make_coordinator("Leroy Grant"))
    assert desk.get(reverse("community_help:view_call", args=[other.uuid])).status_code == 404


def test_more_text_than_a_call_holds_is_refused_with_all_of_it(browser: Browser) -> None:
    browser.look()
    response = browser.send({"who": "do", "note": "x" * 60_000})
    assert response.status_code == 422
    assert "That is more text than a call can hold." in text(response)
    assert json.dumps(read_form(browser.fresh())) == "{}"


def test_another_kind_of_job_keeps_what_was_typed(browser: Browser, shopping: TaskType, doreen: Requester) -> None:
    lift = make.make_task_type("Lift", job_model="community_help.liftjob", places=2, private_template="Help to the car")
    browser.look()
    browser.send(about(shopping, private_details="The bell is broken", public_details=""))
    browser.send({**about(shopping, private_details="The bell is broken"), "task_type": lift.pk})
    kept = read_form(browser.fresh())
    assert kept["shopping_list"] == ["a small brown loaf"]
    assert kept["private_details"] == ["The bell is broken"]
    assert kept["and_back"] == ["on"]
    assert kept["asked"] == [str(lift.pk)]
    browser.send({**about(lift), "task_type": shopping.pk, "asked": lift.pk})
    assert "a small brown loaf" in text(browser.look())
