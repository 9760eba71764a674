"""What happened to a job, and who was told, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.jobs.decision import DecisionState
from community_help.jobs.offer import Ask
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import Action
from community_help.notifications.notification import Delivery, DeliveryOutcome

if TYPE_CHECKING:
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from community_help.jobs.job import Job
    from community_help.people.person import Person

_MOST_EVENTS = 100
_MOST_TOLD = 50

#: Kind of event → icon and sentence. ``who`` acted; ``helper`` is whose offer it is; ``person`` is whom it is about.
_SENTENCES: dict[str, tuple[str, StrOrPromise]] = {
    Action.CREATE_JOB: ("telephone-fill", gettext_lazy("%(who)s took it down for %(person)s")),
    Action.PUBLISH_JOB: ("send-fill", gettext_lazy("%(who)s published the job")),
    Action.CHANGE_JOB: ("pencil-fill", gettext_lazy("%(who)s changed the job")),
    Action.HAND_OVER_JOB: ("person-fill", gettext_lazy("%(who)s handed the job over to %(person)s")),
    Action.MAKE_OFFER: ("hand-thumbs-up-fill", gettext_lazy("%(helper)s offered")),
    Action.WITHDRAW_OFFER: ("x-lg", gettext_lazy("%(helper)s withdrew the offer")),
    Action.DECLINE_OFFER: ("x-lg", gettext_lazy("%(who)s declined %(helper)s’s offer kindly")),
    Action.RATIFY_OFFER: ("check-lg", gettext_lazy("%(who)s ratified %(helper)s")),
    Action.NOTE_CONTACT: ("telephone-fill", gettext_lazy("%(helper)s made contact")),
    Action.RELEASE_OFFER: ("x-lg", gettext_lazy("%(helper)s can’t come after all")),
    Action.STAND_DOWN_OFFER: ("x-lg", gettext_lazy("%(who)s stood %(helper)s down")),
    Action.RECORD_NO_SHOW: ("exclamation-triangle-fill", gettext_lazy("%(helper)s did not come")),
    Action.MAKE_REPORT: ("clipboard-check-fill", gettext_lazy("%(helper)s reported back")),
    Action.CLOSE_JOB: ("check-lg", gettext_lazy("%(who)s closed the job")),
    Action.REOPEN_JOB: ("arrow-repeat", gettext_lazy("%(who)s opened the job again")),
    Action.CANCEL_JOB: ("x-lg", gettext_lazy("%(who)s cancelled the job")),
    Action.EXPIRE_JOB: ("hourglass-split", gettext_lazy("The job’s time ran out")),
    Action.UNDO: ("arrow-counterclockwise", gettext_lazy("%(who)s undid that")),
    "escalate_job": ("bell-fill", gettext_lazy("Its time is past: a co-ordinator was told")),
    "record_call_back": ("telephone-fill", gettext_lazy("%(who)s rang %(person)s")),
    "confirm_offer": ("check-lg", gettext_lazy("%(helper)s said: still yes")),
    "ask_anyway": ("send-fill", gettext_lazy("%(who)s had %(person)s asked anyway")),
    "open_decision": ("exclamation-triangle-fill", gettext_lazy("%(helper)s no longer fits: to decide")),
    "answer_decision": ("pencil-fill", gettext_lazy("%(who)s decided about %(helper)s")),
    "answer_ask": ("hand-thumbs-down-fill", gettext_lazy("%(person)s said no to this one")),
}

#: What may hold a reason that its helper is not to read, even where they co-ordinate here.
_SAID_OF_A_HELPER = frozenset({Action.STAND_DOWN_OFFER, Action.DECLINE_OFFER})


@dataclass(frozen=True)
class Told:
    """One helper who was asked: how and when they heard, and what they said."""

    name: str
    face: str
    how: str
    at: datetime
    answer: str
    said_yes: bool


@dataclass(frozen=True)
class Happening:
    """One line of the story, with the names of the element's own parameters."""

    at: datetime
    icon: str
    text: str
    note: str
    new: bool


def story_of(job: Job, *, reader: Person) -> list[Happening]:
    """What happened, the newest first. Why something was decided about the reader themselves is not among it."""
    events = list(Event.objects.of_job(job.pk).select_related("offer__helper__person")[:_MOST_EVENTS])
    return [_happening(event, reader, new=number == 0) for number, event in enumerate(events)]


def sentence_of(event: Event) -> str:
    """One event as a sentence."""
    if event.kind not in _SENTENCES:
        return event.kind.replace("_", " ").capitalize()
    words = str(_SENTENCES[event.kind][1])
    by_rule = _("The clock") if event.rule == "clock" else _("A rule")
    return words % {
        "who": event.actor.known_as if event.actor else by_rule,
        "helper": event.offer.helper.person.known_as if event.offer else _("Somebody"),
        "person": event.person.known_as if event.person else _("somebody"),
    }


def told_about(job: Job) -> list[Told]:
    """Who was asked about this opening, in the order in which they were."""
    asks = Ask.objects.filter(job_id=job.pk, opening=job.opening).select_related("helper__person")[:_MOST_TOLD]
    carried = Delivery.objects.filter(
        notification__event__job_id=job.pk,
        notification__event__opening=job.opening,
        notification__recipient__in=[ask.helper_id for ask in asks],
    )
    rows = carried.order_by("pk").values_list("notification__recipient", "notifier", "outcome")
    carriers = {recipient: (notifier, outcome) for recipient, notifier, outcome in rows}
    return [_told(ask, carriers.get(ask.helper_id)) for ask in asks]


def _told(ask: Ask, carrier: tuple[str, str] | None) -> Told:
    how = _HOW.get(ask.step, ask.step)
    if carrier is not None:
        how = _CARRIERS.get(carrier[0], carrier[0])
        if carrier[1] in {DeliveryOutcome.TEMPORARY_FAILURE, DeliveryOutcome.PERMANENT_FAILURE}:
            how = _("%(how)s: failed") % {"how": how}
    person = ask.helper.person
    return Told(
        name=person.known_as,
        face=person.face,
        how=str(capfirst(how)),
        at=ask.asked_at,
        answer=ask.get_answer_display(),
        said_yes=ask.answer == "offered",
    )


_CARRIERS: dict[str, StrOrPromise] = {"email": gettext_lazy("e-mail")}
_HOW: dict[str, StrOrPromise] = {
    "alert": gettext_lazy("alert"),
    "digest": gettext_lazy("daily digest"),
    "looked": gettext_lazy("looked by themselves"),
}


def _happening(event: Event, reader: Person, *, new: bool) -> Happening:
    icon = _SENTENCES.get(event.kind, ("check-lg", ""))[0]
    text = sentence_of(event)
    if event.on_behalf_of and event.actor:
        text = _("%(text)s (%(who)s took it down)") % {"text": text, "who": event.actor.known_as}
    about = event.offer.helper_id if event.kind in _SAID_OF_A_HELPER and event.offer else event.person_id
    is_about_reader = event.kind in {"answer_decision", *_SAID_OF_A_HELPER} and about == reader.pk
    if event.kind == "answer_decision" and not is_about_reader:
        text = _("%(text)s: %(what)s") % {"text": text, "what": DecisionState(event.to_state).label}
    return Happening(at=event.at, icon=icon, text=text, note="" if is_about_reader else event.why, new=new)
