"""Jobs of the past, written straight into the tables as the services would have left them.

The services stamp everything with the present, and ask and lock at every step: right for what happens, too slow for
eight weeks that have happened already. A test holds both against each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from community_help.jobs.call import Call
from community_help.jobs.call_back import CallBack, CallBackOutcome, CallBackReason
from community_help.jobs.job import Job, JobSlot
from community_help.jobs.offer import Ask, AskAnswer, Offer, Report
from community_help.jobs.safe_words import WORDS
from community_help.jobs.slots import days_of, slots_of
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import JobState, OfferState
from community_help.privacy.access_log import AccessLog, Door
from example_project.demo.seed.days import ZONE
from example_project.demo.seed.words import HELPED_ASK

if TYPE_CHECKING:
    import random

    from django.db import models

    from community_help.people.community import Skill
    from community_help.people.person import Person
    from example_project.demo.seed.people import Volunteer


@dataclass
class Ledger:
    """Rows that wait to be written together, each table at once."""

    chance: random.Random
    calls: list[Call] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    needs: list[tuple[Job, Skill]] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    call_backs: list[CallBack] = field(default_factory=list)
    reads: list[AccessLog] = field(default_factory=list)

    def write(self) -> None:
        """Write everything, each table in the order in which its rows came to be."""
        Call.objects.bulk_create(sorted(self.calls, key=lambda call: call.started_at))
        for job in sorted(self.jobs, key=lambda job: job.created_at):
            job.call = job.call  # the call has its key only now
            job.save(force_insert=True)
        through = Job.skills.through
        through.objects.bulk_create(through(job_id=job.pk, skill_id=skill.pk) for job, skill in self.needs)
        JobSlot.objects.bulk_create(slot for job in self.jobs for slot in _slots(job))
        self._write_in_order(Offer, self.offers, "made_at")
        self._write_in_order(Event, self.events, "at")
        self._write_in_order(Ask, self.asks, "asked_at")
        self._write_in_order(Report, self.reports, "made_at")
        self._write_in_order(CallBack, self.call_backs, "due_at")
        self._write_in_order(AccessLog, self.reads, "at")

    @staticmethod
    def _write_in_order(model: type[models.Model], rows: list[Any], moment: str) -> None:
        model._default_manager.bulk_create(sorted(rows, key=lambda row: getattr(row, moment)))


def _slots(job: Job) -> list[JobSlot]:
    today = job.created_at.astimezone(ZONE).date()
    spans = slots_of(job.timing, job.earliest, job.latest, minutes=job.minutes, zone=ZONE, today=today)
    return [
        JobSlot(
            job_id=job.pk,
            date=span.date,
            weekday=span.weekday,
            from_minute=span.from_minute,
            to_minute=span.to_minute,
        )
        for span in spans
    ]


class Tale:
    """One job, told move by move by the co-ordinator who took the call. Every move is one method, named as its verb."""

    def __init__(self, ledger: Ledger, job: Job, *, by: Person, skills: list[Skill]) -> None:
        """:param job: unsaved, with ``created_at`` and everything that was asked for"""
        self.ledger, self.job, self.by = ledger, job, by
        self.offers: list[Offer] = []
        job.created_by = job.owner = by
        job.first_day, job.last_day = days_of(job.timing, job.earliest, job.latest, minutes=job.minutes, zone=ZONE)
        rang = job.created_at - timedelta(minutes=ledger.chance.randint(2, 7))
        job.call = Call(taken_by=by, requester=job.requester, started_at=rang, saved=3, saved_at=job.created_at)
        job.call.ended_at = job.created_at + timedelta(minutes=1)
        ledger.calls.append(job.call)
        ledger.jobs.append(job)
        ledger.needs += [(job, skill) for skill in skills]
        self._event("create_job", job.created_at, actor=by, from_state="", person=job.requester.person)

    def publish(self, at: datetime) -> None:
        """Open for offers."""
        self.job.opening, self.job.opened_at = 1, at
        self._move("publish_job", at, to=JobState.OPEN, actor=self.by)

    def ask(self, asked: list[Volunteer], at: datetime, step: str) -> None:
        """These helpers are told of the opening."""
        self.ledger.asks += [
            Ask(job=self.job, opening=self.job.opening, helper=who.helper, step=step, asked_at=at) for who in asked
        ]

    def answer(self, who: Volunteer, at: datetime, said: AskAnswer) -> None:
        """A helper answers the question; one who was not asked has looked for themselves."""
        for ask in self.ledger.asks:
            if ask.job is self.job and ask.helper is who.helper and ask.opening == self.job.opening:
                ask.answer, ask.answered_at = said, at
                return
        looked = Ask(job=self.job, opening=self.job.opening, helper=who.helper, step="looked", asked_at=at)
        looked.answer, looked.answered_at = said, at
        self.ledger.asks.append(looked)

    def offer(self, who: Volunteer, at: datetime, note: str) -> Offer:
        """A helper says «I can do it»."""
        row = Offer(
            job=self.job,
            helper=who.helper,
            requester=self.job.requester,
            opening=self.job.opening,
            note=note,
            made_by=who.person,
            made_at=at,
        )
        self.offers.append(row)
        self.ledger.offers.append(row)
        self.answer(who, at, AskAnswer.OFFERED)
        self._move("make_offer", at, actor=who.person, offer=row)
        return row

    def withdraw(self, offer: Offer, at: datetime) -> None:
        """The helper takes the offer back."""
        self._end(offer, OfferState.WITHDRAWN, at)
        self._move("withdraw_offer", at, actor=offer.helper.person, offer=offer)

    def decline(self, offer: Offer, at: datetime, why: str) -> None:
        """A kind no."""
        self._end(offer, OfferState.DECLINED, at)
        self._move("decline_offer", at, actor=self.by, offer=offer, why=why)

    def ratify(self, offer: Offer, at: datetime, *, rung: bool = True) -> None:
        """A yes; with the last place the others are not needed. Unless ``rung``, the call is still owed."""
        offer.state, offer.ratified_at, offer.ratified_by = OfferState.RATIFIED, at, self.by
        offer.safe_word = self.ledger.chance.choice(WORDS)
        self.job.places_filled += 1
        full = self.job.places_filled == self.job.places
        if full:
            for other in self.offers:
                if other.state == OfferState.OFFERED:
                    self._end(other, OfferState.NOT_NEEDED, at)
        event = self._move(
            "ratify_offer", at, to=JobState.ASSIGNED if full else JobState.OPEN, actor=self.by, offer=offer
        )
        self._owe(event, CallBackReason.WHO_IS_COMING, offer=offer, rung=rung)

    def contact(self, offer: Offer, at: datetime) -> None:
        """The helper looks up the details and rings."""
        self._read(offer, at - timedelta(minutes=2))
        offer.contacted_at = at
        self._move("note_contact", at, actor=offer.helper.person, offer=offer)

    def vacate(self, kind: str, offer: Offer, at: datetime, why: str) -> None:
        """The helper is off the job: ``release_offer``, ``stand_down_offer`` or ``record_no_show``."""
        ends = {
            "release_offer": OfferState.RELEASED,
            "stand_down_offer": OfferState.STOOD_DOWN,
            "record_no_show": OfferState.NO_SHOW,
        }
        self._end(offer, ends[kind], at)
        self.job.places_filled -= 1
        self.job.opening += 1
        actor = offer.helper.person if kind == "release_offer" else self.by
        event = self._move(kind, at, to=JobState.OPEN, actor=actor, offer=offer, why=why)
        self._owe(event, CallBackReason.NOT_COMING, offer=offer)

    def report(self, offer: Offer, at: datetime, outcome: str, note: str) -> None:
        """The helper says how it went."""
        minutes = (self.job.minutes or 30) + self.ledger.chance.choice([-5, 0, 0, 10, 20])
        row = Report(offer=offer, outcome=outcome, note=note, minutes=max(5, minutes), made_by=offer.helper.person)
        row.made_at = offer.reported_at = at
        self.ledger.reports.append(row)
        working = [other for other in self.offers if other.state == OfferState.RATIFIED and other.reported_at is None]
        if not working:
            self.job.reported_at = at
        to = self.job.state if working else JobState.REPORTED
        self._move("make_report", at, to=to, actor=offer.helper.person, offer=offer)

    def close(self, at: datetime, *, rule: str = "") -> None:
        """Read and closed; by a rule: nobody had to read it."""
        for offer in self.offers:
            if offer.state == OfferState.RATIFIED:
                self._end(offer, OfferState.COMPLETED, at)
        self.job.closed_at = at
        self._move("close_job", at, to=JobState.CLOSED, actor=None if rule else self.by, rule=rule)

    def cancel(self, at: datetime, why: str) -> None:
        """Called off."""
        for offer in self.offers:
            if offer.state in {OfferState.OFFERED, OfferState.RATIFIED}:
                self._end(offer, OfferState.CANCELLED, at)
        self.job.cancelled_at = at
        event = self._move("cancel_job", at, to=JobState.CANCELLED, actor=self.by, why=why)
        self._owe(event, CallBackReason.CANCELLED)

    def expire(self, at: datetime) -> None:
        """Nobody was found in time."""
        self._event("escalate_job", at - timedelta(days=1), actor=None, rule="clock")
        for offer in self.offers:
            if offer.state == OfferState.OFFERED:
                self._end(offer, OfferState.LAPSED, at)
        self.job.expired_at = at
        event = self._move("expire_job", at, to=JobState.EXPIRED, actor=None, rule="clock")
        self._owe(event, CallBackReason.NOBODY_FOUND)

    def _end(self, offer: Offer, state: OfferState, at: datetime) -> None:
        offer.state, offer.ended_at = state, at

    def _move(self, kind: str, at: datetime, *, to: str = "", **about: Any) -> Event:
        came_from = self.job.state
        self.job.state = to or came_from
        self.job.version += 1
        self.job.changed_at = at
        return self._event(kind, at, from_state=came_from, **about)

    def _event(self, kind: str, at: datetime, *, from_state: str = "", **about: Any) -> Event:
        job = self.job
        row = Event(kind=kind, at=at, job=job, from_state=from_state, to_state=job.state, **about)
        row.version, row.opening = job.version, job.opening
        self.ledger.events.append(row)
        return row

    def _owe(self, event: Event, reason: CallBackReason, *, offer: Offer | None = None, rung: bool = True) -> None:
        row = CallBack(requester=self.job.requester, job=self.job, offer=offer, event=event, reason=reason)
        row.due_at = event.at + timedelta(seconds=10)
        if rung:
            reached = event.at + timedelta(minutes=self.ledger.chance.randint(10, 90))
            row.outcome, row.attempts, row.tried_at, row.done_at = CallBackOutcome.REACHED, 1, reached, reached
        self.ledger.call_backs.append(row)

    def _read(self, offer: Offer, at: datetime) -> None:
        about = {"subject": self.job.requester.person, "job": self.job, "offer": offer}
        self.ledger.reads.append(
            AccessLog(at=at, door=Door.REVEAL, actor=offer.helper.person, fields=list(HELPED_ASK), **about)
        )
