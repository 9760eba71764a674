"""A community's own questions, as a form asks them and as an administrator writes them."""

from __future__ import annotations

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


def question_field(question: Question) -> forms.Field:
    """The question as a form asks it."""
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
            return forms.ChoiceField(choices=[*empty, *((each, each) for each in question.choices)], **common)
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

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
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
        """A list needs answers to choose from."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("label") and cleaned.get("kind") == AnswerKind.CHOICE and not self.listed:
            self.add_error("choices", _("Say what there is to choose from, with commas between."))
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
    """The questions of a kind of job, and some empty ones to write new ones into."""
    questions = list(kind.questions.filter(active=True)) if kind is not None else []
    forms_made = []
    for number in range(min(len(questions) + SPARE, MOST)):
        initial: dict[str, Any] = {}
        if number < len(questions):
            row = questions[number]
            same = {name: getattr(row, name) for name in ("id", "label", "kind", "public", "required")}
            initial = {**same, "choices": ", ".join(row.choices)}
        form = QuestionForm(data, initial=initial, prefix=f"question-{number}")
        form.is_spare = number >= len(questions)
        forms_made.append(form)
    return forms_made
