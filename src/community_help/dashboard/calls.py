"""Taking a call: one screen, saved while somebody types; requester and job are made of it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community_help.access.scopes import visible_to
from community_help.dashboard.call_page import call_page, live
from community_help.dashboard.caller_form import SearchForm
from community_help.dashboard.clock import Clock
from community_help.dashboard.desk_page import actor_of, desk_page
from community_help.dashboard.desk_rows import heading
from community_help.dashboard.intake import Forms, Typed, take_down
from community_help.dashboard.moves import TOO_LATE, WRONG
from community_help.dashboard.plain_form import whole_number
from community_help.dashboard.queue import listed
from community_help.exceptions import StaleTransition
from community_help.jobs.call import Call
from community_help.people.person import Person
from community_help.privacy.disclosure import search
from community_help.services import calls as services
from community_help.services.people import add_requester

if TYPE_CHECKING:
    from django.http import HttpRequest

#: In the address of a call whose search is answered on the page.
FOUND = "found"


@require_http_methods(["GET", "HEAD", "POST"])
def take_call(request: HttpRequest) -> HttpResponse:
    """The phone rings: begin a call, or go on with one that is not finished."""
    actor = actor_of(request)
    if request.method == "POST":
        return redirect("community_help:view_call", services.start_call(actor=actor).uuid)
    going_on = visible_to(actor, Call).filter(ended_at=None).select_related("requester__person").order_by("-started_at")
    return desk_page(request, "community_help/dashboard/take_call.html", {"section": "call", "calls": going_on})


@require_safe
def view_call(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The call as it was saved last; after its end, what came of it."""
    call = _call(request, uuid)
    if call.ended_at is not None:
        context = {"section": "call", "call": call, "jobs_made": listed(actor_of(request)).filter(call=call)}
        return desk_page(request, "community_help/dashboard/call_over.html", context)
    typed = Typed.kept(call)
    found = search(typed.who, actor=actor_of(request)) if FOUND in request.GET and call.requester is None else None
    return call_page(request, call, typed, found=found)


@require_POST
def save_call(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Keep what is typed, and do what the button says: search, somebody new, publish, keep as a draft."""
    call = _call(request, uuid)
    do = request.POST.get("do", "")
    typed = _typed(request, call)
    if do == "enter" and typed.who != Typed.kept(call).who and not (typed.is_new_person or call.requester):
        do = "search"
    if do == "new_person":
        typed = _somebody_new(typed)
    elif do == "search":
        typed = typed.with_values(new_person="")
    try:
        if do in {"publish", "keep"}:
            return _take_down(request, call, typed, publish=do == "publish")
        call = _save(request, call, typed)
    except StaleTransition as error:
        return _somebody_was_faster(request, call, typed, error)
    except ValidationError as error:
        return call_page(request, call, typed, problem=" ".join(error.messages), status=WRONG)
    if do == "search":
        return _search(request, call, typed)
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        clock = Clock.of()
        context, forms = live(call, typed, clock=clock), Forms.of(typed, call, clock=clock)
        return render(request, "community_help/dashboard/_call_live.html", {**context, "typed": typed, "forms": forms})
    return redirect("community_help:view_call", call.uuid)


@require_POST
def choose_requester(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say who is calling: one of those whom the search found, or, with nobody named, somebody else after all."""
    call, actor = _call(request, uuid), actor_of(request)
    typed = _typed(request, call).with_values(new_person="")
    chosen = request.POST.get("person", "")
    person = get_object_or_404(visible_to(actor, Person), uuid=_uuid(chosen)) if chosen else None
    try:
        call = _save(request, call, typed)
        requester = add_requester(person, actor=actor) if person else None
        services.choose_requester(call, actor=actor, requester=requester)
    except StaleTransition as error:
        return _somebody_was_faster(request, call, typed, error)
    except ValidationError as error:
        return call_page(request, call, typed, problem=" ".join(error.messages), status=WRONG)
    return redirect("community_help:view_call", call.uuid)


@require_POST
def finish_call(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Put the phone down. What was typed and not kept is thrown away only when that was said."""
    call = _call(request, uuid)
    typed = _typed(request, call)
    if call.ended_at is None and typed.has_job and not request.POST.get("throw_away"):
        try:
            call = _save(request, call, typed)
        except StaleTransition as error:
            return _somebody_was_faster(request, call, typed, error)
        except ValidationError as error:
            return call_page(request, call, typed, problem=" ".join(error.messages), status=WRONG)
        return call_page(request, call, typed, unfinished=True, status=WRONG)
    services.finish_call(call, actor=actor_of(request))
    messages.success(request, _("The call is finished."))
    return redirect("community_help:desk")


def _call(request: HttpRequest, uuid: UUID) -> Call:
    rows = visible_to(actor_of(request), Call).select_related("requester__person", "requester__area")
    call: Call = get_object_or_404(rows, uuid=uuid)
    return call


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def _typed(request: HttpRequest, call: Call) -> Typed:
    return Typed.posted(request, Typed.kept(call), clock=Clock.of())


def _saved(request: HttpRequest, call: Call, typed: Typed) -> int:
    """How many saves the sender has seen. What the same window has saved by itself it knows."""
    if typed.window and typed.window == Typed.kept(call).window:
        return call.saved
    saves = whole_number(request.POST.get("saved", ""))
    if saves is None:
        raise StaleTransition
    return saves


def _save(request: HttpRequest, call: Call, typed: Typed) -> Call:
    """Save, unless there is nothing new: sending the same twice is no quarrel between two windows."""
    if typed == Typed.kept(call) and call.ended_at is None:
        return call
    return services.save_call(call, actor=actor_of(request), form=typed.fields, saved=_saved(request, call, typed))


def _take_down(request: HttpRequest, call: Call, typed: Typed, *, publish: bool) -> HttpResponse:
    forms = Forms.of(typed, call, clock=Clock.of(), checked=True)
    actor = actor_of(request)
    job = take_down(call, typed, forms, actor=actor, saved=_saved(request, call, typed), publish=publish)
    if job is None:
        problem = _("Choose first what they need.") if forms.job is None else ""
        return call_page(request, _save(request, call, typed), typed, forms, problem=problem, status=WRONG)
    said = _("Kept as a draft: “%(what)s”.")
    if publish:
        said = _("Published: “%(what)s”. The right helpers hear of it now.")
    messages.success(request, said % {"what": heading(job)})
    return redirect("community_help:view_call", call.uuid)


def _search(request: HttpRequest, call: Call, typed: Typed) -> HttpResponse:
    """The answer is at the call's own address, which says that something was found and not what."""
    forms = Forms.of(typed, call, clock=Clock.of())
    form = SearchForm(typed.data)
    if not form.is_valid():
        forms = Forms(form, forms.caller, forms.job)
        return call_page(request, call, typed, forms, status=WRONG)
    return redirect(f"{reverse('community_help:view_call', args=[call.uuid])}?{FOUND}=1")


def _somebody_new(typed: Typed) -> Typed:
    """The questions about somebody new begin with what was searched for."""
    looks_like_number = sum(char.isdigit() for char in typed.who) * 2 > len(typed.who)
    begin = {"phone" if looks_like_number else "name": typed.who}
    begin = {name: text for name, text in begin.items() if not any(typed.fields.get(name, []))}
    return typed.with_values(new_person="yes", **begin)


def _somebody_was_faster(request: HttpRequest, call: Call, typed: Typed, error: StaleTransition) -> HttpResponse:
    """Two windows on one call: say so, and keep what was typed in this one."""
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return HttpResponse(str(error), status=TOO_LATE, content_type="text/plain")
    return call_page(request, _call(request, call.uuid), typed, problem=str(error), unsaved=True, status=TOO_LATE)
