"""The questions that the table of permissions is made of. Each reads aloud; each is cheap.

A predicate answers for a saved Person only: nobody, an account and a stranger's object are all «no».
Roles are read once a request (they are remembered on the Person object).
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from rules.predicates import predicate

from community_help import matching
from community_help.access.actors import helper_of
from community_help.jobs.call import Call
from community_help.jobs.call_back import CallBack
from community_help.jobs.decision import Decision
from community_help.jobs.job import Job
from community_help.jobs.offer import Ask, Offer
from community_help.jobs.task_type import TaskType
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import JobState
from community_help.people.community import Area
from community_help.people.person import Person
from community_help.people.profiles import Buddy, Helper, HelperState, NeverPair, Requester
from community_help.people.roles import Role, has_role
from community_help.privacy.reach import coordinates_anywhere, coordinates_area, reaches
from community_help.safeguarding.background_checks import Check

if TYPE_CHECKING:
    from collections.abc import Callable


def _predicate(question: Callable[[Person, Any], bool]) -> Any:
    """Make a predicate that composes with ``& | ~`` and that only a saved Person can pass.

    ``user.has_perm`` of a site with the rules backend asks the same names with an account: it gets no.
    """

    @wraps(question)
    def answer(actor: object, obj: object = None) -> bool:
        return isinstance(actor, Person) and not actor._state.adding and question(actor, obj)

    return predicate(answer)  # type: ignore[no-untyped-call]  # rules ships no types


def job_of(obj: object) -> Job | None:
    """The job that an object is about."""
    if isinstance(obj, Job):
        return obj
    if isinstance(obj, Offer | Ask | Event | CallBack):
        return obj.job
    if isinstance(obj, Decision):
        return obj.offer.job if obj.offer is not None else None
    return None


def person_id_of(obj: object) -> int | None:
    """The person whom an object that is about no job is about."""
    person_id: int | None = None
    if isinstance(obj, Person | Helper | Requester):
        person_id = obj.pk
    elif isinstance(obj, Event):
        person_id = obj.person_id
    elif isinstance(obj, Check):
        person_id = obj.helper_id
    elif isinstance(obj, Buddy | NeverPair | CallBack | Decision):
        person_id = obj.requester_id
    return person_id


@_predicate
def coordinates(actor: Person, _obj: object) -> bool:
    """A co-ordinator, of whatever area."""
    return coordinates_anywhere(actor)


@_predicate
def coordinates_there(actor: Person, obj: object) -> bool:
    """A co-ordinator of the area where the object is, or of the person whom it is about."""
    if isinstance(obj, Area):
        return coordinates_area(actor, obj.pk)
    if job := job_of(obj):
        return coordinates_area(actor, job.area_id)
    person_id = person_id_of(obj)
    return person_id is not None and reaches(actor, person_id)


@_predicate
def leads_safeguarding(actor: Person, _obj: object) -> bool:
    """A safeguarding lead."""
    return has_role(actor, Role.SAFEGUARDING_LEAD)


@_predicate
def leads_data_protection(actor: Person, _obj: object) -> bool:
    """A data-protection lead."""
    return has_role(actor, Role.DATA_PROTECTION_LEAD)


@_predicate
def administers(actor: Person, _obj: object) -> bool:
    """An administrator."""
    return has_role(actor, Role.ADMINISTRATOR)


@_predicate
def is_a_kind_of_job(_actor: Person, obj: object) -> bool:
    """What the community decides about."""
    return isinstance(obj, TaskType)


@_predicate
def helps(actor: Person, _obj: object) -> bool:
    """A helper who is neither suspended nor gone."""
    return helper_of(actor) is not None


@_predicate
def is_approved(actor: Person, _obj: object) -> bool:
    """A helper who may be asked."""
    helper = helper_of(actor)
    return helper is not None and helper.state == HelperState.APPROVED


@_predicate
def is_the_helper(actor: Person, obj: object) -> bool:
    """The helper whose offer, answer, check or pair of buddies it is, or who it is."""
    if isinstance(obj, Offer | Ask | Check | Decision | Buddy):
        return bool(obj.helper_id == actor.pk)
    return isinstance(obj, Helper) and obj.pk == actor.pk


@_predicate
def is_about_a_person(_actor: Person, obj: object) -> bool:
    """A person, a check, or a pair that is kept apart."""
    return person_id_of(obj) is not None


@_predicate
def is_oneself(actor: Person, obj: object) -> bool:
    """The very person."""
    return isinstance(obj, Person | Helper | Requester) and obj.pk == actor.pk


@_predicate
def took_the_call(actor: Person, obj: object) -> bool:
    """Who took the call."""
    return isinstance(obj, Call) and obj.taken_by_id == actor.pk


@_predicate
def did_it(actor: Person, obj: object) -> bool:
    """Who acted in the event."""
    return isinstance(obj, Event) and obj.actor_id == actor.pk


@_predicate
def asked_for_it(actor: Person, obj: object) -> bool:
    """The requester of the job."""
    job = job_of(obj)
    return job is not None and job.requester_id == actor.pk


@_predicate
def is_submitted(_actor: Person, obj: object) -> bool:
    """A job that waits for a co-ordinator."""
    return isinstance(obj, Job) and obj.state == JobState.SUBMITTED


@_predicate
def has_nobody_yet(_actor: Person, obj: object) -> bool:
    """A job to which no helper was ever ratified."""
    return isinstance(obj, Job) and not obj.offers.filter(ratified_at__isnull=False).exists()


@_predicate
def fits(actor: Person, obj: object) -> bool:
    """A job that was opened, and that the helper matches now; of their own «not this one» they may think again."""
    helper = helper_of(actor)
    if not isinstance(obj, Job) or helper is None or not obj.opening:
        return False
    return matching.matches(obj, helper, without=matching.NOT_THIS_ONE)


@_predicate
def is_open(_actor: Person, obj: object) -> bool:
    """A job that is open for offers."""
    return isinstance(obj, Job) and obj.state == JobState.OPEN


@_predicate
def has_offered(actor: Person, obj: object) -> bool:
    """A job for which this helper has offered, whatever came of it."""
    return isinstance(obj, Job) and obj.offers.filter(helper=actor.pk).exists()


@_predicate
def was_asked(actor: Person, obj: object) -> bool:
    """A job about which this helper was asked."""
    return isinstance(obj, Job) and obj.asks.filter(helper=actor.pk).exists()


@_predicate
def is_kept_apart(actor: Person, obj: object) -> bool:
    """A job of somebody whom this helper must never meet."""
    return isinstance(obj, Job) and NeverPair.objects.between(actor.pk, obj.requester_id).exists()
