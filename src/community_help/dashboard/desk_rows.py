"""The rows of the desk in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community_help.dashboard.queue import OFFERS, OVERDUE, REPORTS, SUBMITTED, URGENT, Group
from community_help.jobs.call_back import CallBack, CallBackOutcome, CallBackReason
from community_help.jobs.task_type import ALERTING
from community_help.lifecycle.table import JobState, OfferState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django_stubs_ext import StrOrPromise

    from community_help.dashboard.clock import Clock
    from community_help.jobs.job import Job
    from community_help.jobs.offer import Offer
    from community_help.jobs.task_type import TaskType


@dataclass(frozen=True)
class Row:
    """One row, with the names of the element's own parameters."""

    kind: TaskType | None
    title: str
    url: str
    line: str
    age_label: str
    age: str
    action: str


#: Group → what is said above the age, and on the one button.
_WORDS: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    URGENT.name: (gettext_lazy("Opened"), gettext_lazy("Ring helpers")),
    OFFERS.name: (gettext_lazy("Offered"), gettext_lazy("Look and ratify")),
    SUBMITTED.name: (gettext_lazy("Came in"), gettext_lazy("Look and publish")),
    REPORTS.name: (gettext_lazy("Reported"), gettext_lazy("Read and close")),
    OVERDUE.name: (gettext_lazy("Was wanted"), gettext_lazy("Find out")),
}
_STAMPS = {
    URGENT.name: "opened_at",
    OFFERS.name: "first_offer",
    SUBMITTED.name: "created_at",
    REPORTS.name: "reported_at",
    OVERDUE.name: "latest",
}
_RING_ABOUT: dict[str, StrOrPromise] = {
    CallBackReason.WHO_IS_COMING: gettext_lazy("Ring %(who)s: %(helper)s is coming"),
    CallBackReason.NOT_COMING: gettext_lazy("Ring %(who)s: %(helper)s can't come after all"),
    CallBackReason.CANCELLED: gettext_lazy("Ring %(who)s: the job was cancelled"),
    CallBackReason.NOBODY_FOUND: gettext_lazy("Ring %(who)s: nobody could be found"),
    CallBackReason.CHANGED: gettext_lazy("Ring %(who)s: the job was changed"),
}


_NUMBERS = (
    *(gettext_lazy("No"), gettext_lazy("One"), gettext_lazy("Two"), gettext_lazy("Three"), gettext_lazy("Four")),
    *(gettext_lazy("Five"), gettext_lazy("Six"), gettext_lazy("Seven"), gettext_lazy("Eight"), gettext_lazy("Nine")),
    *(gettext_lazy("Ten"), gettext_lazy("Eleven"), gettext_lazy("Twelve")),
)


def in_words(count: int) -> str:
    """A count at the beginning of a sentence: «Two», «Twelve», «13»."""
    return str(_NUMBERS[count]) if count < len(_NUMBERS) else str(count)


def heading(job: Job) -> str:
    """What a job is called on the desk: what is wanted, and for whom."""
    return _("%(what)s for %(who)s") % {"what": job.title, "who": job.requester.person.name}


def could_help_words(count: int | None) -> str:
    """How many helpers could do a job, beneath it in a list; "" where that was not asked."""
    if count is None:
        return ""
    return ngettext("%(n)d could help", "%(n)d could help", count) % {"n": count} if count else _("Nobody could help")


def job_row(job: Any, group: Group, clock: Clock, *, could_help: int | None = None) -> Row:
    """The row of a job that :func:`community_help.dashboard.queue.jobs_in` found.

    :param could_help: how many helpers could do it, where that matters
    """
    label, action = _WORDS[group.name]
    waiting = [offer for offer in job.live_offers if offer.state == OfferState.OFFERED]
    if group == OFFERS and len(waiting) > 1:
        action = _("Compare %(n)d offers") % {"n": len(waiting)}
    return Row(
        kind=job.task_type,
        title=heading(job),
        url=reverse("community_help:view_job", args=[job.uuid]),
        line=". ".join(filter(None, [_line(job, group, waiting, clock), could_help_words(could_help)])),
        age_label=str(label),
        age=clock.ago(getattr(job, _STAMPS[group.name])),
        action=str(action),
    )


def call_row(call: CallBack, clock: Clock) -> Row:
    """The row of a call that is owed."""
    person = call.requester.person
    helper = call.offer.helper.person.known_as if call.offer else _("somebody")
    parts = []
    if call.job:
        parts.append(clock.when(call.job))
    if call.offer and call.offer.safe_word and call.reason == CallBackReason.WHO_IS_COMING:
        parts.append(_("Safe word %(word)s") % {"word": call.offer.safe_word})
    if call.attempts:
        tried = ngettext("Tried once, %(how)s", "Tried %(n)d times, %(how)s", call.attempts)
        parts.append(tried % {"n": call.attempts, "how": CallBackOutcome(call.outcome).label})
    return Row(
        kind=call.job.task_type if call.job else None,
        title=_RING_ABOUT[call.reason] % {"who": person.name, "helper": helper},
        url=reverse("community_help:view_job", args=[call.job.uuid]) + "#calls" if call.job else "#",
        line=". ".join(parts),
        age_label=_("Owed since"),
        age=clock.at(call.due_at),
        action=_("Ring %(name)s") % {"name": person.known_as},
    )


def today_words(job: Any) -> tuple[str, str, str]:
    """How a job of today stands: words, the kind of tag and its icon."""
    if job.state == JobState.REPORTED:
        return _("%(who)s. Reported") % {"who": _names(job.live_offers)}, "good", "check-lg"
    if not job.live_offers:
        urgent = job.urgency in ALERTING
        return (_("Nobody yet. Urgent"), "urgent", "exclamation-triangle-fill") if urgent else (_("Nobody yet"), "", "")
    if all(offer.contacted_at for offer in job.live_offers):
        return _("%(who)s. In touch") % {"who": _names(job.live_offers)}, "good", "check-lg"
    return _("%(who)s. Ratified") % {"who": _names(job.live_offers)}, "", ""


def _line(job: Any, group: Group, waiting: list[Offer], clock: Clock) -> str:
    parts = [clock.when(job), job.area.name]
    if group == OFFERS:
        parts.append(_names(waiting) if len(waiting) > 1 else _("%(who)s offered") % {"who": _names(waiting)})
    elif group == URGENT:
        parts.append(_asked(job))
    elif group == REPORTS:
        outcomes = [str(offer.report.get_outcome_display()) for offer in job.live_offers if offer.reported_at]
        parts = [f"{_names(job.live_offers)}: {', '.join(dict.fromkeys(outcomes))}", *parts]
    elif job.live_offers:
        parts.append(_names(job.live_offers))
    return ". ".join(parts)


def _asked(job: Any) -> str:
    if not job.asked:
        return _("Nobody asked yet")
    asked = ngettext("%(n)d asked", "%(n)d asked", job.asked) % {"n": job.asked}
    if waiting := [offer for offer in job.live_offers if offer.state == OfferState.OFFERED]:
        return _("%(asked)s, %(who)s offered") % {"asked": asked, "who": _names(waiting)}
    if not job.refused:
        return _("%(asked)s, no answer yet") % {"asked": asked}
    return _("%(asked)s, %(no)d said no") % {"asked": asked, "no": job.refused}


def _names(offers: Iterable[Offer]) -> str:
    return ", ".join(offer.helper.person.known_as for offer in offers)
