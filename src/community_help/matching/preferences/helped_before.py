"""Somebody whom the requester knows is asked before a stranger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import FloatField, Value
from django.utils.translation import gettext_lazy, ngettext

from community_help.matching.preference import Preference
from community_help.matching.sql import Figure

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from community_help.matching.need import Need
    from community_help.people.profiles import Helper

#: So many jobs together make two people well acquainted: more do not count for more.
ENOUGH = 5
_SCORE = """{least}((
    SELECT COUNT(*) FROM community_help_offer done
    WHERE done.helper_id = {helper} AND done.requester_id = {requester} AND done.reported_at IS NOT NULL
), {enough}) / {enough}.0"""


class HelpedBefore(Preference):
    """The helper has done and reported jobs for this requester; from five on it counts in full."""

    slug = "helped_before"
    label = gettext_lazy("has helped them before")
    weight = 5

    def score(self, need: Need) -> Combinable:
        if need.requester_id is None:
            return Value(0.0, output_field=FloatField())
        return Figure(
            _SCORE, parts={"enough": str(ENOUGH)}, columns={"helper": "pk"}, values={"requester": need.requester_id}
        )

    def because(self, need: Need, helper: Helper, score: float) -> str:
        times = round(score * ENOUGH)
        if not times:
            return ""
        if times == ENOUGH:
            return str(_OFTEN)
        return ngettext("has helped them once", "has helped them %(n)d times", times) % {"n": times}


_OFTEN = gettext_lazy("has helped them often")
