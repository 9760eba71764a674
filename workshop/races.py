"""Five races about one job, run by threads on a real PostgreSQL; and their naive mutants.

In real code and mutant alike each thread waits for all others between what it reads and what it first writes; who
waits for a row that another has locked can't come nearer, and has come. A mutant has the lock, the condition of the
update and the constraints of the database taken away: what is left is the read, the check and the save that anybody
would write first.
"""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from unittest import mock

from django.db import OperationalError, connection, connections

from community_help.exceptions import CommunityHelpError
from community_help.jobs.job import Job
from community_help.jobs.offer import Offer, Report
from community_help.lifecycle import machine
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import LIVE, OfferState
from community_help.services import jobs, offers, reports, ripple
from community_help.testing import factories as make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

THREADS = 8
#: How long a thread waits for the others before it goes on alone, seconds.
PATIENCE = 5


@dataclass
class Round:
    """One job and what each thread will do to it."""

    job: Job
    moves: list[Callable[[], object]]
    errors: Counter[str] = field(default_factory=Counter)
    deadlocks: int = 0


def offer_against_offer() -> Round:
    """Two helpers, each offering from four windows at once."""
    job = make.make_open_job(places=2)
    helpers = [make.make_matching_helper(job) for _ in range(2)]

    def offer(number: int) -> Callable[[], object]:
        helper = helpers[number % 2]
        return lambda: offers.make_offer(job, helper=helper, actor=helper.person)

    return Round(job, [offer(number) for number in range(THREADS)])


def ratify_against_ratify() -> Round:
    """Eight co-ordinators ratify eight helpers for two places."""
    job = make.make_open_job(places=2)
    pairs = [(make.make_offer_row(job), make.make_coordinator()) for _ in range(THREADS)]

    def ratify(number: int) -> Callable[[], object]:
        offer, coordinator = pairs[number]
        return lambda: offers.ratify_offer(offer, actor=coordinator)

    return Round(job, [ratify(number) for number in range(THREADS)])


def ratify_against_withdraw() -> Round:
    """Four co-ordinators say yes while the helper takes the offer back."""
    job = make.make_open_job()
    offer, coordinator = make.make_offer_row(job), make.make_coordinator()
    yes = [lambda: offers.ratify_offer(offer, actor=coordinator)] * (THREADS // 2)
    back = [lambda: offers.withdraw_offer(offer, actor=offer.helper.person)] * (THREADS // 2)
    return Round(job, [move for pair in zip(yes, back, strict=True) for move in pair])


def ratify_against_cancel() -> Round:
    """Four co-ordinators say yes while four others call the job off."""
    job = make.make_open_job()
    offer, coordinator = make.make_offer_row(job), make.make_coordinator()
    yes = [lambda: offers.ratify_offer(offer, actor=coordinator)] * (THREADS // 2)
    off = [lambda: jobs.cancel_job(job, actor=coordinator)] * (THREADS // 2)
    return Round(job, [move for pair in zip(yes, off, strict=True) for move in pair])


def report_against_report() -> Round:
    """The helper reports from eight windows at once."""
    job = make.make_open_job()
    offer = make.make_offer_row(job)
    offers.ratify_offer(offer, actor=make.make_coordinator())
    move = lambda: reports.make_report(offer, actor=offer.helper.person, outcome="done")  # noqa: E731  one of eight alike
    return Round(job, [move] * THREADS)


RACES: dict[str, Callable[[], Round]] = {
    "offer-offer": offer_against_offer,
    "ratify-ratify": ratify_against_ratify,
    "ratify-withdraw": ratify_against_withdraw,
    "ratify-cancel": ratify_against_cancel,
    "report-report": report_against_report,
}


def violations(job: Job) -> list[str]:
    """What must never be true of a job, whatever raced."""
    row = Job.objects.non_polymorphic().get(pk=job.pk)
    found = []
    events = list(Event.objects.filter(job=job).order_by("pk"))
    for earlier, later in pairwise(events):
        if later.from_state != earlier.to_state or later.version != earlier.version + 1:
            found.append(f"{later.kind} does not follow {earlier.kind}")
    if events and (row.state, row.version) != (events[-1].to_state, events[-1].version):
        found.append("the row is not what its last event says")
    live = Counter(Offer.objects.filter(job=job, state__in=LIVE).values_list("helper_id", flat=True))
    found += [f"helper with {n} live offers" for n in live.values() if n > 1]
    ratified = Offer.objects.filter(job=job, state=OfferState.RATIFIED).count()
    if ratified > row.places:
        found.append(f"{ratified} ratified for {row.places} places")
    if row.state in {"open", "assigned", "reported"} and ratified != row.places_filled:
        found.append(f"{ratified} ratified, {row.places_filled} places filled")
    if row.state in {"cancelled", "closed", "expired"} and live:
        found.append(f"live offers on a job that is {row.state}")
    said = Counter(Report.objects.filter(offer__job=job).values_list("offer_id", flat=True))
    found += [f"{n} reports for one offer" for n in said.values() if n > 1]
    for kind in ("make_report", "cancel_job", "withdraw_offer"):
        if (n := sum(event.kind == kind for event in events)) > 1:
            found.append(f"{kind} happened {n} times")
    return found


def run_round(race: str, *, naive: bool = False) -> list[str]:
    """Run one round of a race; answer the violations, deadlocks among them."""
    made = RACES[race]()
    with _meeting(_Meeting(len(made.moves)), naive=naive):
        threads = [threading.Thread(target=_contend, args=(made, move)) for move in made.moves]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    found = violations(made.job) + ["deadlock"] * made.deadlocks
    return found + [f"unexpected {name}" for name in made.errors]


def _contend(made: Round, move: Callable[[], object]) -> None:
    try:
        move()
    except CommunityHelpError:
        pass  # somebody was faster: that is the answer which all but the winners must get
    except OperationalError as error:
        made.deadlocks += "deadlock" in str(error)
        made.errors[type(error).__name__] += "deadlock" not in str(error)
    except Exception as error:  # noqa: BLE001  counted and reported as a violation
        made.errors[type(error).__name__] += 1
    finally:
        connections.close_all()


class _Meeting:
    """Where the threads of a round wait until all have come."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._come: set[int] = set()
        self._all_here = threading.Condition()

    def come(self) -> None:
        """Be counted, and go on: to a lock that may be somebody else's."""
        with self._all_here:
            self._come.add(threading.get_ident())
            self._all_here.notify_all()

    def wait(self) -> None:
        """Be counted, and wait for the others."""
        self.come()
        with self._all_here:
            self._all_here.wait_for(lambda: len(self._come) == self._number, PATIENCE)


@contextlib.contextmanager
def _meeting(meeting: _Meeting, *, naive: bool) -> Iterator[None]:
    """Make every thread wait for the others just before its first write."""

    def locked(helpers: Any) -> None:
        if not naive:
            meeting.come()
            ripple.lock(helpers)

    def swap(job: Any, values: Any, condition: Any) -> int:
        meeting.wait()
        if naive:
            return int(machine.job_table()._default_manager.filter(pk=job.pk).update(**values))
        return int(compare_and_swap(job, values, condition))

    def saving(original: Any) -> Any:
        def save(self: Any, *args: Any, **kwargs: Any) -> None:
            meeting.wait()
            original(self, *args, **kwargs)

        return save

    compare_and_swap = machine.compare_and_swap
    with (
        mock.patch.object(offers, "lock", locked),
        mock.patch.object(machine, "compare_and_swap", swap),
        mock.patch.object(Offer, "save", saving(Offer.save)),
        mock.patch.object(Report, "save", saving(Report.save)),
    ):
        yield


@contextlib.contextmanager
def without_constraints() -> Iterator[None]:
    """Take away what the database itself holds about offers, reports and places; put it back afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE indexname = 'ch_offer_one_live'"
            " OR (tablename = 'community_help_report' AND indexdef LIKE '%UNIQUE%(offer_id)%')"
        )
        indexes = cursor.fetchall()
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype FROM pg_constraint"
            " WHERE conrelid IN ('community_help_job'::regclass, 'community_help_offer'::regclass,"
            " 'community_help_report'::regclass) AND (contype = 'c' OR"
            " (contype = 'u' AND conrelid = 'community_help_report'::regclass))"
        )
        constraints = cursor.fetchall()
        unique = {name for _table, name, _definition, kind in constraints if kind == "u"}
        for table, name, _definition, _kind in constraints:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _definition in indexes:
            if name not in unique:
                cursor.execute(f'DROP INDEX "{name}"')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE community_help_job CASCADE")
            for table, name, definition, _kind in constraints:
                cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
            for name, definition in indexes:
                if name not in unique:
                    cursor.execute(definition)
