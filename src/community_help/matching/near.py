"""Who would be asked but for one thing that a co-ordinator may overlook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Value

from community_help.matching.engine import anyway, conditions_for, meeting_all, not_meeting, or_waived
from community_help.matching.explain import explain_each
from community_help.people.profiles import Helper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Q, QuerySet

    from community_help.jobs.job import Job
    from community_help.matching.criterion import Criterion
    from community_help.matching.engine import Asked
    from community_help.matching.explain import Verdict
    from community_help.matching.need import Need


@dataclass(frozen=True)
class NearMiss:
    """A helper, with their person, and the one verdict that stands in the way."""

    helper: Helper
    verdict: Verdict


def near_misses(job: Job | Need | Asked, *, most: int, among: QuerySet[Helper] | None = None) -> list[NearMiss]:
    """The helpers who fail exactly one criterion, and one that can be waived; by name.

    One query finds them, whatever their number; two more say what is missing.

    :param most: how many at most; of more it is those who have been here longest
    :param among: the helpers that count, without a join; by default all
    """
    asked = conditions_for(job)
    waived = asked.waived
    apart = anyway(asked.conditions, waived)
    others = Helper.objects.all() if among is None else among
    found = _failing_one(others.exclude(pk__in=apart), asked.conditions)
    if apart:
        overlooking = [(criterion, or_waived(criterion, made, waived)) for criterion, made in asked.conditions]
        found += _failing_one(others.filter(pk__in=apart), overlooking)
    if not found:
        return []
    missing = dict(found[0].union(*found[1:], all=True).order_by("pk")[:most])
    explained = explain_each(asked, [Helper(pk=pk) for pk in missing])
    helpers = Helper.objects.select_related("person").filter(pk__in=missing).order_by("person__name", "pk")
    nearly = ((helper, explained[helper.pk].failed) for helper in helpers)
    return [NearMiss(helper, failed[0]) for helper, failed in nearly if len(failed) == 1]


def _failing_one(rows: QuerySet[Helper], conditions: Sequence[tuple[Criterion, Q]]) -> list[Any]:
    """For each criterion that can be waived, who fails it and meets all others."""
    found = []
    for criterion, condition in conditions:
        if criterion.can_be_waived() and condition:
            others = (other for one, other in conditions if one is not criterion)
            near = meeting_all(not_meeting(rows, condition), others)
            found.append(near.annotate(missing=Value(criterion.slug)).values_list("pk", "missing"))
    return found
