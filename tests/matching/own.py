"""Criteria that a site could have written, good and bad."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, Subquery

from community_help.matching import Criterion, Need
from community_help.matching.criteria.approved import Approved
from community_help.matching.criteria.area import CoversArea
from community_help.matching.criteria.check_level import HoldsCheck
from community_help.matching.criteria.not_this_one import NotRefused
from community_help.people.profiles import Helper

OWN_VALUE = "not even a class"


class HasAlerts(Criterion):
    slug = "alerts"
    label = "wants alerts"

    def helpers_for(self, need: Need) -> Q:
        return Q(wants_alerts=True)

    def jobs_for(self, helper: Helper) -> Q:
        return Q(Exists(Helper.objects.filter(pk=helper.pk, wants_alerts=True)))


class KnowsAnArea(Criterion):
    """Joins, as somebody in a hurry writes it: a helper with three areas would come three times."""

    slug = "knows_an_area"
    label = "knows an area"

    def helpers_for(self, need: Need) -> Q:
        return Q(areas__active=True)

    def jobs_for(self, helper: Helper) -> Q:
        return Q(area__helpers__areas__active=True) | Q(Exists(helper.areas.filter(active=True)))


class MondayEvening(Criterion):
    """Two lookups through one relation: a «not» in front would negate each on its own."""

    slug = "monday_evening"
    label = "is free on Monday evening"

    def helpers_for(self, need: Need) -> Q:
        return Q(free_hours__weekday=0, free_hours__from_minute__gte=1080)

    def jobs_for(self, helper: Helper) -> Q:
        return Q(Exists(Helper.objects.filter(self.helpers_for(Need()), pk=helper.pk)))


class BeforeTheFirst(MondayEvening):
    """Compares with what may not be there: the answer is then neither yes nor no, but NULL."""

    slug = "before_the_first"
    label = "was here before the first of them"

    def helpers_for(self, need: Need) -> Q:
        return Q(pk__lt=Subquery(Helper.objects.filter(state="nobody is this").values("pk")[:1]))


class LaxCheck(HoldsCheck):
    safeguarding = False


class WaivableRefusal(NotRefused):
    fixed = False


class WaivableCheck(HoldsCheck):
    @classmethod
    def can_be_waived(cls) -> bool:
        return True


class Shuts(HasAlerts):
    """Not about safety, and shuts all the same what was disclosed."""

    slug = "shuts"

    def shuts(self, need: Need, helper: Helper) -> bool:
        return True


class ManyOptionsForm(forms.Form):
    days = forms.MultipleChoiceField(choices=[(day, day) for day in ("mon", "tue", "wed")], initial=())
    until = forms.DateField(initial=date(2026, 1, 1))
    share = forms.DecimalField(initial=Decimal("0.5"))


class LateOptionsForm(forms.Form):
    """Sets its choices up as it is made, and works its beginning out."""

    level = forms.ChoiceField(initial=lambda: "a")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [("a", "A"), ("b", "B")]  # type: ignore[attr-defined]  # any field, it says


class LateOptions(HasAlerts):
    slug = "late_options"
    label = "has options that come late"
    options_form = LateOptionsForm


class ManyOptions(HasAlerts):
    slug = "many_options"
    label = "has many options"
    options_form = ManyOptionsForm
    on_at_first = False


class FromWhich(forms.Form):
    least = forms.IntegerField(initial=0, min_value=0, max_value=9)


class CoversOnward(Criterion):
    """Joins on both sides, and has an option: covers the job's area or a later one, from «least» on."""

    slug = "onward"
    label = "covers an area from there on"
    options_form = FromWhich
    on_at_first = False

    def helpers_for(self, need: Need) -> Q:
        least = f"a{self.options['least']}"
        return Q() if need.area is None else Q(areas__slug__gte=max(need.area.slug, least))

    def jobs_for(self, helper: Helper) -> Q:
        covered = Helper.areas.through.objects.filter(helper_id=helper.pk, area__slug__gte=OuterRef("area__slug"))
        return Q(Exists(covered.filter(area__slug__gte=f"a{self.options['least']}")))


class FromToForm(forms.Form):
    first = forms.IntegerField(initial=0)
    last = forms.IntegerField(initial=9)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data["last"] < self.cleaned_data["first"]:
            raise forms.ValidationError("The last comes before the first.")
        return self.cleaned_data


class FromTo(HasAlerts):
    slug = "from_to"
    label = "is between the two"
    options_form = FromToForm


class SafetyWithOptions(HasAlerts):
    slug = "safety_with_options"
    label = "keeps people safe"
    options_form = LateOptionsForm
    safeguarding = True


class StricterApproval(Approved):
    label = "is approved, and strictly"


class AnotherArea(CoversArea):
    label = "has the slug of another"


class Unfinished(Criterion):
    slug = "unfinished"
    label = "is not finished"


class Nameless(HasAlerts):
    slug = ""


class NotACriterion:
    slug = "not_a_criterion"
