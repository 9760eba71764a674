"""What a co-ordinator decides about somebody who does not fit any more, on the desk or on the job's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from community_help.access.scopes import visible_to
from community_help.dashboard.decision_cards import ON_JOB, decision_form, decision_key
from community_help.dashboard.desk import show_desk
from community_help.dashboard.desk_page import actor_of
from community_help.dashboard.job_page import find_job, job_page
from community_help.dashboard.moves import REFUSALS, TOO_LATE, WRONG, seen_version
from community_help.dashboard.queue import with_people
from community_help.jobs.decision import Decision, DecisionAnswer
from community_help.lifecycle.table import OfferState
from community_help.services.decisions import answer_decision as service

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrOrPromise

    from community_help.dashboard.plain_form import PlainForm

_SAID: dict[str, StrOrPromise] = {
    DecisionAnswer.STAND_DOWN: gettext_lazy("Done. %(name)s is no longer down for it."),
    DecisionAnswer.WAIT: gettext_lazy("Noted: we wait, and %(name)s sees no details."),
    DecisionAnswer.KEEP_UNTIL: gettext_lazy("Noted: %(name)s is kept until then."),
    DecisionAnswer.SIGN: gettext_lazy("Noted, in your name: %(name)s is kept."),
}


@require_POST
def answer_decision(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Stand somebody down, wait, or keep them; then back to the page on which it was decided."""
    actor = actor_of(request)
    decision = with_people(visible_to(actor, Decision)).filter(uuid=uuid).first()  # type: ignore[arg-type]  # of its own kind
    if decision is None:
        raise Http404
    answer = request.POST.get("answer", "")
    form = decision_form(decision, answer, request.POST)
    typed: dict[str, PlainForm] = {decision_key(decision, answer): form}
    problem = "" if answer in decision.answers else _("That is not one of the choices.")
    if not form.is_valid():
        return _page(request, decision, typed, problem=problem, status=WRONG)
    was_offered = decision.offer is not None and decision.offer.state == OfferState.OFFERED
    given = {name: value for name, value in form.cleaned_data.items() if name != "page"}
    try:
        service(decision, actor=actor, version=seen_version(request), **given)
    except ValidationError as error:
        form.add_service_errors(error)
        return _page(request, decision, typed, problem=problem and " ".join(error.messages), status=WRONG)
    except REFUSALS as error:
        return _page(request, decision, typed, problem=str(error), status=TOO_LATE)
    said = _SAID[answer]
    if answer == DecisionAnswer.STAND_DOWN and decision.offer is None:
        said = _("Done. They are buddies no more.")
    elif answer == DecisionAnswer.STAND_DOWN and was_offered:
        said = _("Done. %(name)s’s offer is declined, with thanks.")
    messages.success(request, said % {"name": decision.helper.person.known_as})
    if form.cleaned_data["page"] == ON_JOB and decision.offer is not None:
        return redirect("community_help:view_job", decision.offer.job.uuid)
    return redirect("community_help:desk")


def _page(
    request: HttpRequest, decision: Decision, typed: Mapping[str, PlainForm], *, problem: str = "", status: int
) -> HttpResponse:
    """The page that the answer came from, with what was typed."""
    if request.POST.get("page") == ON_JOB and decision.offer is not None:
        job = find_job(actor_of(request), decision.offer.job.uuid)
        return job_page(request, job, typed=typed, problem=problem, status=status)
    return show_desk(request, typed=typed, problem=problem, status=status)
