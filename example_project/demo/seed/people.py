"""Writes the people of the demo: co-ordinators, helpers, requesters, their contact details, roles and checks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password

from community_help.lifecycle.event import Event
from community_help.people.person import Person
from community_help.people.places import columns_of
from community_help.people.profiles import Helper, HelperState, NeverPair, Requester
from community_help.people.roles import Role, RoleGrant
from community_help.privacy.contacts import write_contact
from community_help.safeguarding.background_checks import Check, CheckDecision
from example_project.demo.seed import cast, places
from example_project.demo.seed.catalogue import AREAS, PHONE_LINE, Catalogue

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from example_project.demo.seed.days import Days

REQUESTERS = 120
WITHOUT_EMAIL = 6
TITLES = ("", "", "", "Mrs", "Mr")


@dataclass(frozen=True)
class Volunteer:
    """A helper and what history asks about them, so that it need not ask the database."""

    helper: Helper
    person: Person
    facts: cast.Neighbour
    proves: frozenset[str]


@dataclass(frozen=True)
class Resident:
    """A requester, and what they usually ring about and who usually comes."""

    requester: Requester
    person: Person
    area: str
    prefers: tuple[str, ...]
    helped_by: tuple[str, ...]


@dataclass
class People:
    """Everybody, by name."""

    coordinators: dict[str, Person] = field(default_factory=dict)
    volunteers: dict[str, Volunteer] = field(default_factory=dict)
    residents: dict[str, Resident] = field(default_factory=dict)


class Numbers:
    """Hands out phone numbers and addresses, each once."""

    def __init__(self, chance: random.Random) -> None:
        taken = {PHONE_LINE, cast.UNKNOWN_NUMBER, *(caller.phone for caller in cast.CALLERS)}
        self.chance = chance
        self._landlines = self._shuffled([f"0117 496 0{number:03d}" for number in range(990)], taken)
        self._mobiles = self._shuffled([f"07700 900{number:03d}" for number in range(990)], taken)

    def _shuffled(self, numbers: list[str], taken: set[str]) -> Iterator[str]:
        free = [number for number in numbers if number not in taken]
        self.chance.shuffle(free)
        return iter(free)

    def landline(self) -> str:
        return next(self._landlines)

    def mobile(self) -> str:
        return next(self._mobiles)

    def street(self) -> str:
        return f"{self.chance.randint(1, 120)} {self.chance.choice(cast.STREETS)}"

    def postcode(self, area: str) -> str:
        """One that does not exist."""
        return places.postcode_of(area, self.chance.choice(places.LETTERS), self.chance.choice(places.LETTERS))


def write_people(catalogue: Catalogue, days: Days, chance: random.Random) -> People:
    """Write everybody into empty tables."""
    people = People()
    numbers = Numbers(chance)
    neighbours = [*cast.HELPERS, *_crowd(chance)]
    callers = [*cast.CALLERS, *_callers(chance)]
    persons = _write_persons(neighbours, callers, days, chance)
    for coordinator in cast.COORDINATORS:
        people.coordinators[coordinator.name] = persons[coordinator.name]
    _grant_roles(people, catalogue, days)
    people.volunteers = {who.person.name: who for who in _write_helpers(neighbours, persons)}
    _write_what_they_do(people, catalogue)
    _write_checks(people, catalogue, days)
    residents = _write_requesters(callers, persons, catalogue, chance)
    people.residents = {resident.person.name: resident for resident in residents}
    _keep_apart(people)
    _write_contacts(people, callers, numbers)
    _tell_the_story(people, days)
    return people


#: How many of a hundred helpers without a story have each skill.
SKILL_SHARES = {"clear": 0.6, "dogs": 0.35, "cats": 0.3, "strong": 0.25, "computers": 0.2, "bsl": 0.05, "somali": 0.06}


def _crowd(chance: random.Random) -> list[cast.Neighbour]:
    """Helpers with a name and no story yet."""
    states = [HelperState.APPLIED] * 3 + [HelperState.PAUSED] * 2 + [HelperState.LEFT] * 2
    states += [HelperState.APPROVED] * (len(cast.MORE_HELPERS) - len(states))
    chance.shuffle(states)
    offline = set(chance.sample(cast.MORE_HELPERS, WITHOUT_EMAIL))
    crowd = []
    for name, state in zip(cast.MORE_HELPERS, states, strict=True):
        skills = ["car"] if chance.random() < 0.45 else []
        skills += [skill for skill, share in SKILL_SHARES.items() if chance.random() < share]
        kinds = chance.sample([kind for kind in cast.EVERYTHING if kind != "lift"], chance.randint(2, 4))
        kinds += ["lift"] if "car" in skills else []
        check = chance.choices(["enhanced-dbs", "basic-dbs", ""], [5, 2, 3])[0]
        due_in = chance.choice([-40, 20, 150, 320, 500, 700])
        areas = chance.sample(AREAS, chance.randint(2, 5))
        applied = state == HelperState.APPLIED
        crowd.append(
            cast.Neighbour(
                name,
                tuple(kinds),
                tuple(areas),
                tuple(skills),
                "" if applied else check,
                due_in,
                state=state,
                email=name not in offline,
            )
        )
    return crowd


def _callers(chance: random.Random) -> list[cast.Caller]:
    """Requesters with a name and no story yet."""
    taken = {caller.name for caller in cast.CALLERS}
    names: list[str] = []
    while len(names) < REQUESTERS - len(cast.CALLERS):
        name = f"{chance.choice(cast.FIRST_NAMES)} {chance.choice(cast.LAST_NAMES)}"
        if name not in taken:
            taken.add(name)
            names.append(name)
    helpers = [neighbour for neighbour in cast.HELPERS if neighbour.state == HelperState.APPROVED]
    answer = []
    for name in names:
        title = chance.choice(TITLES)
        usual = chance.choice(helpers)
        answer.append(
            cast.Caller(
                name,
                chance.choice(AREAS),
                "",
                known_as=f"{title} {name.split()[-1]}" if title else "",
                warnings=chance.choice(cast.WARNINGS) if chance.random() < 0.2 else "",
                notes=chance.choice(cast.ACCESS_NOTES) if chance.random() < 0.6 else "",
                prefers=tuple(chance.choices(cast.EVERYTHING, [24, 14, 30, 18, 7, 7], k=2)),
                helped_by=(usual.name,) if chance.random() < 0.6 else (),
            )
        )
    return answer


def _write_persons(
    neighbours: list[cast.Neighbour], callers: list[cast.Caller], days: Days, chance: random.Random
) -> dict[str, Person]:
    """One person for each name, whatever they are here; who has a mail address has an account."""
    model = get_user_model()
    locked = make_password(None)  # one-click sign-in is the only way in
    known_as = {caller.name: caller.known_as for caller in callers}
    everybody: list[cast.Caller | cast.Neighbour | cast.Coordinator] = [*cast.COORDINATORS, *neighbours, *callers]
    faces = {entry.name: entry.face for entry in everybody if entry.face}
    online = [entry.name for entry in cast.COORDINATORS] + [entry.name for entry in neighbours if entry.email]
    logins = {name: login_name(name) for name in online}
    users = {
        user.get_username(): user
        for user in model.objects.bulk_create(
            [model(**{model.USERNAME_FIELD: login, "password": locked}) for login in sorted(set(logins.values()))]
        )
    }
    names = dict.fromkeys(entry.name for entry in everybody)
    rows = Person.objects.bulk_create(
        [
            Person(
                name=name,
                known_as=known_as.get(name) or name.split()[0],
                face=faces.get(name, ""),
                user=users[logins[name]] if name in logins else None,
                created_at=days.now - timedelta(days=chance.randint(60, 900)),
            )
            for name in names
        ]
    )
    return {person.name: person for person in rows}


def login_name(name: str) -> str:
    """The name of the account, and the part before the @ of the mail address."""
    return re.sub(r"[^a-z]+", ".", name.lower())


def _grant_roles(people: People, catalogue: Catalogue, days: Days) -> None:
    since = days.now - timedelta(days=60)
    ama = people.coordinators["Ama Mensah"]
    for coordinator in cast.COORDINATORS:
        person = people.coordinators[coordinator.name]
        grant = RoleGrant.objects.create(
            person=person, role=Role.COORDINATOR, all_areas=not coordinator.areas, since=since, granted_by=ama
        )
        grant.areas.set([catalogue.areas[name] for name in coordinator.areas])
        for role in coordinator.leads:
            RoleGrant.objects.create(person=person, role=role, since=since, granted_by=ama)


def _write_helpers(neighbours: list[cast.Neighbour], persons: dict[str, Person]) -> Iterator[Volunteer]:
    rows = Helper.objects.bulk_create(
        [
            Helper(
                person=persons[neighbour.name],
                state=neighbour.state,
                approved_at=None if neighbour.state == HelperState.APPLIED else _approved_at(persons[neighbour.name]),
                wants_alerts=neighbour.email,
                wants_digest=neighbour.email,
            )
            for neighbour in neighbours
        ]
    )
    proves = {"enhanced-dbs": {"enhanced-dbs", "standard-dbs", "basic-dbs"}, "basic-dbs": {"basic-dbs"}, "": set()}
    for neighbour, helper in zip(neighbours, rows, strict=True):
        valid = proves[neighbour.check] if neighbour.due_in > 0 else set()
        yield Volunteer(helper, persons[neighbour.name], neighbour, frozenset(valid))


def _approved_at(person: Person) -> datetime:
    return person.created_at + timedelta(days=8)


def _write_what_they_do(people: People, catalogue: Catalogue) -> None:
    """The helpers' areas, kinds and skills, a whole table at a time."""
    for relation, link, name, rows in (
        ("areas", "area_id", "areas", catalogue.areas),
        ("task_types", "tasktype_id", "kinds", catalogue.kinds),
        ("skills", "skill_id", "skills", catalogue.skills),
    ):
        through = getattr(Helper, relation).through
        through.objects.bulk_create(
            through(**{"helper_id": volunteer.helper.pk, link: rows[value].pk})
            for volunteer in people.volunteers.values()
            for value in getattr(volunteer.facts, name)
        )


def _write_checks(people: People, catalogue: Catalogue, days: Days) -> None:
    ama = people.coordinators["Ama Mensah"]
    rows = []
    for number, volunteer in enumerate(people.volunteers.values()):
        facts = volunteer.facts
        if not facts.check:
            continue
        due = days.today + timedelta(days=facts.due_in)
        issued = due - timedelta(days=3 * 365)
        rows.append(
            Check(
                helper=volunteer.helper,
                level=catalogue.levels[facts.check],
                barred_adults=facts.check == "enhanced-dbs",
                issued_on=issued,
                reference=f"00170000{4000 + number}",
                seen_by=ama,
                seen_on=issued + timedelta(days=11),
                decision=CheckDecision.ACCEPTED,
                recheck_on=due,
            )
        )
    Check.objects.bulk_create(rows)


def _write_requesters(
    callers: list[cast.Caller], persons: dict[str, Person], catalogue: Catalogue, chance: random.Random
) -> Iterator[Resident]:
    rows = Requester.objects.bulk_create(
        [
            Requester(
                person=persons[caller.name],
                area=catalogue.areas[caller.area],
                warnings=caller.warnings,
                consent_at=persons[caller.name].created_at,
                consent_how=chance.choice(["read aloud on the phone", "on paper"]),
                since=persons[caller.name].created_at,
            )
            for caller in callers
        ]
    )
    for caller, row in zip(callers, rows, strict=True):
        yield Resident(row, row.person, caller.area, caller.prefers, caller.helped_by)


def _keep_apart(people: People) -> None:
    rosa, harold = people.volunteers["Rosa Delgado"].helper, people.residents["Harold Vowles"].requester
    leroy = people.coordinators["Leroy Campbell"]
    NeverPair.objects.create(helper=rosa, requester=harold, reason="They fell out over a fence.", made_by=leroy)


def _write_contacts(people: People, callers: list[cast.Caller], numbers: Numbers) -> None:
    """Through privacy's own door, as for everybody: it normalises and hashes."""
    details: dict[Person, dict[str, str]] = {}
    for coordinator in people.coordinators.values():
        details[coordinator] = {"phone": numbers.mobile(), "email": f"{login_name(coordinator.name)}@example.org"}
    for number, volunteer in enumerate(people.volunteers.values()):
        mine = details.setdefault(volunteer.person, {"phone": numbers.mobile()})
        home, row = volunteer.facts.areas[0], number % len(places.LETTERS)
        column = (number // len(places.LETTERS)) % len(places.LETTERS)
        mine["postcode"] = places.postcode_of(home, places.LETTERS[row], places.LETTERS[column])
        mine["email"] = f"{login_name(volunteer.person.name)}@example.org" if volunteer.facts.email else ""
    for place, caller in enumerate(callers):
        mine = details.setdefault(people.residents[caller.name].person, {})
        mine["phone"] = caller.phone or (numbers.landline() if place % 3 else numbers.mobile())
        mine["address"] = caller.address or numbers.street()
        mine["postcode"] = numbers.postcode(caller.area)
        mine["access_notes"] = caller.notes
    neighbours = [people.residents[caller.name].person for caller in callers[-2:]]
    details[neighbours[1]]["phone"] = details[neighbours[0]]["phone"]  # they live together and share a phone
    for person, fields in details.items():
        write_contact(person, **fields)
    _place(people, {person.pk: fields.get("postcode", "") for person, fields in details.items()})


def _place(people: People, postcodes: dict[int, str]) -> None:
    """Put everybody where the worker will find them too."""
    helpers = [volunteer.helper for volunteer in people.volunteers.values()]
    requesters = [resident.requester for resident in people.residents.values()]
    for row in (*helpers, *requesters):
        for name, value in columns_of(places.position_of(postcodes[row.pk])).items():
            setattr(row, name, value)
    Helper.objects.bulk_update(helpers, list(columns_of(None)))
    Requester.objects.bulk_update(requesters, list(columns_of(None)))


def _tell_the_story(people: People, days: Days) -> None:
    """Tell how the helpers came to be where they are."""
    ama = people.coordinators["Ama Mensah"]
    rows = []
    for volunteer in people.volunteers.values():
        state = volunteer.facts.state
        if state == HelperState.APPLIED:
            continue
        about = {"person": volunteer.person, "actor": ama}
        rows.append(Event(kind="approve_helper", at=_approved_at(volunteer.person), to_state="approved", **about))
        if state == HelperState.SUSPENDED:
            why = "A caller said that he asked for cash."
            rows.append(Event(kind="suspend_helper", at=days.at(-20, 11), to_state="suspended", why=why, **about))
    Event.objects.bulk_create(sorted(rows, key=lambda event: event.at))
