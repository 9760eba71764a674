"""Why this helper: the telling reasons, in plain words, for a whole list in one query."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from community_help.matching import Criterion, Need
from community_help.matching.criterion import load
from community_help.people.community import Community
from community_help.people.profiles import Helper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from community_help.jobs.job import Job

#: The bundled criteria that say something, the most telling first. Those of a site stand before them.
_BUNDLED = ("skills", "area", "willing")
#: True of every helper who is asked at all.
_SILENT = ("not_oneself",)


def reasons_for(jobs: Sequence[Job], helper: Helper, *, most: int = 3) -> dict[int, list[str]]:
    """The job's primary key → why the helper is asked: phrases such as «covers Filwood», the most telling first.

    One query for the list, besides what reading each job's task type, area, check level and skills costs:
    give jobs with those loaded. Safeguarding criteria are left out: they are true of all who are asked.

    :param jobs: jobs that the helper matches; of others this says nothing sensible
    :param most: how many reasons for each job
    """
    needs = {job.pk: Need.of(job, skills=job.skills.all()) for job in jobs}
    criteria = _telling()
    wanted = {
        f"{name}_of_{pk}": expression
        for pk, need in needs.items()
        for criterion in criteria
        for name, expression in criterion.facts(need).items()
    }
    read = vars(Helper.objects.annotate(**wanted).get(pk=helper.pk)) if wanted else {}
    answer: dict[int, list[str]] = {}
    for pk, need in needs.items():
        known: Any = copy.copy(helper)
        suffix = f"_of_{pk}"
        vars(known).update({name.removesuffix(suffix): value for name, value in read.items() if name.endswith(suffix)})
        asking = (criterion for criterion in criteria if criterion.slug != "skills" or need.skills)
        answer[pk] = [criterion.because(need, known, True) for criterion in asking][:most]
    return answer


def _telling() -> list[Criterion]:
    today = timezone.localdate(timezone=Community.current().zone)
    criteria = [kind(today) for kind in load() if not kind.safeguarding and kind.slug not in _SILENT]
    return sorted(criteria, key=lambda criterion: _BUNDLED.index(criterion.slug) if criterion.slug in _BUNDLED else -1)
