"""How many helpers could do a job, and which single need costs most of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Count, Value

from community_help.jobs.waiver import Waiver
from community_help.matching.engine import anyway, conditions_for, helpers_for, meeting_all, or_waived, with_columns
from community_help.matching.how_many import how_many
from community_help.matching.need import Need
from community_help.people.community import Community
from community_help.people.profiles import Helper

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import Q, QuerySet
    from django_stubs_ext import StrOrPromise

    from community_help.jobs.job import Job
    from community_help.matching.engine import Asked


@dataclass(frozen=True)
class Cost:
    """What one criterion costs: ``count`` helpers with it, ``without`` if it were not there.

    ``asks`` is what the need asks here («needs a car»).
    """

    slug: str
    label: StrOrPromise
    asks: str
    without: int
    count: int
    safeguarding: bool
    can_be_waived: bool

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


def supply(job: Job | Need | Asked) -> Supply:
    """Count the helpers for a job, with and without each criterion.

    Two queries. One counts, among the helpers who pass the narrowest criterion, by which others they fail; one
    counts those who would come without it. Where somebody said «ask anyway» of the job, one more looks at those
    helpers alone. Costs besides what :func:`~community_help.matching.helpers_for` does before it asks.
    """
    near = Near.of(conditions_for(job))
    return supply_of_groups(near, near.rows.values_list(*near.names).annotate(Count("pk")).order_by())


def supply_of_groups(near: Near, groups: Iterable[Sequence[Any]]) -> Supply:
    """As :func:`supply`, of those near when they have been counted.

    :param groups: whether each of the ``others`` holds, and of how many
    """
    asked, failing = near.asked, _summed(near.others, groups)
    if near.narrowest is not None:
        rows = Helper.objects.exclude(pk__in=near.apart) if near.apart else Helper.objects.all()
        failing[near.narrowest] = how_many(rows, near.others.values()) - failing[None]
    failing += _failing_anyway(near)
    count = failing.pop(None, 0)
    costs = tuple(
        Cost(
            slug=criterion.slug,
            label=criterion.label,
            asks=criterion.asks(asked.need),
            without=count + failing[number],
            count=count,
            safeguarding=criterion.safeguarding,
            can_be_waived=criterion.can_be_waived(),
        )
        for number, (criterion, _condition) in enumerate(asked.conditions)
    )
    return Supply(count, costs)


def passing(job: Job | Need | Asked) -> dict[str, int]:
    """Slug → how many helpers meet that criterion, whatever the others say. For no screen that waits while one types.

    One query goes through all helpers once for each criterion.
    """
    asked = conditions_for(job)
    waived = asked.waived
    parts = []
    for number, (criterion, condition) in enumerate(asked.conditions):
        alone = replace(asked, conditions=((criterion, condition),), waivers=waived)
        parts.append(_counted(helpers_for(alone), number))
    found = dict(_all_of(parts))
    return {criterion.slug: found.get(number, 0) for number, (criterion, _condition) in enumerate(asked.conditions)}


def supply_of_each(jobs: Iterable[Job]) -> dict[int, int]:
    """The job's primary key → how many helpers could do it, for a list.

    Three queries, however many jobs: the community, what is overlooked, one count.

    :param jobs: with their task type, area, check level and skills loaded, or each costs what reading those does
    """
    community = Community.current()
    asked = [
        conditions_for(Need.of(job, skills=job.skills.all(), zone=community.zone), community=community) for job in jobs
    ]
    waivers = _waivers_of([each for each in asked if each.is_opening])
    parts = []
    for each in asked:
        job: Any = each.need.job
        parts.append(_counted(helpers_for(replace(each, waivers=waivers.get(job.pk, {}))), job.pk))
    return {each.need.job.pk: 0 for each in asked if each.need.job is not None} | dict(_all_of(parts))


@dataclass(frozen=True)
class Near:
    """The helpers who pass the narrowest criterion, each with whether they pass each other that asks something.

    Who fails at most one criterion is one of these few, or fails the narrowest and passes all others.

    :param narrowest: its number; ``None`` where no criterion asks anything
    :param others: number → condition
    :param names: the columns of ``rows`` that say so, in the order of ``others``
    :param apart: the helpers for whom something is overlooked, who are not among them
    """

    asked: Asked
    narrowest: int | None
    others: Mapping[int, Q]
    rows: QuerySet[Helper]
    apart: Sequence[int]

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """One query, where the job may have waivers."""
        asking = {number: condition for number, (_criterion, condition) in enumerate(asked.conditions) if condition}
        narrowest = _narrowest(asked)
        apart = anyway(asked.conditions, asked.waived)
        rows = Helper.objects.exclude(pk__in=apart) if apart else Helper.objects.all()
        if narrowest is not None:
            rows = meeting_all(rows, [asking.pop(narrowest)])
        return cls(asked, narrowest, asking, with_columns(rows.order_by(), _named(asking)), apart)

    @property
    def names(self) -> list[str]:
        return list(_named(self.others))


def _failing_anyway(near: Near) -> Counter[int | None]:
    """As :func:`_summed`, of those for whom something is overlooked."""
    if not near.apart:
        return Counter()
    asked, waived = near.asked, near.asked.waived
    asking = {
        number: or_waived(criterion, condition, waived)
        for number, (criterion, condition) in enumerate(asked.conditions)
        if condition
    }
    told = with_columns(Helper.objects.filter(pk__in=near.apart).order_by(), _named(asking))
    return _summed(asking, told.values_list(*_named(asking)).annotate(Count("pk")))


def _summed(asking: Mapping[int, Q], rows: Iterable[Sequence[Any]]) -> Counter[int | None]:
    """Number of a criterion → how many fail it and no other; ``None`` → how many fail none."""
    found: Counter[int | None] = Counter()
    for *answers, number in rows:
        failed = [index for index, holds in zip(asking, answers, strict=True) if not holds]
        if len(failed) <= 1:
            found[failed[0] if failed else None] += number
    return found


def _narrowest(asked: Asked) -> int | None:
    """The number of the criterion that leaves the fewest: where the job is, else the first that can be waived.

    Another choice would give the same answer, later.
    """

    def width(number: int) -> tuple[bool, bool, int]:
        criterion = asked.conditions[number][0]
        return not criterion.about_place, not criterion.can_be_waived(), number

    asking = (number for number, (_criterion, condition) in enumerate(asked.conditions) if condition)
    return min(asking, key=width, default=None)


def _named(asking: Mapping[int, Q]) -> dict[str, Q]:
    return {f"holds_{number}": condition for number, condition in asking.items()}


def _counted(rows: QuerySet[Helper], key: int) -> Any:
    return (
        rows.order_by().annotate(key=Value(key)).values("key").annotate(number=Count("pk")).values_list("key", "number")
    )


def _all_of(parts: list[Any]) -> Any:
    """The rows of all, in one query; nobody counted is no row."""
    if not parts:
        return []
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


def _waivers_of(asked: list[Asked]) -> dict[int, dict[str, list[int]]]:
    """Job's primary key → slug → the helpers who are asked anyway."""
    openings = {job.pk: job.opening for each in asked if (job := each.need.job) is not None}
    found: dict[int, dict[str, list[int]]] = {}
    rows = Waiver.objects.filter(job__in=openings).order_by().values_list("job", "opening", "criterion", "helper")
    for pk, opening, slug, helper in rows:
        if opening == openings[pk]:
            found.setdefault(pk, {}).setdefault(slug, []).append(helper)
    return found
