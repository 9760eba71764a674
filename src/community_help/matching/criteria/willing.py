"""Helpers are asked for the kinds of job that they chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.matching.criterion import Criterion
from community_help.people.profiles import Helper

if TYPE_CHECKING:
    from community_help.matching.need import Need

_Choice = Helper.task_types.through


class Willing(Criterion):
    """The helper chose this kind of job."""

    slug = "willing"
    label = gettext_lazy("does this kind of job")

    def helpers_for(self, need: Need) -> Q:
        if need.task_type is None:
            return Q()
        return Q(pk__in=_Choice.objects.filter(tasktype_id=need.task_type.pk).values("helper_id"))

    def jobs_for(self, helper: Helper) -> Q:
        return Q(task_type_id__in=_Choice.objects.filter(helper_id=helper.pk).values("tasktype_id"))

    def asks(self, need: Need) -> str:
        return str(self.label) if need.task_type is None else _("does “%(kind)s”") % {"kind": need.task_type.name}

    def because(self, need: Need, helper: Helper, holds: bool) -> str:
        if holds or need.task_type is None:
            return self.asks(need)
        return _("does not do “%(kind)s”") % {"kind": need.task_type.name}
