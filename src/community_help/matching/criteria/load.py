"""Nobody is asked for more jobs at once than they said they can take on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community_help.jobs.offer import Offer
from community_help.lifecycle.table import GOING_ON, LIVE
from community_help.matching.criterion import Criterion
from community_help.matching.sql import Condition, Differs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet
    from django.db.models.expressions import Combinable

    from community_help.matching.need import Need
    from community_help.people.profiles import Helper

# In SQL, because as expressions it is most of what it takes Django to ask for a helper's jobs.
_HAS_ROOM = """EXISTS (
    SELECT 1 FROM community_help_helper me WHERE me.person_id = {helper} AND (me.most_jobs IS NULL OR me.most_jobs > (
        SELECT COUNT(*) FROM community_help_offer mine JOIN community_help_job its ON its.id = mine.job_id
        WHERE mine.helper_id = {helper} AND mine.state IN ({live}) AND mine.reported_at IS NULL
        AND its.state IN ({going_on}) AND mine.job_id <> {job}
    ))
)"""
_PARTS: dict[str, str | Differs] = {
    "live": ", ".join(f"'{state}'" for state in LIVE),
    "going_on": ", ".join(f"'{state}'" for state in GOING_ON),
}


def going_on() -> QuerySet[Offer]:
    """Offers that somebody waits with or is on, and has not reported on: what a helper has in hand."""
    return Offer.objects.live().filter(reported_at__isnull=True, job__state__in=GOING_ON).order_by()


def in_hand(need: Need) -> Combinable:
    """How many jobs a helper of the outer query has in hand, but for the one in question."""
    offers = going_on().filter(helper=OuterRef("pk"))
    if need.job is not None and not need.job._state.adding:
        offers = offers.exclude(job=need.job.pk)
    counted = offers.values("helper").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


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
