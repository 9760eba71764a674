"""Nobody is asked for more jobs at once than they said they can take on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community_help.lifecycle.table import GOING_ON, LIVE
from community_help.matching.criterion import Criterion
from community_help.matching.sql import Condition, Differs, Number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models.expressions import Combinable

    from community_help.matching.need import Need
    from community_help.people.profiles import Helper

# In SQL, because as expressions it is most of what it takes Django to ask for a helper's jobs, or for the best helpers.
_IN_HAND = """(
    SELECT COUNT(*) FROM community_help_offer mine JOIN community_help_job its ON its.id = mine.job_id
    WHERE mine.helper_id = {helper} AND mine.state IN ({live}) AND mine.reported_at IS NULL
    AND its.state IN ({going_on})"""
_IN_ALL = f"{_IN_HAND})"
_IN_OTHERS = f"{_IN_HAND} AND mine.job_id <> {{job}})"
_HAS_ROOM = """EXISTS (
    SELECT 1 FROM community_help_helper me WHERE me.person_id = {helper}
    AND (me.most_jobs IS NULL OR me.most_jobs > {in_others})
)"""
_PARTS: dict[str, str | Differs] = {
    "in_others": _IN_OTHERS,
    "live": ", ".join(f"'{state}'" for state in LIVE),
    "going_on": ", ".join(f"'{state}'" for state in GOING_ON),
}


def in_hand(need: Need) -> Combinable:
    """How many jobs a helper waits for or is on, and has not reported on, but for the one in question."""
    helper = {"helper": "pk"}
    if need.job is None or need.job._state.adding:
        return Number(_IN_ALL, parts=_PARTS, columns=helper)
    return Number(_IN_OTHERS, parts=_PARTS, columns=helper, values={"job": need.job.pk})


class HasRoom(Criterion):
    """The helper has fewer jobs in hand than the most that they want at once. The job in question is not counted."""

    slug = "load"
    label = gettext_lazy("can take on another job")

    def helpers_for(self, need: Need) -> Q:
        return Q(most_jobs__isnull=True) | Q(most_jobs__gt=in_hand(need))

    def jobs_for(self, helper: Helper) -> Q:
        return Q(Condition(_HAS_ROOM, parts=_PARTS, columns={"job": "pk"}, values={"helper": helper.pk}))

    def facts(self, need: Need) -> Mapping[str, Combinable]:
        return {"load_in_hand": in_hand(need)}

    def tells(self, need: Need, helper: Helper) -> bool:
        return False

    def ripples(self, need: Need) -> bool:
        return False

    def because(self, need: Need, helper: Helper, holds: bool) -> str:
        count = vars(helper)["load_in_hand"]
        if not holds:
            words = ngettext(
                "has %(n)d job in hand, and wants no more", "has %(n)d jobs in hand, and wants no more", count
            )
            return words % {"n": count}
        if not count:
            return _("has no job in hand")
        return ngettext("has %(n)d job in hand", "has %(n)d jobs in hand", count) % {"n": count}
