"""What one job asks of a helper, how many meet each part of it, and what each part costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from community_help import matching
from community_help.dashboard.clock import Clock
from community_help.dashboard.desk_page import actor_of, desk_page
from community_help.dashboard.desk_rows import heading
from community_help.dashboard.job_page import find_job
from community_help.matching import Need
from community_help.people.profiles import Helper
from community_help.plain_times import sentence

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from community_help.matching import Cost


class Line(NamedTuple):
    """One thing that is asked, in a sentence, and how many helpers meet it whatever else they are."""

    words: str
    passing: int
    cost: Cost


@require_safe
def view_supply(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A page of its own, because it counts all helpers once for each criterion."""
    job = find_job(actor_of(request), uuid)
    need = Need.of(job, zone=Clock.of().zone)
    supply, passing = matching.supply(need), matching.passing(need)
    count = supply.count
    could = ngettext("%(n)d helper could do it.", "%(n)d helpers could do it.", count) % {"n": count}
    context = {
        "section": "jobs",
        "job": job,
        "heading": heading(job),
        "could": could,
        "helpers": Helper.objects.count(),
        "lines": [Line(sentence(cost.asks), passing[cost.slug], cost) for cost in supply.costs],
        "dearest": supply.dearest,
    }
    return desk_page(request, "community_help/dashboard/supply.html", context)
