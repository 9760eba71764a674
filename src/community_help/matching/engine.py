"""The only caller of the criteria: both directions of «may this helper be asked about this job», in SQL."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Exists, F, OuterRef, Q

from community_help.jobs.job import Job
from community_help.jobs.task_type import TaskType
from community_help.jobs.waiver import Waiver
from community_help.lifecycle.table import JobState
from community_help.matching.choices import criteria_of
from community_help.matching.criterion import load
from community_help.matching.moment import Moment
from community_help.matching.need import Need
from community_help.matching.own_fields import with_own_fields
from community_help.people.community import Community
from community_help.people.profiles import Helper

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

    from community_help.matching.criterion import Criterion

    Rows = TypeVar("Rows", bound=QuerySet[Any])


@dataclass(frozen=True)
class Asked:
    """One need, and each criterion that its kind of job asks, with the condition over helpers that it makes."""

    need: Need
    conditions: tuple[tuple[Criterion, Q], ...]

    @property
    def is_opening(self) -> bool:
        """Whether it is about an opening of a saved job: only for such is somebody asked anyway."""
        job = self.need.job
        return job is not None and not job._state.adding and job.opening > 0

    def waived(self) -> Mapping[str, list[int]]:
        """Slug → the helpers who are asked anyway. One query, where it is about an opening."""
        found: dict[str, list[int]] = defaultdict(list)
        if self.is_opening and self.need.job is not None:
            rows = Waiver.objects.filter(job=self.need.job.pk, opening=self.need.job.opening)
            for slug, helper in rows.order_by().values_list("criterion", "helper"):
                found[slug].append(helper)
        return found


def helpers_for(job: Job | Need, *, without: str = "") -> QuerySet[Helper]:
    """The helpers who may be asked about the job now, each once, in no order.

    :param without: the slug of one criterion, to see who there would be if it were not there; a safeguarding
        criterion is always there
    """
    return eligible(conditions_for(job), without=without)


def eligible(asked: Asked, *, without: str = "") -> QuerySet[Helper]:
    """As :func:`helpers_for`, of conditions that are made already."""
    waived = asked.waived()
    conditions = (
        or_waived(criterion, condition, waived)
        for criterion, condition in asked.conditions
        if criterion.slug != without or criterion.safeguarding
    )
    return meeting_all(Helper.objects.all(), conditions)


def jobs_for(helper: Helper, *, without: str = "") -> QuerySet[Job]:
    """The open jobs that the helper may be asked about now, as base rows, each once, newest first.

    An open job has a place free: the database itself holds that. Jobs that the helper has already offered
    for are among them.

    :param without: as in :func:`helpers_for`
    """
    return jobs_without(helper, [without])[without]


def jobs_without(helper: Helper, slugs: Iterable[str]) -> dict[str, QuerySet[Job]]:
    """As :func:`jobs_for`, without each of several criteria: slug → the jobs; "" for those with every one."""
    waived: dict[str, list[int]] = defaultdict(list)
    rows = Waiver.objects.filter(helper=helper.pk, opening=F("job__opening"), job__state=JobState.OPEN).order_by()
    for slug, job in rows.values_list("criterion", "job"):
        waived[slug].append(job)
    groups = _alike(Moment.of(Community.current()))
    jobs = Job.objects.non_polymorphic().open_for_offers()
    return {slug: _in_any(jobs, groups, helper, waived, without=slug) for slug in slugs}


def _alike(moment: Moment) -> list[tuple[list[int], list[Criterion]]]:
    """The kinds of job that ask the same, together: their primary keys, and the criteria."""
    groups: dict[tuple[Any, ...], tuple[list[int], list[Criterion]]] = {}
    classes = load()
    for kind in TaskType.objects.order_by("pk").only("criteria_options", "by_phone"):
        criteria = criteria_of(kind, moment, classes)
        key = tuple((type(criterion), repr(sorted(criterion.options.items()))) for criterion in criteria)
        groups.setdefault(key, ([], criteria))[0].append(kind.pk)
    return list(groups.values())


def _in_any(
    jobs: QuerySet[Job],
    groups: list[tuple[list[int], list[Criterion]]],
    helper: Helper,
    waived: Mapping[str, list[int]],
    *,
    without: str,
) -> QuerySet[Job]:
    """The jobs that meet what their kind asks.

    A union of the groups and no «or»: each then begins with the few jobs that its most selective condition leaves.
    """
    parts = []
    for pks, criteria in groups:
        conditions = (
            or_waived(criterion, criterion.jobs_for(helper), waived)
            for criterion in criteria
            if criterion.slug != without or criterion.safeguarding
        )
        parts.append(meeting_all(jobs.filter(task_type_id__in=pks) if len(groups) > 1 else jobs, conditions))
    if not parts:
        return jobs.none()
    if len(parts) == 1:
        return parts[0]
    found = [part.order_by().values("pk") for part in parts]
    return Job.objects.non_polymorphic().filter(pk__in=found[0].union(*found[1:], all=True))


def matches(job: Job | Need, helper: Helper, *, without: str = "") -> bool:
    """Whether the helper may be asked about the job now; the job's state is not looked at."""
    return helpers_for(job, without=without).filter(pk=helper.pk).exists()


def conditions_for(job: Job | Need, *, community: Community | None = None) -> Asked:
    """The job's need, and each criterion with the condition over helpers that it makes of it.

    The one place where conditions over helpers are made: whatever lists, counts or explains begins here.

    :param community: where it has been read already
    """
    community = community or Community.current()
    need = job if isinstance(job, Need) else Need.of(job, zone=community.zone)
    criteria = criteria_of(need.task_type, Moment.of(community))
    [need] = with_own_fields([need], criteria)
    return Asked(need, tuple((criterion, criterion.helpers_for(need)) for criterion in criteria))


def or_waived(criterion: Criterion, condition: Q, waived: Mapping[str, list[int]]) -> Q:
    """The condition, or the rows that pass in spite of it. An empty ``Q()`` lets everybody pass already."""
    pks = waived.get(criterion.slug) if criterion.can_be_waived() else None
    return condition | Q(pk__in=pks) if pks and condition else condition


def meeting_all(rows: Rows, conditions: Iterable[Q]) -> Rows:
    """The rows that meet all conditions, each once.

    One ``filter`` for each condition: two criteria that look through the same relation may mean two
    different rows of it. A condition that is a subquery on its own is quickest; one that joins could bring a
    row twice, so the whole is then wrapped, once.
    """
    for condition in conditions:
        rows = rows.filter(condition)
    return rows.model._default_manager.filter(pk__in=rows.values("pk")) if _tables(rows) > 1 else rows


def with_column(rows: Rows, name: str, condition: Q) -> Rows:
    """The rows, with whether each meets the condition. One that joins is asked on its own, for the same reason."""
    told: Rows = rows.annotate(**{name: condition})
    if _tables(told) == _tables(rows):
        return told
    alone = Exists(rows.model._default_manager.filter(condition, pk=OuterRef("pk")))
    return rows.annotate(**{name: alone})


def _tables(rows: QuerySet[Any]) -> int:
    return sum(bool(uses) for uses in rows.query.alias_refcount.values())
