"""Who looks at a helper's page, and what of the tables they may open at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest

from community_help.access.actors import helper_of
from community_help.access.policy import allows, require
from community_help.exceptions import NotAllowed
from community_help.jobs.job import Job
from community_help.jobs.offer import Offer

if TYPE_CHECKING:
    from uuid import UUID

    from community_help.people.person import Person
    from community_help.people.profiles import Helper


class Visit(HttpRequest):
    """A request as the guard of a route hands it on: somebody is signed in, and helps."""

    actor: Person


def helper_in(request: Visit) -> Helper:
    """The helper who looks. Raises ``NotAllowed`` for anybody else, which the guard answers with 404."""
    helper = helper_of(request.actor)
    if helper is None:
        raise NotAllowed("use_portal")
    return helper


def find_job(uuid: UUID) -> Job:
    """The base row of a job, with what its public page shows and **without** its private text.

    Raises ``Http404`` when there is none.
    """
    rows = Job.objects.non_polymorphic().defer("private_details")
    job: Job | None = rows.select_related("task_type", "area", "check_level").filter(uuid=uuid).first()
    if job is None:
        raise Http404
    return job


def may_see(request: Visit, job: Job) -> bool:
    """Whether the helper may see the job's public side."""
    return allows(request.actor, "view_open_job", job)


def was_asked(helper: Helper, job: Job) -> bool:
    """Whether the helper was ever asked about the job: then they hear at least that it is no longer for them."""
    return job.asks.filter(helper=helper).exists()


def find_own_offer(request: Visit, uuid: UUID) -> Offer:
    """The helper's own offer, with its job's base row. For one of somebody else the answer is as for none: 404."""
    offers = Offer.objects.select_related("helper", "job__task_type", "job__area").defer("job__private_details")
    offer = offers.filter(uuid=uuid).first()
    if offer is None:
        raise Http404
    require(request.actor, "view_offer", offer)
    return offer
