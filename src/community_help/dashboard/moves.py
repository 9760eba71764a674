"""One way to make a move from the job page: do it and go back, or say on the same page why not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect

from community_help.dashboard.desk_page import actor_of
from community_help.dashboard.job_page import find_job, job_page
from community_help.dashboard.job_times import PLACES
from community_help.dashboard.plain_form import whole_number
from community_help.exceptions import (
    AlreadyOffered,
    IllegalTransition,
    NotEligible,
    StaleTransition,
    TooLateToUndo,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from community_help.dashboard.plain_form import PlainForm
    from community_help.jobs.job import Job

#: What a service may answer that is nobody's mistake.
REFUSALS = (AlreadyOffered, IllegalTransition, NotEligible, StaleTransition, TooLateToUndo)
#: Statuses of a page that comes back: what was typed is not right, and somebody was faster.
WRONG, TOO_LATE = 422, 409


def seen_version(request: HttpRequest) -> int:
    """The job's version that the sender had seen.

    Raises ``StaleTransition`` where there is none: whoever sends none can't have looked.
    """
    seen = whole_number(request.POST.get("version", ""))
    if seen is None:
        raise StaleTransition
    return seen


def attempt(
    request: HttpRequest,
    job: Job,
    move: Callable[[], Any],
    *,
    said: str,
    key: str = "",
    form: PlainForm | None = None,
    to: str = "",
) -> HttpResponse:
    """Make a move and show the job again.

    :param move: calls one service; may read the form's cleaned data
    :param said: what was done, in a sentence
    :param key: of the panel that the form belongs to
    :param to: the address to go on to, where it is not the job's page
    """
    typed = {key: form} if form is not None else {}
    if form is not None and not form.is_valid():
        return job_page(request, job, typed=typed, status=WRONG)
    try:
        move()
    except ValidationError as error:
        if form is None:
            return job_page(request, job, problem=" ".join(error.messages), status=WRONG)
        form.add_service_errors(error, PLACES)
        return job_page(request, job, typed=typed, status=WRONG)
    except REFUSALS as error:
        now = find_job(actor_of(request), job.uuid)
        return job_page(request, now, typed=typed, problem=str(error), status=TOO_LATE)
    messages.success(request, said)
    return redirect(to) if to else redirect("community_help:view_job", job.uuid)
