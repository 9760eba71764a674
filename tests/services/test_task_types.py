"""Kinds of job: made, changed, ordered, retired; everything is in the history and can be taken back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from community_help import defaults
from community_help.exceptions import NotAllowed, StaleTransition
from community_help.jobs.decision import Decision
from community_help.jobs.job import Job
from community_help.jobs.question import Answer
from community_help.jobs.task_type import TaskType
from community_help.jobs.task_type_change import TaskTypeChange
from community_help.matching import Moment, helpers_for
from community_help.matching.choices import options_of
from community_help.people.profiles import Helper
from community_help.people.roles import Role
from community_help.services import task_types as services
from community_help.testing import factories as make
from tests.matching.own import LateOptions, ManyOptions

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from community_help.people.person import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Person:
    person = make.make_person("Ama Mensah")
    make.grant_directly(person, Role.ADMINISTRATOR)
    return person


def made(admin: Person, name: str = "Gardening", **values: Any) -> TaskType:
    return services.make_task_type(actor=admin, values={"name": name, **values})


def now(kind: TaskType) -> TaskType:
    return TaskType.objects.get(pk=kind.pk)


def order() -> list[str]:
    return list(TaskType.objects.order_by("order", "name").values_list("name", flat=True))


def test_make_task_type_comes_last_and_stands_in_the_history(admin: Person) -> None:
    make.make_task_type("Shopping")
    skill = make.make_skill()
    kind = made(admin, "  Gardening  ", tile="dog", default_skills=[skill])
    assert (kind.name, kind.slug, kind.tile, order()[-1]) == ("Gardening", "gardening", "dog", "Gardening")
    assert list(kind.default_skills.all()) == [skill]
    change = kind.changes.get()
    assert (change.actor, change.before, change.after["default_skills"]) == (admin, {}, [skill.pk])


def test_make_task_type_of_a_name_that_is_taken_has_another_short_name(admin: Person) -> None:
    first = made(admin)
    with pytest.raises(ValidationError, match="Another kind of job has this name"):
        made(admin, "GARDENING")
    services.change_task_type(first, actor=admin, values={"active": False})
    assert [made(admin, name).slug for name in ("Gardening", "!?")] == ["gardening-2", "kind"]
    with pytest.raises(ValidationError, match="Another kind of job has this name"):
        services.change_task_type(first, actor=admin, values={"active": True})


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"tile": "gold"}, "tile"),
        ({"places": 0}, "places"),
        ({"job_model": "community_help.nothing"}, "job_model"),
    ],
)
def test_make_task_type_refuses_by_field(admin: Person, values: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        services.make_task_type(actor=admin, values={"name": "Gardening", **values})
    assert field in caught.value.message_dict
    assert not TaskType.objects.exists()


def test_check_needs_a_reason(admin: Person) -> None:
    level = make.make_check_level()
    with pytest.raises(ValidationError) as caught:
        made(admin, check_level=level, check_reason="  ")
    assert caught.value.message_dict == {
        "check_reason": ["Say why this check is needed: asking for more than that is an offence."]
    }
    assert made(admin, check_level=level, check_reason="Alone with a child").check_level == level


def test_change_task_type_writes_what_is_different_and_undo_writes_it_back(admin: Person) -> None:
    level, skills = make.make_check_level(), [make.make_skill(), make.make_skill()]
    kind = made(admin, default_skills=skills[:1])
    values = {
        "name": "Garden",
        "check_level": level,
        "check_reason": "so",
        "default_skills": skills,
        "tile": kind.tile,
    }
    change = services.change_task_type(kind, actor=admin, values=values, version=kind.version)
    assert change is not None
    assert change.before == {
        "name": "Gardening",
        "check_level": None,
        "check_reason": "",
        "default_skills": [skills[0].pk],
    }
    assert now(kind).version == kind.version + 1
    back = services.undo_task_type_change(change, actor=admin)
    row = now(kind)
    assert (row.name, row.check_level, list(row.default_skills.all()), back.undoes) == (
        "Gardening",
        None,
        skills[:1],
        change,
    )
    again = services.undo_task_type_change(back, actor=admin)
    assert (now(kind).name, now(kind).check_level, again.undoes) == ("Garden", level, back)


def test_change_that_changes_nothing_is_no_change(admin: Person) -> None:
    kind = made(admin)
    assert services.change_task_type(kind, actor=admin, values={"name": "Gardening"}) is None
    assert kind.changes.count() == 1


def test_change_of_what_is_not_the_communitys_is_refused(admin: Person) -> None:
    kind = made(admin)
    with pytest.raises(ValidationError, match="These can't be changed: order, slug"):
        services.change_task_type(kind, actor=admin, values={"slug": "x", "order": 1})


def test_who_was_faster_is_told(admin: Person) -> None:
    kind = made(admin)
    services.change_task_type(kind, actor=admin, values={"name": "Garden"}, version=kind.version)
    with pytest.raises(StaleTransition, match="Ama changed “Garden”"):
        services.change_task_type(kind, actor=admin, values={"name": "Yard"}, version=kind.version)
    assert now(kind).name == "Garden"


def test_undo_of_what_was_changed_again_or_taken_back_is_refused(admin: Person) -> None:
    kind = made(admin)
    first = services.change_task_type(kind, actor=admin, values={"name": "Garden"})
    second = services.change_task_type(kind, actor=admin, values={"name": "Yard"})
    assert first is not None
    assert second is not None
    with pytest.raises(ValidationError, match="changed again since"):
        services.undo_task_type_change(first, actor=admin)
    services.undo_task_type_change(second, actor=admin)
    with pytest.raises(ValidationError, match="taken back already"):
        services.undo_task_type_change(second, actor=admin)
    services.undo_task_type_change(first, actor=admin)
    assert now(kind).name == "Gardening"
    with pytest.raises(ValidationError, match="can't be unmade"):
        services.undo_task_type_change(kind.changes.last(), actor=admin)  # type: ignore[arg-type]


def test_undo_where_a_check_or_a_skill_of_then_is_gone_is_refused(admin: Person) -> None:
    level, car = make.make_check_level("Enhanced DBS"), make.make_skill("a car")
    kind = made(admin, check_level=level, check_reason="alone at home", default_skills=[car])
    without = services.change_task_type(kind, actor=admin, values={"default_skills": []})
    unchecked = services.change_task_type(kind, actor=admin, values={"check_level": None, "check_reason": ""})
    car.delete()
    level.delete()
    for change in (without, unchecked):
        assert change is not None
        with pytest.raises(ValidationError, match="is not there any more"):
            services.undo_task_type_change(change, actor=admin)
    assert now(kind).check_level is None


def test_undo_takes_one_criterion_back_and_leaves_the_others(admin: Person) -> None:
    kind = made(admin)
    first = services.choose_criterion(kind, "area", actor=admin, on=False, version=1)
    services.choose_criterion(kind, "radius", actor=admin, on=True, options={"miles": "2"}, version=2)
    assert first is not None
    services.undo_task_type_change(first, actor=admin)
    assert now(kind).criteria_options == {"radius": {"on": True, "options": {"miles": 2.0}}}
    again = services.choose_criterion(kind, "area", actor=admin, on=False, version=4)
    services.choose_criterion(kind, "area", actor=admin, on=True, version=5)
    assert again is not None
    with pytest.raises(ValidationError, match="changed again since"):
        services.undo_task_type_change(again, actor=admin)


def test_options_of_any_kind_are_kept_as_they_were_chosen(admin: Person, settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {"CRITERIA": [*defaults.CRITERIA, "tests.matching.own.ManyOptions"]}
    kind = made(admin)
    sent = QueryDict("days=mon&days=wed&until=2027-02-01&share=0.25")
    change = services.choose_criterion(kind, "many_options", actor=admin, on=True, options=sent, version=1)
    assert change is not None
    kept = options_of(ManyOptions, now(kind))
    assert kept == {"days": ["mon", "wed"], "until": date(2027, 2, 1), "share": Decimal("0.25")}
    assert services.choose_criterion(now(kind), "many_options", actor=admin, on=True, options=sent, version=2) is None
    services.undo_task_type_change(change, actor=admin)
    assert now(kind).criteria_options == {}


def test_choose_criterion_is_what_the_engine_asks_from_then_on(admin: Person) -> None:
    job = make.make_open_job()
    elsewhere = make.make_helper(areas=[make.make_area()], task_types=[job.task_type])
    assert not helpers_for(job).exists()
    change = services.choose_criterion(job.task_type, "area", actor=admin, on=False, version=1)
    job.refresh_from_db()
    assert list(helpers_for(job)) == [elsewhere]
    assert change is not None
    services.undo_task_type_change(change, actor=admin)
    job.refresh_from_db()
    assert not helpers_for(job).exists()


def test_choose_criterion_leaves_a_decision_about_who_has_offered_and_fits_no_more(admin: Person) -> None:
    job = make.make_open_job()
    near, far = make.make_matching_helper(job), make.make_matching_helper(job)
    for helper in (near, far):
        make.make_offer_row(job, helper)
    Helper.objects.filter(pk=near.pk).update(latitude=51.42, longitude=-2.6)
    Job.objects.filter(pk=job.pk).update(latitude=51.42, longitude=-2.6)
    change = services.choose_criterion(job.task_type, "radius", actor=admin, on=True, options={"miles": "1"}, version=1)
    decision = Decision.objects.get()
    assert (decision.helper, decision.criterion, decision.state) == (far, "radius", "open")
    assert decision.event is not None
    assert (decision.event.kind, decision.event.actor) == ("change_task_type", admin)
    assert change is not None
    services.undo_task_type_change(change, actor=admin)
    decision.refresh_from_db()
    assert decision.state == "resolved"


def test_choose_criterion_keeps_its_options_when_it_is_switched_off(admin: Person) -> None:
    kind = made(admin)
    services.choose_criterion(kind, "radius", actor=admin, on=True, options={"miles": "2.5"}, version=1)
    services.choose_criterion(kind, "radius", actor=admin, on=False, version=2)
    assert now(kind).criteria_options == {"radius": {"on": False, "options": {"miles": 2.5}}}


@pytest.mark.parametrize("slug", ["approved", "never_pair", "check_level", "not_this_one", "not_oneself"])
def test_criterion_that_keeps_people_safe_has_no_switch(admin: Person, slug: str) -> None:
    kind = made(admin)
    with pytest.raises(ValidationError, match="has no switch"):
        services.choose_criterion(kind, slug, actor=admin, on=False, version=1)
    assert now(kind).criteria_options == {}


@pytest.mark.parametrize(
    ("slug", "options", "said"),
    [("nothing", None, "no such criterion"), ("radius", {"miles": "far"}, "number"), ("radius", {"miles": "0"}, "0.1")],
)
def test_choose_criterion_refuses(admin: Person, slug: str, options: Any, said: str) -> None:
    kind = made(admin)
    with pytest.raises(ValidationError, match=said):
        services.choose_criterion(kind, slug, actor=admin, on=True, options=options, version=1)
    assert now(kind).criteria_options == {}


def asked(label: str, pk: int | None = None, **fields: Any) -> dict[str, Any]:
    begin = {"id": pk, "label": label, "kind": "text", "choices": [], "public": False, "required": False}
    return {**begin, **fields}


def test_questions_are_added_changed_retired_and_come_back(admin: Person) -> None:
    kind = made(admin, questions=[asked("Which shop?"), asked("How many bags?", kind="number")])
    shop, bags = kind.questions.all()
    change = services.change_task_type(
        kind, actor=admin, values={"questions": [asked("How many bags now?", bags.pk), asked("Any pets?")]}
    )
    assert change is not None
    assert list(kind.questions.filter(active=True).values_list("label", flat=True)) == [
        "How many bags now?",
        "Any pets?",
    ]
    services.undo_task_type_change(change, actor=admin)
    assert list(kind.questions.filter(active=True).values_list("pk", "label", "kind")) == [
        (shop.pk, "Which shop?", "text"),
        (bags.pk, "How many bags?", "number"),
    ]


def test_question_that_is_answered_otherwise_from_now_on_is_another_one(admin: Person) -> None:
    kind = made(admin, questions=[asked("How many bags?")])
    question = kind.questions.get()
    job = make.make_job(task_type=kind)
    answer = Answer.objects.create(job_id=job.pk, question=question, text="two")
    changed = asked("How many bags?", question.pk, kind="number")
    services.change_task_type(kind, actor=admin, values={"questions": [changed]})
    assert Answer.objects.get(pk=answer.pk).readable == "two"
    assert [row.kind for row in kind.questions.filter(active=True)] == ["number"]
    assert kind.questions.get(active=False) == question


def test_kind_of_job_whose_job_model_is_gone_can_be_retired(admin: Person) -> None:
    kind = made(admin)
    TaskType.objects.filter(pk=kind.pk).update(job_model="gone.away")
    services.change_task_type(kind, actor=admin, values={"active": False})
    assert now(kind).active is False


def test_question_of_another_kind_of_job_is_not_taken_over(admin: Person) -> None:
    other = made(admin, "Lift", questions=[asked("Where to?")]).questions.get()
    made(admin, "Visit", questions=[asked("Tea or coffee?", other.pk)])
    other.refresh_from_db()
    assert (other.label, other.task_type.name) == ("Where to?", "Lift")


def test_order_task_type_moves_one_and_undo_moves_it_back(admin: Person) -> None:
    kinds = {name: made(admin, name) for name in "ABCD"}
    change = services.order_task_type(kinds["D"], actor=admin, place=1)
    assert order() == list("ADBC")
    assert change is not None
    assert (change.before, change.after) == ({"order": 3}, {"order": 1})
    services.undo_task_type_change(change, actor=admin)
    assert order() == list("ABCD")
    services.order_task_type(kinds["A"], actor=admin, place=99)
    assert order() == list("BCDA")
    assert services.order_task_type(kinds["A"], actor=admin, place=3) is None


def test_order_task_type_among_kinds_whose_order_is_the_same(admin: Person) -> None:
    kinds = {name: make.make_task_type(name) for name in "ABC"}
    change = services.order_task_type(kinds["C"], actor=admin, place=1)
    assert order() == list("ACB")
    assert change is not None
    services.undo_task_type_change(change, actor=admin)
    assert order() == list("ABC")


def test_options_of_a_form_that_sets_itself_up_are_kept(admin: Person, settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {"CRITERIA": [*defaults.CRITERIA, "tests.matching.own.LateOptions"]}
    kind = made(admin)
    assert LateOptions(Moment.of(), options_of(LateOptions, kind)).options == {"level": "a"}
    services.choose_criterion(kind, "late_options", actor=admin, on=True, options={"level": "b"}, version=1)
    assert options_of(LateOptions, TaskType.objects.get()) == {"level": "b"}


def test_undo_of_a_move_after_which_it_was_moved_again_is_refused(admin: Person) -> None:
    kinds = {name: made(admin, name) for name in "ABC"}
    first = services.order_task_type(kinds["A"], actor=admin, place=1)
    services.order_task_type(kinds["A"], actor=admin, place=2)
    assert first is not None
    with pytest.raises(ValidationError, match="changed again since"):
        services.undo_task_type_change(first, actor=admin)
    assert order() == list("BCA")


@pytest.mark.parametrize(
    "choice",
    [True, {"on": "yes"}, {"on": True, "options": []}, {"off": True}],
    ids=["not a choice", "neither on nor off", "options without names", "unknown word"],
)
def test_criteria_that_could_not_be_read_are_refused(choice: Any, admin: Person) -> None:
    kind = made(admin)
    with pytest.raises(ValidationError) as caught:
        services.change_task_type(kind, actor=admin, values={"criteria_options": {"area": choice}})
    assert caught.value.message_dict == {
        "criteria_options": ["Each criterion is on or off, and has its options by name."]
    }
    assert TaskType.objects.get().criteria_options == {}


def test_kinds_of_job_are_an_administrators(admin: Person) -> None:
    kind = made(admin)
    change = kind.changes.get()
    for actor in (make.make_coordinator(), make.make_helper().person):
        for attempt in (
            lambda who: services.make_task_type(actor=who, values={"name": "x"}),
            lambda who: services.change_task_type(kind, actor=who, values={"name": "x"}),
            lambda who: services.choose_criterion(kind, "area", actor=who, on=False, version=1),
            lambda who: services.order_task_type(kind, actor=who, place=0),
            lambda who: services.undo_task_type_change(change, actor=who),
        ):
            with pytest.raises(NotAllowed):
                attempt(actor)
    assert TaskTypeChange.objects.count() == 1
