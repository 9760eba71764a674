"""Who was not asked for a while comes before whom we asked yesterday: nobody waits for ever, nobody is worn out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.matching.preference import Preference
from community_help.matching.sql import Figure

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from community_help.matching.need import Need
    from community_help.people.profiles import Helper

#: Asked within so many days → score, the shortest first; who was not asked for longer has 1.
STEPS = ((1, 0.0), (3, 0.2), (7, 0.4), (14, 0.6), (30, 0.8))
_STEPS = " ".join(f"WHEN ask.asked_at > {{days_{days}}} THEN {score}" for days, score in STEPS)
# One look at the last time, and at no other: the index begins with it.
_SCORE = """COALESCE((
    SELECT CASE {steps} ELSE 1.0 END FROM community_help_ask ask
    WHERE ask.helper_id = {helper}{but} ORDER BY ask.asked_at DESC LIMIT 1
), 1.0)"""


class LeastRecentlyAsked(Preference):
    """How long ago the helper was asked about another job: a day, three days, one, two, four weeks, or longer."""

    slug = "least_recently_asked"
    label = gettext_lazy("was not asked for a while")
    weight = 3

    def score(self, need: Need) -> Combinable:
        values: dict[str, Any] = {f"days_{days}": self.moment.now - timedelta(days=days) for days, _score in STEPS}
        but = ""
        if need.job is not None and not need.job._state.adding:
            values["job"], but = need.job.pk, " AND ask.job_id <> {job}"
        return Figure(_SCORE, parts={"steps": _STEPS, "but": but}, columns={"helper": "pk"}, values=values)

    def because(self, need: Need, helper: Helper, score: float) -> str:
        return _("was not asked for a month") if score >= 1 else ""
