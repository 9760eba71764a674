"""The engine against a plain reading of the rules, on communities made by chance."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from community_help.jobs.job import Job, Timing
from community_help.jobs.task_type import TaskType
from community_help.lifecycle.table import JobState
from community_help.matching import Moment, Need, explain, helpers_for, jobs_for, matches, supply
from community_help.matching.criterion import load
from community_help.people.community import Area, Skill
from community_help.people.person import Person
from community_help.people.profiles import Helper, HelperState, NeverPair, Requester
from community_help.safeguarding.background_checks import Check, CheckDecision, CheckLevel
from tests.matching.asking import today
from tests.matching.depth import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = (0, 1, 2)  # of areas, kinds of job, skills and levels there are three each
BY_PHONE = 2  # this kind of job is done by phone
INCLUDES = {1: 0}  # level 1 also proves level 0; level 2 stands alone
DAYS = st.integers(min_value=-2, max_value=1)  # counted from today
SOME = st.frozensets(st.sampled_from(KINDS))
FEW = st.frozensets(st.sampled_from(KINDS), max_size=1)
MOSTLY_ALL = st.one_of(st.just(frozenset(KINDS)), st.just(frozenset(KINDS)), SOME)


@dataclass(frozen=True)
class CheckPlan:
    level: int
    issued: int
    due_after: int | None
    decision: str
    revoked: bool

    def proves(self, level: int, first: int, last: int) -> bool:
        return (
            level in (self.level, INCLUDES.get(self.level))
            and self.decision == "accepted"
            and not self.revoked
            and self.issued <= first
            and (self.due_after is None or last <= self.issued + self.due_after)
        )


@dataclass(frozen=True)
class HelperPlan:
    state: str
    areas: frozenset[int]
    kinds: frozenset[int]
    skills: frozenset[int]
    checks: tuple[CheckPlan, ...]
    also_asks: bool  # is a requester too
    never: frozenset[int]  # numbers of jobs whose requester is kept apart


@dataclass(frozen=True)
class JobPlan:
    open: bool
    kind: int
    area: int
    skills: frozenset[int]
    level: int | None
    first: int | None
    lasts: int | None
    of_helper: int  # asked for by that helper, where there is such a one and they ask for help too

    @property
    def last(self) -> int | None:
        return None if self.lasts is None else (self.first or 0) + self.lasts


@dataclass(frozen=True)
class Plan:
    helpers: tuple[HelperPlan, ...]
    jobs: tuple[JobPlan, ...]

    def asked_by_helper(self, job: int) -> int | None:
        number = self.jobs[job].of_helper
        return number if number < len(self.helpers) and self.helpers[number].also_asks else None

    def requester(self, job: int) -> tuple[str, int]:
        """Two jobs of one helper have one requester; every other job has its own."""
        number = self.asked_by_helper(job)
        return ("job", job) if number is None else ("helper", number)

    def failing(self, job_number: int, helper_number: int) -> set[str]:
        """The rules as they are written in the documents, in plain Python: the slugs of those that fail."""
        job, helper = self.jobs[job_number], self.helpers[helper_number]
        first = 0 if job.first is None else job.first
        last = max(first if job.last is None else job.last, 0)
        kept_apart = {self.requester(number) for number in helper.never if number < len(self.jobs)}
        rules = {
            "approved": helper.state == "approved",
            "never_pair": self.requester(job_number) not in kept_apart,
            "not_oneself": self.asked_by_helper(job_number) != helper_number,
            "check_level": job.level is None or any(check.proves(job.level, first, last) for check in helper.checks),
            "willing": job.kind in helper.kinds,
            "area": job.kind == BY_PHONE or job.area in helper.areas,
            "skills": job.skills <= helper.skills,
        }
        return {slug for slug, holds in rules.items() if not holds}


CHECKS = st.builds(
    CheckPlan,
    level=st.sampled_from([0, 1, 1, 2]),
    issued=DAYS,
    due_after=st.none() | st.integers(min_value=1, max_value=3),
    decision=st.sampled_from(["accepted"] * 6 + ["pending", "refused"]),
    revoked=st.sampled_from([False] * 6 + [True]),
)
HELPERS = st.builds(
    HelperPlan,
    state=st.sampled_from(["approved"] * 6 + ["applied", "paused", "suspended", "left"]),
    areas=MOSTLY_ALL,
    kinds=MOSTLY_ALL,
    skills=MOSTLY_ALL,
    checks=st.lists(CHECKS, max_size=3).map(tuple),
    also_asks=st.booleans(),
    never=st.frozensets(st.integers(min_value=0, max_value=9), max_size=2),
)
JOBS = st.builds(
    JobPlan,
    open=st.sampled_from([True, True, True, False]),
    kind=st.sampled_from(KINDS),
    area=st.sampled_from(KINDS),
    skills=st.one_of(FEW, FEW, SOME),
    level=st.sampled_from([None, 0, 0, 1, 2]),
    first=st.none() | DAYS,
    lasts=st.none() | st.integers(min_value=0, max_value=2),
    of_helper=st.integers(min_value=0, max_value=5),
)
PLANS = st.builds(
    Plan,
    helpers=st.lists(HELPERS, min_size=1, max_size=5).map(tuple),
    jobs=st.lists(JOBS, min_size=1, max_size=5).map(tuple),
)


class Town:
    """The rows of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.today = today()
        self.areas = [Area.objects.create(name=f"Area {n}", slug=f"a{n}") for n in KINDS]
        self.skills = [Skill.objects.create(name=f"skill {n}", phrase=f"can {n}", slug=f"s{n}") for n in KINDS]
        self.levels = [CheckLevel.objects.create(name=f"Level {n}", slug=f"l{n}") for n in KINDS]
        for level, included in INCLUDES.items():
            self.levels[level].includes.add(self.levels[included])
        self.kinds = [TaskType.objects.create(name=f"Kind {n}", slug=f"k{n}", by_phone=n == BY_PHONE) for n in KINDS]
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

    def _day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def _helper(self, plan: HelperPlan) -> Helper:
        person = Person.objects.create(name="A Helper", known_as="A")
        helper = Helper.objects.create(person=person, state=HelperState(plan.state), approved_at=timezone.now())
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
        return helper

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
        )
        row.skills.set([self.skills[n] for n in job.skills])
        return row


def disagreements(plan: Plan) -> list[str]:
    """Everything in which the engine and the plain reading differ, over all pairs and all ways of asking."""
    town = Town(plan)
    failing = {(j, h): plan.failing(j, h) for j in range(len(plan.jobs)) for h in range(len(plan.helpers))}
    found = []
    for h, helper in enumerate(town.helpers):
        expected = [town.jobs[j].pk for j, job in enumerate(plan.jobs) if job.open and not failing[j, h]]
        if sorted(job.pk for job in jobs_for(helper)) != sorted(expected):
            found.append(f"jobs_for helper {h}")
        if _failing_jobs(helper) != {town.jobs[j].pk: failing[j, h] for j in range(len(plan.jobs))}:
            found.append(f"jobs_for of each criterion, helper {h}")
    for j, job in enumerate(town.jobs):
        found += [
            f"job {j}: {what}" for what in _about(job, town.helpers, [failing[j, h] for h in range(len(town.helpers))])
        ]
    return found


def _failing_jobs(helper: Helper) -> dict[int, set[str]]:
    """Which criteria each job fails, asked from the helper's end."""
    criteria = [criterion(Moment.of()) for criterion in load()]
    columns = {
        criterion.slug: Exists(Job.objects.non_polymorphic().filter(criterion.jobs_for(helper), pk=OuterRef("pk")))
        for criterion in criteria
    }
    rows = Job.objects.non_polymorphic().values_list("pk", *columns.values())
    return {pk: {slug for slug, holds in zip(columns, answers, strict=True) if not holds} for pk, *answers in rows}


def _about(job: Job, helpers: list[Helper], failing: list[set[str]]) -> Iterator[str]:
    expected = sorted(helper.pk for helper, slugs in zip(helpers, failing, strict=True) if not slugs)
    need = Need.of(job)
    twin = copy(job)
    twin.pk = twin.id = None
    if sorted(helper.pk for helper in helpers_for(job)) != expected:
        yield "helpers_for"
    if sorted(helper.pk for helper in helpers_for(replace(need, job=twin))) != expected:
        yield "helpers_for, unsaved"
    if matches(need, helpers[0]) is bool(failing[0]):
        yield "matches"
    counted = supply(need)
    figures = {
        cost.slug: (sum(cost.slug not in slugs for slugs in failing), sum(not slugs - {cost.slug} for slugs in failing))
        for cost in counted.costs
    }
    if counted.count != len(expected) or figures != {cost.slug: (cost.passing, cost.without) for cost in counted.costs}:
        yield "supply"
    for number, (helper, slugs) in enumerate(zip(helpers, failing, strict=True)):
        if {verdict.slug for verdict in explain(need, helper).failed} != slugs:
            yield f"explain helper {number}"


@pytest.mark.property
@pytest.mark.django_db
@settings(
    max_examples=examples(30),
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plan=PLANS)
def test_engine_agrees_with_a_plain_reading_of_the_rules(plan: Plan) -> None:
    with transaction.atomic():
        found = disagreements(plan)
        transaction.set_rollback(True)
    fits = sum(not plan.failing(j, h) for j in range(len(plan.jobs)) for h in range(len(plan.helpers)))
    event(f"pairs that fit: {min(fits, 5)}")
    assert found == []
