"""Helpers are asked for the areas that they chose; where a job is done by phone the place does not matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.jobs.job import Job
from community_help.jobs.task_type import TaskType
from community_help.matching.criterion import Criterion
from community_help.people.profiles import Helper

if TYPE_CHECKING:
    from community_help.matching.need import Need

_Choice = Helper.areas.through


class CoversArea(Criterion):
    """The helper covers the job's area, or the kind of job is done by phone."""

    slug = "area"
    label = gettext_lazy("covers the area")

    def helpers_for(self, need: Need) -> Q:
        if need.area is None or _by_phone(need):
            return Q()
        return Q(pk__in=_Choice.objects.filter(area_id=need.area.pk).values("helper_id"))

    def jobs_for(self, helper: Helper) -> Q:
        jobs = Job.objects.non_polymorphic().order_by()
        covered = jobs.filter(area_id__in=_Choice.objects.filter(helper_id=helper.pk).values("area_id"))
        by_phone = jobs.filter(task_type_id__in=TaskType.objects.filter(by_phone=True).values("pk"))
        # A union and no «or»: PostgreSQL then begins with these few jobs instead of asking each open one.
        return Q(pk__in=covered.values("pk").union(by_phone.values("pk"), all=True))

    def asks(self, need: Need) -> str:
        if _by_phone(need):
            return _("by phone, so from anywhere")
        return str(self.label) if need.area is None else _("covers %(area)s") % {"area": need.area.name}

    def because(self, need: Need, helper: Helper, holds: bool) -> str:
        if holds or need.area is None:
            return self.asks(need)
        return _("does not cover %(area)s") % {"area": need.area.name}


def _by_phone(need: Need) -> bool:
    return need.task_type is not None and need.task_type.by_phone
