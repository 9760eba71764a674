"""The two lists: jobs for me, and my jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_safe

from community_help import pages
from community_help.people.profiles import HelperState
from community_help.portal.cards import cards_for, earlier, taken_on, waiting
from community_help.portal.elsewhere import explain_nothing
from community_help.portal.visit import helper_in

if TYPE_CHECKING:
    from django.http import HttpResponse

    from community_help.portal.visit import Visit


@require_safe
def jobs_for_me(request: Visit) -> HttpResponse:
    """Home: the jobs for this helper, what they have taken on and what they wait for."""
    helper = helper_in(request)
    context = {
        "section": "jobs",
        "helper": helper,
        "is_approved": helper.state == HelperState.APPROVED,
        "taken": taken_on(helper),
        "waiting": waiting(helper),
    }
    if helper.state != HelperState.APPROVED:
        return pages.render(request, "community_help/portal/jobs_for_me.html", context)
    context["page"], context["cards"] = cards_for(helper, request.GET.get("page"))
    if not context["cards"]:
        context["nothing"] = explain_nothing(helper)
    return pages.render(request, "community_help/portal/jobs_for_me.html", context)


@require_safe
def my_jobs(request: Visit) -> HttpResponse:
    """What the helper has taken on, waits for, and did before."""
    helper = helper_in(request)
    page, cards = earlier(helper, request.GET.get("page"))
    context = {
        "section": "taken",
        "taken": taken_on(helper),
        "waiting": waiting(helper),
        "page": page,
        "earlier": cards,
    }
    return pages.render(request, "community_help/portal/my_jobs.html", context)
