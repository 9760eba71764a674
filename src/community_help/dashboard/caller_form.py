"""Who is calling: the search, and the questions about somebody whom we do not know yet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community_help.dashboard.plain_form import Paragraph, PlainForm, Words
from community_help.people.community import Area

#: The form that the caller's questions belong to; they stand in a column of their own.
CALL_FORM = "call-form"

TOLD_HOW = (
    ("", _("Not yet")),
    ("read aloud on the phone", _("Read aloud on the phone")),
    ("leaflet or letter", _("By leaflet or letter")),
    ("face to face", _("Face to face")),
)


class SearchForm(PlainForm):
    """The first question of a call."""

    who = Words(
        label=_("Who is calling?"),
        max_length=150,
        required=False,
        help_text=_("Phone number, or two letters of a name"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "fs-5 fw-bold", "form": CALL_FORM}),
    )


class CallerForm(PlainForm):
    """Somebody new. Field names of contact details are those of the contact itself."""

    #: Questions that most people need not be asked at once.
    MORE = ("other_phone", "email", "warnings")
    #: The questions whose answers are contact details.
    CONTACT = ("phone", "other_phone", "email", "address", "postcode", "access_notes")

    name = Words(label=_("Full name"), max_length=150)
    known_as = Words(label=_("What to call them"), max_length=60, required=False, help_text=_("Doreen, or Mr Clarke"))
    phone = Words(label=_("Phone"), max_length=40, help_text=_("If they have none, of somebody who can reach them"))
    address = Paragraph(label=_("Address"), max_length=400, required=False, rows=2)
    postcode = Words(label=_("Postcode"), max_length=12, required=False)
    home_area = forms.ChoiceField(label=_("Area they live in"))
    access_notes = Paragraph(
        label=_("Getting in"), max_length=1000, required=False, rows=2, help_text=_("The helper who comes sees this")
    )
    warnings = Paragraph(
        label=_("What to know when they ring"),
        max_length=1000,
        required=False,
        rows=2,
        help_text=_("Only co-ordinators see this"),
    )
    other_phone = Words(label=_("Another phone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    consent_how = forms.ChoiceField(label=_("Told how we keep their details"), choices=TOLD_HOW, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ties every question to the call's form."""
        super().__init__(*args, **kwargs)
        self.all_areas = {str(area.pk): area for area in Area.objects.filter(active=True)}
        areas = [(key, area.name) for key, area in self.all_areas.items()]
        self.offer("home_area", [("", _("Choose")), *areas])
        for field in self.fields.values():
            field.widget.attrs |= {"form": CALL_FORM, "autocomplete": "off"}
        self.fields["phone"].widget.attrs["inputmode"] = "tel"
        self.fields["other_phone"].widget.attrs["inputmode"] = "tel"

    @property
    def first(self) -> list[forms.BoundField]:
        """What is asked of everybody."""
        return [field for field in self if field.name not in self.MORE]

    @property
    def more(self) -> list[forms.BoundField]:
        """What is asked where it matters."""
        return [self[name] for name in self.MORE]

    @property
    def more_is_open(self) -> bool:
        """Whether something is said there already, or wrong."""
        return any(field.value() or field.errors for field in self.more)

    @property
    def home(self) -> Area | None:
        """The area that was chosen, whatever else is missing."""
        return self.all_areas.get(str(self["home_area"].value() or ""))

    @property
    def values(self) -> dict[str, Any]:
        """What ``register_requester`` takes. Only after cleaning without errors."""
        cleaned = self.cleaned_data
        same = {name: cleaned[name] for name in ("name", "known_as", "warnings", "consent_how")}
        contact = {name: cleaned[name] for name in self.CONTACT if cleaned[name]}
        return {**same, "area": self.all_areas[cleaned["home_area"]], "contact": contact}
