"""What one job asks of a helper, how many meet each part of it, and what each part costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from community_help import matching
from community_help.access.policy import allows
from community_help.access.scopes import visible_to
from community_help.dashboard.clock import Clock
from community_help.dashboard.desk_page import actor_of, desk_page
from community_help.dashboard.desk_rows import heading
from community_help.dashboard.forms import WhyForm
from community_help.dashboard.job_page import find_job
from community_help.dashboard.moves import WRONG
from community_help.dashboard.offer_cards import anyway_words
from community_help.dashboard.panels import ask_anyway_panel
from community_help.jobs.offer import Ask, Offer
from community_help.lifecycle.table import JobState
from community_help.matching import NearMiss, Need
from community_help.people.profiles import Helper, HelperState
from community_help.plain_text import has_unseen
from community_help.plain_times import sentence

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from community_help.dashboard.panels import Panel
    from community_help.jobs.job import Job
    from community_help.matching import Cost, Explanation, Verdict
    from community_help.people.person import Person

#: Most helpers to choose from at a time; of more some letters of the name are asked.
_MOST_HELPERS = 500


class Line(NamedTuple):
    """One thing that is asked, in a sentence, and how many helpers meet it whatever else they are."""

    words: str
    passing: int
    cost: Cost


class Reason(NamedTuple):
    """What one criterion says of one helper.

    :param anyway: who had them asked all the same, in words; "" where nobody did
    """

    verdict: Verdict
    words: str
    anyway: str


class Why(NamedTuple):
    """Whether one helper may be asked, in a sentence, and each reason for it."""

    eligible: bool
    words: str
    reasons: list[Reason]


@require_safe
def view_supply(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A page of its own, because it counts all helpers once for each criterion.

    With ``?helper=`` and the uuid of their person it says of one helper too whether they may be asked, and why.
    """
    actor = actor_of(request)
    job = find_job(actor, uuid)
    need = Need.of(job, zone=Clock.of().zone)
    supply, passing = matching.supply(need), matching.passing(need)
    count = supply.count
    could = ngettext("%(n)d helper could do it.", "%(n)d helpers could do it.", count) % {"n": count}
    form, why, panel = _asked_about(request.GET, actor), None, None
    if form.is_valid():
        helper = form.cleaned_data["helper"]
        explanation = matching.explain(need, helper)
        why, panel = _why(explanation, helper), _ask_anyway(job, helper, explanation, actor)
    context = {
        "form": form,
        "why": why,
        "panel": panel,
        "is_open": job.state == JobState.OPEN,
        "section": "jobs",
        "job": job,
        "heading": heading(job),
        "could": could,
        "helpers": Helper.objects.count(),
        "lines": [Line(sentence(cost.asks), passing[cost.slug], cost) for cost in supply.costs],
        "dearest": supply.dearest,
    }
    status = WRONG if form.errors else 200
    return desk_page(request, "community_help/dashboard/supply.html", context, status=status)


def _asked_about(query: Any, actor: Person) -> WhyForm:
    """The form with which a helper is chosen: those whom the actor's areas reach, but for people who left."""
    reached = visible_to(actor, Helper).exclude(state=HelperState.LEFT).select_related("person")
    letters = query.get("letters", "").strip()
    letters = "" if has_unseen(letters) else letters
    helpers = list(reached.filter(person__name__icontains=letters).order_by("person__name", "pk")[: _MOST_HELPERS + 1])
    are_all = len(helpers) <= _MOST_HELPERS
    helpers = helpers[:_MOST_HELPERS]
    asked = _uuid(query.get("helper", ""))
    if asked is not None and all(helper.person.uuid != asked for helper in helpers):
        helpers += reached.filter(person__uuid=asked)
    is_chosen = bool(query.get("helper") or ("helper" in query and not letters))
    form = WhyForm(query if is_chosen else None, helpers=helpers, initial={"letters": letters})
    if are_all and not letters:
        del form.fields["letters"]
    elif not are_all:
        form.fields["helper"].help_text = _("The first %(n)d by name") % {"n": _MOST_HELPERS}
    return form


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _ask_anyway(job: Job, helper: Helper, explanation: Explanation, actor: Person) -> Panel | None:
    """The form with which they are asked all the same, where one thing stands in the way that may be overlooked."""
    failed = explanation.failed
    if job.state != JobState.OPEN or len(failed) != 1 or not failed[0].can_be_waived:
        return None
    ask = Ask(job=job, helper=helper, opening=job.opening)
    if not allows(actor, "ask_anyway", ask) or Offer.objects.live().filter(job=job.pk, helper=helper).exists():
        return None
    return ask_anyway_panel(job, NearMiss(helper, failed[0]), {})


def _why(explanation: Explanation, helper: Helper) -> Why:
    count = len(explanation.failed)
    if explanation.eligible:
        words = _("%(name)s may be asked about this job.")
    else:
        words = ngettext(
            "%(name)s is not asked about this job: %(n)d thing stands in the way.",
            "%(name)s is not asked about this job: %(n)d things stand in the way.",
            count,
        )
    reasons = [Reason(each, sentence(each.because), anyway_words(each)) for each in explanation.verdicts]
    return Why(explanation.eligible, words % {"name": helper.person.name, "n": count}, reasons)
