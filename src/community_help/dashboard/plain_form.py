"""What our forms share: errors that name the question, text without unseen characters, values as they were typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from community_help.plain_text import has_unseen, is_blank

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django_stubs_ext import StrOrPromise

#: No longer than what every database can hold.
_WHOLE_NUMBER = re.compile("[0-9]{1,18}")
#: Field → what a right answer looks like; the first class that fits counts.
_LOOKS_LIKE: tuple[tuple[type[forms.Field], StrOrPromise], ...] = (
    (forms.FloatField, gettext_lazy("“%(label)s” is not a number such as 2.5.")),
    (forms.DecimalField, gettext_lazy("“%(label)s” is not a number such as 2.5.")),
    (forms.DateField, gettext_lazy("“%(label)s” is not a date such as 27/3/2026.")),
    (forms.TimeField, gettext_lazy("“%(label)s” is not a time such as 14:30.")),
    (forms.IntegerField, gettext_lazy("“%(label)s” is not a whole number.")),
    (forms.EmailField, gettext_lazy("“%(label)s” is not an e-mail address such as name@example.org.")),
)
#: Code of an error → the sentence that is shown for it, above the form and beside the question.
_SENTENCES: dict[str, StrOrPromise] = {
    "required": gettext_lazy("“%(label)s” needs an answer."),
    "max_length": gettext_lazy("“%(label)s” is too long: use %(limit_value)s characters or fewer."),
    "min_value": gettext_lazy("“%(label)s” can't be less than %(limit_value)s."),
    "max_value": gettext_lazy("“%(label)s” can't be more than %(limit_value)s."),
    "invalid_choice": gettext_lazy("“%(label)s” has an answer that is not on the list any more. Choose again."),
    "null_characters_not_allowed": gettext_lazy("“%(label)s” has a character that can't be kept. Type it again."),
}


def whole_number(text: str) -> int | None:
    """What a page wrote into one of its own fields or addresses; ``None`` where somebody else did."""
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else None


class Words(forms.CharField):
    """Text on one line, without characters that can't be seen."""

    several_lines = False

    def validate(self, value: Any) -> None:
        """Refuse unseen characters as a question of its own, before the length; blank is no answer."""
        super().validate("" if is_blank(value) else value)
        if has_unseen(value, lines=self.several_lines):
            raise ValidationError("", code="null_characters_not_allowed")


class Paragraph(Words):
    """Text of several lines."""

    several_lines = True
    widget = forms.Textarea

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        """:param rows: the height of the box to begin with, in lines"""
        super().__init__(**kwargs)
        self.widget.attrs["rows"] = rows


class PlainForm(forms.Form):
    """A form whose errors are whole sentences that name their question."""

    def offer(self, name: str, choices: Iterable[tuple[str, StrOrPromise]]) -> None:
        """Give a question its choices."""
        self.fields[name].choices = [(key, capfirst(label)) for key, label in choices]  # type: ignore[attr-defined]  # it is one with choices

    def add_error(self, field: str | None, error: Any) -> None:
        """Put a plain sentence in the place of Django's own words."""
        found = error if isinstance(error, ValidationError) else ValidationError(error)
        if field is None or hasattr(found, "error_dict"):
            super().add_error(field, found)
            return
        super().add_error(field, [self._plain(field, each) for each in found.error_list])

    def add_service_errors(self, error: ValidationError, places: Mapping[str, str] | None = None) -> None:
        """Show what a service refused beside the question that it is about, or above the form.

        :param places: a service's name for a value → the question's name here, where they differ
        """
        found = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
        for name, errors in found.items():
            place = (places or {}).get(name, name)
            self.add_error(place if place in self.fields else None, ValidationError(list(errors)))

    @classmethod
    def as_typed(cls, data: MultiValueDict[str, str], **kwargs: Any) -> Self:
        """The form with what was typed so far, right or wrong, and without a word about it."""
        form = cls(**kwargs)
        for name, field in form.fields.items():
            field.initial = field.widget.value_from_datadict(data, MultiValueDict(), form.add_prefix(name))
        return form

    def _plain(self, name: str, error: ValidationError) -> ValidationError:
        field = self.fields[name]
        sentence = _SENTENCES.get(error.code or "")
        if error.code == "invalid":
            sentence = next((words for kind, words in _LOOKS_LIKE if isinstance(field, kind)), None)
        if sentence is None:
            return error
        label = str(field.label or name.replace("_", " "))
        return ValidationError(sentence % {"label": label, **(error.params or {})}, code=error.code)
