"""Rows for tests: each function makes one thing that is complete and plausible, and returns it.

They write straight to the tables where a test wants a state, and go through the services where it wants
a story. Every name is counted, so that two calls never clash.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from community_help.jobs.job import Job, Timing
from community_help.jobs.offer import Offer
from community_help.jobs.registry import job_model_of
from community_help.jobs.task_type import TaskType, Urgency
from community_help.lifecycle.table import JobState, OfferState
from community_help.people.community import Area, Community, Skill
from community_help.people.person import Person
from community_help.people.profiles import Helper, HelperState, Requester
from community_help.people.roles import Role, RoleGrant
from community_help.privacy.contacts import write_contact
from community_help.safeguarding.background_checks import Check, CheckDecision, CheckLevel
from community_help.services._derived import set_days, write_slots

if TYPE_CHECKING:
    from collections.abc import Iterable

_number = count(1)


def make_user(name: str = "") -> Any:
    """An account of whatever model the site uses, with the password «secret»."""
    model = get_user_model()
    username = name or f"user{next(_number)}"
    user = model(**{model.USERNAME_FIELD: f"{username}@example.org" if model.USERNAME_FIELD == "email" else username})
    user.set_password("secret")
    user.save()
    return user


def make_person(name: str = "", *, account: bool = True, contact: dict[str, str] | None = None) -> Person:
    """A person with an account (unless not wanted) and contact details from Ofcom's drama range."""
    n = next(_number)
    name = name or f"Pat Example{n}"
    user = make_user(f"user{n}") if account else None
    person = Person.objects.create(name=name, known_as=name.split()[0], user=user)
    details = {"phone": f"0117 496 {n % 1000:04d}", "email": f"person{n}@example.org"}
    write_contact(person, **(details if contact is None else contact))
    return person


def no_quiet_hours() -> Community:
    """A community in which urgent jobs are told of at any hour: what is tried at night is then told at once."""
    none = {"quiet_from": time(0), "quiet_until": time(0)}
    community, _made = Community.objects.update_or_create(pk=1, defaults=none)
    return community


def make_area(name: str = "") -> Area:
    """An area."""
    n = next(_number)
    return Area.objects.create(name=name or f"Area {n}", slug=f"area-{n}")


def make_skill(name: str = "a car", *, phrase: str = "drives") -> Skill:
    """A skill."""
    return Skill.objects.create(name=name, phrase=phrase, slug=f"skill-{next(_number)}")


def make_check_level(name: str = "Enhanced DBS", *, includes: Iterable[CheckLevel] = ()) -> CheckLevel:
    """A level of checks."""
    level = CheckLevel.objects.create(name=name, slug=f"level-{next(_number)}")
    level.includes.add(*includes)
    return level


def make_task_type(name: str = "Shopping", *, job_model: str = "community_help.shoppingjob", **fields: Any) -> TaskType:
    """A kind of job; shopping unless said otherwise."""
    if fields.get("check_level") is not None:
        fields.setdefault("check_reason", "alone with somebody at home")
    return TaskType.objects.create(name=name, slug=f"type-{next(_number)}", job_model=job_model, **fields)


def make_coordinator(name: str = "", *, areas: Iterable[Area] | None = None, **person: Any) -> Person:
    """A person with the co-ordinator's role: for these areas, or for all when ``None``."""
    someone = make_person(name or f"Ama Coord{next(_number)}", **person)
    grant_directly(someone, Role.COORDINATOR, areas=areas)
    return someone


def grant_directly(person: Person, role: Role, *, areas: Iterable[Area] | None = None) -> RoleGrant:
    """A role without asking anybody."""
    grant = RoleGrant.objects.create(
        person=person, role=role, all_areas=areas is None, since=timezone.now() - timedelta(minutes=1)
    )
    grant.areas.add(*areas or [])
    return grant


def make_helper(
    name: str = "",
    *,
    areas: Iterable[Area] = (),
    task_types: Iterable[TaskType] = (),
    skills: Iterable[Skill] = (),
    state: HelperState = HelperState.APPROVED,
    **person: Any,
) -> Helper:
    """A helper, approved unless said otherwise."""
    approved = timezone.now() if state == HelperState.APPROVED else None
    someone = make_person(name or f"Tom Helper{next(_number)}", **person)
    helper = Helper.objects.create(person=someone, state=state, approved_at=approved)
    helper.areas.add(*areas)
    helper.task_types.add(*task_types)
    helper.skills.add(*skills)
    return helper


def make_matching_helper(job: Job, name: str = "", **fields: Any) -> Helper:
    """A helper who fits the job: area, kind, skills and check."""
    helper = make_helper(name, areas=[job.area], task_types=[job.task_type], skills=job.skills.all(), **fields)
    if job.check_level is not None:
        make_check(helper, job.check_level)
    return helper


def make_check(helper: Helper, level: CheckLevel, **fields: Any) -> Check:
    """A check that holds from a year ago and for two years more, unless said otherwise."""
    today = date.today()  # noqa: DTZ011  a year either way
    held = {
        "issued_on": today - timedelta(days=365),
        "recheck_on": today + timedelta(days=730),
        "decision": CheckDecision.ACCEPTED,
        "seen_on": today - timedelta(days=360),
    }
    return Check.objects.create(helper=helper, level=level, **{**held, **fields})


def make_requester(name: str = "", *, area: Area | None = None, warnings: str = "", **person: Any) -> Requester:
    """Somebody who needs help, without an account."""
    someone = make_person(name or f"Doreen Caller{next(_number)}", **{"account": False, **person})
    return Requester.objects.create(person=someone, area=area or make_area(), warnings=warnings)


def make_job(
    *,
    state: JobState = JobState.DRAFT,
    task_type: TaskType | None = None,
    requester: Requester | None = None,
    area: Area | None = None,
    skills: Iterable[Skill] = (),
    **fields: Any,
) -> Job:
    """A job in a state that needs no offers (draft, submitted, open, cancelled, expired), written directly.

    Its time is flexible unless ``timing``, ``earliest`` and ``latest`` say otherwise.
    """
    now = timezone.now()
    task_type = task_type or make_task_type()
    requester = requester or make_requester(area=area)
    stamps: dict[str, Any] = {}
    if state not in {JobState.DRAFT, JobState.SUBMITTED}:
        stamps |= {"opening": 1, "opened_at": now}
    if state == JobState.CANCELLED:
        stamps["cancelled_at"] = now
    if state == JobState.EXPIRED:
        stamps["expired_at"] = now
    begin = {"title": f"{task_type.name} {next(_number)}", "timing": Timing.FLEXIBLE, "urgency": Urgency.SOON}
    job: Job = job_model_of(task_type)(
        task_type=task_type,
        requester=requester,
        area=area or requester.area or make_area(),
        state=state,
        **{**begin, "check_level": task_type.check_level, **stamps, **fields},
    )
    community = Community.current()
    set_days(job, community)
    job.save()
    job.skills.add(*skills)
    write_slots(job, community)
    return job


def make_open_job(**fields: Any) -> Job:
    """A job that is open for offers."""
    return make_job(state=JobState.OPEN, **fields)


def make_offer_row(
    job: Job, helper: Helper | None = None, *, state: OfferState = OfferState.OFFERED, **fields: Any
) -> Offer:
    """An offer written directly, in any state; the job's own row is left as it is."""
    now = timezone.now()
    ratified = {
        OfferState.RATIFIED,
        OfferState.COMPLETED,
        OfferState.RELEASED,
        OfferState.STOOD_DOWN,
        OfferState.NO_SHOW,
    }
    stamps: dict[str, Any] = {}
    if state in ratified:
        stamps["ratified_at"] = now
        stamps["safe_word"] = "bluebell"
    if state not in {OfferState.OFFERED, OfferState.RATIFIED}:
        stamps["ended_at"] = now
    helper = helper or make_matching_helper(job)
    return Offer.objects.create(
        job_id=job.pk,
        helper=helper,
        requester_id=job.requester_id,
        opening=max(job.opening, 1),
        state=state,
        made_by=helper.person,
        **{**stamps, **fields},
    )
