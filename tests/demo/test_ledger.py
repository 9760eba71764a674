"""What the ledger writes straight into the tables is what the services would have left there."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction

from community_help.jobs.call_back import CallBack, CallBackOutcome
from community_help.jobs.job import Job, JobSlot, Timing
from community_help.jobs.offer import Ask, Offer, Outcome, Report
from community_help.jobs.registry import job_model_of
from community_help.lifecycle.event import Event
from community_help.services import call_backs, calls, jobs, offers, reports
from community_help.testing.factories import make_area, make_coordinator, make_helper, make_requester, make_task_type
from example_project.demo.seed.cast import Neighbour
from example_project.demo.seed.clock import clock_at
from example_project.demo.seed.ledger import Ledger, Tale
from example_project.demo.seed.people import Volunteer

if TYPE_CHECKING:
    from collections.abc import Callable

    from community_help.people.profiles import Helper

NOON = datetime(2035, 3, 6, 12, tzinfo=UTC)  # later than the roles that the factories grant
WANTED = {
    "timing": Timing.BETWEEN,
    "earliest": NOON + timedelta(hours=4),
    "latest": NOON + timedelta(hours=7),
    "minutes": 40,
    "title": "Weekly shopping",
}

pytestmark = pytest.mark.django_db


class Told:
    """One story, told twice: once by the services, with the clock set back, once by the ledger."""

    def __init__(self) -> None:
        area, kind = make_area(), make_task_type()
        self.ama = make_coordinator()
        self.requester = make_requester(area=area)
        self.helpers = [make_helper(areas=[area], task_types=[kind]) for _ in range(2)]
        self.kind, self.area = kind, area

    def by_services(self, moves: Callable[[Services], None]) -> dict[str, Any]:
        with transaction.atomic():
            told = Services(self)
            moves(told)
            found = left_behind()
            transaction.set_rollback(True)
        return found

    def by_ledger(self, moves: Callable[[Tales], None]) -> dict[str, Any]:
        with transaction.atomic():
            told = Tales(self)
            moves(told)
            told.ledger.write()
            found = left_behind()
            transaction.set_rollback(True)
        return found


class Services:
    """The moves, by the services."""

    def __init__(self, told: Told) -> None:
        self.told = told
        with clock_at(NOON):
            call = calls.start_call(actor=told.ama)
            call = calls.choose_requester(call, actor=told.ama, requester=told.requester)
            self.job = jobs.create_job(
                told.requester, actor=told.ama, task_type=told.kind, area=told.area, call=call, values=WANTED
            )
            calls.finish_call(call, actor=told.ama)

    def do(self, minutes: int, name: str, number: int = 0, **more: str) -> None:
        who = self.told.helpers[number]
        with clock_at(NOON + timedelta(minutes=minutes)):
            getattr(self, name)(who, **more)

    def publish(self, _who: Helper) -> None:
        jobs.publish_job(self.job, actor=self.told.ama)

    def offer(self, who: Helper) -> None:
        offers.make_offer(self.job, helper=who, actor=who.person)

    def withdraw(self, who: Helper) -> None:
        offers.withdraw_offer(self._offer(who), actor=who.person)

    def decline(self, who: Helper, why: str) -> None:
        offers.decline_offer(self._offer(who), actor=self.told.ama, why=why)

    def ratify(self, who: Helper) -> None:
        offers.ratify_offer(self._offer(who), actor=self.told.ama)
        self._ring()

    def contact(self, who: Helper) -> None:
        offers.note_contact(self._offer(who), actor=who.person)

    def release(self, who: Helper, why: str) -> None:
        offers.release_offer(self._offer(who), actor=who.person, why=why)
        self._ring()

    def report(self, who: Helper) -> None:
        reports.make_report(self._offer(who), actor=who.person, outcome=Outcome.DONE, minutes=40)

    def close(self, _who: Helper) -> None:
        jobs.close_job(self.job, actor=self.told.ama)

    def cancel(self, _who: Helper, why: str) -> None:
        jobs.cancel_job(self.job, actor=self.told.ama, why=why)
        self._ring()

    def expire(self, _who: Helper) -> None:
        jobs.expire_job(self.job)
        self._ring()

    def _offer(self, who: Helper) -> Offer:
        return Offer.objects.live().get(helper=who)

    def _ring(self) -> None:
        owed = CallBack.objects.filter(done_at__isnull=True).latest("pk")
        call_backs.record_call_back(owed, actor=self.told.ama, outcome=CallBackOutcome.REACHED)


class Tales:
    """The moves, into a ledger."""

    def __init__(self, told: Told) -> None:
        self.ledger = Ledger(random.Random(1))
        self.who = [
            Volunteer(helper, helper.person, Neighbour(helper.person.name, (), ()), frozenset())
            for helper in told.helpers
        ]
        job: Job = job_model_of(told.kind)(
            requester=told.requester, task_type=told.kind, area=told.area, created_at=NOON, **WANTED
        )
        self.tale = Tale(self.ledger, job, by=told.ama, skills=[])
        self.live: dict[int, Offer] = {}

    def do(self, minutes: int, name: str, number: int = 0, **more: str) -> None:
        at = NOON + timedelta(minutes=minutes)
        if name == "offer":
            self.live[number] = self.tale.offer(self.who[number], at, "")
        elif name in {"publish", "close", "expire"}:
            getattr(self.tale, name)(at)
        elif name == "cancel":
            self.tale.cancel(at, more["why"])
        elif name == "release":
            self.tale.vacate("release_offer", self.live[number], at, more["why"])
        elif name == "report":
            self.tale.report(self.live[number], at, Outcome.DONE, "")
        else:
            getattr(self.tale, name)(self.live[number], at, **({"why": more["why"]} if more else {}))


#: What is the ledger's own, or drawn by chance: keys, safe words, how long a call took.
OWN = {
    "id", "uuid", "job", "job_ptr", "offer", "call", "event", "polymorphic_ctype", "safe_word", "before", "minutes",
    "due_at", "tried_at", "done_at",
}  # fmt: skip
ONLY_SERVICES = ["record_call_back", "finish_call", "escalate_job"]


def left_behind() -> dict[str, Any]:
    """Every row about jobs, without what is anybody's own."""
    rows: dict[str, Any] = {}
    for model in (Job, Offer, Report, CallBack, JobSlot):
        rows[model.__name__] = [_fields(row) for row in model.objects.order_by("pk")]
    rows["Ask"] = [_fields(row) for row in Ask.objects.order_by("pk")]
    rows["Event"] = [_fields(row) for row in Event.objects.exclude(kind__in=ONLY_SERVICES).order_by("at", "pk")]
    return rows


def _fields(row: Any) -> dict[str, Any]:
    names = [field.attname for field in row._meta.concrete_fields if field.name not in OWN]
    return {name: getattr(row, name) for name in names}


STORIES: dict[str, list[tuple[Any, ...]]] = {
    "closed": [
        (1, "publish"), (20, "offer"), (30, "offer", 1), (40, "ratify"), (50, "contact"), (400, "report"),
        (1500, "close"),
    ],
    "declined and withdrawn": [
        (1, "publish"), (20, "offer"), (30, "offer", 1), (35, "decline", 0, "too far"), (36, "withdraw", 1),
    ],
    "released, and somebody else goes": [
        (1, "publish"), (20, "offer"), (40, "ratify"), (60, "release", 0, "a cold"), (70, "offer", 1),
        (80, "ratify", 1),
    ],
    "cancelled after the yes": [(1, "publish"), (20, "offer"), (40, "ratify"), (60, "cancel", 0, "not needed")],
    "cancelled with an offer": [(1, "publish"), (20, "offer"), (60, "cancel", 0, "not needed")],
    "expired with an offer": [(1, "publish"), (20, "offer"), (2000, "expire")],
    "expired": [(1, "publish"), (2000, "expire")],
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_tale_leaves_what_the_services_leave(story: str) -> None:
    told = Told()

    def moves(teller: Any) -> None:
        for minutes, name, *rest in STORIES[story]:
            teller.do(minutes, name, rest[0] if rest else 0, **({"why": rest[1]} if len(rest) > 1 else {}))

    assert told.by_ledger(moves) == told.by_services(moves)
