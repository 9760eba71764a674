"""What changes eligibility, times what is agreed: the decision that comes of it, or none."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from community_help import matching
from community_help.exceptions import NotDisclosed
from community_help.jobs.decision import Decision
from community_help.jobs.job import Job
from community_help.jobs.offer import Offer
from community_help.jobs.waiver import Waiver
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import OfferState
from community_help.people.places import Position
from community_help.people.profiles import Buddy, Helper, Requester
from community_help.privacy.disclosure import reveal
from community_help.safeguarding.background_checks import Check
from community_help.services import offers, people, places, safeguarding
from community_help.services.availability import change_availability
from community_help.services.change import change_job
from community_help.services.ripple import ask_about
from community_help.services.undo import undo
from community_help.testing import factories as make

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoAssertMaxNumQueries

    from community_help.people.community import Skill
    from community_help.people.person import Person
    from community_help.safeguarding.background_checks import CheckLevel

pytestmark = pytest.mark.django_db

HOME, FAR = Position(51.42, -2.59), Position(51.50, -2.40)
HOUR = timedelta(hours=1)


class Town:
    """One job that asks for everything, and a helper who is on it and has it all."""

    def __init__(self, **fields: Any) -> None:
        self.ama: Person = make.make_coordinator("Ama Mensah")
        self.level: CheckLevel = make.make_check_level("Enhanced DBS")
        self.car: Skill = make.make_skill("a car", phrase="drives")
        kind = make.make_task_type(
            "Shopping", check_level=self.level, criteria_options={"radius": {"on": True, "options": {"miles": 1}}}
        )
        start = timezone.now() + timedelta(days=2)
        time = {"timing": "between", "earliest": start, "latest": start + HOUR}
        self.job: Job = make.make_open_job(
            area=make.make_area("Filwood"), task_type=kind, skills=[self.car], **{**time, **fields}
        )
        Job.objects.filter(pk=self.job.pk).update(latitude=HOME.latitude, longitude=HOME.longitude)
        self.job.refresh_from_db()
        self.tom: Helper = make.make_matching_helper(self.job, "Tom Aldous")
        places.pin_person(self.tom.person, HOME, actor=self.ama)
        self.tom.refresh_from_db()
        self.offer: Offer = make.make_offer_row(self.job, self.tom)
        self.check: Check = Check.objects.get(helper=self.tom)

    def ratify(self) -> None:
        offers.ratify_offer(self.offer, actor=self.ama)
        past = timezone.now() - timedelta(minutes=1)
        Offer.objects.filter(pk=self.offer.pk).update(ratified_at=past)  # the undo time is over
        self.offer.refresh_from_db()

    def found(self) -> dict[str, tuple[str, bool]]:
        """Criterion → state and whether safety is at stake, of what stands."""
        return {row.criterion: (row.state, row.safeguarding) for row in Decision.objects.standing()}

    def is_shut(self) -> bool:
        return Offer.objects.get(pk=self.offer.pk).shut_at is not None


@pytest.fixture
def town() -> Town:
    return Town()


def renew(town: Town) -> None:
    safeguarding.record_check(town.tom, actor=town.ama, level=town.level, issued_on=timezone.localdate())


def keep_apart(town: Town) -> None:
    safeguarding.never_pair(town.tom, town.job.requester, actor=town.ama, reason="a quarrel")


def suspend(town: Town) -> None:
    people.suspend_helper(town.tom, actor=town.ama, why="a complaint")


def approve(town: Town) -> None:
    people.approve_helper(town.tom, actor=town.ama, why="cleared up")


def revoke(town: Town) -> None:
    safeguarding.revoke_check(town.check, actor=town.ama, why="a new entry")


def go_away(town: Town) -> None:
    change_availability(town.tom, actor=town.tom.person, away=[(timezone.localdate(), None)])


#: Change → the criterion that fails by it, whether safety is at stake, and what makes it hold again.
CHANGES: dict[str, tuple[Callable[[Town], object], str, bool, Callable[[Town], object] | None]] = {
    "area": (
        lambda t: people.change_helper(t.tom, actor=t.tom.person, areas=[]),
        "area",
        False,
        lambda t: people.change_helper(t.tom, actor=t.ama, areas=[t.job.area]),
    ),
    "kind": (
        lambda t: people.change_helper(t.tom, actor=t.tom.person, task_types=[]),
        "willing",
        False,
        lambda t: people.change_helper(t.tom, actor=t.ama, task_types=[t.job.task_type]),
    ),
    "skill": (
        lambda t: people.change_helper(t.tom, actor=t.tom.person, skills=[]),
        "skills",
        False,
        lambda t: people.change_helper(t.tom, actor=t.ama, skills=[t.car]),
    ),
    "place": (
        lambda t: places.pin_person(t.tom.person, FAR, actor=t.ama),
        "radius",
        False,
        lambda t: places.pin_person(t.tom.person, HOME, actor=t.ama),
    ),
    "days away": (go_away, "available", False, lambda t: change_availability(t.tom, actor=t.tom.person, away=[])),
    "pause": (lambda t: people.pause_helper(t.tom, actor=t.tom.person), "approved", False, approve),
    "suspension": (suspend, "approved", True, approve),
    "leaving": (lambda t: people.retire_helper(t.tom, actor=t.tom.person), "approved", True, approve),
    "check": (revoke, "check_level", True, renew),
    "never pair": (keep_apart, "never_pair", True, None),
}


@pytest.mark.parametrize("ratified", [True, False], ids=["ratified", "offered"])
@pytest.mark.parametrize("change", CHANGES)
def test_change_makes_its_decision_and_what_holds_again_settles_it(town: Town, change: str, ratified: bool) -> None:
    act, criterion, safeguarding_, take_back = CHANGES[change]
    if ratified:
        town.ratify()
    assert (town.found(), town.is_shut()) == ({}, False)
    act(town)
    assert (town.found(), town.is_shut()) == ({criterion: ("open", safeguarding_)}, safeguarding_)
    row = Decision.objects.get()
    explained = {verdict.slug: verdict.because for verdict in matching.explain(town.job, town.tom).failed}
    assert (row.because, row.offer, row.helper, row.opening) == (explained[criterion], town.offer, town.tom, 1)
    cause = Event.objects.exclude(kind="open_decision").latest("pk")
    assert (row.event, row.since) == (cause, cause.at)
    told = Event.objects.get(kind="open_decision")
    assert (told.job_id, told.offer, told.rule, told.actor, told.why) == (town.job.pk, town.offer, cause.kind, None, "")
    if take_back is not None:
        take_back(town)
        assert (town.found(), town.is_shut()) == ({}, False)
        assert Decision.objects.get().state == "resolved"


@pytest.mark.parametrize("change", CHANGES)
def test_change_asks_nothing_of_what_is_over(town: Town, change: str) -> None:
    town.ratify()
    Offer.objects.update(reported_at=timezone.now())
    CHANGES[change][0](town)
    assert (town.found(), town.is_shut()) == ({}, CHANGES[change][2])


@pytest.mark.parametrize("change", [name for name, row in CHANGES.items() if row[2]])
def test_details_are_shut_in_the_same_transaction(town: Town, change: str) -> None:
    """Both by the offer's own mark, and by what the window asks on every reading."""
    town.ratify()
    assert reveal(town.job.requester.person, ["phone"], actor=town.tom.person, why=town.offer)
    CHANGES[change][0](town)
    town.tom.person.refresh_from_db()
    for shut_at in (Offer.objects.get().shut_at, None):
        Offer.objects.update(shut_at=shut_at)
        with pytest.raises(NotDisclosed):
            reveal(town.job.requester.person, ["phone"], actor=town.tom.person, why=Offer.objects.get())


@pytest.mark.parametrize("change", [name for name, row in CHANGES.items() if not row[2]])
def test_details_stay_where_no_safety_is_at_stake(town: Town, change: str) -> None:
    town.ratify()
    CHANGES[change][0](town)
    assert reveal(town.job.requester.person, ["phone"], actor=town.tom.person, why=Offer.objects.get())


def test_most_jobs_and_not_this_one_make_no_decision(town: Town) -> None:
    town.ratify()
    change_availability(town.tom, actor=town.tom.person, most_jobs=0)
    other = make.make_open_job(area=town.job.area, task_type=make.make_task_type("Lift"))
    offer = make.make_offer_row(other, town.tom)
    offers.answer_ask(other, helper=town.tom, actor=town.tom.person, answer="not_this_one")
    people.change_helper(town.tom, actor=town.ama, task_types=[town.job.task_type, other.task_type])
    assert (town.found(), offer.state) == ({}, OfferState.OFFERED)


@pytest.mark.parametrize("timing", ["flexible", "asap"])
def test_hours_make_no_decision_of_a_job_without_a_time(timing: str) -> None:
    town = Town(timing=timing, earliest=None, latest=None)
    town.ratify()
    go_away(town)
    assert town.found() == {}


def test_hours_make_no_decision_when_the_time_is_over(town: Town) -> None:
    town.ratify()
    now = timezone.now()
    Job.objects.update(earliest=now - 2 * HOUR, latest=now - HOUR)
    go_away(town)
    assert town.found() == {}


def test_waiver_of_the_opening_stands_in(town: Town) -> None:
    waiver = {"helper": town.tom, "criterion": "skills", "why": "her son drives"}
    Waiver.objects.create(job_id=town.job.pk, opening=1, **waiver)
    people.change_helper(town.tom, actor=town.tom.person, skills=[])
    assert town.found() == {}


def test_two_checks_of_which_one_is_revoked_change_nothing(town: Town) -> None:
    town.ratify()
    renew(town)
    revoke(town)
    assert (town.found(), town.is_shut()) == ({}, False)


@pytest.mark.parametrize("days", [10, -3], ids=["running", "late"])
def test_check_renewed_since_the_job_began_opens_again_and_settles(days: int) -> None:
    now = timezone.now()
    town = Town(earliest=now - timedelta(days=5), latest=now + timedelta(days=days))
    town.ratify()
    revoke(town)
    assert (town.found(), town.is_shut()) == ({"check_level": ("open", True)}, True)
    renew(town)
    assert (town.found(), town.is_shut()) == ({}, False)
    assert Decision.objects.get().state == "resolved"


def test_changes_make_one_decision_for_each_criterion_and_offer(town: Town) -> None:
    other = make.make_open_job(area=town.job.area, task_type=make.make_task_type("Lift"), skills=[town.car])
    make.make_offer_row(other, town.tom)
    people.change_helper(town.tom, actor=town.ama, task_types=[town.job.task_type, other.task_type])
    for _again in range(2):
        people.change_helper(town.tom, actor=town.ama, skills=[], areas=[])
    rows = Decision.objects.values_list("offer__job", "criterion")
    assert sorted(rows) == sorted((job.pk, slug) for job in (town.job, other) for slug in ("area", "skills"))
    assert Event.objects.filter(kind="open_decision").count() == 4


def test_sentence_of_a_decision_is_brought_up_to_date(town: Town) -> None:
    people.change_helper(town.tom, actor=town.ama, skills=[])
    speaks = make.make_skill("Somali", phrase="speaks Somali")
    town.job.skills.add(speaks)
    people.change_helper(town.tom, actor=town.ama, skills=[])
    row = Decision.objects.get()
    assert (row.because, row.version) == ("the job needs somebody who speaks Somali and drives", 1)


def test_pause_that_becomes_a_suspension_is_asked_anew(town: Town) -> None:
    town.ratify()
    people.pause_helper(town.tom, actor=town.tom.person)
    Decision.objects.update(state="kept", until=timezone.now() + HOUR, answered_at=timezone.now())
    suspend(town)
    row = Decision.objects.get()
    assert (row.state, row.safeguarding, row.until, row.answered_at) == ("open", True, None, None)
    assert (row.version, town.is_shut()) == (2, True)


def test_change_job_asks_about_everybody_on_it(town: Town) -> None:
    town.ratify()
    knowle = make.make_area("Knowle")
    event = change_job(town.job, actor=town.ama, values={"area": knowle})
    row = Decision.objects.get(criterion="area")
    assert (row.because, row.opening, row.event) == ("does not cover Knowle", 2, event)
    undo(event, actor=town.ama)
    assert "area" not in town.found()


def test_undo_of_a_change_that_shut_opens_again() -> None:
    job = make.make_open_job()
    offer = make.make_offer_row(job)
    ama = make.make_coordinator()
    event = change_job(job, actor=ama, values={"check_level": make.make_check_level()})
    assert Offer.objects.get(pk=offer.pk).shut_at == event.at
    undo(event, actor=ama)
    assert (Offer.objects.get(pk=offer.pk).shut_at, Decision.objects.get().state) == (None, "resolved")


def test_undo_of_standing_down_asks_again(town: Town) -> None:
    town.ratify()
    suspend(town)
    event = offers.stand_down_offer(town.offer, actor=town.ama, why="safety")
    assert not Decision.objects.about_something().exists()
    undo(event, actor=town.ama)
    assert Decision.objects.about_something().standing().count() == 1


def test_answer_of_another_opening_does_not_hold(town: Town) -> None:
    people.change_helper(town.tom, actor=town.ama, skills=[])
    Decision.objects.update(state="kept", until=timezone.now() + HOUR, answered_at=timezone.now())
    change_job(town.job, actor=town.ama, values={"minutes": 30})
    row = Decision.objects.get()
    assert (row.state, row.opening, row.until) == ("open", 2, None)


def test_asking_about_many_jobs_costs_one_query_for_each(
    town: Town, django_assert_max_num_queries: DjangoAssertMaxNumQueries
) -> None:
    with CaptureQueriesContext(connection) as of_one:
        ask_about(Offer.objects.all(), event=None)
    for _number in range(6):
        job = make.make_open_job(area=town.job.area, task_type=town.job.task_type, skills=[town.car])
        make.make_offer_row(job, make.make_matching_helper(job))
    Job.objects.update(latitude=HOME.latitude, longitude=HOME.longitude)
    Helper.objects.update(latitude=HOME.latitude, longitude=HOME.longitude)
    assert Offer.objects.live().count() == 7
    with django_assert_max_num_queries(len(of_one) + 6):
        ask_about(Offer.objects.all(), event=None)
    assert town.found() == {}


def test_requesters_home_and_the_middle_of_an_area_move_their_jobs(town: Town) -> None:
    town.ratify()
    Job.objects.update(latitude=None, longitude=None)
    for position, found in ((HOME, {}), (FAR, {"radius": ("open", False)})):
        places.pin_person(town.job.requester.person, position, actor=town.ama)
        assert town.found() == found
    assert town.found() == {"radius": ("open", False)}
    Job.objects.update(rough=True)
    places.pin_area(town.job.area, HOME, actor=town.ama)
    assert town.found() == {"radius": ("open", False)}  # roughly at home is still at home
    Requester.objects.update(latitude=None, longitude=None)
    places.pin_area(town.job.area, HOME, actor=town.ama)
    assert town.found() == {}


@pytest.mark.parametrize(
    ("act", "found"),
    [
        (suspend, {"approved": ("open", True)}),
        (lambda t: people.pause_helper(t.tom, actor=t.ama), {"approved": ("open", False)}),
        (lambda t: people.retire_helper(t.tom, actor=t.ama), {"approved": ("open", True)}),
        (keep_apart, {"never_pair": ("open", True)}),
        (revoke, {}),
        (go_away, {}),
        (lambda t: people.change_helper(t.tom, actor=t.ama, areas=[], skills=[], task_types=[]), {}),
    ],
)
def test_buddies_are_asked_what_makes_sense_without_a_job(
    town: Town, act: Callable[[Town], object], found: dict[str, Any]
) -> None:
    town.offer.delete()
    Buddy.objects.create(helper=town.tom, requester=town.job.requester)
    act(town)
    assert town.found() == found
    assert set(Decision.objects.values_list("offer", "opening")) <= {(None, 0)}
    if "approved" in found:
        approve(town)
        assert town.found() == {}


def test_asking_changes_nothing_of_the_job(town: Town) -> None:
    before = Job.objects.values("version", "state", "changed_at").get()
    people.change_helper(town.tom, actor=town.ama, areas=[])
    assert Job.objects.values("version", "state", "changed_at").get() == before


def test_asking_costs_the_same_however_many_are_on_a_job(
    town: Town, django_assert_max_num_queries: DjangoAssertMaxNumQueries
) -> None:
    for _number in range(12):
        make.make_offer_row(town.job)
    Helper.objects.update(latitude=HOME.latitude, longitude=HOME.longitude)
    with django_assert_max_num_queries(14):
        ask_about(Offer.objects.all(), event=None)
