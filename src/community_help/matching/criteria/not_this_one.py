"""Who said «not this one» is not asked about it again, until it is another opening."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.jobs.offer import Ask, AskAnswer
from community_help.matching.criterion import Criterion

if TYPE_CHECKING:
    from community_help.matching.need import Need
    from community_help.people.profiles import Helper

#: The slug, for those who let a helper take their own word back.
NOT_THIS_ONE = "not_this_one"


class NotRefused(Criterion):
    """The helper has not said «not this one» of this opening. Nobody else can take that back."""

    slug = NOT_THIS_ONE
    label = gettext_lazy("has not said “not this one”")
    fixed = True

    def helpers_for(self, need: Need) -> Q:
        job = need.job
        if job is None or job._state.adding:
            return Q()
        refused = Ask.objects.filter(job=job.pk, opening=job.opening, answer=AskAnswer.NOT_THIS_ONE)
        return ~Q(pk__in=refused.order_by().values("helper_id"))

    def jobs_for(self, helper: Helper) -> Q:
        refused = Ask.objects.filter(helper=helper.pk, opening=F("job__opening"), answer=AskAnswer.NOT_THIS_ONE)
        return ~Q(pk__in=refused.order_by().values("job_id"))

    def ripples(self, need: Need) -> bool:
        return False

    def because(self, need: Need, helper: Helper, holds: bool) -> str:
        return str(self.label) if holds else _("has said “not this one”")
