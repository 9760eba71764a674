"""What the call screen asks after each pause in the typing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from community_help.matching.engine import conditions_for
from community_help.matching.rank import best
from community_help.matching.supply import supply

if TYPE_CHECKING:
    from community_help.jobs.job import Job
    from community_help.matching.need import Need
    from community_help.matching.rank import Best
    from community_help.matching.supply import Supply
    from community_help.people.community import Community


@dataclass(frozen=True)
class Outlook:
    """How many could do the job, what each need costs, and whom to ask first."""

    supply: Supply
    best: list[Best]


def outlook(job: Job | Need, *, most: int, community: Community | None = None) -> Outlook:
    """:func:`~community_help.matching.supply` and :func:`~community_help.matching.best` of the same conditions.

    Four queries for what is not saved yet: the community, two that count, one that ranks.

    :param most: how many of the best at most
    :param community: where it has been read already
    """
    asked = conditions_for(job, community=community)
    return Outlook(supply(asked), best(asked, most=most))
