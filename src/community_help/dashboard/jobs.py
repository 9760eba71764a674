"""The list of jobs, one job, and what a co-ordinator does with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community_help.access.scopes import visible_to
from community_help.dashboard import panels, queue
from community_help.dashboard.clock import Clock
from community_help.dashboard.desk_page import actor_of, desk_page
from community_help.dashboard.desk_rows import could_help_words, heading
from community_help.dashboard.job_form import JobForm, answers_of
from community_help.dashboard.job_page import find_job, job_page
from community_help.dashboard.job_times import PLACES
from community_help.dashboard.moves import REFUSALS, TOO_LATE, WRONG, attempt, seen_version
from community_help.jobs.call import Call
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import Action, JobState
from community_help.privacy.disclosure import reveal_job
from community_help.services import jobs as services
from community_help.services.change import change_job as change_service
from community_help.services.undo import undo as undo_service

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from community_help.jobs.job import Job
    from community_help.people.person import Person

_PAGE = 25


@require_safe
def list_jobs(request: HttpRequest) -> HttpResponse:
    """All jobs, or those in one state or group of the queue, 25 to a page."""
    actor, now = actor_of(request), timezone.now()
    show = request.GET.get("show", "")
    group = next((group for group in queue.GROUPS if group.name == show), None)
    if group is not None:
        rows = queue.jobs_in(group, actor, now=now)
    else:
        rows = queue.listed(actor).order_by("-pk")
        rows = rows.filter(state=show) if show in JobState.values else rows
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    jobs = list(page.object_list)
    could_help = queue.could_help(jobs)
    context = {
        "section": "jobs",
        "page": page,
        "jobs": [(job, could_help_words(could_help.get(job.pk))) for job in jobs],
        "show": show,
        "states": JobState.choices,
        "groups": queue.GROUPS,
    }
    return desk_page(request, "community_help/dashboard/jobs.html", context)


@require_safe
def view_job(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Everything about one job."""
    return job_page(request, find_job(actor_of(request), uuid))


@require_http_methods(["GET", "HEAD", "POST"])
def change_job(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The job's questions again, answered as they are now; then the changed answers."""
    actor = actor_of(request)
    job = find_job(actor, uuid)
    clock = Clock.of()
    if request.method != "POST":
        answers = answers_of(job, _private_answers(job, actor), zone=clock.zone)
        form = JobForm(initial=answers, task_type=job.task_type, clock=clock, was=job)
        return _change_page(request, job, form)
    form = JobForm(request.POST, task_type=job.task_type, clock=clock, was=job)
    if not form.is_valid():
        return _change_page(request, job, form, status=WRONG)
    try:
        values = {**form.values, "area": form.cleaned_data["area"]}
        skills = form.cleaned_data["skills"]
        change_service(job, actor=actor, values=values, skills=skills, version=seen_version(request))
    except ValidationError as error:
        form.add_service_errors(error, PLACES)
        return _change_page(request, job, form, status=WRONG)
    except REFUSALS as error:
        return _change_page(request, find_job(actor, uuid), form, problem=str(error), status=TOO_LATE)
    messages.success(request, _("Changed."))
    return redirect("community_help:view_job", uuid)


def _private_answers(job: Job, actor: Person) -> dict[str, object]:
    """The job's private answers, as values. The door decides, and logs that they were read."""
    return {detail.name: detail.raw for detail in reveal_job(job, actor=actor, why=job)}


def _change_page(
    request: HttpRequest, job: Job, form: JobForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    if not panels.can(job, Action.CHANGE_JOB) and not problem:
        raise Http404
    context = {"section": "jobs", "job": job, "heading": heading(job), "form": form, "problem": problem}
    return desk_page(request, "community_help/dashboard/change.html", context, status=status)


@require_POST
def publish_job(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Open a draft or a submitted job for offers."""
    job, actor = find_job(actor_of(request), uuid), actor_of(request)
    said = _("Published. The right helpers hear of it now.")
    return attempt(
        request, job, lambda: services.publish_job(job, actor=actor, version=seen_version(request)), said=said
    )


@require_POST
def discard_job(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Throw a draft away."""
    job, actor = find_job(actor_of(request), uuid), actor_of(request)
    try:
        services.discard_job(job, actor=actor)
    except REFUSALS as error:
        return job_page(request, find_job(actor, uuid), problem=str(error), status=TOO_LATE)
    messages.success(request, _("The draft “%(what)s” is thrown away.") % {"what": heading(job)})
    return redirect("community_help:desk")


@require_POST
def hand_over_job(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give the job to another co-ordinator."""
    job, actor = find_job(actor_of(request), uuid), actor_of(request)
    form = panels.hand_over_form(job, request.POST)
    return attempt(
        request,
        job,
        lambda: services.hand_over_job(job, actor=actor, version=seen_version(request), **form.cleaned_data),
        said=_("Handed over."),
        key=panels.HAND_OVER,
        form=form,
    )


@require_POST
def cancel_job(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Call the job off."""
    job, actor = find_job(actor_of(request), uuid), actor_of(request)
    form = panels.cancel_form(request.POST)
    return attempt(
        request,
        job,
        lambda: services.cancel_job(job, actor=actor, version=seen_version(request), **form.cleaned_data),
        said=_("Cancelled. Everybody who was on it is told, and %(who)s is owed a call.")
        % {"who": job.requester.person.known_as},
        key=panels.CANCEL,
        form=form,
    )


@require_POST
def close_job(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Close a job that was reported."""
    job, actor = find_job(actor_of(request), uuid), actor_of(request)
    return attempt(
        request,
        job,
        lambda: services.close_job(job, actor=actor, version=seen_version(request)),
        said=_("Closed: “%(what)s”.") % {"what": heading(job)},
    )


@require_POST
def reopen_job(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Open an ended job again, at a new time."""
    job, actor = find_job(actor_of(request), uuid), actor_of(request)
    form = panels.reopen_form(job, request.POST, clock=Clock.of())

    def move() -> None:
        why, version = form.cleaned_data["why"], seen_version(request)
        services.reopen_job(job, actor=actor, why=why, values=form.times, version=version)

    return attempt(request, job, move, said=_("Open again. Helpers hear of it now."), key=panels.REOPEN, form=form)


@require_POST
def undo(request: HttpRequest, event: int) -> HttpResponse:
    """Take one's own last move back."""
    actor = actor_of(request)
    done = get_object_or_404(visible_to(actor, Event).filter(actor=actor, job__isnull=False), pk=event)
    job = find_job(actor, done.job.uuid)
    pressed_in = visible_to(actor, Call).filter(pk=done.job.call_id, ended_at=None).first()
    to = ""
    if pressed_in is not None and request.POST.get("call") == str(pressed_in.uuid):
        to = reverse("community_help:view_call", args=[pressed_in.uuid])
    return attempt(request, job, lambda: undo_service(done, actor=actor), said=_("Undone. Nobody was told."), to=to)
