"""What is to be decided, in plain words, with the choices: on the desk, and beside the offer on the job's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.dashboard.forms import DecisionForm, KeepUntilForm, SignedDecisionForm
from community_help.dashboard.panels import Panel
from community_help.jobs.decision import DecisionAnswer, DecisionState
from community_help.lifecycle.table import OfferState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django_stubs_ext import StrOrPromise

    from community_help.dashboard.clock import Clock
    from community_help.dashboard.panels import Typed
    from community_help.jobs.decision import Decision

#: From where an answer comes, and where it leads back to.
ON_DESK, ON_JOB = "desk", "job"

_FORMS: dict[str, type[DecisionForm]] = {
    DecisionAnswer.STAND_DOWN: SignedDecisionForm,
    DecisionAnswer.WAIT: DecisionForm,
    DecisionAnswer.KEEP_UNTIL: KeepUntilForm,
    DecisionAnswer.SIGN: SignedDecisionForm,
}
#: DecisionAnswer → on the button that opens the panel, and on the one that does it.
_BUTTONS: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    DecisionAnswer.STAND_DOWN: (gettext_lazy("Stand down"), gettext_lazy("Stand them down")),
    DecisionAnswer.WAIT: (gettext_lazy("Wait until it is renewed"), gettext_lazy("Wait, with details shut")),
    DecisionAnswer.KEEP_UNTIL: (gettext_lazy("Keep until a day"), gettext_lazy("Keep them until then")),
    DecisionAnswer.SIGN: (gettext_lazy("Keep and sign"), gettext_lazy("Keep them, in my name")),
}


@dataclass(frozen=True)
class DecisionCard:
    """One decision: whom it is about, what does not hold, how it stands, and what can be done.

    :param url: of the job; "" for a pair of buddies
    """

    key: str
    title: str
    url: str
    because: str
    line: str
    is_shut: bool
    panels: list[Panel]


def decision_cards(rows: Iterable[Decision], typed: Typed, *, page: str, clock: Clock) -> list[DecisionCard]:
    """A card for each, with the forms that were sent and not right."""
    return [_card(row, typed, page=page, clock=clock) for row in rows]


def decision_form(decision: Decision, answer: str, data: Any = None, *, page: str = ON_JOB) -> DecisionForm:
    """The form of one answer; of one that there is not, the barest."""
    known = answer if answer in _FORMS else ""  # else anything may have been sent
    form = _FORMS.get(known, DecisionForm)
    return form(data, initial={"answer": answer, "page": page}, auto_id=f"{decision_key(decision, known)}_%s")


def decision_key(decision: Decision, answer: str) -> str:
    """The key of the panel with which this is answered."""
    return f"decision-{decision.pk}-{answer.replace('_', '-')}"


def _card(row: Decision, typed: Typed, *, page: str, clock: Clock) -> DecisionCard:
    job = row.offer.job if row.offer is not None else None
    helper, requester = row.helper.person, row.requester.person
    title = _("%(helper)s is the buddy of %(who)s") % {"helper": helper.name, "who": requester.name}
    parts = []
    if job is not None and row.offer is not None:
        about = {"helper": helper.name, "what": job.title, "who": requester.name}
        title = _("%(helper)s is down for %(what)s for %(who)s") % about
        if row.offer.state == OfferState.OFFERED:
            title = _("%(helper)s offered: %(what)s for %(who)s") % about
        parts = [clock.when(job), job.area.name] if page == ON_DESK else []
    parts.append(_since(row, clock))
    return DecisionCard(
        key=f"decision-{row.pk}",
        title=title,
        url=reverse("community_help:view_job", args=[job.uuid]) if job is not None else "",
        because=capfirst(row.because),
        line=". ".join(parts),
        is_shut=row.safeguarding and row.offer is not None and row.offer.state == OfferState.RATIFIED,
        panels=[_panel(row, answer, typed, page=page) for answer in row.answers],
    )


def _panel(row: Decision, answer: DecisionAnswer, typed: Typed, *, page: str) -> Panel:
    key = decision_key(row, answer)
    label, button = _BUTTONS[answer]
    if answer == DecisionAnswer.STAND_DOWN and row.offer is None:
        label, button = _("End it"), _("They are buddies no more")
    elif answer == DecisionAnswer.STAND_DOWN and row.offer is not None and row.offer.state == OfferState.OFFERED:
        label, button = _("Decline kindly"), _("Decline the offer")
    url = reverse("community_help:answer_decision", args=[row.uuid])
    return Panel(key, label, button, url, typed.get(key) or decision_form(row, answer, page=page), row.version)


def _since(row: Decision, clock: Clock) -> str:
    """Since when, or what was decided for a while, by whom."""
    if row.state == DecisionState.OPEN or row.answered_at is None:
        return _("Since %(day)s") % {"day": clock.day(row.since)}
    words = {
        "who": row.answered_by.known_as if row.answered_by else _("Somebody"),
        "what": row.get_state_display(),
        "when": clock.at(row.answered_at),
    }
    said = _("%(who)s, %(when)s: %(what)s") % words
    if row.until is not None:
        day = date_format(row.until.astimezone(clock.zone), "j F")
        return _("%(said)s. Back on the desk on %(day)s") % {"said": said, "day": day}
    return said
