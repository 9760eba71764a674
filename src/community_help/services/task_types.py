"""Every write to a kind of job. Each is in the history, and can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from community_help.exceptions import StaleTransition
from community_help.jobs.offer import Offer
from community_help.jobs.question import Question
from community_help.jobs.registry import job_models
from community_help.jobs.task_type import TaskType
from community_help.jobs.task_type_change import TaskTypeChange
from community_help.lifecycle.machine import Story, record
from community_help.matching.choices import chosen
from community_help.people.community import Skill
from community_help.safeguarding.background_checks import CheckLevel
from community_help.services._moving import ask_policy, refuse_control_characters
from community_help.services.ripple import ask_about

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from community_help.people.person import Person

#: What may be given; ``order`` has a service of its own.
GIVEN = frozenset(
    "name icon tile active job_model public_template private_template script safety_rules check_level check_reason "
    "default_skills by_phone places urgency ratification criteria_options disclosure_days_before "
    "disclosure_hours_after_report disclosure_hours_after_end disclosure_days_untimed questions".split()
)
_SKILLS, _QUESTIONS, _CRITERIA = "default_skills", "questions", "criteria_options"
#: What decides who fits the jobs that there are already.
_WHOM_IT_ASKS = frozenset({_CRITERIA, "by_phone"})
#: What the history keeps of a question.
_OF_A_QUESTION = ("id", "label", "kind", "choices", "public", "required")
_WHOLE = (*sorted(GIVEN), "order")


@transaction.atomic
def make_task_type(*, actor: Person, values: Mapping[str, Any]) -> TaskType:
    """Add a kind of job, after all others.

    :param values: of ``GIVEN``; skills as an iterable of them, ``questions`` as a list of dicts (``id`` of one that is
        there, ``label``, ``kind``, ``choices``, ``public``, ``required``). ``slug`` is made of the name

    Raises ``ValidationError`` by field.
    """
    ask_policy(actor, "make_task_type", None)
    last = TaskType.objects.aggregate(last=Max("order"))["last"]
    kind = TaskType(slug=_free_slug(str(values.get("name", ""))), order=0 if last is None else last + 1)
    _write(kind, values)
    TaskTypeChange.objects.create(task_type=kind, actor=actor, after=_plain(kind, _WHOLE))
    return kind


@transaction.atomic
def change_task_type(
    kind: TaskType, *, actor: Person, values: Mapping[str, Any], version: int | None = None
) -> TaskTypeChange | None:
    """Change a kind of job; what is not named stays. Jobs that are made already keep what they have.

    What is switched on or off in ``criteria_options``, however, holds for open jobs from this moment, and whoever has
    offered for one and does not fit it any more becomes a decision on the desk.

    :param version: the version that the actor saw
    :returns: what is now in the history; ``None`` where nothing is different

    Raises ``ValidationError`` by field, and ``StaleTransition`` where somebody was faster.
    """
    ask_policy(actor, "change_task_type", kind)
    row = _locked(kind.pk, version)
    return _change(row, actor=actor, values=values)


@transaction.atomic
def choose_criterion(
    kind: TaskType, slug: str, *, actor: Person, on: bool, options: Mapping[str, Any] | None = None, version: int | None
) -> TaskTypeChange | None:
    """Switch one criterion on or off for a kind of job, with its options.

    :param options: as typed; ``None`` leaves them as they are

    Raises as :func:`change_task_type`; ``ValidationError`` too for one that there is not, and where one that has no
    switch is switched: of that the options alone are chosen.
    """
    ask_policy(actor, "change_task_type", kind)
    row = _locked(kind.pk, version)
    return _change(row, actor=actor, values={_CRITERIA: chosen(row, slug, on=on, options=options)})


@transaction.atomic
def order_task_type(kind: TaskType, *, actor: Person, place: int) -> TaskTypeChange | None:
    """Put a kind of job at a place among all (0 is the first); the others move up or down."""
    ask_policy(actor, "change_task_type", kind)
    _lock_all()
    return _put(kind.pk, actor=actor, place=place)


@transaction.atomic
def undo_task_type_change(change: TaskTypeChange, *, actor: Person) -> TaskTypeChange:
    """Take a change back, by another one. The making of a kind of job can't be undone: retire it.

    Raises ``ValidationError`` where it was taken back already, where what it changed has been changed again since, and
    where a check or a skill of then is not there any more.
    """
    ask_policy(actor, "change_task_type", change.task_type)
    if not change.before:
        raise ValidationError(_("A kind of job can't be unmade. Take it out of use instead."))
    _lock_all()  # an order is of all
    if TaskTypeChange.objects.filter(undoes=change).exists():
        raise ValidationError(_("That has been taken back already."))
    row = TaskType.objects.get(pk=change.task_type_id)
    values = _taken_back(row, change)
    if "order" in values:
        made = _put(row.pk, actor=actor, place=values["order"], undoes=change)
    else:
        made = _change(row, actor=actor, values=values, undoes=change)
    if made is None:
        raise ValidationError(_("It is so already."))
    return made


def can_undo_task_type_change(change: TaskTypeChange) -> bool:
    """Whether :func:`undo_task_type_change` has something to take back: nobody has, or has changed it again since.

    Asks nothing where the kind of job was loaded with its skills and questions, and whether it is undone.
    """
    if not change.before or hasattr(change, "undone_by"):
        return False
    try:
        _taken_back(change.task_type, change)
    except ValidationError:
        return False
    return True


def _change(
    row: TaskType, *, actor: Person, values: Mapping[str, Any], undoes: TaskTypeChange | None = None
) -> TaskTypeChange | None:
    names = sorted(values)
    before = _plain(row, names)
    _write(row, values)
    after = _plain(row, names)
    changed = [name for name in names if before[name] != after[name]]
    if not changed:
        return None
    TaskType.objects.filter(pk=row.pk).update(version=row.version + 1)
    event = record("change_task_type", Story(actor=actor, why=row.name))
    if not _WHOM_IT_ASKS.isdisjoint(changed):
        ask_about(Offer.objects.filter(job__task_type=row), event=event)
    return TaskTypeChange.objects.create(
        task_type=row,
        actor=actor,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        undoes=undoes,
    )


def _put(pk: int, *, actor: Person, place: int, undoes: TaskTypeChange | None = None) -> TaskTypeChange | None:
    """Only where all are locked."""
    others = list(TaskType.objects.order_by("order", "name"))
    row = next(kind for kind in others if kind.pk == pk)
    came_from = others.index(row)
    others.remove(row)
    place = max(0, min(place, len(others)))
    others.insert(place, row)
    for number, kind in enumerate(others):
        kind.order = number
    TaskType.objects.bulk_update(others, ["order"])
    if came_from == place:
        return None
    moved = {"before": {"order": came_from}, "after": {"order": place}}
    return TaskTypeChange.objects.create(task_type=row, actor=actor, undoes=undoes, **moved)


def _taken_back(row: TaskType, change: TaskTypeChange) -> dict[str, Any]:
    """What makes it as it was; of the criteria those alone that were changed, as others may have been since."""
    now, before, after = _plain(row, change.after), dict(change.before), dict(change.after)
    if _CRITERIA in before:
        was, became = before[_CRITERIA], after[_CRITERIA]
        touched = {slug for slug in {*was, *became} if was.get(slug) != became.get(slug)}
        others = {slug: choice for slug, choice in now[_CRITERIA].items() if slug not in touched}
        before[_CRITERIA] = others | {slug: was[slug] for slug in touched if slug in was}
        after[_CRITERIA] = others | {slug: became[slug] for slug in touched if slug in became}
    if now != after:
        raise ValidationError(_("This has been changed again since. Change it by hand."))
    return _objects(before)


def _lock_all() -> None:
    """In one order, so that two who move kinds of job do not wait for each other."""
    list(TaskType.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


def _locked(pk: int, version: int | None) -> TaskType:
    row: TaskType = TaskType.objects.select_for_update().get(pk=pk)
    if version is not None and row.version != version:
        last = row.changes.select_related("actor").first()
        if last is None or last.actor is None:
            raise StaleTransition
        raise StaleTransition(_("%(who)s changed “%(kind)s”") % {"who": last.actor.known_as, "kind": row.name}, last.at)
    return row


def _write(row: TaskType, values: Mapping[str, Any]) -> None:
    if unknown := set(values) - GIVEN:
        raise ValidationError(_("These can't be changed: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    refuse_control_characters(values)
    for name, value in values.items():
        if name not in {_SKILLS, _QUESTIONS}:
            setattr(row, name, value)
    if "name" in values:
        row.name = " ".join(row.name.split())
    _refuse(row, values)
    row.full_clean()
    row.save()
    if _SKILLS in values:
        row.default_skills.set(values[_SKILLS])
    if _QUESTIONS in values:
        _write_questions(row, values[_QUESTIONS])


def _refuse(row: TaskType, values: Mapping[str, Any]) -> None:
    """What the fields alone do not see."""
    if not all(map(_is_choice, row.criteria_options.values())):
        raise ValidationError({_CRITERIA: _("Each criterion is on or off, and has its options by name.")})
    if (row._state.adding or "job_model" in values) and row.job_model not in job_models():
        raise ValidationError({"job_model": _("This site has no such job model.")})
    if row.active and {"name", "active"} & set(values):
        namesakes = TaskType.objects.filter(active=True, name__iexact=row.name).exclude(pk=row.pk)
        if namesakes.exists():
            raise ValidationError({"name": _("Another kind of job has this name. Choose one that tells them apart.")})
    if row.check_level_id and not row.check_reason.strip():
        raise ValidationError(
            {"check_reason": _("Say why this check is needed: asking for more than that is an offence.")}
        )


def _is_choice(given: Any) -> bool:
    """As :mod:`community_help.matching.choices` keeps it."""
    return (
        isinstance(given, dict)
        and given.keys() <= {"on", "options"}
        and isinstance(given.get("on", True), bool)
        and isinstance(given.get("options", {}), dict)
    )


def _write_questions(row: TaskType, wanted: Sequence[Mapping[str, Any]]) -> None:
    """Make the questions these, in this order. One that is left out is not asked any more; its answers stay."""
    known = {question.pk: question for question in row.questions.all()}
    asked = set()
    for order, plain in enumerate(wanted):
        question = known.get(plain.get("id") or 0)
        if question is None or (question.kind != plain["kind"] and question.answers.exists()):
            # What was answered in words can't be read as a number: that is another question.
            question = Question(task_type=row)
        for name in _OF_A_QUESTION[1:]:
            setattr(question, name, plain[name])
        question.order, question.active = order, True
        question.full_clean()
        question.save()
        asked.add(question.pk)
    row.questions.exclude(pk__in=asked).update(active=False)


def _plain(row: TaskType, names: Any) -> dict[str, Any]:
    """The fields as they stand in the history."""
    plain: dict[str, Any] = {}
    for name in names:
        if name == _SKILLS:
            plain[name] = sorted(skill.pk for skill in row.default_skills.all())
        elif name == _QUESTIONS:
            asked = [question for question in row.questions.all() if question.active]
            plain[name] = [{field: getattr(question, field) for field in _OF_A_QUESTION} for question in asked]
        else:
            plain[name] = getattr(row, TaskType._meta.get_field(name).attname)  # type: ignore[union-attr]  # all have one
    return plain


def _objects(plain: Mapping[str, Any]) -> dict[str, Any]:
    """As :func:`_write` takes them."""
    values = dict(plain)
    if level := values.get("check_level"):
        values["check_level"] = CheckLevel.objects.filter(pk=level).first()
    if _SKILLS in values:
        values[_SKILLS] = list(Skill.objects.filter(pk__in=plain[_SKILLS]))
    if (level and values["check_level"] is None) or len(values.get(_SKILLS, [])) != len(plain.get(_SKILLS, [])):
        raise ValidationError(_("A check or a skill of then is not there any more. Change it by hand."))
    return values


def _free_slug(name: str) -> str:
    """A short name that nobody has: of the name, with a number where it is taken."""
    begin = slugify(name)[:50] or "kind"
    taken = set(TaskType.objects.filter(slug__startswith=begin).values_list("slug", flat=True))
    return next(slug for slug in (begin, *(f"{begin}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)
