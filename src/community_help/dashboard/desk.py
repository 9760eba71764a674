"""The desk: what needs a co-ordinator now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from community_help.access.scopes import visible_to
from community_help.dashboard import queue
from community_help.dashboard.clock import Clock
from community_help.dashboard.desk_page import actor_of, desk_page
from community_help.dashboard.desk_rows import call_row, heading, in_words, job_row, today_words
from community_help.jobs.call import Call

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrOrPromise


#: Where there may be open jobs that nobody has offered for.
_NOBODY_YET = (queue.URGENT, queue.OVERDUE)


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The queue by next action, and what is on today."""
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
    sections.insert(3, section)
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
        "calls_going_on": list(visible_to(actor, Call).filter(ended_at=None).select_related("requester__person")),
    }
    return desk_page(request, "community_help/dashboard/desk.html", context)


def greeting(local: datetime) -> StrOrPromise:
    """Good morning, by the community's clock."""
    if local.hour < 12:
        return _("Good morning")
    return _("Good afternoon") if local.hour < 18 else _("Good evening")


def things(count: int) -> str:
    """How much waits, as the second sentence of the greeting."""
    return ngettext("%(n)s thing needs you.", "%(n)s things need you.", count) % {"n": in_words(count)}
