"""One job before it is anybody's: its public side, offering, and saying no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community_help import matching, pages
from community_help.exceptions import AlreadyOffered, IllegalTransition, NotEligible, StaleTransition
from community_help.jobs.offer import AskAnswer, Offer
from community_help.jobs.task_type import ALERTING
from community_help.lifecycle.table import JobState, OfferState
from community_help.people.profiles import HelperState
from community_help.portal.cards import ENDED, TAKEN, times_helped
from community_help.portal.facts import job_facts
from community_help.portal.forms import AnswerForm, OfferForm
from community_help.portal.visit import find_job, helper_in, may_see, was_asked
from community_help.services import offers

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from community_help.jobs.job import Job
    from community_help.people.profiles import Helper
    from community_help.portal.visit import Visit

_CHANGED = (IllegalTransition, NotEligible, StaleTransition)


@require_safe
def view_open_job(request: Visit, uuid: UUID) -> HttpResponse:
    """The public side of a job; for who has it, the way to their own page of it."""
    helper, job = helper_in(request), find_job(uuid)
    offer = _last_offer(helper, job)
    if offer is not None and offer.state in TAKEN:
        return redirect("community_help:view_offer", uuid=offer.uuid)
    return _job_page(request, helper, job, offer=offer)


@require_POST
def make_offer(request: Visit, uuid: UUID) -> HttpResponse:
    """«I can do it»."""
    helper, job = helper_in(request), find_job(uuid)
    form = OfferForm(request.POST)
    if helper.state != HelperState.APPROVED or not may_see(request, job):
        return _job_page(request, helper, job, form=form, status=409)
    status = 422
    if form.is_valid():
        try:
            offer = offers.make_offer(job, helper=helper, actor=request.actor, **form.cleaned_data)
        except AlreadyOffered as error:
            messages.info(request, str(error))
            return redirect("community_help:view_open_job", uuid=uuid)
        except ValidationError as error:
            form.add_error(None, error)
        except _CHANGED:
            status = 409
        else:
            messages.success(request, _thanks(offer))
            return redirect("community_help:view_open_job", uuid=uuid)
    return _job_page(request, helper, find_job(uuid), form=form, status=status)


@require_POST
def answer_ask(request: Visit, uuid: UUID) -> HttpResponse:
    """«Not this one», which takes the job off the list, or «not now», which leaves it there."""
    helper, job = helper_in(request), find_job(uuid)
    if not may_see(request, job):
        return _job_page(request, helper, job, status=409)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose «Not this one» or «Not now»."))
        return _job_page(request, helper, job, status=422)
    answer = form.cleaned_data["answer"]
    offers.answer_ask(job, helper=helper, actor=request.actor, answer=answer)
    if answer == AskAnswer.NOT_THIS_ONE:
        messages.success(request, _("Thank you for saying. You won’t be asked about that one again."))
    else:
        messages.success(request, _("Thank you for saying. It stays on your list in case you can later."))
    return redirect("community_help:jobs_for_me")


def _job_page(
    request: Visit,
    helper: Helper,
    job: Job,
    *,
    offer: Offer | None = None,
    form: OfferForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a job as it stands at this moment. What was typed is kept, whatever has happened since.

    Who was asked once and may not see it any more is told so; for everybody else there is no such page.
    """
    typed = form["note"].value() if form is not None else ""
    if not may_see(request, job):
        if not was_asked(helper, job):
            raise Http404
        context = {"section": "jobs", "job": job, "helper": helper, "typed": typed}
        return pages.render(request, "community_help/portal/not_for_you.html", context, status=status)
    offer = offer or _last_offer(helper, job)
    context = {
        "section": "jobs",
        "job": job,
        "helper": helper,
        "offer": offer,
        "urgent": job.urgency in ALERTING,
        "facts": job_facts(job),
        "form": form or OfferForm(),
        "typed": typed,
        "helped": times_helped(helper, [job.requester_id]).get(job.requester_id, 0),
        **_standing(helper, job, offer),
    }
    return pages.render(request, "community_help/portal/view_open_job.html", context, status=status)


def _standing(helper: Helper, job: Job, offer: Offer | None) -> dict[str, object]:
    """Whether the helper waits, may offer, or why neither."""
    if offer is not None and offer.state == OfferState.OFFERED:
        return {"standing": "waiting"}
    declined = offer is not None and offer.state == OfferState.DECLINED and offer.opening == job.opening
    if offer is not None and (declined or job.state != JobState.OPEN):
        return {"standing": "over", "words": ENDED[offer.state]}
    if job.state != JobState.OPEN:
        return {"standing": "over", "words": _("This one is not open any more. Thank you for looking.")}
    if helper.state != HelperState.APPROVED:
        return {"standing": "resting"}
    explanation = matching.explain(job, helper)
    in_the_way = [verdict for verdict in explanation.failed if verdict.slug != matching.NOT_THIS_ONE]
    if in_the_way:
        # Why somebody is kept from somebody is nobody's business: those verdicts are for co-ordinators.
        told = [verdict.because for verdict in in_the_way if not verdict.safeguarding]
        return {"standing": "unfit", "failed": told}
    return {"standing": "open", "reasons": explanation.reasons}


def _thanks(offer: Offer) -> str:
    if offer.state == OfferState.RATIFIED:
        return _("It’s yours. Thank you.")
    return _("Thank you for offering. We will tell you either way.")


def _last_offer(helper: Helper, job: Job) -> Offer | None:
    """The helper's newest answer to the job."""
    return Offer.objects.filter(helper=helper, job=job.pk).order_by("-pk").first()
