"""Helpers are asked for the areas that they chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.matching.criterion import Criterion
from community_help.people.profiles import Helper

if TYPE_CHECKING:
    from community_help.matching.need import Need

_Choice = Helper.areas.through


class CoversArea(Criterion):
    """The helper covers the job's area. Not asked of what is done by phone."""

    slug = "area"
    label = gettext_lazy("covers the area")
    about_place = True

    def helpers_for(self, need: Need) -> Q:
        if need.area is None:
            return Q()
        return Q(pk__in=_Choice.objects.filter(area_id=need.area.pk).values("helper_id"))

    def jobs_for(self, helper: Helper) -> Q:
        return Q(area_id__in=_Choice.objects.filter(helper_id=helper.pk).values("area_id"))

    def asks(self, need: Need) -> str:
        return str(self.label) if need.area is None else _("covers %(area)s") % {"area": need.area.name}

    def because(self, need: Need, helper: Helper, holds: bool) -> str:
        if holds or need.area is None:
            return self.asks(need)
        return _("does not cover %(area)s") % {"area": need.area.name}
