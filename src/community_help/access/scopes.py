"""What of each table a person may see at all: lists and look-ups begin here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from community_help import matching
from community_help.access.actors import helper_of
from community_help.access.policy import allows
from community_help.jobs.call import Call
from community_help.jobs.call_back import CallBack
from community_help.jobs.decision import Decision
from community_help.jobs.job import Job
from community_help.jobs.offer import Ask, Offer, Report
from community_help.lifecycle.event import Event
from community_help.people.person import Person
from community_help.people.profiles import Buddy, Helper, NeverPair, Requester
from community_help.people.roles import Role, coordinator_areas, has_role
from community_help.privacy.access_log import AccessLog
from community_help.privacy.reach import EVERYTHING, NOTHING, coordinates_anywhere, reached_by
from community_help.safeguarding.background_checks import Check

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model, QuerySet


def _in_areas(actor: Person, path: str) -> Q:
    """Rows whose area, at ``path``, the actor co-ordinates."""
    if not coordinates_anywhere(actor):
        return NOTHING
    areas = coordinator_areas(actor)
    return EVERYTHING if areas is None else Q(**{f"{path}__in": areas})


def _of_reached(actor: Person, path: str) -> Q:
    """Rows of people, at ``path``, whom the actor's areas reach."""
    return Q(**{f"{path}__in": Person.objects.filter(reached_by(actor)).values("pk")})


def _jobs(actor: Person) -> Q:
    seen = _in_areas(actor, "area") | Q(requester=actor.pk)
    helper = helper_of(actor)
    if helper is None:
        return seen
    kept_apart = NeverPair.objects.filter(helper=helper).values("requester_id")
    offered = Offer.objects.filter(helper=helper).exclude(requester__in=kept_apart).values("job_id")
    return seen | Q(pk__in=offered) | Q(pk__in=_fitting(helper))


def _fitting(helper: Helper) -> QuerySet[Any]:
    return matching.jobs_for(helper, without=matching.NOT_THIS_ONE).order_by().values("pk")


def _of_helper(actor: Person) -> Q:
    return Q(helper=actor.pk) if helper_of(actor) else NOTHING


def _checks(actor: Person) -> Q:
    return EVERYTHING if has_role(actor, Role.SAFEGUARDING_LEAD) else _of_reached(actor, "helper")


def _never_pairs(actor: Person) -> Q:
    return EVERYTHING if has_role(actor, Role.SAFEGUARDING_LEAD) else _of_reached(actor, "requester")


def _decisions(actor: Person) -> Q:
    """Of jobs and pairs in the actor's areas, and never about themselves."""
    there = _in_areas(actor, "offer__job__area") | Q(offer=None) & _of_reached(actor, "requester")
    return there & ~Q(helper=actor.pk)


_SCOPES: dict[type[Model], Callable[[Person], Q]] = {
    Job: _jobs,
    Offer: lambda actor: _in_areas(actor, "job__area") | _of_helper(actor),
    Report: lambda actor: _in_areas(actor, "offer__job__area") | Q(offer__helper=actor.pk),
    Ask: lambda actor: _in_areas(actor, "job__area") | _of_helper(actor),
    Event: lambda actor: _in_areas(actor, "job__area"),
    Decision: _decisions,
    Call: lambda actor: Q(taken_by=actor.pk) if coordinates_anywhere(actor) else NOTHING,
    CallBack: lambda actor: _in_areas(actor, "job__area") | Q(job=None) & _of_reached(actor, "requester"),
    Person: lambda actor: reached_by(actor) | Q(pk=actor.pk),
    Requester: lambda actor: _of_reached(actor, "pk") | Q(pk=actor.pk),
    Helper: lambda actor: _of_reached(actor, "pk") | Q(pk=actor.pk),
    Check: _checks,
    Buddy: lambda actor: _of_reached(actor, "requester"),
    NeverPair: _never_pairs,
    AccessLog: lambda actor: EVERYTHING if allows(actor, "view_access_log") else NOTHING,
}


def jobs_coordinated_by(actor: Person) -> QuerySet[Job]:
    """The jobs of the areas that the person co-ordinates: what a desk shows.

    Less than :func:`visible_to`, which has those too of which a helper or a requester sees one side.
    """
    return Job.objects.filter(_in_areas(actor, "area"))


def visible_to(actor: Person | None, model: type[Model]) -> QuerySet[Any]:
    """The rows of this model that the person may see; none for nobody.

    Seeing that a row is there is not reading its details: those are behind ``privacy.disclosure``.

    Raises ``TypeError`` for a model that has no scope, contact details among them.
    """
    scope = _SCOPES.get(model)
    if scope is None:
        raise TypeError(f"{model.__name__} has no scope in access/scopes.py")
    if actor is None or actor.pk is None:
        return model._default_manager.none()
    return model._default_manager.filter(scope(actor))
