"""What matching reads of a job, saved or not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from community_help.jobs.job import Timing
from community_help.jobs.slots import days_of
from community_help.people.community import Community
from community_help.people.profiles import place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from community_help.jobs.job import Job
    from community_help.jobs.task_type import TaskType
    from community_help.people.community import Area, Skill
    from community_help.people.places import Position
    from community_help.safeguarding.background_checks import CheckLevel


@dataclass(frozen=True, kw_only=True)
class Need:
    """What one job needs, as far as it is known: ``None`` (or nothing) is what has not been said yet.

    ``first_day`` and ``last_day`` are in the community's days; both are ``None`` for a job without a time
    of its own, and ``first_day`` alone for «by». ``position`` is where the help is, as well as anybody knows.
    ``job`` is there for criteria that read fields of a job model of their own (see :attr:`Criterion.own_fields_of
    <community_help.matching.Criterion.own_fields_of>`): it may be unsaved, and is ``None`` while no kind of job is
    chosen.
    """

    task_type: TaskType | None = None
    requester_id: int | None = None
    area: Area | None = None
    skills: tuple[Skill, ...] = ()
    check_level: CheckLevel | None = None
    places: int = 1
    timing: str = Timing.FLEXIBLE
    earliest: datetime | None = None
    latest: datetime | None = None
    minutes: int | None = None
    first_day: date | None = None
    last_day: date | None = None
    position: Position | None = None
    job: Job | None = field(default=None, repr=False)

    @classmethod
    def of(cls, job: Job, *, skills: Iterable[Skill] | None = None, zone: ZoneInfo | None = None) -> Self:
        """The need of a job. Everything that matching reads of it is fetched here, and never later.

        Costs one query for the skills, and one each for what was not loaded with the job of its task type,
        area and check level.

        :param skills: what the helper needs; by default the job's own, which an unsaved job has none of
        :param zone: the community's, which an unsaved job's days are counted in; by default it is looked up
        """
        saved = not job._state.adding
        if skills is None:
            skills = job.skills.all() if saved else ()
        days = (job.first_day, job.last_day) if saved else _days(job, zone)
        return cls(
            task_type=job.task_type if job.task_type_id else None,
            requester_id=job.requester_id,
            area=job.area if job.area_id else None,
            skills=tuple(skills),
            check_level=job.check_level,
            places=job.places,
            timing=job.timing,
            earliest=job.earliest,
            latest=job.latest,
            minutes=job.minutes,
            first_day=days[0],
            last_day=days[1],
            position=job.position,
            job=job,
        )

    @classmethod
    def from_form(cls, cleaned: Mapping[str, Any], *, zone: ZoneInfo | None = None) -> Self:
        """The need of a form as far as it is filled in.

        :param cleaned: objects under the names of Job's fields: ``task_type``, ``requester``, ``area``, ``skills``,
            ``check_level``, ``places``, ``timing``, ``earliest``, ``latest``, ``minutes``; and under ``job`` the
            unsaved job, where there is one. Where ``skills``, ``check_level`` or ``places`` is not among them, the task
            type's own stand in, as they will when the job is made.
        :param zone: the community's, which the days are counted in; by default it is looked up
        """
        task_type: TaskType | None = cleaned.get("task_type")
        begin: dict[str, Any] = {}
        if task_type is not None:
            begin = {"check_level": task_type.check_level, "places": task_type.places}
            if "skills" not in cleaned:
                begin["skills"] = task_type.default_skills.all()
        given = {**begin, **cleaned}
        requester = given.get("requester")
        time = _Time(given.get("timing") or Timing.FLEXIBLE, *(given.get(name) for name in _Time._fields[1:]))
        first_day, last_day = _days(time, zone)
        return cls(
            task_type=task_type,
            requester_id=requester.pk if requester is not None else None,
            area=given.get("area"),
            skills=tuple(given.get("skills") or ()),
            check_level=given.get("check_level"),
            places=given.get("places") or 1,
            **time._asdict(),
            first_day=first_day,
            last_day=last_day,
            position=place_of(requester, given.get("area")),
            job=given.get("job"),
        )


class _Time(NamedTuple):
    """When, as Job keeps it."""

    timing: str
    earliest: datetime | None
    latest: datetime | None
    minutes: int | None


def _days(time: Job | _Time, zone: ZoneInfo | None) -> tuple[date | None, date | None]:
    if time.earliest is None and time.latest is None:
        return None, None
    zone = zone or Community.current().zone
    return days_of(time.timing, time.earliest, time.latest, minutes=time.minutes, zone=zone)
