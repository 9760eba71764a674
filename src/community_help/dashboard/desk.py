"""The desk: what needs a co-ordinator now."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from community_help.access.scopes import visible_to
from community_help.dashboard import queue
from community_help.dashboard.clock import Clock
from community_help.dashboard.decision_cards import ON_DESK, decision_cards
from community_help.dashboard.desk_page import actor_of, desk_page
from community_help.dashboard.desk_rows import call_row, heading, in_words, job_row, today_words
from community_help.dashboard.panels import gone, left_over
from community_help.dashboard.undelivered import undelivered_cards
from community_help.jobs.call import Call
from community_help.notifications import health
from community_help.safeguarding.background_checks import Check, CheckQuerySet
from community_help.services.days import REMINDERS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrOrPromise

    from community_help.dashboard.plain_form import PlainForm
    from community_help.people.person import Person

#: As far ahead as people are first reminded of a check.
SOON = timedelta(days=max(REMINDERS))


#: Where there may be open jobs that nobody has offered for.
_NOBODY_YET = (queue.URGENT, queue.OVERDUE)


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The queue by next action, and what is on today."""
    return show_desk(request)


def show_desk(
    request: HttpRequest, *, typed: Mapping[str, PlainForm] | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    """Render the desk.

    :param typed: forms that were sent and not right, by the key of their panel
    :param problem: what stood in the way, in one sentence
    """
    forms = typed or {}
    actor = actor_of(request)
    clock = Clock.of()
    now = clock.now
    counts = queue.counts(actor, now=now)
    sections: list[dict[str, object]] = []
    for group in queue.GROUPS:
        rows = []
        if counts.groups[group.name]:
            jobs = list(queue.jobs_in(group, actor, now=now)[: queue.MOST_ROWS])
            could_help = queue.could_help(jobs) if group in _NOBODY_YET else {}
            rows = [job_row(job, group, clock, could_help=could_help.get(job.pk)) for job in jobs]
        sections.append({"name": group.name, "title": group.title, "count": counts.groups[group.name], "rows": rows})
    calls = [call_row(call, clock) for call in queue.calls_owed(actor, now=now)[: queue.MOST_ROWS]]
    section = {"name": "calls", "title": queue.CALLS_TITLE, "count": counts.calls, "rows": calls}
    sections.insert(2, section)
    waiting = queue.decisions(actor, now=now)[: queue.MOST_ROWS]
    cards = decision_cards(waiting, forms, page=ON_DESK, clock=clock)
    sections.insert(1, {"name": "decisions", "title": queue.DECISIONS_TITLE, "count": counts.decisions, "rows": cards})
    given_up = queue.undelivered(actor, now=now)[: queue.MOST_ROWS] if counts.undelivered else ()
    lost = undelivered_cards(given_up, clock)
    section = {"name": "undelivered", "title": queue.UNDELIVERED_TITLE, "count": counts.undelivered, "rows": lost}
    sections.insert(2, section)
    on_page = {panel.key for card in cards for panel in card.panels}
    today = [
        {"job": job, "title": heading(job), "how": today_words(job)} for job in queue.todays_jobs(actor, clock.today)
    ]
    context = {
        "section": "desk",
        "greeting": greeting(clock.local),
        "date": date_format(clock.local, pgettext("date format, today", "l j F")),
        "things": things(counts.total),
        "desk_count": counts.total,
        "sections": sections,
        "today": today,
        "checks": checks_to_renew(actor, clock),
        "problem": problem,
        "ailing": health.look(now).problems,
        "left_over": left_over(gone(forms, on_page)),
        "calls_going_on": list(visible_to(actor, Call).filter(ended_at=None).select_related("requester__person")),
    }
    return desk_page(request, "community_help/dashboard/desk.html", context, status=status)


def checks_to_renew(actor: Person, clock: Clock) -> list[Check]:
    """Checks of helpers in the co-ordinator's reach that are due again soon, the nearest first."""
    due = cast("CheckQuerySet", visible_to(actor, Check)).to_be_renewed(clock.today, clock.today + SOON)
    return list(due.select_related("level", "helper__person").order_by("recheck_on", "pk")[: queue.MOST_ROWS])


def greeting(local: datetime) -> StrOrPromise:
    """Good morning, by the community's clock."""
    if local.hour < 12:
        return _("Good morning")
    return _("Good afternoon") if local.hour < 18 else _("Good evening")


def things(count: int) -> str:
    """How much waits, as the second sentence of the greeting."""
    if not count:
        return str(_("Nothing needs you now."))
    return ngettext("%(n)s thing needs you.", "%(n)s things need you.", count) % {"n": in_words(count)}
