"""What can be done with a job as it stands: each panel is one form behind one button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community_help.dashboard.forms import (
    AskAnywayForm,
    CallBackForm,
    HandOverForm,
    MaybeReasonForm,
    OfferForForm,
    PinForm,
    ReasonForm,
    ReopenForm,
    ReportForm,
)
from community_help.dashboard.job_times import times_of
from community_help.lifecycle.table import TABLE, Action
from community_help.people.person import Person
from community_help.people.roles import Role, RoleGrant

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django_stubs_ext import StrOrPromise

    from community_help.dashboard.clock import Clock
    from community_help.dashboard.plain_form import PlainForm
    from community_help.jobs.call_back import CallBack
    from community_help.jobs.job import Job
    from community_help.jobs.offer import Offer
    from community_help.matching import NearMiss
    from community_help.people.profiles import Helper

#: Forms that were sent and not right, by the key of their panel.
Typed = Mapping[str, "PlainForm"]

CANCEL, HAND_OVER, REOPEN, OFFER_FOR, PIN = "cancel", "hand-over", "reopen", "offer-for", "pin"


@dataclass(frozen=True)
class Panel:
    """One form behind one button.

    :param key: unique on the page; the ids of its questions begin with it
    :param label: on the button that opens it; :param button: on the one that does it
    :param version: of what is decided about, where that is not the job
    """

    key: str
    label: StrOrPromise
    button: StrOrPromise
    url: str
    form: PlainForm
    version: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether what was sent was not right: the panel then stands open, with what was typed."""
        return self.form.is_bound


def gone(typed: Typed, on_page: Collection[str]) -> list[PlainForm]:
    """The forms that were sent from panels that the page has no more.

    :param on_page: the keys of the panels that it has
    """
    return [form for key, form in typed.items() if key not in on_page]


def left_over(forms: Iterable[PlainForm]) -> list[tuple[str, str]]:
    """What was typed into forms that are gone: somebody was faster, and still nothing is lost."""
    fields = [field for form in forms for field in form if not field.is_hidden]
    return [(str(field.label), str(field.value())) for field in fields if field.value()]


def problems_of(forms: Iterable[PlainForm]) -> str:
    """What was wrong with forms that are gone, as nothing on the page is left to say it."""
    return " ".join(str(error) for form in forms for errors in form.errors.values() for error in errors)


def can(job: Job, action: str) -> bool:
    """Whether the lifecycle has this action from the job's state."""
    return job.state in TABLE[action].sources


def cancel_form(data: Any = None) -> MaybeReasonForm:
    """Why a job is cancelled."""
    return MaybeReasonForm(data, auto_id=f"{CANCEL}_%s")


def hand_over_form(job: Job, data: Any = None) -> HandOverForm:
    """To whom a job goes: the co-ordinators of its area but its owner."""
    grants = RoleGrant.objects.current().filter(role=Role.COORDINATOR)
    there = grants.filter(all_areas=True) | grants.filter(areas=job.area_id)
    people = Person.objects.filter(~Q(pk=job.owner_id), pk__in=there.values("person"))
    return HandOverForm(data, people=people, auto_id=f"{HAND_OVER}_%s")


def reopen_form(job: Job, data: Any = None, *, clock: Clock) -> ReopenForm:
    """Why a job is opened again, and when it is wanted now."""
    return ReopenForm(data, clock=clock, initial=times_of(job, zone=clock.zone), auto_id=f"{REOPEN}_%s")


def pin_form(job: Job, data: Any = None) -> PinForm:
    """Where the requester lives."""
    place = job.requester.position
    said = f"{place.latitude}, {place.longitude}" if place else ""
    return PinForm(data, initial={"place": said}, auto_id=f"{PIN}_%s")


def offer_for_form(helpers: Iterable[Helper], data: Any = None) -> OfferForForm:
    """Which helper said yes on the phone."""
    return OfferForForm(data, helpers=helpers, auto_id=f"{OFFER_FOR}_%s")


def report_form(offer: Offer, data: Any = None) -> ReportForm:
    """What a helper told us."""
    return ReportForm(data, auto_id=f"report-{offer.pk}_%s")


def reason_form(key: str, data: Any = None) -> ReasonForm:
    """The reason of the panel with this key."""
    return ReasonForm(data, auto_id=f"{key}_%s")


def call_back_form(call: CallBack, data: Any = None) -> CallBackForm:
    """How a call went."""
    return CallBackForm(data, auto_id=f"{call_key(call)}_%s")


def call_key(call: CallBack) -> str:
    """The key of a call's panel."""
    return f"call-{call.pk}"


def offer_key(offer: Offer, action: str) -> str:
    """The key of the panel with which this is done to this offer."""
    return f"{action.replace('_', '-')}-{offer.pk}"


def job_panels(job: Job, typed: Typed, *, clock: Clock) -> list[Panel]:
    """What may be done with the job itself, beside its one next step."""

    def url(name: str) -> str:
        return reverse(f"community_help:{name}", args=[job.uuid])

    panels = []
    if can(job, Action.HAND_OVER_JOB):
        form: PlainForm = typed.get(HAND_OVER) or hand_over_form(job)
        panels.append(Panel(HAND_OVER, _("Hand over"), _("Hand it over"), url("hand_over_job"), form))
    if can(job, Action.REOPEN_JOB):
        form = typed.get(REOPEN) or reopen_form(job, clock=clock)
        panels.append(Panel(REOPEN, _("Open again"), _("Open it and tell helpers"), url("reopen_job"), form))
    if not job.task_type.by_phone and can(job, Action.CHANGE_JOB):
        form = typed.get(PIN) or pin_form(job)
        panels.append(Panel(PIN, _("On the map"), _("Keep this place"), url("pin_person"), form))
    if can(job, Action.CANCEL_JOB):
        form = typed.get(CANCEL) or cancel_form()
        panels.append(Panel(CANCEL, _("Cancel job"), _("Cancel it and tell everybody"), url("cancel_job"), form))
    return panels


def offer_panels(offer: Offer, typed: Typed) -> list[Panel]:
    """What may be done with a helper who is on the job."""

    def panel(action: str, name: str, label: StrOrPromise, button: StrOrPromise) -> Panel:
        key = offer_key(offer, action)
        form = typed.get(key) or (report_form(offer) if action == "report" else reason_form(key))
        return Panel(key, label, button, reverse(f"community_help:{name}", args=[offer.uuid]), form)

    return [
        panel("report", "report_for", _("They told us how it went"), _("Keep the report")),
        panel(Action.RELEASE_OFFER, "release_for", _("They can’t come"), _("Free the place and ask others")),
        panel(Action.STAND_DOWN_OFFER, Action.STAND_DOWN_OFFER, _("Stand down"), _("Stand them down")),
        panel(Action.RECORD_NO_SHOW, Action.RECORD_NO_SHOW, _("Did not come"), _("Note it and ask others")),
    ]


def ask_anyway_key(helper: Helper) -> str:
    """The key of the panel with which this helper is asked anyway."""
    return f"ask-anyway-{helper.pk}"


def ask_anyway_panel(job: Job, miss: NearMiss, typed: Typed) -> Panel:
    """Ask somebody although one thing stands in the way."""
    key = ask_anyway_key(miss.helper)
    url = reverse("community_help:ask_anyway", args=[job.uuid, miss.helper.person.uuid])
    form = typed.get(key) or AskAnywayForm(initial={"criterion": miss.verdict.slug}, auto_id=f"{key}_%s")
    if form.is_bound:  # another thing may stand in the way by now
        form.data = {**form.data, "criterion": miss.verdict.slug}
    return Panel(key, _("Ask anyway"), _("Ask them"), url, form)


def call_panel(call: CallBack, typed: Typed) -> Panel:
    """How a call that is owed went."""
    url = reverse("community_help:record_call_back", args=[call.pk])
    form = typed.get(call_key(call)) or call_back_form(call)
    return Panel(call_key(call), _("How did it go?"), _("Keep it"), url, form)
