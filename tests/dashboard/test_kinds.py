"""The page where a community decides what each kind of job asks, without code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from community_help import defaults
from community_help.dashboard.clock import Clock
from community_help.dashboard.job_form import JobForm
from community_help.dashboard.kind_urls import urlpatterns
from community_help.jobs.question import Question
from community_help.jobs.task_type import TaskType
from community_help.jobs.task_type_change import TaskTypeChange
from community_help.services.task_types import change_task_type
from community_help.testing import factories as make
from tests.dashboard.grid import GRID, answers, choose, url
from tests.dashboard.posting import text

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django.fixtures import SettingsWrapper

    from community_help.people.community import Area
    from community_help.people.person import Person


def test_grid_shows_what_each_kind_asks_and_how_many_helpers_remain(
    office: Client, shopping: TaskType, filwood: Area
) -> None:
    make.make_helper(areas=[filwood], task_types=[shopping])
    page = text(office.get(GRID))
    for words in (
        "Covers Filwood",
        "Does “Shopping”",
        "Needs no check",
        "Not asked",
        "is approved and active",
        "<strong>1</strong>",
        "in Filwood",
    ):
        assert words in page


def test_criterion_is_switched_on_with_its_options_and_the_helpers_who_remain_are_told(
    office: Client, shopping: TaskType, filwood: Area
) -> None:
    make.make_helper(areas=[filwood], task_types=[shopping])
    page = text(choose(office, shopping, "radius", on=True, miles="1.5"))
    assert (
        "Shopping: “lives near enough” is asked. 0 helpers remain for a typical job in Filwood, before it was 1."
        in page
    )
    assert "Lives within 1.5 miles" in page
    assert "Lives near enough: not asked → asked (Miles, as the crow flies: 1.5)" in page
    page = text(choose(office, shopping, "radius", on=False))
    assert (
        "“lives near enough” is not asked any more. 1 helper remains for a typical job in Filwood, before it was 0."
        in page
    )


def test_options_that_are_wrong_keep_the_page_and_what_was_typed(office: Client, shopping: TaskType) -> None:
    response = choose(office, shopping, "radius", on=True, miles="far")
    assert response.status_code == 422
    assert 'value="far"' in text(response)
    assert "“Miles, as the crow flies” is not a number such as 2.5." in text(response)
    assert not TaskTypeChange.objects.exists()


def test_options_of_what_has_no_switch_are_filled_in(
    office: Client, shopping: TaskType, settings: SettingsWrapper
) -> None:
    settings.COMMUNITY_HELP = {"CRITERIA": [*defaults.CRITERIA, "tests.matching.own.SafetyWithOptions"]}
    slug = "safety_with_options"
    page = text(office.get(GRID))
    cell = page[page.index(url("choose_criterion", shopping, slug)) :]
    cell = cell[: cell.index("</form>")]
    assert ("Keep</button>" in cell, "Do not ask" in cell, 'name="level"' in cell) == (True, False, True)
    assert "keeps people safe" not in page[page.index("Always asked") : page.index("<table")]
    page = text(choose(office, shopping, slug, on=True, level="b"))
    assert "Keeps people safe: asked (level: a) → asked (level: b)" in page
    response = choose(office, shopping, slug, on=False)
    assert response.status_code == 422
    assert "This keeps people safe, and has no switch." in text(response)
    assert TaskType.objects.get().criteria_options == {slug: {"on": True, "options": {"level": "b"}}}
    response = choose(office, shopping, slug, on=True, level="c")
    assert "has an answer that is not on the list any more" in text(response)
    assert f'href="#{shopping.slug}-{slug}_level"' in text(response)


@pytest.mark.parametrize("slug", ["approved", "check_level", "nothing"])
def test_what_keeps_people_safe_has_no_address(office: Client, shopping: TaskType, slug: str) -> None:
    assert choose(office, shopping, slug, on=False).status_code == 404


def test_page_of_a_kind_that_is_out_of_use_says_so(office: Client, shopping: TaskType) -> None:
    assert "remain for a typical job" in text(office.get(url("change_task_type", shopping)))
    office.post(url("retire_task_type", shopping), {"active": "no", "version": 1})
    assert url("change_task_type", shopping) in text(office.get(GRID))
    page = text(office.get(url("change_task_type", shopping)))
    assert "Out of use: nobody can ask for it until it is brought back." in page
    assert "remain for a typical job" not in page


def test_more_questions_than_there_may_be_are_refused_and_kept(office: Client) -> None:
    typed = answers(**{f"question-{n}-label": f"Question {n}?" for n in (*range(20), 500)})
    response = office.post(reverse("community_help:make_task_type"), typed)
    assert response.status_code == 422
    assert "A kind of job has at most 20 questions." in text(response)
    assert "Question 500?" in text(response)
    del typed["question-500-label"]
    assert office.post(reverse("community_help:make_task_type"), typed).status_code == 302


def test_kind_of_job_is_made_and_changed(office: Client) -> None:
    skill, level = make.make_skill("a spade", phrase="digs"), make.make_check_level()
    response = office.post(reverse("community_help:make_task_type"), answers(default_skills=[skill.pk]))
    kind = TaskType.objects.get()
    assert response.url == f"{GRID}#kind-gardening"
    assert (kind.name, list(kind.default_skills.all())) == ("Gardening", [skill])
    assert 'value="Gardening"' in text(office.get(url("change_task_type", kind)))
    typed = answers(kind, name="Garden", check_level=level.pk, check_reason="Alone at home", disclosure_days_before="3")
    page = text(office.post(url("change_task_type", kind), typed, follow=True))
    assert "“Garden” is changed." in page
    assert "Name: Gardening → Garden" in page
    kind.refresh_from_db()
    assert (kind.check_level, kind.disclosure_days_before, list(kind.default_skills.all())) == (level, 3, [])


def test_questions_are_written_and_stand_on_the_call_screen(office: Client, filwood: Area, admin: Person) -> None:
    typed = answers(
        **{
            "question-0-label": "How big is the lawn?",
            "question-0-kind": "choice",
            "question-0-choices": "small, large , small",
            "question-0-public": "on",
            "question-1-label": "Where is the key?",
            "question-1-required": "on",
        }
    )
    page = text(office.post(reverse("community_help:make_task_type"), typed, follow=True))
    assert "“Gardening” is there." in page
    kind = TaskType.objects.get()
    lawn, key = kind.questions.all()
    assert (lawn.choices, lawn.public, lawn.required) == (["small", "large"], True, False)
    assert (key.kind, key.required) == ("text", True)
    assert 'value="small, large"' in text(office.get(url("change_task_type", kind)))
    form = JobForm(
        {"timing": "flexible", "urgency": "soon", "places": "1", lawn.name: "large"}, task_type=kind, clock=Clock.of()
    )
    assert form.errors == {key.name: ["“Where is the key?” needs an answer."]}
    assert [str(field.help_text) for field in form.own][-2:] == [
        "Every helper who is asked sees this",
        "Only the helper you ratify sees this",
    ]
    emptied = {"question-0-id": lawn.pk, "question-0-label": "", "question-0-kind": "choice"}
    sent = answers(kind, **emptied, **{"question-0-choices": "small, large", "question-1-id": key.pk})
    page = text(
        office.post(url("change_task_type", kind), {**sent, "question-1-label": "Where’s the key?"}, follow=True)
    )
    assert "Changed question: Where’s the key?" in page
    assert "Not asked any more: How big is the lawn?" in page
    assert list(kind.questions.filter(active=True)) == [key]


def test_list_without_answers_is_said_beside_it(office: Client) -> None:
    typed = answers(**{"question-0-label": "How big?", "question-0-kind": "choice", "question-0-choices": " , "})
    response = office.post(reverse("community_help:make_task_type"), typed)
    assert response.status_code == 422
    assert "Say what there is to choose from, with commas between." in text(response)
    assert "Question 1 is not right yet." in text(response)
    assert not TaskType.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": " "}, "“Name” needs an answer."),
        ({"places": "none"}, "“Helpers wanted” is not a whole number."),
        ({"places": "0"}, "“Helpers wanted” can&#x27;t be less than 1."),
        ({"tile": "gold"}, "“Colour” has an answer that is not on the list any more."),
        ({"job_model": "auth.user"}, "has an answer that is not on the list any more."),
        ({"default_skills": ["99999"]}, "has an answer that is not on the list any more."),
    ],
)
def test_form_that_is_wrong_keeps_what_was_typed(office: Client, changed: dict[str, Any], said: str) -> None:
    typed = answers(script="What size is the lawn?", **changed)
    response = office.post(reverse("community_help:make_task_type"), typed)
    assert response.status_code == 422
    assert said in text(response)
    assert "What size is the lawn?" in text(response)
    assert not TaskType.objects.exists()


def test_check_without_a_reason_is_said_beside_it(office: Client) -> None:
    typed = answers(check_level=make.make_check_level().pk)
    response = office.post(reverse("community_help:make_task_type"), typed)
    assert response.status_code == 422
    assert "asking for more than that is an offence" in text(response)


def test_who_was_faster_is_told_and_nothing_is_lost(office: Client, admin: Person, shopping: TaskType) -> None:
    typed = answers(shopping, name="Messages", script="What shop?")
    change_task_type(shopping, actor=admin, values={"name": "Errands"})
    response = office.post(url("change_task_type", shopping), typed)
    assert response.status_code == 409
    assert "Ama changed “Errands”" in text(response)
    assert "What shop?" in text(response)
    stale = {"version": shopping.version, "on": "yes", "miles": "7.5"}
    response = office.post(url("choose_criterion", shopping, "radius"), stale)
    assert response.status_code == 409
    assert 'value="7.5"' in text(response)
    missing = office.post(url("choose_criterion", shopping, "area"), {"on": "no"})
    assert missing.status_code == 409


def test_question_that_somebody_else_has_added_is_on_the_page_of_who_was_late(
    office: Client, admin: Person, shopping: TaskType
) -> None:
    first = Question.objects.create(task_type=shopping, label="Which shop?")
    typed = answers(shopping, **{"question-0-id": first.pk, "question-0-label": "Which shops?"})
    added = {"id": None, "label": "How much?", "kind": "number", "choices": [], "public": False, "required": False}
    kept = {**added, "id": first.pk, "label": "Which shop?", "kind": "text"}
    change_task_type(shopping, actor=admin, values={"questions": [kept, added]})
    page = text(office.post(url("change_task_type", shopping), typed))
    second = Question.objects.get(label="How much?")
    assert f'name="question-1-id" value="{second.pk}"' in page
    assert 'value="Which shops?"' in page
    again = {**typed, "version": TaskType.objects.get().version, "question-1-id": second.pk}
    again |= {"question-1-label": "How much?", "question-1-kind": "number"}
    assert office.post(url("change_task_type", shopping), again).status_code == 302
    asked = Question.objects.filter(active=True).values_list("label", flat=True)
    assert list(asked) == ["Which shops?", "How much?"]


def test_kinds_are_ordered_and_retired_and_come_back(office: Client) -> None:
    kinds = {name: make.make_task_type(name) for name in ("Lift", "Visit")}
    for number, kind in enumerate(kinds.values()):
        TaskType.objects.filter(pk=kind.pk).update(order=number)
    assert "“Visit” has moved." in text(office.post(url("order_task_type", kinds["Visit"]), {"to": "up"}, follow=True))
    assert list(TaskType.objects.values_list("name", flat=True)) == ["Visit", "Lift"]
    office.post(url("order_task_type", kinds["Visit"]), {"to": "up"})
    assert office.post(url("order_task_type", kinds["Visit"]), {"to": "sideways"}).status_code == 404
    assert list(TaskType.objects.values_list("name", flat=True)) == ["Visit", "Lift"]
    page = text(office.post(url("retire_task_type", kinds["Lift"]), {"active": "no", "version": 1}, follow=True))
    assert "“Lift” is out of use. Jobs of it go on." in page
    assert "Out of use" in page
    assert "In use: yes → no" in page
    response = office.post(url("retire_task_type", kinds["Lift"]), {"active": "yes", "version": 1})
    assert response.status_code == 409
    assert "Ama changed “Lift”" in text(response)
    page = text(office.post(url("retire_task_type", kinds["Lift"]), {"active": "yes", "version": 2}, follow=True))
    assert "“Lift” is in use again." in page


def test_what_is_wrong_with_options_together_is_said(
    office: Client, shopping: TaskType, settings: SettingsWrapper
) -> None:
    settings.COMMUNITY_HELP = {"CRITERIA": [*defaults.CRITERIA, "tests.matching.own.FromTo"]}
    response = choose(office, shopping, "from_to", on=True, first="5", last="3")
    assert response.status_code == 422
    assert "The last comes before the first." in text(response)
    said = text(choose(office, shopping, "from_to", on=True, first="0", last="9"))  # as it stands at first
    assert "nothing was different" in said


def test_name_with_a_percent_sign_is_a_name(office: Client) -> None:
    kind = make.make_task_type("100 % of %(kind)s %d")
    assert "100 % of %(kind)s %d: “lives near enough” is asked." in text(
        choose(office, kind, "radius", on=True, miles="2")
    )


def test_grid_without_kinds_offers_to_make_one(office: Client) -> None:
    assert "Make the first one" in text(office.get(GRID))


def test_navigation_leads_to_the_grid_only_whom_it_lets_in(office: Client, sign_in: Callable[[Person], Client]) -> None:
    assert GRID in text(office.get("/help/desk/"))
    assert GRID not in text(sign_in(make.make_coordinator("Leroy Grant")).get("/help/desk/"))


def test_doors_of_the_grid_are_an_administrators(
    office: Client, sign_in: Callable[[Person], Client], shopping: TaskType
) -> None:
    values = {"uuid": shopping.uuid, "slug": "area", "pk": 1}
    addresses = {
        pattern.name: reverse(
            f"community_help:{pattern.name}", kwargs={name: values[name] for name in pattern.pattern.converters}
        )
        for pattern in urlpatterns
    }
    others = [sign_in(make.make_coordinator("Leroy Grant")), sign_in(make.make_helper().person)]
    for address in addresses.values():
        assert {client.get(address).status_code for client in others} == {404}
        assert {client.post(address).status_code for client in others} == {404}
        assert Client().get(address).status_code == 302
    assert {name: office.get(address).status_code for name, address in addresses.items()} == {
        "list_task_types": 200,
        "make_task_type": 200,
        "change_task_type": 200,
        "choose_criterion": 302,
        "order_task_type": 302,
        "retire_task_type": 302,
        "undo_task_type_change": 302,
        "change_weights": 302,
    }
    nowhere = [url for name, url in addresses.items() if "<uuid" in name] + [
        reverse("community_help:change_task_type", args=[uuid4()]),
        reverse("community_help:undo_task_type_change", args=[10**18]),
    ]
    assert {office.post(address).status_code for address in nowhere} == {404}
    assert not TaskTypeChange.objects.exists()


def test_grid_costs_the_same_for_3_and_30_kinds(office: Client, assert_constant_queries: Callable[..., int]) -> None:
    area = make.make_area()

    def make_rows(number: int) -> None:
        while TaskType.objects.count() < number:
            kind = make.make_task_type()
            kind.default_skills.add(make.make_skill())
            make.make_job(task_type=kind, area=area)

    assert_constant_queries(make_rows, lambda: office.get(GRID), large=30)
