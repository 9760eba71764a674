"""How many helpers could do a job, and which single need costs most of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef

from community_help.matching.engine import conditions_for, or_waived
from community_help.people.profiles import Helper

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from community_help.jobs.job import Job
    from community_help.matching.need import Need


@dataclass(frozen=True)
class Cost:
    """What one criterion costs: ``count`` helpers with it, ``without`` if it were not there.

    ``passing`` is how many meet this one, whatever the others say; ``asks`` is what the need asks here
    («needs a car»).
    """

    slug: str
    label: StrOrPromise
    asks: str
    passing: int
    without: int
    count: int
    safeguarding: bool

    @property
    def lost(self) -> int:
        """How many helpers fail this criterion and no other."""
        return self.without - self.count


@dataclass(frozen=True)
class Supply:
    """How many helpers could do the job, and what each criterion costs, in the criteria's order."""

    count: int
    costs: tuple[Cost, ...]

    @property
    def dearest(self) -> Cost | None:
        """The criterion without which most would be added; ``None`` where none alone adds anybody."""
        dearest = max(self.costs, key=lambda cost: cost.lost, default=None)
        return dearest if dearest is not None and dearest.lost else None


def supply(job: Job | Need) -> Supply:
    """Count the helpers for a job, with and without each criterion.

    One query counts the helpers by which criteria they meet; the sums are made of that. Costs one more
    for the community, and what :meth:`Need.of` costs where a job is given.
    """
    asked = conditions_for(job)
    need, conditions, waived = asked.need, asked.conditions, asked.waived()
    columns = {
        f"holds_{number}": Exists(Helper.objects.filter(or_waived(criterion, condition, waived), pk=OuterRef("pk")))
        for number, (criterion, condition) in enumerate(conditions)
    }
    groups = Helper.objects.annotate(**columns).values_list(*columns).annotate(Count("pk")).order_by()
    met = [(holds, number) for *holds, number in groups]

    def total(*, meeting: set[int]) -> int:
        return sum(number for holds, number in met if all(holds[index] for index in meeting))

    everything = set(range(len(conditions)))
    count = total(meeting=everything)
    costs = tuple(
        Cost(
            slug=criterion.slug,
            label=criterion.label,
            asks=criterion.asks(need),
            passing=total(meeting={index}),
            without=total(meeting=everything - {index}),
            count=count,
            safeguarding=criterion.safeguarding,
        )
        for index, (criterion, _condition) in enumerate(conditions)
    )
    return Supply(count, costs)
