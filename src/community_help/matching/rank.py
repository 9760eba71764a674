"""Whom to ask first among those who may be asked, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, FloatField, Value

from community_help.matching.engine import conditions_for, helpers_for
from community_help.matching.moment import Moment
from community_help.matching.preference import load_preferences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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


def best(job: Job | Need | Asked, *, most: int, but: Iterable[int] = ()) -> list[Best]:
    """The helpers to ask first, in the order that the community's weights make of its preferences.

    One query, whatever their number, besides what :func:`~community_help.matching.helpers_for` costs. Where
    two weigh the same, who has been here longer comes first: the order is the same each time.

    :param most: how many at most
    :param but: the primary keys of helpers who are left out
    """
    asked = conditions_for(job)
    preferences = _in_order(asked.community)
    columns: dict[str, Any] = {}
    total: Any = Value(0.0, output_field=FloatField())
    for number, (preference, weight) in enumerate(preferences):
        columns[f"score_{number}"] = preference.score(asked.need)
        total += F(f"score_{number}") * Value(float(weight))
    for criterion, _condition in asked.conditions:
        columns.update(criterion.facts(asked.need))
    rows: Any = helpers_for(asked).exclude(pk__in=list(but)).select_related("person").annotate(**columns)
    found = rows.alias(total=total).order_by("-total", "pk")[:most]
    return [Best(row, (*_preferred(asked, preferences, row), *_fitting(asked, row))) for row in found]


def weight_of(preference: type[Preference], community: Community) -> int:
    """How much a preference counts: what the community chose, else what it has at first."""
    chosen: int = community.preference_weights.get(preference.slug, preference.weight)
    return chosen


def _in_order(community: Community) -> list[tuple[Preference, int]]:
    """The preferences that count, the weightiest first, each with its weight."""
    moment = Moment.of(community)
    weighed = [(made(moment), weight_of(made, community)) for made in load_preferences()]
    return sorted((each for each in weighed if each[1]), key=lambda each: -each[1])


def _preferred(asked: Asked, preferences: Sequence[tuple[Preference, int]], row: Any) -> list[str]:
    said = (
        preference.because(asked.need, row, getattr(row, f"score_{number}"))
        for number, (preference, _weight) in enumerate(preferences)
    )
    return [words for words in said if words]


def _fitting(asked: Asked, row: Any) -> list[str]:
    criteria = [criterion for criterion, _condition in asked.conditions][::-1]
    return [criterion.because(asked.need, row, True) for criterion in criteria if criterion.tells(asked.need, row)]
