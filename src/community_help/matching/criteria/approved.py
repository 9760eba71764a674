"""Only approved helpers are asked, and only while they are active."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.matching.criterion import Criterion
from community_help.people.profiles import Helper, HelperState

if TYPE_CHECKING:
    from community_help.matching.need import Need


class Approved(Criterion):
    """The helper is approved, and has neither paused nor been suspended nor left."""

    slug = "approved"
    label = gettext_lazy("is approved and active")
    safeguarding = True

    def helpers_for(self, need: Need) -> Q:
        return Q(state=HelperState.APPROVED)

    def jobs_for(self, helper: Helper) -> Q:
        return Q(Exists(Helper.objects.filter(pk=helper.pk, state=HelperState.APPROVED)))

    def shuts(self, need: Need, helper: Helper) -> bool:
        """A pause says «ask me nothing new»: what was promised before may still be done."""
        return helper.state != HelperState.PAUSED

    def because(self, need: Need, helper: Helper, holds: bool) -> str:
        reasons = {
            HelperState.APPLIED: _("has applied, and is not approved yet"),
            HelperState.APPROVED: _("is approved"),
            HelperState.PAUSED: _("has paused"),
            HelperState.SUSPENDED: _("is suspended"),
            HelperState.LEFT: _("has left"),
        }
        return reasons[HelperState(helper.state)]
