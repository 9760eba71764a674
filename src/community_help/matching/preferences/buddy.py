"""A buddy is asked before everybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import FloatField, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.matching.preference import Preference
from community_help.matching.sql import Figure

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from community_help.matching.need import Need
    from community_help.people.profiles import Helper

_SCORE = """CASE WHEN EXISTS (
    SELECT 1 FROM community_help_buddy pair WHERE pair.helper_id = {helper} AND pair.requester_id = {requester}
) THEN 1.0 ELSE 0.0 END"""


class IsBuddy(Preference):
    """The helper is the requester's buddy: their known and trusted one. A requester may have several."""

    slug = "buddy"
    label = gettext_lazy("is their buddy")
    weight = 10

    def score(self, need: Need) -> Combinable:
        if need.requester_id is None:
            return Value(0.0, output_field=FloatField())
        return Figure(_SCORE, columns={"helper": "pk"}, values={"requester": need.requester_id})

    def because(self, need: Need, helper: Helper, score: float) -> str:
        return _("is their buddy") if score else ""
