"""What a helper may type. Limits are those of the models; the services have the last word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community_help.jobs.offer import AskAnswer, Outcome

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: Longer than any job takes; a slip of the finger is asked about instead of counted.
LONGEST_MINUTES = 24 * 60

NOTE_LENGTH = 500
WHY_LENGTH = 500
REPORT_LENGTH = 2000

_PICK_ONE = _("Pick one of the five.")


class Words(forms.CharField):
    """A few lines of text. A new line counts as one character, as it does in the browser."""

    default_error_messages = {
        "max_length": _("That is too long: use %(limit_value)d characters or fewer. It has %(show_value)d."),
        "null_characters_not_allowed": _("There is a character in here that can't be kept. Type it again."),
    }

    def __init__(self, *, label: StrOrPromise, hint: StrOrPromise, length: int, missing: StrOrPromise = "") -> None:
        """:param missing: what to say where nothing was written; "" where that is fine."""
        super().__init__(
            label=label,
            help_text=hint,
            max_length=length,
            required=bool(missing),
            widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
            error_messages={"required": missing} if missing else None,
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Without ``maxlength``: a browser would cut off what is pasted and say nothing."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}

    def to_python(self, value: Any) -> str:
        """The text with plain new lines."""
        return str(super().to_python(value)).replace("\r\n", "\n")


class OpeningForm(forms.Form):
    """Which opening of the job was on the page: a yes is to what was read, not to what came after."""

    opening = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class OfferForm(OpeningForm):
    """An offer: a tap, and a note for the co-ordinator if the helper likes."""

    note = Words(
        label=_("Anything we should know"),
        hint=_("You may leave this empty. Only the co-ordinators read it."),
        length=NOTE_LENGTH,
    )


class AnswerForm(forms.Form):
    """«Not this one» or «not now»."""

    answer = forms.ChoiceField(choices=[(AskAnswer.NOT_THIS_ONE.value, ""), (AskAnswer.NOT_NOW.value, "")])


class ReleaseForm(forms.Form):
    """Why a helper can't go after all."""

    why = Words(
        label=_("What happened"),
        length=WHY_LENGTH,
        hint=_("A word is enough: «ill», «the car broke down». Only the co-ordinators read it."),
        missing=_("Say it in a word, so that we can explain it on the phone."),
    )


class ReportForm(forms.Form):
    """How it went: one of five, and if wanted how long it took and what there is to say."""

    outcome = forms.ChoiceField(
        label=_("How it went"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _PICK_ONE, "invalid_choice": _PICK_ONE},
    )
    note = Words(
        label=_("Anything we should know"),
        hint=_("You may leave this empty. Only the co-ordinators read it."),
        length=REPORT_LENGTH,
    )
    minutes = forms.IntegerField(
        label=_("Minutes it took"),
        help_text=_("You may leave this empty."),
        required=False,
        min_value=1,
        max_value=LONGEST_MINUTES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "ch-short"}),
        error_messages={
            "invalid": _("Write a number, such as 40."),
            "min_value": _("Write a number from 1, or leave it empty."),
            "max_value": _("That is more than a day. Write a number such as 40."),
        },
    )
