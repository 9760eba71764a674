"""Eight weeks of jobs that have been, and the days ahead that are already agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from community_help.jobs.job import Job, Timing
from community_help.jobs.offer import Offer, Outcome
from community_help.jobs.registry import job_model_of
from community_help.jobs.task_type import ALERTING, Urgency
from community_help.people.places import columns_of
from community_help.people.profiles import HelperState, place_of
from example_project.demo.seed import words
from example_project.demo.seed.cast import EVERYTHING
from example_project.demo.seed.ledger import Ledger, Tale

if TYPE_CHECKING:
    import random

    from example_project.demo.seed.catalogue import Catalogue
    from example_project.demo.seed.days import Days
    from example_project.demo.seed.people import People, Resident, Volunteer

WEEKS = 8
#: The share of plain reports that a co-ordinator closes before the clock does.
BY_HAND = 0.7

#: How the jobs of the past went: script → how many.
ENDINGS = {
    "done": 168,
    "partly": 16,
    "nobody_home": 4,
    "two_helpers": 4,
    "released_first": 10,
    "stood_down_first": 3,
    "no_show_first": 3,
    "cancelled_early": 10,
    "cancelled_offered": 8,
    "cancelled_ratified": 9,
    "expired": 9,
    "expired_offered": 6,
}
#: The scripts that end before anybody has offered, and before anybody is ratified.
UNANSWERED = {"cancelled_early", "expired"}
UNRATIFIED = {"cancelled_offered", "expired_offered"}
#: The scripts in which the first helper does not go after all, and how that is recorded.
KINDS_OF_GOING = {
    "released_first": "release_offer",
    "stood_down_first": "stand_down_offer",
    "no_show_first": "record_no_show",
}
#: Jobs of the days ahead: script → how many.
AHEAD = {"agreed": 9, "agreed_contacted": 3, "waiting": 12}

#: How the time of each kind of job is asked for.
TIMINGS = {
    "shopping": Timing.BETWEEN,
    "prescription": Timing.BY,
    "lift": Timing.AT,
    "visit": Timing.BETWEEN,
    "dog-walk": Timing.BETWEEN,
    "errand": Timing.ON,
}
#: Those with a story ring more often than the others: name → jobs in the past.
REGULARS = {
    "Doreen Pascoe": 10,
    "Jean Tovey": 8,
    "Sheila Gunter": 6,
    "Maureen Hobbs": 6,
    "Harold Vowles": 6,
    "Winston Clarke": 5,
    "Ivy Coombs": 5,
    "Len Sparrow": 5,
    "Abdi Warsame": 4,
}


@dataclass
class Author:
    """Writes tales: whoever rings, what they want, who can help, and chance in one hand."""

    catalogue: Catalogue
    people: People
    days: Days
    chance: random.Random
    ledger: Ledger

    def candidates(self, resident: Resident, kind: str) -> list[Volunteer]:
        """The helpers who could have done it."""
        row = self.catalogue.kinds[kind]
        level = row.check_level.slug if row.check_level else None
        needs = {"lift": {"car"}, "dog-walk": {"dogs"}}.get(kind, set())
        return [
            who
            for who in self.people.volunteers.values()
            if who.facts.state == HelperState.APPROVED
            and kind in who.facts.kinds
            and resident.area in who.facts.areas
            and needs <= set(who.facts.skills)
            and (level is None or level in who.proves)
            and who.person != resident.person
        ]

    def usual_first(self, resident: Resident, able: list[Volunteer]) -> list[Volunteer]:
        """In chance's order, but mostly the one first who usually comes."""
        able = self.chance.sample(able, len(able))
        if resident.helped_by and self.chance.random() < 0.75:
            usual = self.chance.choice(resident.helped_by)
            able.sort(key=lambda who: who.person.name != usual)
        return able

    def kind_for(self, resident: Resident) -> str:
        """What they ring about: something that at least two helpers could do."""
        kinds = [*self.chance.sample(resident.prefers, len(resident.prefers)), *EVERYTHING]
        return next(kind for kind in kinds if len(self.candidates(resident, kind)) > 1)

    def job(self, resident: Resident, kind: str, asked_at: datetime) -> Job:
        """The job as it was typed: unsaved, and without a time."""
        wish = self.chance.choice(words.WISHES[kind])
        row = self.catalogue.kinds[kind]
        job: Job = job_model_of(row)(
            requester=resident.requester,
            task_type=row,
            area=resident.requester.area,
            **columns_of(place_of(resident.requester, resident.requester.area)),
            title=wish.title,
            public_details=wish.public,
            private_details=wish.private,
            minutes=wish.minutes,
            check_level=row.check_level,
            created_at=asked_at,
            **wish.own,
        )
        return job

    def tale(self, resident: Resident, kind: str, asked_at: datetime, wanted: datetime, **asked: Any) -> Tale:
        """The beginning of every story: a call, and a job that is open.

        :param asked: what else was asked for, in fields of the job
        """
        by = self.chance.choice(list(self.people.coordinators.values())[:2])
        job = self.job(resident, kind, asked_at)
        for name, value in {"timing": TIMINGS[kind], **asked}.items():
            setattr(job, name, value)
        job.earliest, job.latest = times_of(job.timing, wanted)
        skills = [self.catalogue.skills[slug] for slug in {"lift": ["car"], "dog-walk": ["dogs"]}.get(kind, [])]
        tale = Tale(self.ledger, job, by=by, skills=skills)
        tale.publish(asked_at + timedelta(minutes=1))
        return tale


def times_of(timing: str, wanted: datetime) -> tuple[datetime | None, datetime | None]:
    """The earliest and latest instant of a job that is wanted about then."""
    whole_day = (wanted.replace(hour=0, minute=0), wanted.replace(hour=23, minute=59))
    times: dict[str, tuple[datetime | None, datetime | None]] = {
        Timing.AT: (wanted, wanted),
        Timing.BETWEEN: (wanted, wanted + timedelta(hours=3)),
        Timing.BY: (None, wanted + timedelta(hours=2)),
        Timing.ON: whole_day,
        Timing.FLEXIBLE: (None, None),
    }
    return times[timing]


def write_history(author: Author) -> None:
    """Tell every job of the past and of the days ahead, into the ledger."""
    scripts = [name for name, count in ENDINGS.items() for _ in range(count)]
    author.chance.shuffle(scripts)
    for script, resident in zip(scripts, _who_rang(author, len(scripts)), strict=True):
        _tell_past(author, script, resident)
    scripts = [name for name, count in AHEAD.items() for _ in range(count)]
    for script, resident in zip(scripts, _others(author, len(scripts)), strict=True):
        _tell_ahead(author, script, resident)


def _who_rang(author: Author, count: int) -> list[Resident]:
    residents = author.people.residents
    rang = [residents[name] for name, often in REGULARS.items() for _ in range(often)]
    rang += _others(author, count - len(rang))
    author.chance.shuffle(rang)
    return rang


def _others(author: Author, count: int) -> list[Resident]:
    others = [resident for name, resident in author.people.residents.items() if name not in REGULARS]
    return author.chance.choices(others, k=count)


def _tell_past(author: Author, script: str, resident: Resident) -> None:
    chance, days = author.chance, author.days
    kind = author.kind_for(resident)
    urgency = chance.choices([Urgency.CRITICAL, Urgency.URGENT, Urgency.SOON, Urgency.WHENEVER], [1, 20, 55, 24])[0]
    ahead = {Urgency.SOON: chance.randint(1, 2), Urgency.WHENEVER: chance.randint(2, 3)}.get(urgency, 0)
    began = days.weekday(-chance.randint(6, WEEKS * 7 - 2))
    asked_at = days.at(began, chance.randint(9, 10), chance.randint(0, 59))
    wanted = days.at(began + ahead, chance.choice([14, 15, 16]), chance.choice([0, 30]))
    places = 2 if script == "two_helpers" else 1
    tale = author.tale(resident, kind, asked_at, wanted, urgency=urgency, places=places)
    able = author.usual_first(resident, author.candidates(resident, kind))
    told_at = tell(tale, able, days.at(began + 1, 8))
    if script in UNANSWERED:
        _end_early(author, tale, script, told_at, wanted)
        return
    offer = tale.offer(able[0], told_at + timedelta(minutes=chance.randint(12, 70)), chance.choice(words.OFFER_NOTES))
    if script in UNRATIFIED:
        _end_early(author, tale, script, told_at, wanted)
        return
    offers = [offer, *_second_offer(author, tale, able[1], told_at + timedelta(minutes=75), needed=places > 1)]
    ratified_at = told_at + timedelta(minutes=chance.randint(85, 110))
    for place, ratified in enumerate(offers):
        tale.ratify(ratified, ratified_at + timedelta(minutes=place))
    if script.endswith("_first"):
        gone_at = ratified_at + timedelta(minutes=20)
        tale.vacate(KINDS_OF_GOING[script], offer, gone_at, chance.choice(words.REASONS_TO_GO[script]))
        offers = [_step_in(tale, able[1], gone_at)]
    if script == "cancelled_ratified":
        _end_early(author, tale, script, ratified_at, wanted)
    else:
        _help(author, tale, script, offers, wanted)


def _end_early(author: Author, tale: Tale, script: str, at: datetime, wanted: datetime) -> None:
    if script.startswith("expired"):
        tale.expire(wanted + timedelta(days=1, hours=3))
    else:
        tale.cancel(at + timedelta(minutes=90), author.chance.choice(words.CANCEL_REASONS))


def tell(tale: Tale, able: list[Volunteer], digest_at: datetime) -> datetime:
    """Tell the helpers of the job: urgent ones at once, others in the next digest. Returns when."""
    with_mail = [who for who in able if who.facts.email]
    if tale.job.urgency in ALERTING:
        told_at = tale.job.created_at + timedelta(minutes=1, seconds=12)
        tale.ask(with_mail[:9], told_at, "alert")
        return told_at
    tale.ask(with_mail[:6], digest_at, "digest")
    return digest_at


def _second_offer(author: Author, tale: Tale, who: Volunteer, at: datetime, *, needed: bool) -> list[Offer]:
    """Every third job has a second offer: declined, withdrawn, or left until it is not needed. Answers one that is."""
    fate = author.chance.choice(["none", "none", "none", "none", "not_needed", "declined", "withdrawn"])
    if needed:
        return [tale.offer(who, at, author.chance.choice(words.OFFER_NOTES))]
    if fate != "none":
        second = tale.offer(who, at, author.chance.choice(words.OFFER_NOTES))
        if fate == "declined":
            tale.decline(second, at + timedelta(minutes=6), author.chance.choice(words.DECLINE_REASONS))
        elif fate == "withdrawn":
            tale.withdraw(second, at + timedelta(minutes=4))
    return []


def _step_in(tale: Tale, who: Volunteer, at: datetime) -> Offer:
    """Another helper is told at once, and goes instead."""
    tale.ask([who], at + timedelta(seconds=12), "alert")
    offer = tale.offer(who, at + timedelta(minutes=9), "I can step in.")
    tale.ratify(offer, at + timedelta(minutes=15))
    return offer


def _help(author: Author, tale: Tale, script: str, offers: list[Offer], wanted: datetime) -> None:
    """The helpers ring, go, and report; the co-ordinator reads it and closes the job."""
    chance = author.chance
    outcome = {"partly": Outcome.PARTLY, "nobody_home": Outcome.NOBODY_HOME}.get(script, Outcome.DONE)
    notes = {"partly": words.PARTLY_NOTES, "nobody_home": words.NOBODY_NOTES}.get(script, words.DONE_NOTES)
    back = wanted + timedelta(minutes=(tale.job.minutes or 30) + chance.randint(20, 90))
    for place, offer in enumerate(offers):
        tale.contact(offer, (offer.ratified_at or wanted) + timedelta(minutes=chance.randint(4, 9) + place))
    for place, offer in enumerate(offers):
        note = chance.choice(notes)
        tale.report(offer, back + timedelta(minutes=7 * place), outcome, note)
        by_hand = chance.random() < BY_HAND or bool(note)
    by_itself = back + timedelta(days=3, hours=1)
    if by_hand or by_itself > author.days.now:
        tale.close(author.days.at((wanted.date() - author.days.today).days + 1, 9, chance.randint(5, 55)))
    else:
        tale.close(by_itself, rule="plain_done")


def _tell_ahead(author: Author, script: str, resident: Resident) -> None:
    """Opened in the last days, wanted in the next."""
    chance, days = author.chance, author.days
    kind = author.kind_for(resident)
    began = days.weekday(-chance.randint(2, 4))
    asked_at = days.at(began, chance.randint(9, 10), chance.randint(0, 59))
    wanted = days.at(chance.randint(1, 6), chance.choice([10, 11, 14, 15]), chance.choice([0, 30]))
    urgency = chance.choice([Urgency.SOON, Urgency.WHENEVER])
    timing = Timing.FLEXIBLE if kind == "errand" else TIMINGS[kind]
    tale = author.tale(resident, kind, asked_at, wanted, urgency=urgency, timing=timing)
    able = author.usual_first(resident, author.candidates(resident, kind))
    told_at = tell(tale, able, days.at(began + 1, 8))
    if script == "waiting":
        return
    offer = tale.offer(able[0], told_at + timedelta(minutes=chance.randint(12, 70)), chance.choice(words.OFFER_NOTES))
    tale.ratify(offer, told_at + timedelta(minutes=chance.randint(85, 110)))
    if script == "agreed_contacted":
        tale.contact(offer, told_at + timedelta(hours=2, minutes=5))
