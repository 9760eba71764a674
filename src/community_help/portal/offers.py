"""The helper's own offers: waiting, taken on, done and reported."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community_help import pages
from community_help.exceptions import IllegalTransition, NotDisclosed, StaleTransition
from community_help.jobs.offer import Outcome
from community_help.jobs.task_type import Tile
from community_help.lifecycle.table import OfferState
from community_help.people.community import Community
from community_help.portal.cards import RUNNING, TAKEN
from community_help.portal.contact import contact_of
from community_help.portal.facts import job_facts
from community_help.portal.forms import OpeningForm, ReleaseForm, ReportForm
from community_help.portal.visit import find_own_offer
from community_help.privacy.window import window_of
from community_help.services import offers, reports

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.forms import Form
    from django.http import HttpResponse

    from community_help.jobs.offer import Offer
    from community_help.portal.visit import Visit

_CHANGED = (IllegalTransition, StaleTransition)

require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def view_offer(request: Visit, uuid: UUID) -> HttpResponse:
    """The helper's page of a job that is theirs: in the window with the details, each look logged."""
    offer = find_own_offer(request, uuid)
    if offer.state not in TAKEN:
        return redirect("community_help:view_open_job", uuid=offer.job.uuid)
    community, now = Community.current(), timezone.now()
    window = window_of(offer, community=community, now=now)
    try:
        contact = contact_of(offer, actor=request.actor)
    except NotDisclosed:  # not open yet, or shut: the page says so
        contact = None
    own = offer.job.task_type.disclosure_hours_after_report
    opens_later = window.opens is not None and now < window.opens
    context = {
        "section": "taken",
        "offer": offer,
        "job": offer.job,
        "facts": job_facts(offer.job),
        "window": window,
        "contact": contact,
        "opens_later": opens_later,
        "hours_after_report": community.disclosure_hours_after_report if own is None else own,
        "is_running": _is_running(offer),
        "has_dock": _is_running(offer) and not opens_later,
        "picture": "dog.svg" if offer.job.task_type.tile == Tile.DOG else "",
    }
    return pages.render(request, "community_help/portal/view_offer.html", context)


@require_POST
def withdraw_offer(request: Visit, uuid: UUID) -> HttpResponse:
    """Take back an offer that nobody has answered."""
    offer = find_own_offer(request, uuid)
    return _act(request, offer, offers.withdraw_offer, _("You have taken your offer back. Thank you for telling us."))


@require_POST
def confirm_offer(request: Visit, uuid: UUID) -> HttpResponse:
    """«Still yes», after the job had changed."""
    form = OpeningForm(request.POST)
    opening = form.cleaned_data["opening"] if form.is_valid() else None
    confirm = partial(offers.confirm_offer, opening=opening)
    return _act(request, find_own_offer(request, uuid), confirm, _("Thank you. We count on you."))


@require_POST
def note_contact(request: Visit, uuid: UUID) -> HttpResponse:
    """«I've made contact»."""
    offer = find_own_offer(request, uuid)
    return _act(request, offer, offers.note_contact, _("Thank you. Tell us afterwards how it went."))


@require_form
def release_offer(request: Visit, uuid: UUID) -> HttpResponse:
    """«I can't go after all»: a page that asks why, then the deed."""

    def release(offer: Offer, typed: dict[str, Any]) -> str:
        offers.release_offer(offer, actor=request.actor, **typed)
        return _("Thank you for telling us. We will find somebody else.")

    return _form_page(request, uuid, ReleaseForm, "community_help/portal/release_offer.html", release)


@require_form
def make_report(request: Visit, uuid: UUID) -> HttpResponse:
    """How it went: two taps."""

    def report(offer: Offer, typed: dict[str, Any]) -> str:
        reports.make_report(offer, actor=request.actor, **typed)
        if typed["outcome"] == Outcome.WORRIED:
            return _("Thank you for telling us. A co-ordinator looks at it first thing and rings you.")
        return _("Thank you. You made somebody’s day a little easier.")

    return _form_page(request, uuid, ReportForm, "community_help/portal/make_report.html", report)


def _form_page(
    request: Visit, uuid: UUID, form_class: type[Form], template: str, do: Callable[[Offer, dict[str, Any]], str]
) -> HttpResponse:
    """A page with one form about the helper's own running offer; what was typed is kept, whatever goes wrong.

    :param do: the deed, given the form's cleaned data; answers with what to say afterwards
    """
    offer = find_own_offer(request, uuid)
    posted = request.method == "POST"
    if not posted and not _is_running(offer):
        return redirect("community_help:view_offer", uuid=uuid)
    form = form_class(request.POST if posted else None)
    context = {"section": "taken", "offer": offer, "job": offer.job, "form": form, "changed": False}
    status = 422 if posted else 200
    if form.is_valid():
        try:
            messages.success(request, do(offer, form.cleaned_data))
        except ValidationError as error:
            form.add_error(None, error)
        except _CHANGED:
            offer.refresh_from_db(fields=["state", "reported_at"])
            if offer.reported_at is not None or offer.state == OfferState.RELEASED:
                messages.info(request, _("You have told us already. Thank you."))
                return redirect("community_help:my_jobs")
            context["changed"], status = True, 409
        else:
            return redirect("community_help:my_jobs")
    return pages.render(request, template, context, status=status)


def _act(request: Visit, offer: Offer, do: Callable[..., object], thanks: str) -> HttpResponse:
    """One tap on the helper's own offer, then its page as it stands."""
    try:
        do(offer, actor=request.actor)
    except _CHANGED:
        messages.info(request, _("Nothing was changed. This is how it stands now."))
    else:
        messages.success(request, thanks)
    return redirect("community_help:view_offer", uuid=offer.uuid)


def _is_running(offer: Offer) -> bool:
    """Whether the helper is down for the job, and has not reported back."""
    return offer.state == OfferState.RATIFIED and offer.reported_at is None and offer.job.state in RUNNING
