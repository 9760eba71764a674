"""How many helpers remain for a typical job of a kind: what a community looks at while it decides what to ask."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, IntegerField, Value
from django.utils import timezone

from community_help.jobs.job import Job
from community_help.matching.engine import conditions_for, helpers_for
from community_help.matching.need import Need
from community_help.people.community import Area, Community
from community_help.people.profiles import place_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from community_help.jobs.task_type import TaskType

#: How far back jobs say where a kind of job is usual. Days.
LOOK_BACK = 180


class Remaining(NamedTuple):
    """What a typical job of a kind needs, and how many helpers could do it. No area where the community has none."""

    need: Need
    helpers: int


def remaining(kinds: Sequence[TaskType]) -> dict[int, Remaining]:
    """The kind's primary key → how many helpers remain for a typical job of it.

    A typical job needs the kind's own skills and check, is in the area that had most such jobs lately (else the
    community's first), has no fixed time, and is nobody's in particular. Four queries, whatever the number of kinds,
    besides what reading their check levels and skills costs: give kinds with those loaded.

    :param kinds: may be changed and not saved yet
    """
    community = Community.current()
    usual = _usual_areas()
    areas = {area.pk: area for area in Area.objects.filter(active=True)}
    first = next(iter(areas.values()), None)
    counts = []
    needs: dict[int, Need] = {}
    for kind in kinds:
        area = areas.get(usual.get(kind.pk, 0), first)
        needs[kind.pk] = need = Need(
            task_type=kind,
            area=area,
            skills=tuple(kind.default_skills.all()),
            check_level=kind.check_level,
            places=kind.places,
            position=place_of(None, area),
        )
        rows = helpers_for(conditions_for(need, community=community)).order_by()
        counted = rows.annotate(kind=Value(kind.pk, output_field=IntegerField())).values("kind")
        counts.append(counted.annotate(number=Count("pk")).values_list("kind", "number"))
    found = dict(counts[0].union(*counts[1:], all=True)) if counts else {}
    return {pk: Remaining(need, found.get(pk, 0)) for pk, need in needs.items()}


def _usual_areas() -> dict[int, int]:
    """Kind of job → the area that had most of them lately."""
    since = timezone.now() - timedelta(days=LOOK_BACK)
    jobs = Job.objects.non_polymorphic().filter(created_at__gte=since).order_by()
    counted = jobs.values_list("task_type", "area").annotate(number=Count("pk"))
    usual: dict[int, int] = {}
    for kind, area, _number in counted.order_by("-number", "area"):
        usual.setdefault(kind, area)
    return usual
