"""The call screen: who rings, what they need, and who could do it now."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from community_help import matching
from community_help.dashboard.clock import Clock
from community_help.dashboard.desk_page import actor_of, desk_page
from community_help.dashboard.intake import Forms, Typed
from community_help.dashboard.queue import listed
from community_help.jobs.offer import Offer
from community_help.jobs.task_type import TaskType
from community_help.lifecycle.table import OfferState
from community_help.matching import Need
from community_help.privacy.disclosure import reveal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from community_help.jobs.call import Call
    from community_help.matching import Supply
    from community_help.people.person import Person
    from community_help.people.profiles import Requester
    from community_help.privacy.disclosure import Found

_BEST = 5
_LAST_JOBS = 3
_BAR = 96


@dataclass(frozen=True)
class Bar:
    """What one need costs: helpers without it and with it, and how long the two bars are, in pixels."""

    label: str
    without: int
    count: int
    all_width: int
    left_width: int
    worst: bool


def call_page(
    request: HttpRequest,
    call: Call,
    typed: Typed,
    forms: Forms | None = None,
    *,
    found: Sequence[Found] | None = None,
    problem: str = "",
    unfinished: bool = False,
    unsaved: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Render the call with what was typed.

    :param forms: checked ones, whose errors are shown; by default those of what was typed, without a word
    :param found: the people that a search found; ``None`` where nothing was searched for
    :param problem: what stood in the way, in one sentence
    :param unsaved: what is on the page is not what is kept
    :param unfinished: ask what is to happen with a job that was typed and not kept
    """
    actor = actor_of(request)
    clock = Clock.of()
    forms = forms or Forms.of(typed, call, clock=clock)
    context = {
        "section": "call",
        "call": call,
        "typed": typed,
        "forms": forms,
        "found": found,
        "problem": problem,
        "unfinished": unfinished,
        "unsaved": unsaved,
        "window": token_hex(8),
        "jobs_made": listed(actor).filter(call=call).order_by("pk"),
        **_caller(call, actor),
        **live(call, typed, clock=clock),
    }
    return desk_page(request, "community_help/dashboard/call.html", context, status=status)


def live(call: Call, typed: Typed, *, clock: Clock) -> dict[str, Any]:
    """What changes while somebody types: the questions of the kind of job, and who could do it."""
    context: dict[str, Any] = {
        "call": call,
        "task_types": TaskType.objects.filter(active=True),
        "task_type": typed.task_type,
    }
    form = Forms.of(typed, call, clock=clock, checked=True).job
    if form is None:
        return context
    need = Need.from_form({**form.need, "requester": call.requester}, zone=clock.zone)
    outlook = matching.outlook(need, most=_BEST)
    return {**context, "supply": outlook.supply, "costs": bars(outlook.supply), "best": outlook.best}


def bars(supply: Supply) -> list[Bar]:
    """The needs that cost somebody, the dearest first."""
    dear = sorted((cost for cost in supply.costs if cost.lost), key=lambda cost: -cost.lost)
    longest = max((cost.without for cost in dear), default=1)
    return [
        Bar(
            label=capfirst(cost.asks),
            without=cost.without,
            count=cost.count,
            all_width=round(_BAR * cost.without / longest),
            left_width=round(_BAR * cost.count / longest),
            worst=number == 0,
        )
        for number, cost in enumerate(dear)
    ]


def _caller(call: Call, actor: Person) -> dict[str, Any]:
    requester: Requester | None = call.requester
    if requester is None:
        return {}
    reach = listed(actor).filter(requester=requester)
    helped = Offer.objects.filter(state__in=[OfferState.RATIFIED, OfferState.COMPLETED])
    helped = helped.select_related("helper__person", "report")
    last = reach.prefetch_related(Prefetch("offers", queryset=helped, to_attr="helped")).order_by("-pk")
    return {
        "requester": requester,
        "warnings": reveal(requester.person, ["warnings"], actor=actor, why=_("they are on the phone"))["warnings"],
        "last_jobs": last.exclude(call=call)[:_LAST_JOBS],
    }
