"""Helpers are asked for what is near their home. Switched on for a kind of job, with how many miles that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.matching.criterion import Criterion
from community_help.matching.distance import MILE, band_of, metres_to, within, within_of_helper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models.expressions import Combinable

    from community_help.matching.need import Need
    from community_help.people.profiles import Helper


class RadiusForm(forms.Form):
    """How near."""

    miles = forms.FloatField(label=gettext_lazy("Miles, as the crow flies"), min_value=0.1, max_value=1000, initial=2)


class NearEnough(Criterion):
    """The helper lives within so many miles of the job. Not asked of what is done by phone.

    Where nobody knows the place of one of the two, they are not near: a circle around nowhere holds nobody.
    """

    slug = "radius"
    label = gettext_lazy("lives near enough")
    options_form = RadiusForm
    on_at_first = False
    about_place = True

    @property
    def metres(self) -> float:
        """How far is near enough."""
        return float(self.options["miles"]) * MILE

    def helpers_for(self, need: Need) -> Q:
        if need.area is None:
            return Q()
        return Q(pk__in=()) if need.position is None else within(need.position, self.metres)

    def jobs_for(self, helper: Helper) -> Q:
        return within_of_helper(self.metres, helper.pk)

    def asks(self, need: Need) -> str:
        return _("lives within %(miles)s") % {"miles": _miles(self.options["miles"])}

    def facts(self, need: Need) -> Mapping[str, Combinable]:
        return {} if need.position is None else {"radius_metres": metres_to(need.position)}

    def because(self, need: Need, helper: Helper, holds: bool) -> str:
        if need.area is None:
            return self.asks(need)
        if need.position is None:
            return _("nobody knows yet where this job is")
        if helper.position is None:
            return _("nobody knows yet where they live")
        band = band_of(vars(helper)["radius_metres"], rough=need.position.rough or helper.position.rough)
        if holds:
            return _("lives %(far)s") % {"far": band}
        return _("lives %(far)s, further than %(miles)s") % {"far": band, "miles": _miles(self.options["miles"])}

    def tells(self, need: Need, helper: Helper) -> bool:
        return need.position is not None and helper.position is not None


def _miles(number: float) -> str:
    return _("a mile") if number == 1 else _("%(n)s miles") % {"n": f"{number:g}"}
