"""The rig of the bad-input proof: one neighbourhood for each case, and a judge of the answer.

A case sends something that can't be right. The answer must be the same page with a clear message and
everything typed on it, and no row may have been written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from html import unescape
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community_help.jobs.call_back import CallBack
from community_help.jobs.job import Job
from community_help.lifecycle.table import JobState
from community_help.people.community import Community
from community_help.services import offers as offer_services
from community_help.services.calls import choose_requester, start_call
from community_help.testing import factories as make

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from community_help.jobs.call import Call
    from community_help.jobs.offer import Offer
    from community_help.people.profiles import Helper

LONDON = ZoneInfo("Europe/London")
#: Rows that may be written all the same: what was read, and that somebody signed in.
NOT_COUNTED = frozenset({"community_help.accesslog"})


class Site:
    """A co-ordinator at the desk, a caller, and jobs with offers; each made when a case asks for it."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False)
        self.actor = make.make_coordinator("Ama Mensah")
        self.other = make.make_coordinator("Leroy Grant")
        if self.actor.user is None:
            raise ValueError("a co-ordinator signs in")
        self.client.force_login(self.actor.user, backend="django.contrib.auth.backends.ModelBackend")
        Community.current()  # made at first use, which is nobody's doing here
        self.area = make.make_area("Filwood")
        self.shopping = make.make_task_type("Shopping")
        self.doreen = make.make_requester("Doreen Pascoe", area=self.area)

    @cached_property
    def call(self) -> Call:
        """A call that Ama has begun."""
        return start_call(actor=self.actor)

    @cached_property
    def call_of_doreen(self) -> Call:
        """The call, with Doreen on the line."""
        return choose_requester(self.call, actor=self.actor, requester=self.doreen)

    @cached_property
    def job(self) -> Job:
        """An open job with two places."""
        return make.make_open_job(requester=self.doreen, task_type=self.shopping, title="Shopping", places=2)

    @cached_property
    def draft(self) -> Job:
        """A draft."""
        return make.make_job(requester=self.doreen, task_type=self.shopping, title="Shopping")

    @cached_property
    def expired(self) -> Job:
        """A job whose time has run out."""
        past = timezone.now() - timedelta(days=2)
        return make.make_job(state=JobState.EXPIRED, requester=self.doreen, timing="by", latest=past)

    @cached_property
    def tom(self) -> Helper:
        """A helper who fits the open job."""
        return make.make_matching_helper(self.job, "Tom Aldous")

    @cached_property
    def offer(self) -> Offer:
        """Tom's offer."""
        return make.make_offer_row(self.job, self.tom)

    @cached_property
    def on_it(self) -> Offer:
        """Tom's offer, ratified."""
        offer_services.ratify_offer(self.offer, actor=self.other)
        self.offer.refresh_from_db()
        return self.offer

    @cached_property
    def call_back(self) -> CallBack:
        """The call that is owed since then."""
        return CallBack.objects.get(offer=self.on_it)

    def url(self, name: str, about: Any) -> str:
        """The address of a route about one thing."""
        key = about.uuid if hasattr(about, "uuid") else about.pk
        return reverse(f"community_help:{name}", args=[key])

    def post(self, url: str, typed: dict[str, Any]) -> HttpResponse:
        """Send a form."""
        return cast("HttpResponse", self.client.post(url, typed))

    def press(self, name: str, about: Any, **typed: Any) -> HttpResponse:
        """Press a button about a job or an offer, with the job's version as the page showed it."""
        job = about if isinstance(about, Job) else about.job
        version = Job.objects.non_polymorphic().get(pk=job.pk).version
        return self.post(self.url(name, about), {"version": version, **typed})

    def type(self, call: Call, *, do: str = "publish", to: str = "save_call", **typed: Any) -> HttpResponse:
        """Send the call's form."""
        call.refresh_from_db()
        return self.post(self.url(to, call), {"saved": call.saved, "do": do, "window": "this", **typed})

    def wanted(self, **typed: Any) -> dict[str, Any]:
        """A job as it should be typed."""
        begin = {
            "task_type": self.shopping.pk,
            "asked": self.shopping.pk,
            "timing": "between",
            "day": (timezone.localdate(timezone=LONDON) + timedelta(days=1)).isoformat(),
            "from_time": "14:00",
            "until_time": "17:00",
            "urgency": "soon",
            "places": "1",
            "area": self.area.pk,
            "payment": "cash",
            "shopping_list": "a small brown loaf",
        }
        return begin | typed

    def somebody(self, **typed: Any) -> dict[str, Any]:
        """Somebody new as they should be typed, with what they want."""
        begin = {
            "new_person": "yes",
            "name": "Mary O’Leary",
            "phone": "0117 496 0555",
            "address": "7 Throgmorton Road",
            "home_area": self.area.pk,
        }
        return self.wanted(**begin | typed)


def skipped_hour() -> date:
    """The next day on which London's clocks go forward at one."""
    day = timezone.localdate(timezone=LONDON) + timedelta(days=1)
    while True:
        at = datetime(day.year, day.month, day.day, 1, 30, tzinfo=LONDON)
        if at.astimezone(ZoneInfo("UTC")).astimezone(LONDON).hour != 1:
            return day
        day += timedelta(days=1)


@dataclass(frozen=True)
class Case:
    """Something that can't be right.

    :param send: makes what is needed, then ``ready()``, then sends; rows are counted from ``ready`` on
    :param says: words of the message; :param keeps: what was typed and must be on the page again
    """

    name: str
    send: Callable[[Site, Callable[[], None]], HttpResponse]
    says: str
    keeps: tuple[str, ...] = ()
    statuses: tuple[int, ...] = (409, 422)


@dataclass
class Verdict:
    """What a case came to; nothing in ``wrong`` is as it should be."""

    status: int = 0
    wrong: list[str] = field(default_factory=list)


def rows() -> dict[str, Any]:
    """How many rows each table has, and where each job and offer stands."""
    counted: dict[str, Any] = {
        model._meta.label_lower: model._base_manager.count()
        for model in apps.get_app_config("community_help").get_models()
        if model._meta.label_lower not in NOT_COUNTED
    }
    counted["jobs"] = list(Job.objects.non_polymorphic().order_by("pk").values_list("version", "state", "places"))
    offers: type[models.Model] = apps.get_app_config("community_help").get_model("Offer")
    counted["offers"] = list(offers._default_manager.order_by("pk").values_list("state", "unconfirmed_since"))
    return counted


def judge(case: Case) -> Verdict:
    """Send the case in a neighbourhood of its own, which is gone afterwards."""
    verdict, before = Verdict(), {}
    with transaction.atomic():
        response = case.send(Site(), lambda: before.update(rows()))
        after = rows()
        transaction.set_rollback(True)
    verdict.status = response.status_code
    page = unescape(response.content.decode())
    if response.status_code not in case.statuses:
        verdict.wrong.append(f"status {response.status_code}")
    if case.says not in page:
        verdict.wrong.append(f"does not say «{case.says}»")
    verdict.wrong += [f"lost «{text[:40]}»" for text in case.keeps if text not in page]
    changed = sorted(name for name in after if after[name] != before[name])
    if changed:
        verdict.wrong.append(f"wrote {', '.join(changed)}")
    return verdict
