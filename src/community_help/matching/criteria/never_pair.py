"""Two people whom the community keeps apart are never matched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.matching.criterion import Criterion
from community_help.people.profiles import NeverPair

if TYPE_CHECKING:
    from community_help.matching.need import Need
    from community_help.people.profiles import Helper


class NeverPaired(Criterion):
    """No co-ordinator has said that this helper and this requester are never matched. The reason stays private."""

    slug = "never_pair"
    label = gettext_lazy("may be matched with this person")
    safeguarding = True

    def helpers_for(self, need: Need) -> Q:
        if need.requester_id is None:
            return Q()
        return ~Q(pk__in=NeverPair.objects.filter(requester_id=need.requester_id).values("helper_id"))

    def jobs_for(self, helper: Helper) -> Q:
        return ~Q(requester_id__in=NeverPair.objects.filter(helper_id=helper.pk).values("requester_id"))

    def because(self, need: Need, helper: Helper, holds: bool) -> str:
        return str(self.label) if holds else _("is never matched with this person")
