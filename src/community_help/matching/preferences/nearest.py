"""Who lives nearer is asked before who lives further: lightly, or the same few are always asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import FloatField, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.matching.distance import MILE, metres_to
from community_help.matching.preference import Preference

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from community_help.matching.need import Need
    from community_help.people.profiles import Helper


class Nearest(Preference):
    """One divided by one more than the miles to the job: 1 next door, a half for a mile, 0 where nobody knows.

    What is done by phone is as near to everybody.
    """

    slug = "nearest"
    label = gettext_lazy("lives nearest")

    def score(self, need: Need) -> Combinable:
        by_phone = need.task_type is not None and need.task_type.by_phone
        if need.position is None or by_phone:
            return Value(0.0, output_field=FloatField())
        return Coalesce(Value(MILE) / (metres_to(need.position) + Value(MILE)), Value(0.0), output_field=FloatField())

    def because(self, need: Need, helper: Helper, score: float) -> str:
        half_a_mile = 2 / 3
        return _("lives under half a mile away") if score > half_a_mile else ""
