"""Whom to ask first among those who may be asked, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django.db.models import F, FloatField, Value

from community_help.matching.engine import conditions_for, helpers_for
from community_help.matching.moment import Moment
from community_help.matching.preference import load_preferences

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from community_help.jobs.job import Job
    from community_help.matching.engine import Asked
    from community_help.matching.need import Need
    from community_help.matching.preference import Preference
    from community_help.people.community import Community
    from community_help.people.profiles import Helper


@dataclass(frozen=True)
class Best:
    """A helper, with their person, and why they come where they come: the weightiest reason first."""

    helper: Helper
    reasons: tuple[str, ...]


def best(job: Job | Need | Asked, *, most: int, but: Collection[int] = ()) -> list[Best]:
    """The helpers to ask first, in the order that the community's weights make of its preferences.

    One query, whatever their number, besides what :func:`~community_help.matching.helpers_for` costs. Where
    two weigh the same, who has been here longer comes first: the order is the same each time.

    :param most: how many at most
    :param but: the primary keys of helpers who are left out
    """
    asked = conditions_for(job)
    rows = helpers_for(asked)
    ranking = Ranking.of(asked)
    ranked: Any = rows.exclude(pk__in=list(but)) if but else rows
    return ranking.told(ranked.annotate(**ranking.scores).alias(total=ranking.total).order_by("-total", "pk")[:most])


@dataclass(frozen=True)
class Ranking:
    """What the order of the helpers for a job is made of.

    :param preferences: those that count, the weightiest first, each with its weight
    """

    asked: Asked
    preferences: Sequence[tuple[Preference, int]]

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """By the community's weights."""
        moment = Moment.of(asked.community)
        weighed = [(made(moment), weight_of(made, asked.community)) for made in load_preferences()]
        return cls(asked, sorted((each for each in weighed if each[1]), key=lambda each: -each[1]))

    @property
    def names(self) -> list[str]:
        """The columns of :attr:`scores`, in the order of the preferences."""
        return [f"score_{number}" for number in range(len(self.preferences))]

    @property
    def scores(self) -> dict[str, Any]:
        """A column over ``Helper`` for each preference."""
        made = (preference.score(self.asked.need) for preference, _weight in self.preferences)
        return dict(zip(self.names, made, strict=True))

    @property
    def total(self) -> Any:
        """What the columns come to."""
        total: Any = Value(0.0, output_field=FloatField())
        for name, (_preference, weight) in zip(self.names, self.preferences, strict=True):
            total += F(name) * Value(float(weight))
        return total

    @property
    def total_in_sql(self) -> str:
        """The same of columns that are there already, to the last bit."""
        weighed = (
            f"{name} * {float(weight)}" for name, (_made, weight) in zip(self.names, self.preferences, strict=True)
        )
        return " + ".join(["0.0", *weighed])

    def told(self, rows: Any, scores: Mapping[int, Sequence[float]] | None = None) -> list[Best]:
        """The helpers with their reasons: one query.

        :param rows: in their order and with their scores, or in no order, with ``scores``
        :param scores: primary key → the score of each preference, in the order in which the helpers come
        """
        read = list(rows.select_related("person").annotate(**self.asked.facts))
        if scores is not None:
            order = list(scores)
            read.sort(key=lambda row: order.index(row.pk))
            for row in read:
                vars(row).update(zip(self.names, scores[row.pk], strict=True))
        return [Best(row, (*_preferred(self, row), *_fitting(self.asked, row))) for row in read]


def weight_of(preference: type[Preference], community: Community) -> int:
    """How much a preference counts: what the community chose, else what it has at first."""
    chosen: int = community.preference_weights.get(preference.slug, preference.weight)
    return chosen


def _preferred(ranking: Ranking, row: Any) -> list[str]:
    said = (
        preference.because(ranking.asked.need, row, getattr(row, name))
        for name, (preference, _weight) in zip(ranking.names, ranking.preferences, strict=True)
    )
    return [words for words in said if words]


def _fitting(asked: Asked, row: Any) -> list[str]:
    criteria = [criterion for criterion, _condition in asked.conditions][::-1]
    holding = (criterion for criterion in criteria if row.pk not in asked.waived.get(criterion.slug, ()))
    return [criterion.because(asked.need, row, True) for criterion in holding if criterion.tells(asked.need, row)]
