"""The small forms of the job page: each goes with one button."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from community_help.dashboard.job_times import TimesForm, date_field
from community_help.dashboard.plain_form import Paragraph, PlainForm, Words
from community_help.jobs.call_back import CallBackOutcome
from community_help.jobs.offer import Outcome
from community_help.people.places import Position

if TYPE_CHECKING:
    from collections.abc import Iterable

    from community_help.people.person import Person
    from community_help.people.profiles import Helper

_LONGEST_REASON = 500
_TWO_NUMBERS = re.compile(r"\s*(-?\d{1,2}(?:\.\d{1,15})?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d{1,15})?)\s*", re.ASCII)


class ReasonForm(PlainForm):
    """A reason that the story tells."""

    why = Words(label=_("Why?"), max_length=_LONGEST_REASON)


class AskAnywayForm(ReasonForm):
    """Why one thing is overlooked, and which."""

    criterion = forms.CharField(label=_("What is overlooked"), widget=forms.HiddenInput, max_length=40)


class PinForm(PlainForm):
    """Where somebody lives, as two numbers that every map shows; empty takes them off the map."""

    place = Words(
        label=_("Latitude and longitude"),
        max_length=60,
        required=False,
        help_text=_("As a map shows them: 51.4201, -2.5963. Empty where nobody knows. We keep it to about 100 m."),
    )

    def clean_place(self) -> Position | None:
        """The position itself."""
        text = self.cleaned_data["place"]
        if not text:
            return None
        match = _TWO_NUMBERS.fullmatch(text)
        try:
            return Position(float(match[1]), float(match[2])).checked() if match else self._no_place()
        except ValueError:
            return self._no_place()

    def _no_place(self) -> NoReturn:
        raise ValidationError(_("Paste two numbers, as a map shows them: 51.4201, -2.5963."))


class MaybeReasonForm(PlainForm):
    """A reason, where there is one."""

    why = Words(label=_("Why, if you want to say"), max_length=_LONGEST_REASON, required=False)


class DecisionForm(MaybeReasonForm):
    """What is decided about somebody who does not fit any more, and from which page."""

    answer = forms.CharField(widget=forms.HiddenInput, max_length=20)
    page = forms.CharField(widget=forms.HiddenInput, max_length=10, required=False)


class SignedDecisionForm(DecisionForm):
    """What is not decided without a reason."""

    why = Words(label=_("Why?"), max_length=_LONGEST_REASON)


class KeepUntilForm(DecisionForm):
    """Until which day somebody is kept."""

    until = date_field(_("Until which day?"), required=True)
    field_order = ("until", "why")


class HandOverForm(PlainForm):
    """To whom a job goes."""

    to = forms.ChoiceField(label=_("To whom?"))
    why = Words(label=_("A word about it"), max_length=_LONGEST_REASON, required=False)

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        """:param people: the other co-ordinators"""
        super().__init__(*args, **kwargs)
        self.people = {str(person.uuid): person for person in people}
        names = [(key, person.name) for key, person in self.people.items()]
        self.offer("to", [("", _("Choose")), *names])

    def clean_to(self) -> Person:
        """The person themselves."""
        return self.people[self.cleaned_data["to"]]


class ReopenForm(TimesForm):
    """Why a job is opened again, and its new time."""

    why = Words(label=_("Why?"), max_length=_LONGEST_REASON)
    field_order = ("why", "timing", "day", "from_time", "until_time", "until_day")


class ReportForm(PlainForm):
    """What a helper told us on the phone."""

    outcome = forms.ChoiceField(label=_("How did it go?"), choices=Outcome, widget=forms.RadioSelect)
    minutes = forms.IntegerField(label=_("Minutes it took"), required=False, min_value=1, max_value=24 * 60)
    note = Paragraph(label=_("Note"), max_length=2000, required=False, rows=2)


class HelperForm(PlainForm):
    """One helper of several, by name."""

    helper = forms.ChoiceField(label=_("Which helper?"))

    def __init__(self, *args: Any, helpers: Iterable[Helper], **kwargs: Any) -> None:
        """:param helpers: those to choose from, with their people"""
        super().__init__(*args, **kwargs)
        self.helpers = {str(helper.person.uuid): helper for helper in helpers}
        names = [(key, helper.person.name) for key, helper in self.helpers.items()]
        self.offer("helper", [("", _("Choose")), *names])

    def clean_helper(self) -> Helper:
        """The helper themselves."""
        return self.helpers[self.cleaned_data["helper"]]


class WhyForm(HelperForm):
    """Whose reasons are shown; of many helpers some letters of the name first."""

    letters = Words(
        label=_("Letters of the name"),
        max_length=60,
        required=False,
        help_text=_("To find them among many: then choose"),
    )
    field_order = ("letters", "helper")


class OfferForForm(HelperForm):
    """Which helper has said on the phone that they will do it."""

    helper = forms.ChoiceField(label=_("Who said yes?"))
    note = Words(label=_("What they said"), max_length=500, required=False)


class CallBackForm(PlainForm):
    """How a call went."""

    outcome = forms.ChoiceField(
        label=_("How did it go?"),
        choices=[(key, capfirst(label)) for key, label in CallBackOutcome.choices if key != CallBackOutcome.OWED],
        widget=forms.RadioSelect,
    )
    note = Words(label=_("Note"), max_length=_LONGEST_REASON, required=False)
