"""Run inside a site by its own Python: lives through a few jobs, then looks at every address of the package.

    manage.py shell --no-imports -c "import visits; visits.tell()"

writes a JSON list: for each address, visitor and thing that it is about, what the answer was.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community_help.jobs.call_back import CallBack
from community_help.jobs.decision import Decision
from community_help.jobs.task_type import TaskType
from community_help.jobs.task_type_change import TaskTypeChange
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import JobState
from community_help.notifications.notification import Notification
from community_help.people.community import Community
from community_help.people.roles import Role
from community_help.services import calls, jobs, offers, people, reports, task_types
from community_help.testing import factories as make
from community_help.urls import urlpatterns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.urls import URLPattern

    from community_help.jobs.job import Job
    from community_help.jobs.offer import Offer

INSIDE = ("coordinator", "helper")
#: What a page in somebody's base template has exactly once: theirs, and ours.
ONCE = {
    "their own words": "Kept by the parish, since 1894",
    "their main part": "<main>",
    "a title": "</title>",
    "a heading": "<h1",
    "our styles": "/community_help/tokens",
}
WRITTEN_DIRECTLY = (JobState.DRAFT, JobState.SUBMITTED, JobState.OPEN, JobState.CANCELLED, JobState.EXPIRED)


class Parish:
    """What there is to look at: a job in each state, offers in three, calls that go on and one that is over."""

    def __init__(self) -> None:
        area, shopping = make.make_area("Filwood"), make.make_task_type()
        self.ama = make.make_coordinator("Ama Mensah")
        make.grant_directly(self.ama, Role.ADMINISTRATOR)
        self.tom = make.make_helper("Tom Aldous", areas=[area], task_types=[shopping])
        doreen = make.make_requester("Doreen Webb", area=area, warnings="hard of hearing")
        about = {"requester": doreen, "task_type": shopping}
        directly = {state: make.make_job(state=state, **about) for state in WRITTEN_DIRECTLY}
        self.offers: list[Offer] = []
        lived_through = [self._job_after(steps, about) for steps in range(4)]
        self.jobs = [*directly.values(), *lived_through]
        self.jobs_of_tom = [directly[JobState.OPEN], *lived_through]
        form = {"task_type": [str(shopping.pk)], "asked": [str(shopping.pk)]}
        going_on, over, nothing_said = (calls.start_call(actor=self.ama) for _ in range(3))
        going_on = calls.choose_requester(going_on, actor=self.ama, requester=doreen)
        going_on = calls.save_call(going_on, actor=self.ama, form=form, saved=going_on.saved)
        calls.finish_call(over, actor=self.ama)
        self.calls = [going_on, over, nothing_said]
        task_types.change_task_type(shopping, actor=self.ama, values={"script": "How will you pay?"})
        make.make_offer_row(make.make_open_job(**about, skills=[make.make_skill()]), self.tom)
        people.change_helper(self.tom, actor=self.ama, skills=[])
        self.decisions = list(Decision.objects.all())
        event = Event.objects.filter(kind="ratify_offer").first()
        dead = {"state": "dead", "finished_at": timezone.now()}
        self.lost = [Notification.objects.create(event=event, recipient=self.tom.person, kind="offer_ratified", **dead)]

    def _job_after(self, steps: int, about: dict[str, Any]) -> Job:
        """A job that Tom has offered to do; after more steps: ratified, reported, closed."""
        job = make.make_open_job(**about)
        offer = offers.make_offer(job, helper=self.tom, actor=self.tom.person)
        self.offers.append(offer)
        if steps > 0:
            offers.ratify_offer(offer, actor=self.ama)
        if steps > 1:
            reports.make_report(offer, actor=self.tom.person, outcome="done")
        if steps > 2:
            jobs.close_job(job, actor=self.ama)
        return job

    def things(self, pattern: URLPattern) -> list[dict[str, Any]]:
        """What an address can be about; a new kind of address is an error until it is named here."""
        parameters = sorted(pattern.pattern.converters)
        if parameters == []:
            return [{}]
        if parameters == ["event"]:
            return [{"event": row.pk} for row in Event.objects.filter(actor=self.ama)]
        place = str(pattern.pattern).split("/<", maxsplit=1)[0]
        if parameters == ["person", "uuid"]:
            return [{"uuid": job.uuid, "person": job.requester.person.uuid} for job in self.jobs]
        if parameters == ["slug", "uuid"]:
            return [{"uuid": kind.uuid, "slug": "area"} for kind in TaskType.objects.all()]
        [name] = parameters
        about: dict[str, Iterable[Any]] = {
            "desk/call-backs": CallBack.objects.all(),
            "desk/calls": self.calls,
            "desk/decisions": self.decisions,
            "desk/jobs": self.jobs,
            "desk/messages": self.lost,
            "desk/kinds": TaskType.objects.all(),
            "desk/kinds/changes": TaskTypeChange.objects.all(),
            "desk/offers": self.offers,
            "jobs": self.jobs_of_tom,
            "offers": self.offers,
        }
        return [{name: getattr(row, name)} for row in about[place]]


def tell() -> None:
    """Write what every visitor was answered."""
    make.no_quiet_hours()
    Community.objects.update(undo_seconds=0)  # details are shown at once
    parish = Parish()
    users = {"coordinator": parish.ama.user, "helper": parish.tom.person.user, "stranger": make.make_user()}
    visitors = {"nobody": Client(), **{who: _signed_in(user) for who, user in users.items()}}
    answers = []
    for pattern in urlpatterns:
        things = parish.things(pattern)
        for who, visitor in visitors.items():
            for thing in things if who in INSIDE else things[:1]:  # to others the door is shut, whatever is behind it
                address = reverse(f"community_help:{pattern.name}", kwargs=thing)
                answers.append({"route": pattern.name, "who": who, **_look(visitor, address)})
    sys.stdout.write(json.dumps(answers))


def _signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _look(visitor: Client, address: str) -> dict[str, Any]:
    answer = visitor.get(address)
    page = answer.content.decode()
    return {
        "address": address,
        "status": answer.status_code,
        "goes_to": answer.headers.get("Location", ""),
        "counts": {name: page.count(text) for name, text in ONCE.items()},
    }
