"""What the call screen asks after each pause in the typing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import F
from django.db.models.expressions import RawSQL

from community_help.matching.engine import conditions_for
from community_help.matching.rank import Ranking, best
from community_help.matching.supply import Near, supply, supply_of_groups
from community_help.people.profiles import Helper

if TYPE_CHECKING:
    from community_help.jobs.job import Job
    from community_help.matching.need import Need
    from community_help.matching.rank import Best
    from community_help.matching.supply import Supply


@dataclass(frozen=True)
class Outlook:
    """How many could do the job, what each need costs, and whom to ask first."""

    supply: Supply
    best: list[Best]


def outlook(job: Job | Need, *, most: int) -> Outlook:
    """:func:`~community_help.matching.supply` and :func:`~community_help.matching.best`, for less than both.

    Four queries for what is not saved yet: the community; who is near, counted and ranked; who would be added without
    the narrowest criterion; the names of the best, and what their reasons say.

    :param most: how many of the best at most
    """
    asked = conditions_for(job)
    near = Near.of(asked)
    if near.apart:  # some of the best may be among them
        return Outlook(supply(asked), best(asked, most=most))
    ranking = Ranking.of(asked)
    groups, scores = _counted_and_ranked(near, ranking, most=most)
    named = ranking.told(Helper.objects.filter(pk__in=list(scores)).order_by(), scores) if scores else []
    return Outlook(supply_of_groups(near, groups), named)


def _counted_and_ranked(near: Near, ranking: Ranking, *, most: int) -> tuple[list[Any], dict[int, tuple[float, ...]]]:
    """How many pass which of the others; and the best of those who pass all: primary key → scores, in their order.

    One statement, because to find those near is most of the work; and each score is made once, not once more for the
    order. Django's own queries can do neither.
    """
    using = near.rows.db
    holds, scores = near.names, ranking.names
    try:
        everybody = near.rows.values(*holds, helper=F("pk")).query.get_compiler(using).as_sql()
    except EmptyResultSet:  # nobody can pass the narrowest
        return [], {}
    passing = RawSQL("SELECT helper FROM near WHERE " + " AND ".join(["1 = 1", *holds]), ())  # noqa: S608, S611  names of our own
    fitting = Helper.objects.using(using).filter(pk__in=passing).annotate(**ranking.scores).order_by()
    scored = fitting.values(*scores, helper=F("pk")).query.get_compiler(using).as_sql()
    ranked = ", ".join([*scores, "helper", "total"])
    nothing, unranked = ", ".join(["NULL"] * (len(holds) + 1)), ", ".join(["NULL"] * (len(scores) + 2))
    statement = f"""WITH near AS ({everybody[0]}), scored AS ({scored[0]})
        SELECT {", ".join([*holds, "COUNT(*)"])}, {unranked} FROM near {"GROUP BY" if holds else ""} {", ".join(holds)}
        UNION ALL SELECT {nothing}, {ranked} FROM (
            SELECT {ranked} FROM (SELECT scored.*, {ranking.total_in_sql} AS total FROM scored) weighed
            ORDER BY total DESC, helper LIMIT {most:d}
        ) best"""  # noqa: S608  names of our own; every value is a parameter
    with connections[using].cursor() as cursor:
        cursor.execute(statement, (*everybody[1], *scored[1]))
        rows = cursor.fetchall()
    width = len(holds) + 1
    first = sorted((row[width:] for row in rows if row[-2] is not None), key=lambda row: (-row[-1], row[-2]))
    return [row[:width] for row in rows if row[-2] is None], {row[-2]: tuple(map(float, row[:-2])) for row in first}
