"""The story that the canaries live through, from the call to one of ten endings; at each stage everybody has a look."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

from cryptography.fernet import Fernet
from django.db import models
from django.db.models import F
from django.test import Client, override_settings
from django.utils import timezone

from community_help.jobs.call import Call
from community_help.jobs.call_back import CallBack
from community_help.jobs.job import Job
from community_help.jobs.offer import Ask, Offer, Report
from community_help.jobs.registry import job_models
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import JobState, OfferState
from community_help.notifications import outbox
from community_help.notifications.notification import Notification
from community_help.people.roles import Role
from community_help.services import clock
from community_help.services.people import suspend_helper
from community_help.services.safeguarding import never_pair, revoke_check
from community_help.testing import factories as make
from workshop.canary import COORDINATOR, RATIFIED, Browser, Canary, Net, login

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from community_help.people.person import Person

OTHER = "helper who offered too"
ENDINGS = (
    *("report", "silence", "stand_down", "release", "no_show"),
    *("cancel", "undo", "suspend", "revoke_check", "never_pair"),
)
TIMINGS = ("asap", "flexible", "by", "between", "at")
#: Kinds of actor who have something to do with the job.
_NEAREST = {COORDINATOR, RATIFIED, OTHER}
UNDO = timedelta(seconds=11)
#: Rows that move when time passes, all by the same.
_TIMED: tuple[type[models.Model], ...] = (Job, Offer, Ask, Report, CallBack, Event, Notification, Call)


def canaries(number: int, model: type[Job]) -> list[Canary]:
    """The details of one requester, like nobody else's: typed into the caller's questions and the job's."""
    mark = f"{number:03d}"
    texts = {name: f"Zq{name.replace('_', '')}{mark}" for name in model.private_field_names() if name != "spend_limit"}
    return [
        Canary("surname", f"Zqsurname{mark}", "", frozenset({COORDINATOR, RATIFIED})),
        Canary("phone", f"0118 496 0{mark}", "phone"),
        Canary("other_phone", f"07700 900{mark}", "other_phone"),
        Canary("email", f"zqmail{mark}@example.org", "email"),
        Canary("address", f"Zqterrace{mark}", "address"),
        Canary("postcode", f"ZZ{mark[0]} {mark[1]}QX", "postcode"),
        Canary("access_notes", f"Zqgnome{mark}", "access_notes"),
        Canary("warnings", f"Zqwarning{mark}", "warnings"),
        *(Canary(name, text, f"job:{name}") for name, text in texts.items()),
    ]


@dataclass
class Story:
    """One requester, one job, one ending.

    :param number: makes the details unique, and with ``ending`` chooses what is wanted and when
    :param thorough: everybody walks through everything at each stage; else those who have to do with the job, through
        its pages, and everybody in the window
    """

    number: int
    ending: str
    thorough: bool = True
    net: Net = field(init=False)
    browsers: dict[str, Browser] = field(init=False)
    job: Any = None

    def __post_init__(self) -> None:
        """Make the neighbourhood: who fits, who does not, who has no business here."""
        make.no_quiet_hours()
        labels = [label for label, model in job_models().items() if model.__module__.startswith("community_help.")]
        self.label = labels[self.number % len(labels)]
        self.model = job_models()[self.label]
        self.timing = TIMINGS[self.number % len(TIMINGS)]
        self.net = Net(canaries(self.number, self.model), thorough=self.thorough)
        self.area, elsewhere = make.make_area(), make.make_area()
        self.kind = make.make_task_type(job_model=self.label, check_level=make.make_check_level(), urgency="urgent")
        like = make.make_job(task_type=self.kind, area=self.area)
        self.ama = make.make_coordinator("Ama Mensah")
        self.tom, self.gloria, kofi = (make.make_matching_helper(like, name) for name in ("Tom", "Gloria", "Kofi"))
        like.delete()
        lead = make.make_person("Lea Lead")
        for role in (Role.SAFEGUARDING_LEAD, Role.DATA_PROTECTION_LEAD, Role.ADMINISTRATOR):
            make.grant_directly(lead, role)
        root = make.make_user()
        root.is_superuser = root.is_staff = True
        root.save()
        people: dict[str, Person] = {
            COORDINATOR: self.ama,
            RATIFIED: self.tom.person,
            OTHER: self.gloria.person,
            "helper who was asked": kofi.person,
            "helper who does not fit": make.make_helper("Nadia", areas=[elsewhere], task_types=[self.kind]).person,
            "co-ordinator of elsewhere": make.make_coordinator("Ben", areas=[elsewhere]),
            "leads and administrator": lead,
            "person without a role": make.make_person(),
        }
        self.browsers = {kind: Browser(kind, person, login(person)) for kind, person in people.items()}
        self.browsers["superuser"] = Browser("superuser", None, login(root))
        self.browsers["nobody"] = Browser("nobody", None, Client())

    # Telling it

    def tell(self) -> Net:
        """The whole story."""
        community = {
            "BASE_URL": "https://help.example",
            "ENCRYPTION_KEYS": [Fernet.generate_key().decode()],
            "HASH_KEY": "canary",
        }
        with override_settings(COMMUNITY_HELP=community), self.net.logs():
            self._take_the_call()
            self._offer()
            getattr(self, f"_{self.ending}")()
            self.net.tables()
        return self.net

    def _stage(self, name: str, *, window: bool = False, after: timedelta = UNDO) -> None:
        """Let time pass and the workers work; then everybody walks through everything."""
        self.net.stage, self.net.window_is_open = name, window
        self._pass(after)
        outbox.drain()
        self.net.mails()
        self.net.payloads()
        everybody = self.thorough or window
        self.net.walk(browser for kind, browser in self.browsers.items() if everybody or kind in _NEAREST)

    def _pass(self, time: timedelta) -> None:
        """Make it later: every instant of the story's rows moves into the past by as much."""
        for model in _TIMED:
            names = [it.name for it in model._meta.local_fields if isinstance(it, models.DateTimeField)]
            rows: Any = model._base_manager.all()
            rows = rows.non_polymorphic() if model is Job else rows
            rows.update(**{name: F(name) - time for name in names})

    def _as(self, kind: str, path: str, /, **answers: Any) -> Any:
        response = self.net.post(self.browsers[kind], f"/help/{path}", **answers)
        if response.status_code not in {200, 302}:
            raise AssertionError(f"{kind} can't post {path}: {response.status_code}")
        return response

    def _desk(self, path: str, /, **answers: Any) -> Any:
        self.job.refresh_from_db()
        return self._as(COORDINATOR, f"desk/{path}", version=self.job.version, **answers)

    def _take_the_call(self) -> None:
        typed = {canary.name: canary.typed for canary in self.net.canaries}
        name = f"Doreen {typed.pop('surname')}"
        typed |= {"name": name, "home_area": str(self.area.pk), "new_person": "yes"}
        typed |= {
            "task_type": str(self.kind.pk),
            "asked": str(self.kind.pk),
            "urgency": "urgent",
            "places": str(self.number % 2 + 1),
        }
        typed |= {"title": "A hand wanted", "timing": self.timing, "window": "one", **self._own(), **self._times()}
        self.net.stage = "on the phone"
        location = self._as(COORDINATOR, "desk/calls/").headers["Location"]
        self.net.open_call = location.rstrip("/").rpartition("/")[2]
        call = f"desk/calls/{self.net.open_call}/"
        self._as(COORDINATOR, f"{call}save/", do="search", who=typed["phone"], saved="0", window="one")
        self._as(COORDINATOR, f"{call}save/", do="", **typed, saved=self._saved())
        self._stage("on the phone")
        self._as(COORDINATOR, f"{call}save/", do="keep", **typed, saved=self._saved())
        self._as(COORDINATOR, f"{call}finish/", throw_away="yes", saved=self._saved())
        self.net.open_call = ""
        self.job = Job.objects.get(requester__person__name=name)
        self._stage("a draft")
        self._desk(f"jobs/{self.job.uuid}/publish/")
        self._stage("open")

    def _own(self) -> dict[str, str]:
        """Answers to the job model's own questions that are no canaries: the first choice of each."""
        own = {it.name: list(it.flatchoices) for it in self.model._meta.local_fields if it.choices}
        return {name: str(choices[0][0]) for name, choices in own.items()} | {"passengers": "1", "spend_limit": "20"}

    def _times(self) -> dict[str, str]:
        tomorrow = timezone.localdate() + timedelta(days=1)
        return {"day": tomorrow.isoformat(), "from_time": "10:00", "until_time": "12:00"}

    def _saved(self) -> str:
        return str(Call.objects.get(uuid=self.net.open_call).saved)

    def _offer(self) -> None:
        for kind in (RATIFIED, OTHER):
            self._as(kind, f"jobs/{self.job.uuid}/offer/", note="I can.")
        self._stage("offered")
        self.offer = Offer.objects.get(job=self.job.pk, helper=self.tom)
        self._desk(f"offers/{self.offer.uuid}/ratify/")
        self.offer.refresh_from_db()
        if self.offer.state != OfferState.RATIFIED:
            raise AssertionError(f"the offer is {self.offer.state}")
        with self._still_undoable():
            self._stage("may still be undone", after=timedelta(0))
        if self.ending == "undo":
            return
        self._stage("in the window", window=True)
        self._must_see(RATIFIED, besides={"email", "warnings", "surname"})
        self._as(RATIFIED, f"offers/{self.offer.uuid}/contact/")
        self._desk(f"jobs/{self.job.uuid}/reveal/{self.job.requester.person.uuid}/")
        self._must_see(COORDINATOR)

    def _still_undoable(self) -> AbstractContextManager[Any]:
        """Stop the clock in the last second of the undo time, however long a walk takes."""
        ratified = self.offer.ratified_at or timezone.now()
        return mock.patch("django.utils.timezone.now", return_value=ratified + timedelta(seconds=9))

    def _must_see(self, kind: str, *, besides: set[str] = frozenset()) -> None:  # type: ignore[assignment]  # read only
        """A net that catches nothing proves nothing: who may see does see."""
        seen = {name for stage, who, name in self.net.seen if (stage, who) == (self.net.stage, kind)}
        missing = {canary.name for canary in self.net.canaries} - seen - besides
        if missing:
            raise AssertionError(f"{kind} does not see {sorted(missing)} {self.net.stage}")

    # Endings

    def _report(self) -> None:
        self._as(RATIFIED, f"offers/{self.offer.uuid}/report/", outcome="done", note="All well.", minutes="40")
        self._stage("reported", window=True)
        self._stage("shut by the report", after=timedelta(hours=8))
        self.job.refresh_from_db()
        if self.job.state == JobState.REPORTED:
            self._desk(f"jobs/{self.job.uuid}/close/")
            self._stage("closed")

    def _silence(self) -> None:
        self._stage("nobody reports", after=timedelta(days=15))
        clock.tick()
        self._stage("the clock has struck")

    def _stand_down(self) -> None:
        self._desk(f"offers/{self.offer.uuid}/stand-down/", why="A word with him first.")
        self._shut_at_once("stood down")

    def _release(self) -> None:
        self._as(RATIFIED, f"offers/{self.offer.uuid}/release/", why="My car will not start.")
        self._shut_at_once("released")

    def _no_show(self) -> None:
        self._desk(f"offers/{self.offer.uuid}/no-show/", why="She waited in vain.")
        self._shut_at_once("did not come")

    def _cancel(self) -> None:
        self._desk(f"jobs/{self.job.uuid}/cancel/", why="Her niece is here.")
        self._shut_at_once("cancelled")

    def _undo(self) -> None:
        event = Event.objects.filter(job=self.job.pk, kind="ratify_offer").latest("pk")
        with self._still_undoable():
            self._desk(f"undo/{event.pk}/")
        self._shut_at_once("undone")

    def _suspend(self) -> None:
        suspend_helper(self.tom, actor=self.ama, why="A complaint.")
        self._shut_at_once("suspended")

    def _revoke_check(self) -> None:
        revoke_check(self.tom.checks.get(), actor=self.ama, why="Withdrawn by the scheme.")
        self._shut_at_once("check revoked")

    def _never_pair(self) -> None:
        never_pair(self.tom, self.job.requester, actor=self.ama, reason="They have quarrelled.")
        self._shut_at_once("never paired")

    def _shut_at_once(self, stage: str) -> None:
        self._stage(f"{stage}, at once", after=timedelta(0))
        self._stage(f"{stage}, later")
