"""The engine against a plain reading of the rules, on communities made by chance."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from hypothesis import HealthCheck, event, given, settings

from community_help.jobs.job import Job, Timing
from community_help.jobs.offer import Ask, AskAnswer, Offer
from community_help.jobs.task_type import TaskType
from community_help.jobs.waiver import Waiver
from community_help.lifecycle.table import JobState
from community_help.matching import (
    Moment,
    Need,
    best,
    explain,
    helpers_for,
    jobs_for,
    matches,
    near_misses,
    outlook,
    passing,
    supply,
    supply_of_each,
)
from community_help.matching.criterion import load
from community_help.people.availability import Away
from community_help.people.community import Area, Skill
from community_help.people.person import Person
from community_help.people.profiles import Helper, HelperState, NeverPair, Requester
from community_help.safeguarding.background_checks import Check, CheckDecision, CheckLevel
from tests.matching.asking import today
from tests.matching.depth import examples
from tests.matching.plans import (
    BY_PHONE,
    INCLUDES,
    KINDS,
    LEAST,
    MILES,
    PLANS,
    WAIVABLE,
    HelperPlan,
    Plan,
    with_own_criterion,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def own_criterion() -> Iterator[None]:
    with with_own_criterion():
        yield


class Town:
    """The rows of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.today = today()
        self.areas = [Area.objects.create(name=f"Area {n}", slug=f"a{n}") for n in KINDS]
        self.skills = [Skill.objects.create(name=f"skill {n}", phrase=f"can {n}", slug=f"s{n}") for n in KINDS]
        self.levels = [CheckLevel.objects.create(name=f"Level {n}", slug=f"l{n}") for n in KINDS]
        for level, included in INCLUDES.items():
            self.levels[level].includes.add(self.levels[included])
        self.kinds = [
            TaskType.objects.create(
                name=f"Kind {n}",
                slug=f"k{n}",
                by_phone=n == BY_PHONE,
                criteria_options={
                    **({"radius": {"on": True, "options": {"miles": MILES[n]}}} if n in plan.near else {}),
                    **({"onward": {"on": True, "options": {"least": LEAST[n]}}} if n in plan.onward else {}),
                    **{slug: {"on": False} for kind, slug in plan.off if kind == n},
                },
            )
            for n in KINDS
        ]
        self.helpers = [self._helper(helper) for helper in plan.helpers]
        self.requesters: dict[tuple[str, int], Requester] = {}
        self.jobs = [self._job(plan, number) for number in range(len(plan.jobs))]
        apart = {
            (row.pk, self.jobs[number].requester_id)
            for row, helper in zip(self.helpers, plan.helpers, strict=True)
            for number in helper.never
            if number < len(self.jobs)
        }
        NeverPair.objects.bulk_create(NeverPair(helper_id=pk, requester_id=other) for pk, other in apart)
        for number, helper in enumerate(plan.helpers):
            self._answers(plan, number, helper)

    def _answers(self, plan: Plan, number: int, helper: HelperPlan) -> None:
        row = self.helpers[number]
        there = range(len(self.jobs))
        about: dict[str, Any] = {"helper": row, "opening": 1}
        Ask.objects.bulk_create(
            Ask(job=self.jobs[job], answer=AskAnswer.NOT_THIS_ONE, answered_at=timezone.now(), **about)
            for job in helper.refused
            if job in there
        )
        Offer.objects.bulk_create(
            Offer(job=self.jobs[job], requester_id=self.jobs[job].requester_id, **about) for job in plan.in_hand(number)
        )
        Waiver.objects.bulk_create(
            Waiver(job=self.jobs[job], criterion=slug, why="so", **about) for job, slug in helper.waived if job in there
        )

    def _day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def _helper(self, plan: HelperPlan) -> Helper:
        helper = Helper.objects.create(person=Person.objects.create(name="A Helper", known_as="A"))
        self.live(helper, plan)
        return helper

    def live(self, helper: Helper, plan: HelperPlan) -> None:
        """Make a helper live as planned, whatever they did before; what they answered stays."""
        nowhere = {"latitude": None, "longitude": None}
        Helper.objects.filter(pk=helper.pk).update(
            state=HelperState(plan.state),
            approved_at=timezone.now(),
            most_jobs=plan.most,
            **{**nowhere, **_columns(plan.place)},
        )
        Away.objects.filter(helper=helper).delete()
        Check.objects.filter(helper=helper).delete()
        if plan.away:
            Away.objects.create(helper=helper, first_day=self.today, last_day=self._day(13))
        helper.areas.set([self.areas[n] for n in plan.areas])
        helper.task_types.set([self.kinds[n] for n in plan.kinds])
        helper.skills.set([self.skills[n] for n in plan.skills])
        Check.objects.bulk_create(
            Check(
                helper=helper,
                level=self.levels[check.level],
                issued_on=self._day(check.issued),
                recheck_on=None if check.due_after is None else self._day(check.issued + check.due_after),
                seen_on=self._day(check.issued),
                decision=CheckDecision(check.decision),
                revoked_at=timezone.now() if check.revoked else None,
            )
            for check in plan.checks
        )

    def _job(self, plan: Plan, number: int) -> Job:
        job, key = plan.jobs[number], plan.requester(number)
        if key not in self.requesters:
            kind, other = key
            person = (
                self.helpers[other].person
                if kind == "helper"
                else Person.objects.create(name="A Requester", known_as="R")
            )
            self.requesters[key] = Requester.objects.create(person=person)
        noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
        row: Job = Job.objects.create(
            requester=self.requesters[key],
            task_type=self.kinds[job.kind],
            area=self.areas[job.area],
            check_level=None if job.level is None else self.levels[job.level],
            title="A job",
            state=JobState.OPEN if job.open else JobState.CANCELLED,
            opening=1,
            opened_at=noon,
            cancelled_at=None if job.open else noon,
            timing=Timing.FLEXIBLE,
            first_day=None if job.first is None else self._day(job.first),
            last_day=None if job.last is None else self._day(job.last),
            **_columns(job.place),
        )
        row.skills.set([self.skills[n] for n in job.skills])
        return row


def _columns(place: tuple[float, float] | None) -> dict[str, float]:
    return dict(zip(("latitude", "longitude"), place, strict=True)) if place else {}


def disagreements(plan: Plan) -> list[str]:
    """Everything in which the engine and the plain reading differ, over all pairs and all ways of asking."""
    town = Town(plan)
    pairs = [(j, h) for j in range(len(plan.jobs)) for h in range(len(plan.helpers))]
    failing = {pair: plan.failing(*pair) for pair in pairs}
    in_the_way = {pair: plan.in_the_way(*pair) for pair in pairs}
    found = []
    for h, helper in enumerate(town.helpers):
        expected = [town.jobs[j].pk for j, job in enumerate(plan.jobs) if job.open and not in_the_way[j, h]]
        if sorted(job.pk for job in jobs_for(helper)) != sorted(expected):
            found.append(f"jobs_for helper {h}")
        if _failing_jobs(town, helper) != {town.jobs[j].pk: failing[j, h] for j in range(len(plan.jobs))}:
            found.append(f"jobs_for of each criterion, helper {h}")
    if supply_of_each(town.jobs) != {
        job.pk: sum(not in_the_way[j, h] for h in range(len(town.helpers))) for j, job in enumerate(town.jobs)
    }:
        found.append("supply of each")
    for j, job in enumerate(town.jobs):
        if not _unsaved(plan, j, town):
            found.append(f"job {j}: helpers_for, unsaved")
        found += [
            f"job {j}: {what}"
            for what in _about(
                job,
                town.helpers,
                [{slug for slug in failing[j, h] if not plan.is_off(j, slug)} for h in range(len(town.helpers))],
                [in_the_way[j, h] for h in range(len(town.helpers))],
            )
        ]
    return found


def _failing_jobs(town: Town, helper: Helper) -> dict[int, set[str]]:
    """Which criteria each job fails, asked from the helper's end; whether its kind asks them is not looked at."""
    found = {}
    for number, kind in enumerate(town.kinds):
        made = [criterion(Moment.of(), {"miles": MILES[number], "least": LEAST[number]}) for criterion in load()]
        columns = {
            criterion.slug: Exists(Job.objects.non_polymorphic().filter(criterion.jobs_for(helper), pk=OuterRef("pk")))
            for criterion in made
        }
        rows = Job.objects.non_polymorphic().filter(task_type=kind).values_list("pk", *columns.values())
        for pk, *answers in rows:
            found[pk] = {slug for slug, holds in zip(columns, answers, strict=True) if not holds}
    return found


def _about(job: Job, helpers: list[Helper], failing: list[set[str]], in_the_way: list[set[str]]) -> Iterator[str]:
    """:param failing: of each helper, what is asked and fails; :param in_the_way: without what is overlooked"""
    expected = sorted(helper.pk for helper, slugs in zip(helpers, in_the_way, strict=True) if not slugs)
    need = Need.of(job)
    if sorted(helper.pk for helper in helpers_for(job)) != expected:
        yield "helpers_for"
    if matches(need, helpers[0]) is bool(in_the_way[0]):
        yield "matches"
    counted = supply(need)
    figures = {
        cost.slug: (
            sum(cost.slug not in slugs for slugs in in_the_way),
            sum(not slugs - {cost.slug} for slugs in in_the_way),
        )
        for cost in counted.costs
    }
    pass_it = passing(need)
    if counted.count != len(expected) or figures != {
        cost.slug: (pass_it[cost.slug], cost.without) for cost in counted.costs
    }:
        yield "supply"
    found = outlook(need, most=2)
    if found.supply != counted or found.best != best(need, most=2) or len(found.best) != min(2, len(expected)):
        yield "outlook"
    nearly = {(miss.helper.pk, miss.verdict.slug) for miss in near_misses(need, most=99)}
    if nearly != {
        (helper.pk, *slugs)
        for helper, slugs in zip(helpers, in_the_way, strict=True)
        if len(slugs) == 1 and slugs <= set(WAIVABLE)
    }:
        yield "near misses"
    for number, (helper, fails, stops) in enumerate(zip(helpers, failing, in_the_way, strict=True)):
        verdicts = explain(need, helper).verdicts
        said = ({v.slug for v in verdicts if not v.holds}, {v.slug for v in verdicts if v.stands_in_the_way})
        if said != (fails, stops):
            yield f"explain helper {number}"


def _unsaved(plan: Plan, number: int, town: Town) -> bool:
    """Whether the same job, while it is still being typed, has the helpers that the plain reading says."""
    job = copy(town.jobs[number])
    need = Need.of(job)
    job.pk = job.id = None
    job._state.adding = True
    expected = {
        helper.pk
        for h, helper in enumerate(town.helpers)
        if not {slug for slug in plan.failing(number, h, saved=False) if not plan.is_off(number, slug)}
    }
    return {helper.pk for helper in helpers_for(replace(need, job=job))} == expected


@pytest.mark.property
@pytest.mark.django_db
@settings(
    max_examples=examples(10),
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plan=PLANS)
def test_engine_agrees_with_a_plain_reading_of_the_rules(plan: Plan) -> None:
    with transaction.atomic():
        found = disagreements(plan)
        transaction.set_rollback(True)
    fits = sum(not plan.in_the_way(j, h) for j in range(len(plan.jobs)) for h in range(len(plan.helpers)))
    event(f"pairs that fit: {min(fits, 5)}")
    assert found == []
