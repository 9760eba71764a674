"""Criteria that a site could have written, good and bad."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django import forms
from django.db.models import Exists, Q

from community_help.matching import Criterion
from community_help.matching.criteria.approved import Approved
from community_help.matching.criteria.area import CoversArea
from community_help.people.profiles import Helper

if TYPE_CHECKING:
    from community_help.matching import Need

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


class ManyOptionsForm(forms.Form):
    days = forms.MultipleChoiceField(choices=[(day, day) for day in ("mon", "tue", "wed")], initial=())
    until = forms.DateField(initial=date(2026, 1, 1))
    share = forms.DecimalField(initial=Decimal("0.5"))


class ManyOptions(HasAlerts):
    slug = "many_options"
    label = "has many options"
    options_form = ManyOptionsForm
    on_at_first = False


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
