"""Jobs for me, and my jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from community_help.jobs.job import Job
from community_help.jobs.offer import Ask, AskAnswer
from community_help.jobs.task_type import Urgency
from community_help.lifecycle.table import OfferState
from community_help.people.community import Area, Skill
from community_help.people.profiles import HelperState, NeverPair
from community_help.testing import factories as make
from tests.portal.pages import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from community_help.jobs.task_type import TaskType
    from community_help.people.person import Person
    from community_help.people.profiles import Helper

HOME = "/help/jobs/"
MINE = "/help/jobs/mine/"


def titles(response: Any) -> list[str]:
    return [card.job.title for card in response.context["cards"]]


def test_addresses_are_those_of_the_contract() -> None:
    assert (reverse("community_help:jobs_for_me"), reverse("community_help:my_jobs")) == (HOME, MINE)


def test_jobs_for_me_lists_matching_jobs_with_reasons(tom: Client, area: Area, shopping: TaskType) -> None:
    drives = make.make_skill("a car", phrase="drives")
    make.make_open_job(task_type=shopping, area=area, title="Weekly shopping")
    make.make_open_job(task_type=shopping, area=area, title="For a driver", skills=[drives])
    make.make_open_job(task_type=shopping, title="Elsewhere")
    response = tom.get(HOME)
    assert titles(response) == ["Weekly shopping"]
    page = text_of(response)
    assert "1 job near you, Tom" in page
    assert "Covers Filwood, does “Shopping”" in page


def test_jobs_for_me_puts_the_pressing_first(tom: Client, area: Area, shopping: TaskType) -> None:
    for urgency in (Urgency.WHENEVER, Urgency.CRITICAL, Urgency.SOON, Urgency.URGENT):
        make.make_open_job(task_type=shopping, area=area, title=str(urgency.value), urgency=urgency)
    assert titles(tom.get(HOME)) == ["critical", "urgent", "soon", "whenever"]


def test_jobs_for_me_leaves_out_what_was_answered(tom: Client, helper: Helper, area: Area, shopping: TaskType) -> None:
    def one(title: str) -> Any:
        return make.make_open_job(task_type=shopping, area=area, title=title)

    one("fresh")
    make.make_offer_row(one("offered"), helper)
    make.make_offer_row(one("declined"), helper, state=OfferState.DECLINED)
    make.make_offer_row(one("withdrawn"), helper, state=OfferState.WITHDRAWN)
    for title, answer in (("no", AskAnswer.NOT_THIS_ONE), ("later", AskAnswer.NOT_NOW)):
        job = one(title)
        Ask.objects.create(
            job_id=job.pk, opening=1, helper=helper, step="alert", answer=answer, answered_at=job.created_at
        )
    response = tom.get(HOME)
    assert sorted(titles(response)) == ["fresh", "later", "withdrawn"]
    assert [card.offer.job.title for card in response.context["waiting"]] == ["offered"]


def test_jobs_for_me_brings_a_refused_job_back_in_a_new_opening(
    tom: Client, helper: Helper, area: Area, shopping: TaskType
) -> None:
    job = make.make_open_job(task_type=shopping, area=area)
    make.make_offer_row(job, helper, state=OfferState.DECLINED)
    Ask.objects.create(
        job_id=job.pk, opening=1, helper=helper, step="alert", answer="not_this_one", answered_at=job.created_at
    )
    Job.objects.non_polymorphic().filter(pk=job.pk).update(opening=2)
    assert titles(tom.get(HOME)) == [job.title]


def test_jobs_for_me_marks_whom_the_helper_helped_before(
    tom: Client, helper: Helper, area: Area, shopping: TaskType
) -> None:
    requester = make.make_requester(area=area)
    for _n in range(2):
        done = make.make_job(task_type=shopping, requester=requester)
        make.make_offer_row(done, helper, state=OfferState.COMPLETED, reported_at=done.created_at)
    make.make_open_job(task_type=shopping, requester=requester)
    assert "You have helped them 2 times." in text_of(tom.get(HOME))


def test_jobs_for_me_shows_nothing_private(tom: Client, area: Area, shopping: TaskType) -> None:
    contact = {"phone": "0117 496 0777", "address": "31 Throgmorton Road", "postcode": "BS4 1AA"}
    requester = make.make_requester("Wilhelmina Canary", area=area, contact=contact)
    make.make_open_job(
        task_type=shopping, requester=requester, private_details="canary-private", shopping_list="canary-list"
    )
    page = tom.get(HOME).content.decode()
    for private in (
        "Wilhelmina",
        "Canary",
        "496 0777",
        "4960777",
        "Throgmorton",
        "BS4",
        "canary-private",
        "canary-list",
    ):
        assert private not in page


@pytest.mark.parametrize(
    ("state", "words"),
    [(HelperState.APPLIED, "Thank you for joining"), (HelperState.PAUSED, "You are having a break")],
)
def test_jobs_for_me_says_kindly_why_nobody_asks(
    sign_in: Callable[[Person], Client], area: Area, shopping: TaskType, state: HelperState, words: str
) -> None:
    make.make_open_job(task_type=shopping, area=area, title="Not for you yet")
    someone = make.make_helper("Chloe Vickery", areas=[area], task_types=[shopping], state=state)
    page = text_of(sign_in(someone.person).get(HOME))
    assert words in page
    assert "Not for you yet" not in page


@pytest.mark.parametrize("state", [HelperState.SUSPENDED, HelperState.LEFT])
@pytest.mark.parametrize("url", [HOME, MINE])
def test_pages_are_not_there_for_who_does_not_help(
    sign_in: Callable[[Person], Client], db: None, state: HelperState, url: str
) -> None:
    assert sign_in(make.make_helper(state=state).person).get(url).status_code == 404
    assert sign_in(make.make_coordinator()).get(url).status_code == 404


@pytest.mark.parametrize("url", [HOME, MINE])
def test_pages_ask_to_sign_in_first(client: Client, db: None, url: str) -> None:
    response = client.get(url)
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={url}")


def test_empty_home_says_that_nothing_is_open(tom: Client) -> None:
    assert "No jobs are open at all just now." in text_of(tom.get(HOME))


def test_empty_home_counts_what_would_change_it(tom: Client, area: Area, shopping: TaskType) -> None:
    dogs = make.make_task_type("Dog walk", job_model="community_help.dogwalkjob")
    drives = make.make_skill("a car", phrase="drives")
    for _n in range(2):
        make.make_open_job(task_type=dogs, area=area)
    make.make_open_job(task_type=shopping, area=make.make_area("Hartcliffe"))
    make.make_open_job(task_type=shopping, area=area, skills=[drives])
    make.make_open_job(task_type=dogs)  # two things away: neither area nor kind
    response = tom.get(HOME)
    found = [(each.title, each.missing) for each in response.context["nothing"].elsewhere]
    assert found == [
        ("Dog walk: 2 jobs near you", "You have not ticked this kind of job."),
        ("1 job in Hartcliffe", "You have not ticked this area."),
        ("1 job near you", "For somebody who drives."),
    ]
    assert "5 jobs are open just now" in text_of(response)


def test_empty_home_suggests_no_kind_that_is_out_of_use(tom: Client, area: Area) -> None:
    make.make_open_job(task_type=make.make_task_type("Dog walk", active=False), area=area)
    assert tom.get(HOME).context["nothing"].elsewhere == ()


def test_empty_home_suggests_no_area_and_no_skill_that_is_out_of_use(
    tom: Client, area: Area, shopping: TaskType
) -> None:
    make.make_open_job(task_type=shopping, area=make.make_area())
    make.make_open_job(task_type=shopping, area=area, skills=[make.make_skill("a car")])
    assert len(tom.get(HOME).context["nothing"].elsewhere) == 2
    Area.objects.exclude(pk=area.pk).update(active=False)
    Skill.objects.update(active=False)
    assert tom.get(HOME).context["nothing"].elsewhere == ()


def test_empty_home_promises_no_job_that_lacks_two_skills_for_one(tom: Client, area: Area, shopping: TaskType) -> None:
    skills = [make.make_skill("a car", phrase="drives"), make.make_skill("Somali", phrase="speaks Somali")]
    make.make_open_job(task_type=shopping, area=area, skills=skills)
    [found] = tom.get(HOME).context["nothing"].elsewhere
    assert found.missing == "For people with several skills that you have not ticked."


def test_empty_home_names_at_least_one_of_each(tom: Client, area: Area, shopping: TaskType) -> None:
    for name in ("A", "B", "C", "D", "E"):
        for _n in range(2):
            make.make_open_job(task_type=make.make_task_type(f"Kind {name}{_n}"), area=area)
    make.make_open_job(task_type=shopping, area=make.make_area("Hartcliffe"))
    found = [each.missing for each in tom.get(HOME).context["nothing"].elsewhere]
    assert len(found) == 4
    assert "You have not ticked this area." in found


def test_empty_home_never_counts_a_person_whom_the_helper_must_not_meet(
    tom: Client, helper: Helper, area: Area
) -> None:
    job = make.make_open_job(task_type=make.make_task_type("Visit", job_model="community_help.visitjob"), area=area)
    NeverPair.objects.create(helper=helper, requester=job.requester)
    assert tom.get(HOME).context["nothing"].elsewhere == ()


def test_empty_home_thanks_for_having_answered_all(tom: Client, helper: Helper, area: Area, shopping: TaskType) -> None:
    job = make.make_open_job(task_type=shopping, area=area)
    tom.post(f"{HOME}{job.uuid}/answer/", {"answer": "not_this_one"})
    assert "You have answered the one job that fits you." in text_of(tom.get(HOME))


def test_empty_home_asks_who_has_not_ticked_anything(sign_in: Callable[[Person], Client], db: None) -> None:
    page = text_of(sign_in(make.make_helper().person).get(HOME))
    assert "You have not told us yet what you like to do" in page


def test_my_jobs_sorts_offers_by_how_they_stand(tom: Client, helper: Helper) -> None:
    for state in OfferState:
        job = make.make_open_job(title=str(state.value), places=3, places_filled=1)
        make.make_offer_row(job, helper, state=state)
    reported = make.make_open_job(title="reported", places=3, places_filled=1)
    make.make_offer_row(reported, helper, state=OfferState.RATIFIED, reported_at=reported.created_at)
    context = tom.get(MINE).context
    assert [card.offer.job.title for card in context["taken"]] == ["ratified"]
    assert [card.offer.job.title for card in context["waiting"]] == ["offered"]
    others = {state.value for state in OfferState} - {"ratified", "offered"} | {"reported"}
    assert {card.offer.job.title for card in context["earlier"]} == others


@pytest.mark.parametrize(
    ("stamp", "words"),
    [
        ("made_at", "It’s yours. Open it to get in touch."),
        ("contacted_at", "Yours, and you have made contact."),
        ("unconfirmed_since", "It has changed since you offered. Still yes?"),
    ],
)
def test_my_jobs_says_how_each_stands(tom: Client, helper: Helper, stamp: str, words: str) -> None:
    job = make.make_open_job(places=2, places_filled=1)
    make.make_offer_row(job, helper, state=OfferState.RATIFIED, **{stamp: job.created_at})
    assert words in text_of(tom.get(MINE))


def test_my_jobs_is_paged(tom: Client, helper: Helper) -> None:
    job = make.make_open_job()
    for _n in range(21):
        make.make_offer_row(job, helper, state=OfferState.WITHDRAWN)
    assert len(tom.get(MINE, {"page": "1"}).context["earlier"]) == 20
    assert len(tom.get(MINE, {"page": "2"}).context["earlier"]) == 1
    assert tom.get(MINE, {"page": "\x00"}).status_code == 200


def test_my_jobs_says_what_to_do_when_there_is_nothing(tom: Client) -> None:
    assert "Nothing taken on just now" in text_of(tom.get(MINE))


@pytest.mark.slow
def test_jobs_for_me_costs_the_same_for_3_and_300_jobs(
    tom: Client, helper: Helper, area: Area, shopping: TaskType, assert_constant_queries: Callable[..., int]
) -> None:
    drives = make.make_skill("a car", phrase="drives")
    helper.skills.add(drives)
    requester = make.make_requester(area=area)
    made: list[int] = []

    def make_rows(number: int) -> None:
        while len(made) < number:
            job = make.make_open_job(task_type=shopping, requester=requester, skills=[drives])
            made.append(job.pk)
            taken = make.make_open_job(task_type=shopping, requester=requester)
            make.make_offer_row(taken, helper, state=OfferState.RATIFIED)

    assert assert_constant_queries(make_rows, lambda: tom.get(HOME)) <= 25


@pytest.mark.slow
def test_empty_home_costs_the_same_for_3_and_300_jobs(
    tom: Client, area: Area, shopping: TaskType, assert_constant_queries: Callable[..., int]
) -> None:
    drives = make.make_skill("a car", phrase="drives")
    made: list[int] = []

    def make_rows(number: int) -> None:
        while len(made) < number:
            made.append(make.make_open_job(task_type=shopping, area=area, skills=[drives]).pk)

    assert assert_constant_queries(make_rows, lambda: tom.get(HOME)) <= 25


@pytest.mark.slow
def test_my_jobs_costs_the_same_for_3_and_300_offers(
    tom: Client, helper: Helper, area: Area, shopping: TaskType, assert_constant_queries: Callable[..., int]
) -> None:
    requester = make.make_requester(area=area)
    made: list[int] = []

    def make_rows(number: int) -> None:
        while len(made) < number:
            for state in (OfferState.RATIFIED, OfferState.OFFERED, OfferState.COMPLETED):
                job = make.make_open_job(task_type=shopping, requester=requester)
                made.append(make.make_offer_row(job, helper, state=state).pk)

    assert assert_constant_queries(make_rows, lambda: tom.get(MINE)) <= 15
