"""Kinds of job × criteria: what each asks of a helper, and how many helpers remain."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import new_class
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community_help import matching
from community_help.dashboard.plain_form import PlainForm
from community_help.jobs.task_type import TaskType
from community_help.jobs.task_type_change import TaskTypeChange
from community_help.matching.choices import is_on, options_of
from community_help.matching.criterion import load
from community_help.matching.moment import Moment
from community_help.people.community import Skill
from community_help.plain_times import sentence
from community_help.safeguarding.background_checks import CheckLevel
from community_help.services.task_types import can_undo_task_type_change

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django import forms
    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from community_help.matching.criterion import Criterion
    from community_help.matching.typical import Remaining

MOST_CHANGES = 12
#: Criterion → which question about the kind of job says what it asks.
_ASKED_BY_THE_KIND = {"check_level": "check_level", "skills": "default_skills"}


@dataclass(frozen=True)
class Cell:
    """What one kind of job asks by one criterion.

    ``words`` is that in a few words, "" where it is not asked; ``why_not`` says why, where nobody can switch it on.
    """

    slug: str
    label: StrOrPromise
    words: str
    locked: bool
    why_not: str
    url: str
    form: forms.Form | None
    elsewhere: str


class Head(NamedTuple):
    """One criterion, over its column; a class itself would be called by the template."""

    label: StrOrPromise
    locked: bool


@dataclass(frozen=True)
class Line:
    """One kind of job, and what it asks in the order of ``Grid.heads``."""

    kind: TaskType
    cells: Sequence[Cell]
    helpers: int
    where: str


@dataclass(frozen=True)
class Grid:
    """``always`` are the criteria that every kind of job asks alike, and that nobody can switch off or set up."""

    heads: Sequence[Head]
    always: Sequence[StrOrPromise]
    lines: Sequence[Line]
    retired: Sequence[TaskType]


def kinds_with_needs() -> QuerySet[TaskType]:
    """Kinds of job with what :func:`community_help.matching.remaining` reads of them."""
    return TaskType.objects.select_related("check_level").prefetch_related("default_skills").order_by("order", "name")


def grid_of(typed: Mapping[tuple[int, str], forms.Form] | None = None) -> Grid:
    """The whole page's table.

    :param typed: forms of options that were sent and not right, by kind of job and criterion
    """
    kinds = list(kinds_with_needs())
    active = [kind for kind in kinds if kind.active]
    criteria = load()
    differing = [each for each in criteria if can_be_chosen(each) or each.slug in _ASKED_BY_THE_KIND]
    always = [each for each in criteria if each not in differing]
    left = matching.remaining(active)
    moment = Moment.of()
    lines = []
    for kind in active:
        need, helpers = left[kind.pk]
        cells = [_cell(kind, each, left[kind.pk], moment, typed or {}) for each in differing]
        lines.append(Line(kind, cells, helpers, need.area.name if need.area else ""))
    heads = [Head(each.label, not each.can_be_waived()) for each in differing]
    return Grid(heads, [each.label for each in always], lines, [kind for kind in kinds if not kind.active])


def can_be_chosen(criterion: type[Criterion]) -> bool:
    """Whether a community says something about it for each kind of job: whether it is asked, or how."""
    return criterion.can_be_waived() or criterion.options_form is not None


def remain_words(left: Remaining) -> str:
    """How many helpers remain, in a sentence."""
    words = ngettext(
        "%(n)d helper remains for a typical job", "%(n)d helpers remain for a typical job", left.helpers
    ) % {"n": left.helpers}
    return _("%(words)s in %(area)s") % {"words": words, "area": left.need.area.name} if left.need.area else words


def options_form(kind: TaskType, criterion: type[Criterion], data: Any = None) -> forms.Form | None:
    """The form of a criterion's options as they are for a kind of job; ``None`` where it has none."""
    if criterion.options_form is None:
        return None
    initial = {**criterion.initial_options(), **options_of(criterion, kind)}
    return _plainly_said(criterion.options_form)(data, initial=initial, auto_id=f"{kind.slug}-{criterion.slug}_%s")


@cache
def _plainly_said(form: type[forms.Form]) -> type[forms.Form]:
    """The same form, whose errors are whole sentences as elsewhere on the desk."""
    return cast("type[forms.Form]", new_class(form.__name__, (PlainForm, form)))


def _cell(
    kind: TaskType,
    criterion: type[Criterion],
    left: Remaining,
    moment: Moment,
    typed: Mapping[tuple[int, str], forms.Form],
) -> Cell:
    asked = is_on(criterion, kind)
    by_phone = criterion.can_be_waived() and criterion.about_place and kind.by_phone
    words = sentence(criterion(moment, options_of(criterion, kind)).asks(left.need)) if asked else ""
    elsewhere = ""
    if question := _ASKED_BY_THE_KIND.get(criterion.slug):
        elsewhere = reverse("community_help:change_task_type", args=[kind.uuid]) + f"#id_{question}"
    return Cell(
        slug=criterion.slug,
        label=criterion.label,
        words=words,
        locked=not criterion.can_be_waived(),
        why_not=_("By phone: the place does not matter") if by_phone else "",
        url=reverse("community_help:choose_criterion", args=[kind.uuid, criterion.slug]),
        form=typed.get((kind.pk, criterion.slug)) or options_form(kind, criterion),
        elsewhere=elsewhere,
    )


@dataclass(frozen=True)
class Told:
    """One change, in words: ``what`` is a line for each field."""

    change: TaskTypeChange
    what: Sequence[str]
    can_undo: bool
    is_undone: bool


@dataclass(frozen=True)
class History:
    """Some changes, the latest first; ``earlier`` is the one before which there are more."""

    told: Sequence[Told]
    earlier: int | None


def history(*, before: int | None = None) -> History:
    """The latest changes, or the latest before one of them, in words. Five queries."""
    found = TaskTypeChange.objects.select_related("task_type", "actor", "undoes", "undone_by")
    if before is not None:
        found = found.filter(pk__lt=before)
    changes = list(found[: MOST_CHANGES + 1])
    earlier = changes[MOST_CHANGES - 1].pk if len(changes) > MOST_CHANGES else None
    changes = changes[:MOST_CHANGES]
    names = {
        "check_level": dict(CheckLevel.objects.values_list("pk", "name")),
        "default_skills": dict(Skill.objects.values_list("pk", "name")),
    }
    prefetch_related_objects(changes, "task_type__default_skills", "task_type__questions")
    told = [
        Told(change, _words(change, names), can_undo_task_type_change(change), hasattr(change, "undone_by"))
        for change in changes
    ]
    return History(told, earlier)


def _words(change: TaskTypeChange, names: Mapping[str, Mapping[int, str]]) -> list[str]:
    if not change.before:
        return [_("made")]
    lines = []
    for name, after in change.after.items():
        before = change.before[name]
        if name == "criteria_options":
            lines += _switched(before, after)
            continue
        if name == "questions":
            lines += _asked(before, after)
            continue
        label = sentence(str(TaskType._meta.get_field(name).verbose_name))  # type: ignore[union-attr]  # all have one
        shown = [_shown(name, value, names) for value in (before, after)]
        lines.append(_("%(what)s: %(before)s → %(after)s") % {"what": label, "before": shown[0], "after": shown[1]})
    return lines


def _switched(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    criteria = {criterion.slug: criterion for criterion in load()}
    lines = []
    for slug in sorted(set(before) | set(after)):
        if before.get(slug) == after.get(slug):
            continue
        criterion = criteria.get(slug)
        what = sentence(str(criterion.label) if criterion else slug)
        was, now = (_how(criterion, choices.get(slug)) for choices in (before, after))
        lines.append(_("%(what)s: %(before)s → %(after)s") % {"what": what, "before": was, "after": now})
    return lines


def _how(criterion: type[Criterion] | None, choice: Mapping[str, Any] | None) -> str:
    """Whether it is asked, and with which options: those that were chosen, else those that stand at first."""
    at_first = criterion.initial_options() if criterion is not None else {}
    chosen = choice or {}
    if not chosen.get("on", criterion is not None and criterion.on_at_first):
        return _("not asked")
    options = {**at_first, **chosen.get("options", {})}.items()
    said = ", ".join(_option(criterion, name, value) for name, value in options)
    return _("asked (%(options)s)") % {"options": said} if said else _("asked")


def _option(criterion: type[Criterion] | None, name: str, value: Any) -> str:
    field = criterion.option_fields().get(name) if criterion is not None else None
    shown = ", ".join(map(_number_or_words, value if isinstance(value, list) else [value]))
    return _("%(what)s: %(value)s") % {"what": (field and field.label) or name, "value": shown}


def _number_or_words(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _asked(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[str]:
    """What became of the questions: new ones, changed ones, those that are not asked any more."""
    was = {plain["id"]: plain for plain in before}
    now = {plain["id"]: plain for plain in after}
    words = {
        _("New question: %(question)s"): [plain for pk, plain in now.items() if pk not in was],
        _("Changed question: %(question)s"): [plain for pk, plain in now.items() if pk in was and was[pk] != plain],
        _("Not asked any more: %(question)s"): [plain for pk, plain in was.items() if pk not in now],
    }
    lines = [said % {"question": plain["label"]} for said, plains in words.items() for plain in plains]
    return lines or [_("The questions in another order")]


def _shown(name: str, value: Any, names: Mapping[str, Mapping[int, str]]) -> str:
    if name == "order":
        return str(value + 1)
    if name in names:
        keys = value if isinstance(value, list) else [value] if value else []
        return ", ".join(names[name].get(key, "?") for key in keys) or _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = " ".join(str(value).split()) if value not in {None, ""} else _("nothing")
    return text if len(text) <= 60 else f"{text[:59]}…"
