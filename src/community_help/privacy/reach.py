"""Whom a co-ordinator's areas reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from community_help.people.person import Person
from community_help.people.profiles import Helper, NeverPair, Requester
from community_help.people.roles import coordinator_areas

if TYPE_CHECKING:
    from collections.abc import Collection


#: Conditions over any table. The empty ``Q()`` is not «everybody»: joined by ``|`` to another it vanishes.
EVERYTHING = ~Q(pk__in=())
NOTHING = Q(pk__in=())


def coordinates_anywhere(actor: Person | None) -> bool:
    """Whether the actor is a co-ordinator of at least one area."""
    if actor is None or actor.pk is None:
        return False
    areas = coordinator_areas(actor)
    return areas is None or bool(areas)


def coordinates_area(actor: Person | None, area_id: int | None) -> bool:
    """Whether the actor co-ordinates this area; ``None`` is nowhere yet, and so any co-ordinator's."""
    if not coordinates_anywhere(actor):
        return False
    areas = coordinator_areas(actor) if actor else set()
    return areas is None or area_id is None or area_id in areas


def people_within(areas: Collection[int] | None) -> Q:
    """A condition over Person: requesters of these areas, helpers who cover one, and both kinds without an area yet.

    :param areas: ids; ``None`` means all, and reaches people who are neither helper nor requester too
    """
    if areas is None:
        return EVERYTHING
    covering = Helper.areas.through.objects.filter(area__in=areas).values("helper_id")
    placeless = Helper.objects.filter(areas=None).values("pk")
    living = Requester.objects.filter(Q(area__in=areas) | Q(area=None)).values("pk")
    return Q(pk__in=living) | Q(pk__in=covering) | Q(pk__in=placeless)


def reached_by(actor: Person | None) -> Q:
    """A condition over Person: everybody whom this co-ordinator's areas reach; nobody for anyone else.

    Never somebody from whom they are kept apart: a co-ordinator may be a helper too, or need help.
    """
    if actor is None or not coordinates_anywhere(actor):
        return NOTHING
    return people_within(coordinator_areas(actor)) & ~kept_apart_from(actor)


def kept_apart_from(actor: Person) -> Q:
    """A condition over Person: from whom the actor is kept apart, as helper or as requester."""
    as_helper = NeverPair.objects.filter(helper=actor.pk).values("requester")
    as_requester = NeverPair.objects.filter(requester=actor.pk).values("helper")
    return Q(pk__in=as_helper) | Q(pk__in=as_requester)


def reaches(actor: Person | None, person_id: int) -> bool:
    """Whether the actor is a co-ordinator whose areas reach this person."""
    return Person.objects.filter(reached_by(actor), pk=person_id).exists()
