"""What a co-ordinator does with offers, calls that are owed, and details that are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from community_help.access.scopes import visible_to
from community_help.dashboard import panels
from community_help.dashboard.desk_page import actor_of
from community_help.dashboard.forms import AskAnywayForm
from community_help.dashboard.job_page import MOST_HELPERS, Shown, candidates, find_job, job_page
from community_help.dashboard.moves import attempt, seen_version
from community_help.jobs.call_back import CallBack
from community_help.jobs.offer import Offer
from community_help.lifecycle.table import Action
from community_help.matching import Need
from community_help.people.community import Community
from community_help.people.person import Person
from community_help.people.profiles import Buddy, Helper
from community_help.privacy.disclosure import COORDINATOR_FIELDS, reveal, reveal_job
from community_help.services import buddies, places, waivers
from community_help.services import offers as services
from community_help.services.call_backs import record_call_back as record_call_back_service
from community_help.services.reports import make_report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from community_help.jobs.job import Job
    from community_help.lifecycle.event import Event

#: What a co-ordinator needs of a helper.
_NUMBERS = ("phone", "other_phone", "email")
_LABELS = {
    "phone": gettext_lazy("Phone"),
    "other_phone": gettext_lazy("Another phone"),
    "email": gettext_lazy("E-mail"),
    "address": gettext_lazy("Address"),
    "postcode": gettext_lazy("Postcode"),
    "access_notes": gettext_lazy("Getting in"),
    "warnings": gettext_lazy("What to know when they ring"),
}


def _offer_and_job(request: HttpRequest, uuid: UUID) -> tuple[Offer, Job]:
    actor = actor_of(request)
    found = visible_to(actor, Offer).select_related("helper__person", "job")
    offer: Offer = get_object_or_404(found, uuid=uuid)
    return offer, find_job(actor, offer.job.uuid)


@require_POST
def ratify_offer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say yes to a helper."""
    offer, job = _offer_and_job(request, uuid)
    said = _("Ratified: %(name)s. Ring %(who)s and say who is coming, and the safe word.")
    return attempt(
        request,
        job,
        lambda: services.ratify_offer(offer, actor=actor_of(request), version=seen_version(request)),
        said=said % {"name": offer.helper.person.name, "who": job.requester.person.known_as},
    )


@require_POST
def decline_offer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say no to a helper, kindly."""
    offer, job = _offer_and_job(request, uuid)
    return attempt(
        request,
        job,
        lambda: services.decline_offer(offer, actor=actor_of(request), version=seen_version(request)),
        said=_("Declined. %(name)s is thanked.") % {"name": offer.helper.person.known_as},
    )


def _with_reason(
    request: HttpRequest, uuid: UUID, action: str, service: Callable[..., Event], said: str, *, versioned: bool = True
) -> HttpResponse:
    offer, job = _offer_and_job(request, uuid)
    key = panels.offer_key(offer, action)
    form = panels.reason_form(key, request.POST)

    def move() -> None:
        version = seen_version(request)
        more = {"version": version} if versioned else {}
        service(offer, actor=actor_of(request), why=form.cleaned_data["why"], **more)

    said = said % {"name": offer.helper.person.known_as}
    return attempt(request, job, move, said=said, key=key, form=form)


@require_POST
def stand_down_offer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a helper off the job."""
    said = _("%(name)s is stood down. Others are asked.")
    return _with_reason(request, uuid, Action.STAND_DOWN_OFFER, services.stand_down_offer, said)


@require_POST
def record_no_show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Note that a helper did not come."""
    said = _("Noted: %(name)s did not come. Others are asked.")
    return _with_reason(request, uuid, Action.RECORD_NO_SHOW, services.record_no_show, said)


@require_POST
def release_for(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A helper said on the phone that they can't come."""
    said = _("%(name)s can’t come. Others are asked.")
    return _with_reason(request, uuid, Action.RELEASE_OFFER, services.release_offer, said, versioned=False)


def _on_behalf(request: HttpRequest, uuid: UUID, service: Callable[..., Event], said: str) -> HttpResponse:
    offer, job = _offer_and_job(request, uuid)
    said = said % {"name": offer.helper.person.known_as}
    return attempt(request, job, lambda: service(offer, actor=actor_of(request)), said=said)


@require_POST
def withdraw_for(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A helper said on the phone that they take their offer back."""
    return _on_behalf(request, uuid, services.withdraw_offer, _("%(name)s’s offer is withdrawn."))


@require_POST
def contact_for(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A helper said on the phone that they have made contact."""
    return _on_behalf(request, uuid, services.note_contact, _("Noted: %(name)s has made contact."))


@require_POST
def confirm_for(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A helper said on the phone: still yes, after the change."""
    return _on_behalf(request, uuid, services.confirm_offer, _("Noted: %(name)s still says yes."))


@require_POST
def make_buddies(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """From now on this helper is asked first for this requester."""
    offer, job = _offer_and_job(request, uuid)
    words = {"name": offer.helper.person.known_as, "who": job.requester.person.known_as}
    return attempt(
        request,
        job,
        lambda: buddies.make_buddies(offer.helper, offer.requester, actor=actor_of(request)),
        said=_("%(name)s and %(who)s are buddies now: %(name)s is asked first.") % words,
    )


@require_POST
def end_buddies(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """They are buddies no more."""
    offer, job = _offer_and_job(request, uuid)
    pair = get_object_or_404(Buddy, helper=offer.helper_id, requester=offer.requester_id)
    words = {"name": offer.helper.person.known_as, "who": job.requester.person.known_as}
    return attempt(
        request,
        job,
        lambda: buddies.end_buddies(pair, actor=actor_of(request)),
        said=_("%(name)s and %(who)s are buddies no more.") % words,
    )


@require_POST
def pin_person(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Put the requester's home on the map by hand."""
    actor = actor_of(request)
    job = find_job(actor, uuid)
    form = panels.pin_form(job, request.POST)
    return attempt(
        request,
        job,
        lambda: places.pin_person(job.requester.person, form.cleaned_data["place"], actor=actor),
        said=_("Kept. Jobs at their home are there now."),
        key=panels.PIN,
        form=form,
    )


@require_POST
def report_for(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A helper said on the phone how it went."""
    offer, job = _offer_and_job(request, uuid)
    form = panels.report_form(offer, request.POST)
    return attempt(
        request,
        job,
        lambda: make_report(offer, actor=actor_of(request), **form.cleaned_data),
        said=_("The report is kept."),
        key=panels.offer_key(offer, "report"),
        form=form,
    )


@require_POST
def offer_for(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A helper said on the phone that they can do it."""
    actor = actor_of(request)
    job = find_job(actor, uuid)
    need = Need.of(job, zone=Community.current().zone)
    form = panels.offer_for_form(candidates(need, job)[:MOST_HELPERS], request.POST)
    return attempt(
        request,
        job,
        lambda: services.make_offer(job, actor=actor, **form.cleaned_data),
        said=_("The offer is taken down. Ratify it when you are sure."),
        key=panels.OFFER_FOR,
        form=form,
    )


@require_POST
def ask_anyway(request: HttpRequest, uuid: UUID, person: UUID) -> HttpResponse:
    """Ask somebody about this opening although one thing stands in the way."""
    actor = actor_of(request)
    job = find_job(actor, uuid)
    helper = get_object_or_404(visible_to(actor, Helper).select_related("person"), person__uuid=person)
    key = panels.ask_anyway_key(helper)
    form = AskAnywayForm(request.POST, auto_id=f"{key}_%s")
    return attempt(
        request,
        job,
        lambda: waivers.ask_anyway(job, helper=helper, actor=actor, version=seen_version(request), **form.cleaned_data),
        said=_("%(name)s is asked, and will see this job.") % {"name": helper.person.known_as},
        key=key,
        form=form,
    )


@require_POST
def record_call_back(request: HttpRequest, pk: int) -> HttpResponse:
    """How a call that was owed went."""
    actor = actor_of(request)
    call = get_object_or_404(visible_to(actor, CallBack).filter(job__isnull=False).select_related("job"), pk=pk)
    form = panels.call_back_form(call, request.POST)
    return attempt(
        request,
        find_job(actor, call.job.uuid),
        lambda: record_call_back_service(call, actor=actor, **form.cleaned_data),
        said=_("Noted how the call went."),
        key=panels.call_key(call),
        form=form,
    )


@require_POST
def reveal_person(request: HttpRequest, uuid: UUID, person: UUID) -> HttpResponse:
    """Show somebody's details on the job's page, once. It is logged who saw what, when and why."""
    actor = actor_of(request)
    job = find_job(actor, uuid)
    someone: Person = get_object_or_404(visible_to(actor, Person), uuid=person)
    if someone.pk == job.requester_id:
        contact = _labelled(reveal(someone, COORDINATOR_FIELDS, actor=actor, why=job))
        private = [(detail.label.capitalize(), detail.value) for detail in reveal_job(job, actor=actor, why=job)]
        return job_page(request, job, shown=Shown(someone, [*contact, *private]))
    why: Job | str = job
    if not job.offers.filter(helper=someone.pk).exists():
        need = Need.of(job, zone=Community.current().zone)
        get_object_or_404(candidates(need, job), pk=someone.pk)
        why = _("to ask whether they can do job %(n)d") % {"n": job.pk}
    return job_page(request, job, shown=Shown(someone, _labelled(reveal(someone, _NUMBERS, actor=actor, why=why))))


def _labelled(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(str(_LABELS[name]), text) for name, text in texts.items() if text]
