"""From the helper's end: kinds of job that are looked for together, and what all of them or only some ask."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from community_help.jobs.task_type import TaskType
from community_help.matching.choices import criteria_of
from community_help.matching.criterion import load

if TYPE_CHECKING:
    from community_help.matching.criterion import Criterion
    from community_help.matching.moment import Moment
    from community_help.people.profiles import Helper


@dataclass
class Alike:
    """Kinds of job whose first criterion about the place is the same, or that ask none about the place.

    Where a search begins with what is near, few jobs are left, and then an «or» over what only some of the kinds ask
    costs next to nothing. Where it does not, an «or» would have the database look at every open job.
    """

    kinds: list[int] = field(default_factory=list)
    #: Criterion and options → the criterion, and the kinds that ask it.
    asked: dict[tuple[str, str], tuple[Criterion, list[int]]] = field(default_factory=dict)

    def conditions(self, helper: Helper) -> list[tuple[Criterion, Q]]:
        """One condition over these kinds' jobs for each criterion that one of them asks."""
        by_slug: dict[str, list[tuple[Criterion, list[int]]]] = {}
        for (slug, _options), each in self.asked.items():
            by_slug.setdefault(slug, []).append(each)
        return [(ways[0][0], self._of_each_kind(ways, helper)) for ways in by_slug.values()]

    def _of_each_kind(self, ways: list[tuple[Criterion, list[int]]], helper: Helper) -> Q:
        if len(ways) == 1 and ways[0][1] == self.kinds:
            return ways[0][0].jobs_for(helper)
        asking = {pk for _criterion, kinds in ways for pk in kinds}
        condition = Q(task_type_id__in=[pk for pk in self.kinds if pk not in asking])
        for criterion, kinds in ways:
            condition |= Q(task_type_id__in=kinds) & criterion.jobs_for(helper)
        return condition


def kinds_alike(moment: Moment) -> list[Alike]:
    """All kinds of job. One query."""
    found: dict[tuple[str, str] | None, Alike] = {}
    classes = load()
    for kind in TaskType.objects.order_by("pk").only("criteria_options", "by_phone"):
        ways = {_way(criterion, kind): criterion for criterion in criteria_of(kind, moment, classes)}
        place = next((way for way, criterion in ways.items() if criterion.about_place), None)
        alike = found.setdefault(place, Alike())
        alike.kinds.append(kind.pk)
        for way, criterion in ways.items():
            alike.asked.setdefault(way, (criterion, []))[1].append(kind.pk)
    return list(found.values())


def _way(criterion: Criterion, kind: TaskType) -> tuple[str, str]:
    """What is asked, by what is stored: options may be rows, and two rows may look the same."""
    options: Any = kind.criteria_options.get(criterion.slug, {}).get("options")
    return criterion.slug, json.dumps(options, sort_keys=True)
