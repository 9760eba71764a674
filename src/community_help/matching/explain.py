"""Why a helper may or may not be asked about a job, criterion by criterion, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef

from community_help.matching.engine import conditions_for
from community_help.people.profiles import Helper

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django_stubs_ext import StrOrPromise

    from community_help.jobs.job import Job
    from community_help.matching.need import Need


@dataclass(frozen=True)
class Verdict:
    """What one criterion says about one helper and one job.

    ``because`` is one plain sentence without a full stop. It is written for co-ordinators: where
    ``safeguarding`` is set it may say what is nobody else's business.
    """

    slug: str
    label: StrOrPromise
    holds: bool
    because: str
    safeguarding: bool


@dataclass(frozen=True)
class Explanation:
    """All verdicts about one helper and one job, in the criteria's order."""

    verdicts: tuple[Verdict, ...]

    @property
    def eligible(self) -> bool:
        """Whether every criterion holds."""
        return not self.failed

    @property
    def failed(self) -> tuple[Verdict, ...]:
        """The verdicts that stand in the way."""
        return tuple(verdict for verdict in self.verdicts if not verdict.holds)


def explain(job: Job | Need, helper: Helper) -> Explanation:
    """Say of each criterion whether it holds for the pair, and why.

    Costs one query for the community, one for all verdicts, and what :meth:`Need.of` costs where a job is given.
    Raises ``Helper.DoesNotExist`` where the helper is not saved.
    """
    explained = explain_each(job, [helper])
    if helper.pk not in explained:
        raise Helper.DoesNotExist
    return explained[helper.pk]


def explain_each(job: Job | Need, helpers: Iterable[Helper]) -> dict[int, Explanation]:
    """As :func:`explain`, for several helpers of one job in the same number of queries: helper's id → explanation."""
    asked = conditions_for(job)
    need, conditions = asked.need, asked.conditions
    columns: dict[str, Any] = {}
    for number, (criterion, condition) in enumerate(conditions):
        columns[f"holds_{number}"] = Exists(Helper.objects.filter(condition, pk=OuterRef("pk")))
        columns.update(criterion.facts(need))
    rows: Any = Helper.objects.select_related("person").annotate(**columns)
    explained = {}
    for row in rows.filter(pk__in=[helper.pk for helper in helpers]):
        verdicts = []
        for number, (criterion, _condition) in enumerate(conditions):
            holds = bool(getattr(row, f"holds_{number}"))
            because = criterion.because(need, row, holds)
            verdicts.append(Verdict(criterion.slug, criterion.label, holds, because, criterion.safeguarding))
        explained[row.pk] = Explanation(tuple(verdicts))
    return explained
