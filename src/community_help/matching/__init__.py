"""Who may be asked about which job: one engine, asked by the alert, the list, the offer and the API alike.

Every function takes a job, or a :class:`Need` where the job is not saved yet.
"""

from __future__ import annotations

from community_help.matching.criteria.not_this_one import NOT_THIS_ONE
from community_help.matching.criterion import Criterion
from community_help.matching.engine import helpers_for, jobs_for, jobs_without, matches
from community_help.matching.explain import Explanation, Verdict, explain, explain_each, reasons_for
from community_help.matching.moment import Moment
from community_help.matching.near import NearMiss, near_misses
from community_help.matching.need import Need
from community_help.matching.outlook import Outlook, outlook
from community_help.matching.preference import Preference
from community_help.matching.rank import Best, best
from community_help.matching.supply import Cost, Supply, passing, supply, supply_of_each
from community_help.matching.typical import Remaining, remaining

__all__ = [
    "NOT_THIS_ONE",
    "Best",
    "Cost",
    "Criterion",
    "Explanation",
    "Moment",
    "NearMiss",
    "Need",
    "Outlook",
    "Preference",
    "Remaining",
    "Supply",
    "Verdict",
    "best",
    "explain",
    "explain_each",
    "helpers_for",
    "jobs_for",
    "jobs_without",
    "matches",
    "near_misses",
    "outlook",
    "passing",
    "reasons_for",
    "remaining",
    "supply",
    "supply_of_each",
]
