"""Communities made by chance, as plans: who helps, what is asked, and what the rules say in plain Python."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.test import override_settings
from hypothesis import strategies as st

from community_help import defaults
from tests.matching.globe import miles_between

KINDS = (0, 1, 2)  # of areas, kinds of job, skills and levels there are three each
BY_PHONE = 2  # this kind of job is done by phone
INCLUDES = {1: 0}  # level 1 also proves level 0; level 2 stands alone
DAYS = st.integers(min_value=-2, max_value=1)  # counted from today
SOME = st.frozensets(st.sampled_from(KINDS))
FEW = st.frozensets(st.sampled_from(KINDS), max_size=1)
WAIVABLE = ("willing", "area", "radius", "skills", "available", "load", "onward")
MILES = {0: 0.5, 1: 2, BY_PHONE: 2}  # by kind of job: how near is near, where that is asked
LEAST = {0: 1, 1: 0, BY_PHONE: 2}  # by kind of job: from which area on, where a site's own criterion is asked
# Knowle West, a few doors on, a mile on, Bath; both sides of the date line; both sides of the pole.
SPOTS = (
    (51.420, -2.596),
    (51.421, -2.596),
    (51.434, -2.596),
    (51.381, -2.359),
    (0.0, 179.99),
    (0.01, -179.99),
    (89.99, 10.0),
    (89.99, -170.0),
)
PLACES = st.none() | st.sampled_from(SPOTS)
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
    refused: frozenset[int]  # numbers of jobs of which they said «not this one»
    in_hand: frozenset[int]  # numbers of jobs for which they wait with an offer
    most: int | None
    away: bool  # for the next fortnight
    place: tuple[float, float] | None
    waived: frozenset[tuple[int, str]]  # numbers of jobs, and what is overlooked


@dataclass(frozen=True)
class JobPlan:
    open: bool
    kind: int
    area: int
    skills: frozenset[int]
    level: int | None
    first: int | None
    lasts: int | None
    place: tuple[float, float] | None
    of_helper: int  # asked for by that helper, where there is such a one and they ask for help too

    @property
    def last(self) -> int | None:
        return None if self.lasts is None else (self.first or 0) + self.lasts


@dataclass(frozen=True)
class Plan:
    helpers: tuple[HelperPlan, ...]
    jobs: tuple[JobPlan, ...]
    off: frozenset[tuple[int, str]]  # kinds of job, and what they do not ask
    near: frozenset[int]  # kinds of job that ask for somebody near
    onward: frozenset[int]  # kinds of job that ask what the site itself has added

    def asked_by_helper(self, job: int) -> int | None:
        number = self.jobs[job].of_helper
        return number if number < len(self.helpers) and self.helpers[number].also_asks else None

    def requester(self, job: int) -> tuple[str, int]:
        """Two jobs of one helper have one requester; every other job has its own."""
        number = self.asked_by_helper(job)
        return ("job", job) if number is None else ("helper", number)

    def failing(self, job_number: int, helper_number: int, *, saved: bool = True) -> set[str]:
        """The rules as they are written in the documents, in plain Python: the slugs of those that fail.

        Whether somebody overlooks it, or the kind of job does not ask it, is not looked at here.
        """
        job, helper = self.jobs[job_number], self.helpers[helper_number]
        first = max(job.first or 0, 0)
        last = max(first if job.last is None else job.last, first)
        in_hand = self.in_hand(helper_number) - ({job_number} if saved else set())
        kept_apart = {self.requester(number) for number in helper.never if number < len(self.jobs)}
        rules = {
            "approved": helper.state == "approved",
            "never_pair": self.requester(job_number) not in kept_apart,
            "not_oneself": self.asked_by_helper(job_number) != helper_number,
            "check_level": job.level is None or any(check.proves(job.level, first, last) for check in helper.checks),
            "willing": job.kind in helper.kinds,
            "area": job.area in helper.areas,
            "radius": _near(job.place, helper.place, MILES[job.kind]),
            "skills": job.skills <= helper.skills,
            "not_this_one": not saved or job_number not in helper.refused,
            "available": not helper.away,
            "load": helper.most is None or len(in_hand) < helper.most,
            "onward": any(area >= max(job.area, LEAST[job.kind]) for area in helper.areas),
        }
        return {slug for slug, holds in rules.items() if not holds}

    def in_hand(self, helper: int) -> frozenset[int]:
        """The open jobs for which the helper waits with an offer; nobody offers for their own."""
        return frozenset(
            job
            for job in self.helpers[helper].in_hand
            if job < len(self.jobs) and self.jobs[job].open and self.asked_by_helper(job) != helper
        )

    def is_off(self, job: int, slug: str) -> bool:
        kind = self.jobs[job].kind
        if kind not in {"radius": self.near, "onward": self.onward}.get(slug, KINDS):
            return True
        return (kind, slug) in self.off or (slug in {"area", "radius"} and kind == BY_PHONE)

    def in_the_way(self, job: int, helper: int) -> set[str]:
        """Why the helper is not asked about the job: what fails, but for what is overlooked or not asked."""
        return {
            slug
            for slug in self.failing(job, helper)
            if not self.is_off(job, slug) and not (slug in WAIVABLE and (job, slug) in self.helpers[helper].waived)
        }


def _near(one: tuple[float, float] | None, other: tuple[float, float] | None, miles: float) -> bool:
    return one is not None and other is not None and miles_between(one, other) <= miles


def with_own_criterion() -> override_settings:
    """While it lasts, the site has the criterion of its own that plans ask."""
    criteria = [*defaults.CRITERIA, "tests.matching.own.CoversOnward"]
    return override_settings(COMMUNITY_HELP={**settings.COMMUNITY_HELP, "CRITERIA": criteria})


NUMBERS = st.integers(min_value=0, max_value=6)  # of jobs, some of which there are not
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
    never=st.frozensets(NUMBERS, max_size=2),
    refused=st.frozensets(NUMBERS, max_size=1),
    in_hand=st.frozensets(NUMBERS, max_size=2),
    most=st.sampled_from([None, None, 0, 1, 1, 2]),
    place=PLACES,
    away=st.sampled_from([False, False, False, True]),
    waived=st.frozensets(st.tuples(NUMBERS, st.sampled_from([*WAIVABLE, "approved", "never_pair"])), max_size=3),
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
    place=PLACES,
    of_helper=st.integers(min_value=0, max_value=5),
)
PLANS = st.builds(
    Plan,
    helpers=st.lists(HELPERS, min_size=1, max_size=5).map(tuple),
    jobs=st.lists(JOBS, min_size=1, max_size=5).map(tuple),
    off=st.frozensets(st.tuples(st.sampled_from(KINDS), st.sampled_from(WAIVABLE)), max_size=2),
    near=SOME,
    onward=FEW,
)
