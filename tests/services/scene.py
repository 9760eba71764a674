"""One job in any state, with the offers and the people that a move needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from community_help.lifecycle.table import TABLE, JobState, OfferState
from community_help.testing import factories as make

if TYPE_CHECKING:
    from community_help.jobs.job import Job
    from community_help.jobs.offer import Offer
    from community_help.people.person import Person
    from community_help.people.profiles import Helper


@dataclass
class Scene:
    """Who is on stage."""

    job: Job
    coordinator: Person
    helper: Helper
    offer: Offer | None = None


def open_job(**fields: Any) -> Scene:
    """An open job, a co-ordinator and a helper who fits."""
    job = make.make_open_job(**fields)
    return Scene(job, make.make_coordinator("Ama Mensah"), make.make_matching_helper(job, "Tom Aldous"))


def job_in(state: str, action: str) -> Scene:
    """A job in the state; where the action is about an offer, one in the state that the action needs."""
    now = timezone.now()
    wanted = TABLE[action].offer if action in TABLE else None
    full = state in {JobState.ASSIGNED, JobState.REPORTED, JobState.CLOSED}
    ratified = wanted == OfferState.RATIFIED
    fields: dict[str, Any] = {
        "places": 2 if ratified and not full else 1,
        "places_filled": 1 if ratified or full else 0,
    }
    if state in {JobState.ASSIGNED, JobState.REPORTED, JobState.CLOSED}:
        fields |= {"opening": 1, "opened_at": now}
    if state in {JobState.REPORTED, JobState.CLOSED}:
        fields["reported_at"] = now
    if state == JobState.CLOSED:
        fields["closed_at"] = now
    job = make.make_job(state=JobState(state), **fields)
    scene = Scene(job, make.make_coordinator("Ama Mensah"), make.make_matching_helper(job, "Tom Aldous"))
    if wanted is not None:
        scene.offer = make.make_offer_row(job, scene.helper, state=OfferState(wanted))
    if full and not ratified:
        make.make_offer_row(job, state=OfferState.RATIFIED)
    return scene
