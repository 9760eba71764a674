"""Who has nothing in hand is asked before who has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import FloatField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.matching.criteria.load import in_hand
from community_help.matching.preference import Preference

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from community_help.matching.need import Need
    from community_help.people.profiles import Helper


class LightestLoad(Preference):
    """One divided by one more than the jobs in hand: 1 for none, a half for one, a third for two."""

    slug = "lightest_load"
    label = gettext_lazy("has little in hand")
    weight = 2

    def score(self, need: Need) -> Combinable:
        return Cast(Value(1.0) / (in_hand(need) + Value(1.0)), FloatField())

    def because(self, need: Need, helper: Helper, score: float) -> str:
        return _("has no job in hand") if score >= 1 else ""
