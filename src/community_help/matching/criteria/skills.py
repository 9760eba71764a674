"""Helpers are asked where they have every skill that the job needs. A car is a skill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.matching.criterion import Criterion
from community_help.matching.sql import Condition
from community_help.people.profiles import Helper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models.expressions import Combinable

    from community_help.matching.need import Need

_Has = Helper.skills.through
# In SQL, because it is asked of each job of a list.
_NONE_IS_MISSING = """NOT EXISTS (
    SELECT 1 FROM community_help_job_skills needs WHERE needs.job_id = {job} AND needs.skill_id NOT IN (
        SELECT has.skill_id FROM community_help_helper_skills has WHERE has.helper_id = {helper}
    )
)"""


class HasSkills(Criterion):
    """The helper has all the skills that the job needs."""

    slug = "skills"
    label = gettext_lazy("has the skills needed")

    def helpers_for(self, need: Need) -> Q:
        condition = Q()
        for skill in need.skills:
            condition &= Q(pk__in=_Has.objects.filter(skill_id=skill.pk).values("helper_id"))
        return condition

    def jobs_for(self, helper: Helper) -> Q:
        return Q(Condition(_NONE_IS_MISSING, columns={"job": "pk"}, values={"helper": helper.pk}))

    def asks(self, need: Need) -> str:
        if not need.skills:
            return _("needs no skill")
        return _("needs %(skills)s") % {"skills": _listed([skill.name for skill in need.skills])}

    def facts(self, need: Need) -> Mapping[str, Combinable]:
        return {
            f"skills_{skill.pk}": Exists(_Has.objects.filter(helper_id=OuterRef("pk"), skill_id=skill.pk))
            for skill in need.skills
        }

    def tells(self, need: Need, helper: Helper) -> bool:
        return bool(need.skills)

    def because(self, need: Need, helper: Helper, holds: bool) -> str:
        if not need.skills:
            return self.asks(need)
        if holds:
            return _listed([skill.phrase for skill in need.skills])
        read = vars(helper)
        missing = [skill.phrase for skill in need.skills if not read[f"skills_{skill.pk}"]]
        return _("the job needs somebody who %(skills)s") % {"skills": _listed(missing)}


def _listed(texts: list[str]) -> str:
    return get_text_list(texts, _("and"))
