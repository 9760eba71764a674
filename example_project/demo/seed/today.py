"""What this morning and yesterday have left on the desk, told by the services themselves at their time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from community_help.jobs.call_back import CallBack, CallBackOutcome, CallBackReason
from community_help.jobs.job import Job, Source
from community_help.jobs.offer import AskAnswer, Offer, Outcome
from community_help.notifications import outbox
from community_help.services import availability, buddies, call_backs, calls, jobs, offers, reports
from example_project.demo.seed import words
from example_project.demo.seed.clock import clock_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from community_help.people.person import Person
    from example_project.demo.seed.catalogue import Catalogue
    from example_project.demo.seed.days import Days
    from example_project.demo.seed.people import People, Volunteer

#: A move can be undone for ten seconds; after that its mails go out.
SETTLED = timedelta(seconds=15)


@dataclass
class Today:
    """The moves of all stories, in the order of the clock."""

    catalogue: Catalogue
    people: People
    days: Days
    moves: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)

    @property
    def ama(self) -> Person:
        """Who takes the calls this morning."""
        return self.people.coordinators["Ama Mensah"]

    def at(self, moment: datetime, move: Callable[[], object]) -> None:
        """Do this then."""
        self.moves.append((moment, len(self.moves), move))

    def ago(self, *, days: int = 0, minutes: int = 0) -> datetime:
        """So long before now."""
        return self.days.now - timedelta(days=days, minutes=minutes)

    def make_buddies(self, moment: datetime, helper: str, name: str) -> None:
        """Ama says that the two know and trust each other."""
        pair = self.people.volunteers[helper].helper, self.people.residents[name].requester
        self.at(moment, lambda: buddies.make_buddies(*pair, actor=self.ama))

    def go_away(self, moment: datetime, name: str, first: int, last: int) -> None:
        """A helper says that they are away from one day to another, each so many days from today."""
        who = self.people.volunteers[name]
        away = [(self.days.today + timedelta(first), self.days.today + timedelta(last))]
        self.at(moment, lambda: availability.change_availability(who.helper, actor=who.person, away=away))

    def play(self) -> None:
        """Let everything happen at its time, and carry the mails of each move as soon as they may go."""
        for moment, _order, move in sorted(self.moves, key=lambda entry: entry[:2]):
            with clock_at(moment):
                move()
            with clock_at(min(moment + SETTLED, self.days.now)):
                outbox.drain(worker="seed")


@dataclass
class Story:
    """One job of these days; each method is one move, and says when."""

    today: Today
    name: str
    wish: tuple[str, int]
    asked: dict[str, Any]
    by: Person
    source: str = Source.CALL
    job: Job = field(init=False)  # from when the call is taken
    given: dict[str, Offer] = field(default_factory=dict)

    def begin(self, moment: datetime, *, publish: bool = True) -> Story:
        """The call, the job, and the yes to it."""
        self.today.at(moment, lambda: self._take_call(publish=publish))
        return self

    def _take_call(self, *, publish: bool) -> None:
        slug, number = self.wish
        wish = words.WISHES[slug][number]
        kind = self.today.catalogue.kinds[slug]
        requester = self.today.people.residents[self.name].requester
        values: dict[str, Any] = {"title": wish.title, "public_details": wish.public, "minutes": wish.minutes}
        values |= {"private_details": wish.private, **wish.own, **self.asked}
        about: dict[str, Any] = {"task_type": kind, "area": requester.area, "values": values}
        if self.source != Source.CALL:
            rule = "public_form" if self.source == Source.PUBLIC_FORM else "referrer"
            jobs.create_job(requester, actor=None, rule=rule, submit=True, source=self.source, **about)
            return
        call = calls.start_call(actor=self.by)
        call = calls.choose_requester(call, actor=self.by, requester=requester)
        self.job = jobs.create_job(requester, actor=self.by, call=call, **about)
        calls.finish_call(call, actor=self.by)
        if publish:
            jobs.publish_job(self.job, actor=self.by)

    def _helper(self, name: str) -> Volunteer:
        return self.today.people.volunteers[name]

    def offer(self, moment: datetime, name: str, note: str = "") -> Story:
        """A helper offers."""

        def move() -> None:
            who = self._helper(name)
            self.given[name] = offers.make_offer(self.job, helper=who.helper, actor=who.person, note=note)

        self.today.at(moment, move)
        return self

    def say_no(self, moment: datetime, name: str, answer: AskAnswer = AskAnswer.NOT_THIS_ONE) -> Story:
        """A helper who was asked can't."""

        def move() -> None:
            who = self._helper(name)
            offers.answer_ask(self.job, helper=who.helper, actor=who.person, answer=answer)

        self.today.at(moment, move)
        return self

    def ratify(self, moment: datetime, name: str) -> Story:
        """Say yes to an offer."""
        self.today.at(moment, lambda: offers.ratify_offer(self.given[name], actor=self.by))
        return self

    def ring(self, moment: datetime, outcome: CallBackOutcome, reason: CallBackReason) -> Story:
        """Ring the requester about it."""

        def move() -> None:
            owed = CallBack.objects.get(job=self.job, reason=reason, done_at__isnull=True)
            call_backs.record_call_back(owed, actor=self.by, outcome=outcome)

        self.today.at(moment, move)
        return self

    def contact(self, moment: datetime, name: str) -> Story:
        """The helper rings."""
        self.today.at(moment, lambda: offers.note_contact(self.given[name], actor=self._helper(name).person))
        return self

    def release(self, moment: datetime, name: str, why: str) -> Story:
        """The helper can't after all."""
        self.today.at(moment, lambda: offers.release_offer(self.given[name], actor=self._helper(name).person, why=why))
        return self

    def report(self, moment: datetime, name: str, outcome: Outcome, note: str = "") -> Story:
        """The helper says how it went."""
        who = self._helper(name)
        self.today.at(
            moment, lambda: reports.make_report(self.given[name], actor=who.person, outcome=outcome, note=note)
        )
        return self

    def close(self, moment: datetime) -> Story:
        """Read and closed."""
        self.today.at(moment, lambda: jobs.close_job(self.job, actor=self.by))
        return self

    def cancel(self, moment: datetime, why: str) -> Story:
        """Called off."""
        self.today.at(moment, lambda: jobs.cancel_job(self.job, actor=self.by, why=why))
        return self
