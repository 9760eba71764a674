"""Where a community sets up its kinds of job, and what each asks of a helper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community_help import matching
from community_help.dashboard.desk_page import actor_of, desk_page
from community_help.dashboard.kind_form import KindForm
from community_help.dashboard.kind_grid import (
    can_be_chosen,
    grid_of,
    history,
    kinds_with_needs,
    options_form,
    remain_words,
)
from community_help.dashboard.moves import TOO_LATE, WRONG, seen_version
from community_help.dashboard.plain_form import whole_number
from community_help.dashboard.questions import MOST as MOST_QUESTIONS
from community_help.dashboard.questions import question_forms, with_unseen
from community_help.dashboard.weights import WeightsForm, weights_history
from community_help.exceptions import StaleTransition
from community_help.jobs.task_type import TaskType
from community_help.jobs.task_type_change import TaskTypeChange
from community_help.matching.criterion import load
from community_help.services import community as services_of_the_community
from community_help.services import task_types as services

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from uuid import UUID

    from django import forms
    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrOrPromise

    from community_help.dashboard.questions import QuestionForm

_T = TypeVar("_T")

_NOTHING_CHANGED = gettext_lazy("“%(kind)s” is as it was: nothing was different.")


@require_safe
def list_task_types(request: HttpRequest) -> HttpResponse:
    """The grid, and what was changed lately; with ``before``, what was changed before that."""
    return _grid_page(request, before=whole_number(request.GET.get("before", "")))


@require_http_methods(["GET", "HEAD", "POST"])
def make_task_type(request: HttpRequest) -> HttpResponse:
    """A new kind of job."""
    if request.method != "POST":
        return _kind_page(request, KindForm(), question_forms(None))
    form, questions = KindForm(request.POST), question_forms(None, request.POST)
    if not _are_valid(form, questions):
        return _kind_page(request, form, questions, status=WRONG)
    try:
        kind = services.make_task_type(actor=actor_of(request), values=_values(form, questions))
    except ValidationError as error:
        form.add_service_errors(error)
        return _kind_page(request, form, questions, status=WRONG)
    messages.success(request, _("“%(kind)s” is there. Helpers choose it from now on.") % {"kind": kind.name})
    return _to_grid(kind)


@require_http_methods(["GET", "HEAD", "POST"])
def change_task_type(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Everything about one kind of job but what is switched in the grid."""
    kind = get_object_or_404(kinds_with_needs(), uuid=uuid)
    if request.method != "POST":
        return _kind_page(request, KindForm(kind=kind), question_forms(kind), kind=kind)
    form, questions = KindForm(request.POST, kind=kind), question_forms(kind, request.POST)
    if not _are_valid(form, questions):
        return _kind_page(request, form, questions, kind=kind, status=WRONG)
    try:
        values = _values(form, questions)
        made = services.change_task_type(kind, actor=actor_of(request), values=values, version=seen_version(request))
    except ValidationError as error:
        form.add_service_errors(error)
        return _kind_page(request, form, questions, kind=kind, status=WRONG)
    except StaleTransition as error:
        questions = with_unseen(questions, kind)
        return _kind_page(request, form, questions, kind=kind, problem=str(error), status=TOO_LATE)
    return _changed(request, kind, _("“%(kind)s” is changed.") if made else _NOTHING_CHANGED)


@require_POST
def choose_criterion(request: HttpRequest, uuid: UUID, slug: str) -> HttpResponse:
    """Switch one criterion for one kind of job, and see at once how many helpers remain."""
    kind = get_object_or_404(kinds_with_needs(), uuid=uuid)
    criterion = next((each for each in load() if each.slug == slug and can_be_chosen(each)), None)
    if criterion is None:
        raise Http404
    on = _yes_or_no(request, "on")
    form = options_form(kind, criterion, request.POST) if on else None
    if form is not None and not form.is_valid():
        words = {"kind": kind.name, "what": criterion.label}
        problem = _("%(kind)s: “%(what)s” is not kept yet. What is wrong stands beside it.") % words
        return _grid_page(request, typed={(kind.pk, slug): form}, problem=problem, status=WRONG)
    options = request.POST if form is not None else None
    before = matching.remaining([kind])[kind.pk].helpers

    def choose() -> object:
        return services.choose_criterion(
            kind, slug, actor=actor_of(request), on=on, options=options, version=seen_version(request)
        )

    said = _("%(kind)s: “%(what)s” is asked.") if on else _("%(kind)s: “%(what)s” is not asked any more.")
    typed = {(kind.pk, slug): form} if form is not None else None
    return _do(request, kind, choose, said, what=criterion.label, before=before, typed=typed)


@require_POST
def order_task_type(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One place up or down."""
    kind = get_object_or_404(TaskType, uuid=uuid)
    step = _either(request, "to", {"up": -1, "down": 1})
    shown = list(TaskType.objects.filter(active=True).order_by("order", "name"))
    if kind not in shown:
        raise Http404
    neighbour = shown.index(kind) + step
    if not 0 <= neighbour < len(shown):
        return _to_grid(kind)
    place = list(TaskType.objects.order_by("order", "name")).index(shown[neighbour])
    said = _("“%(kind)s” has moved.")
    return _do(request, kind, lambda: services.order_task_type(kind, actor=actor_of(request), place=place), said)


@require_POST
def retire_task_type(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a kind of job out of use, or bring it back. Jobs of it go on."""
    kind = get_object_or_404(TaskType, uuid=uuid)
    active = _yes_or_no(request, "active")
    said = _("“%(kind)s” is in use again.") if active else _("“%(kind)s” is out of use. Jobs of it go on.")

    def retire() -> object:
        return services.change_task_type(
            kind, actor=actor_of(request), values={"active": active}, version=seen_version(request)
        )

    return _do(request, kind, retire, said)


@require_POST
def undo_task_type_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a change of the history."""
    change = get_object_or_404(TaskTypeChange.objects.select_related("task_type"), pk=pk)
    kind = change.task_type
    said = _("Taken back. “%(kind)s” is as it was.")
    return _do(request, kind, lambda: services.undo_task_type_change(change, actor=actor_of(request)), said)


@require_POST
def change_weights(request: HttpRequest) -> HttpResponse:
    """Whom to ask first."""
    form = WeightsForm(request.POST)
    if not form.is_valid():
        return _grid_page(request, weights=form, status=WRONG)
    try:
        services_of_the_community.change_weights(
            actor=actor_of(request), weights=form.cleaned_data, seen=seen_version(request)
        )
    except StaleTransition as error:
        return _grid_page(request, weights=form, problem=str(error), status=TOO_LATE)
    messages.success(request, _("From now on people are asked in this order."))
    return redirect(reverse("community_help:list_task_types") + "#weights")


def _yes_or_no(request: HttpRequest, name: str) -> bool:
    return _either(request, name, {"yes": True, "no": False})


def _either(request: HttpRequest, name: str, answers: Mapping[str, _T]) -> _T:
    """What a button says. Whoever sends neither has pressed none."""
    if request.POST.get(name) not in answers:
        raise Http404
    return answers[request.POST[name]]


def _do(
    request: HttpRequest,
    kind: TaskType,
    do: Callable[[], object | None],
    said: StrOrPromise,
    *,
    what: StrOrPromise = "",
    before: int | None = None,
    typed: Mapping[tuple[int, str], forms.Form] | None = None,
) -> HttpResponse:
    """Make a change and show the grid again.

    :param do: calls one service, which answers with ``None`` where nothing is different
    :param said: what was done, with places for the ``kind`` and for ``what``
    """
    try:
        made = do()
    except ValidationError as error:
        return _grid_page(request, typed=typed, problem=" ".join(error.messages), status=WRONG)
    except StaleTransition as error:
        return _grid_page(request, typed=typed, problem=str(error), status=TOO_LATE)
    return _changed(request, kind, said if made else _NOTHING_CHANGED, what=what, before=before)


def _changed(
    request: HttpRequest, kind: TaskType, said: StrOrPromise, *, what: StrOrPromise = "", before: int | None = None
) -> HttpResponse:
    now = kinds_with_needs().get(pk=kind.pk)
    left = matching.remaining([now])[kind.pk]
    words = [str(said) % {"kind": now.name, "what": what}]
    if now.active and before is not None and before != left.helpers:
        words.append(_("%(remain)s, before it was %(n)d.") % {"remain": remain_words(left), "n": before})
    elif now.active:
        words.append(_("%(remain)s.") % {"remain": remain_words(left)})
    messages.success(request, " ".join(words))
    return _to_grid(now)


def _to_grid(kind: TaskType) -> HttpResponse:
    return redirect(reverse("community_help:list_task_types") + f"#kind-{kind.slug}")


def _grid_page(
    request: HttpRequest,
    *,
    typed: Mapping[tuple[int, str], forms.Form] | None = None,
    weights: WeightsForm | None = None,
    before: int | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "section": "kinds",
        "grid": grid_of(typed),
        "history": history(before=before),
        "before": before,
        "weights": weights or WeightsForm(),
        "weights_history": weights_history(),
        "problem": problem,
        "problem_at": _first_wrong(typed or {}),
    }
    return desk_page(request, "community_help/dashboard/kinds.html", context, status=status)


def _first_wrong(typed: Mapping[tuple[int, str], forms.Form]) -> str:
    """The id of the first question that is not right; "" where all are."""
    return next((field.id_for_label for form in typed.values() for field in form if field.errors), "")


def _are_valid(form: KindForm, questions: Sequence[QuestionForm]) -> bool:
    """Whether all is right. What is wrong with a question stands beside it, and above the form."""
    right = form.is_valid()
    for number, question in enumerate(questions, start=1):
        if not question.is_valid():
            right = False
            form.add_error(None, _("Question %(n)d is not right yet.") % {"n": number})
    if right and sum(question.plain is not None for question in questions) > MOST_QUESTIONS:
        form.add_error(None, _("A kind of job has at most %(most)d questions.") % {"most": MOST_QUESTIONS})
        right = False
    return right


def _values(form: KindForm, questions: Sequence[QuestionForm]) -> dict[str, Any]:
    return {**form.values, "questions": [question.plain for question in questions if question.plain is not None]}


def _kind_page(
    request: HttpRequest,
    form: KindForm,
    questions: Sequence[QuestionForm],
    *,
    kind: TaskType | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "section": "kinds",
        "form": form,
        "questions": questions,
        "kind": kind,
        "problem": problem,
    }
    if kind is not None:
        context["remain"] = remain_words(matching.remaining([kind])[kind.pk])
    return desk_page(request, "community_help/dashboard/kind.html", context, status=status)
