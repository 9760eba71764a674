"""A community's own questions, as a form asks them and as an administrator writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.dashboard.job_times import date_field
from community_help.dashboard.plain_form import Paragraph, PlainForm, Words
from community_help.jobs.question import LONGEST, AnswerKind, Question

if TYPE_CHECKING:
    from community_help.jobs.task_type import TaskType

ONLY_THE_RATIFIED = gettext_lazy("Only the helper you ratify sees this")
EVERYBODY_ASKED = gettext_lazy("Every helper who is asked sees this")
#: Questions that a kind of job may have, and empty ones that its form offers.
MOST, SPARE = 20, 2
_MOST_CHOICES = 30
_LONGEST_CHOICE = 80
_LARGEST_ID = 2**63 - 1
_LABEL = re.compile(r"question-([0-9]{1,4})-label")


def question_field(question: Question, *, also: str = "") -> forms.Field:
    """The question as a form asks it.

    :param also: an answer that may stand though it is not on the list any more; the services say whether it may
    """
    common: dict[str, Any] = {
        "label": question.label,
        "help_text": EVERYBODY_ASKED if question.public else ONLY_THE_RATIFIED,
        "required": question.required,
    }
    empty = [("", _("Choose") if question.required else _("Not said"))]
    match AnswerKind(question.kind):
        case AnswerKind.NUMBER:
            return forms.DecimalField(max_digits=11, decimal_places=2, **common)
        case AnswerKind.CHOICE:
            listed = dict.fromkeys([*question.choices, *([also] if also else [])])
            return forms.ChoiceField(choices=[*empty, *((each, each) for each in listed)], **common)
        case AnswerKind.YES_NO:
            return forms.ChoiceField(choices=[*empty, ("yes", _("Yes")), ("no", _("No"))], **common)
        case AnswerKind.DATE:
            return date_field(**common)
        case _:
            return Paragraph(max_length=LONGEST, rows=1, **common)


class QuestionForm(PlainForm):
    """One question of a kind of job. Left empty it is none; ``plain`` is what the services take."""

    #: Whether it is an empty one, to write a new question into.
    is_spare = False

    id = forms.IntegerField(required=False, widget=forms.HiddenInput, max_value=_LARGEST_ID)
    label = Words(label=gettext_lazy("Question"), max_length=120, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Answered by"), choices=AnswerKind, required=False)
    choices = Words(
        label=gettext_lazy("The list, with commas between"),
        max_length=_MOST_CHOICES * _LONGEST_CHOICE,
        required=False,
    )
    public = forms.BooleanField(label=gettext_lazy("Every helper who is asked sees it"), required=False)
    required = forms.BooleanField(label=gettext_lazy("Must be answered"), required=False)

    def clean(self) -> dict[str, Any]:
        """A list needs answers to choose from, and somewhere to stand: nothing that was typed is dropped.

        A question that there was already is taken away with its list by emptying its words.
        """
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("id") and "label" in cleaned and not cleaned["label"]:
            return cleaned
        is_list, listed = cleaned.get("kind") == AnswerKind.CHOICE, self.listed
        if cleaned.get("label") and is_list and not listed:
            self.add_error("choices", _("Say what there is to choose from, with commas between."))
        if listed and not cleaned.get("label") and "label" not in self.errors:
            self.add_error("label", _("Say what is asked, or take its list away."))
        elif listed and not is_list:
            self.add_error("kind", _("Choose “one of a list”, or take the list away."))
        if len(listed) > _MOST_CHOICES or any(len(each) > _LONGEST_CHOICE for each in listed):
            words = _("At most %(most)d to choose from, each of %(longest)d characters at most.")
            self.add_error("choices", words % {"most": _MOST_CHOICES, "longest": _LONGEST_CHOICE})
        return cleaned

    @property
    def listed(self) -> list[str]:
        """The answers of the list, each once."""
        found = (each.strip() for each in self.cleaned_data.get("choices", "").split(","))
        return list(dict.fromkeys(each for each in found if each))

    @property
    def plain(self) -> dict[str, Any] | None:
        """The question as the history keeps it; ``None`` where there is none."""
        cleaned = self.cleaned_data
        if not cleaned["label"]:
            return None
        kind = cleaned["kind"] or AnswerKind.TEXT
        return {
            "id": cleaned["id"],
            "label": cleaned["label"],
            "kind": str(kind),
            "choices": self.listed if kind == AnswerKind.CHOICE else [],
            "public": cleaned["public"],
            "required": cleaned["required"],
        }


def question_forms(kind: TaskType | None, data: Any = None) -> list[QuestionForm]:
    """The questions of a kind of job, and some empty ones to write new ones into; or those that were sent."""
    if data is not None:
        sent = sorted({int(found[1]) for name in data if (found := _LABEL.fullmatch(name))})
        return [_bound(data, number) for number in sent or range(SPARE)]
    questions = list(kind.questions.filter(active=True)) if kind is not None else []
    made = [_form_of(question, number) for number, question in enumerate(questions)]
    spare = [QuestionForm(prefix=f"question-{number}") for number in range(len(made), min(len(made) + SPARE, MOST))]
    for form in spare:
        form.is_spare = True
    return made + spare


def with_unseen(forms_sent: list[QuestionForm], kind: TaskType) -> list[QuestionForm]:
    """The forms that were sent, and one for each question that somebody else has added meanwhile.

    Without them the next sending would take those questions away. Only after cleaning without errors.
    """
    seen = {form.cleaned_data["id"] for form in forms_sent}
    added = list(kind.questions.filter(active=True).exclude(pk__in=seen - {None}))
    return [*forms_sent, *(_form_of(question, len(forms_sent) + number) for number, question in enumerate(added))]


def _bound(data: Any, number: int) -> QuestionForm:
    form = QuestionForm(data, prefix=f"question-{number}")
    form.is_spare = not form["id"].value()
    return form


def _form_of(question: Question, number: int) -> QuestionForm:
    same = {name: getattr(question, name) for name in ("id", "label", "kind", "public", "required")}
    initial = {**same, "choices": ", ".join(question.choices)}
    return QuestionForm(initial=initial, prefix=f"question-{number}")
