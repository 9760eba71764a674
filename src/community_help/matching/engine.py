"""The only caller of the criteria: both directions of «may this helper be asked about this job», in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.utils import timezone

from community_help.jobs.job import Job
from community_help.matching.criterion import load
from community_help.matching.need import Need
from community_help.people.community import Community
from community_help.people.profiles import Helper

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Q, QuerySet

    from community_help.matching.criterion import Criterion

    Rows = TypeVar("Rows", bound=QuerySet[Any])


def helpers_for(job: Job | Need) -> QuerySet[Helper]:
    """The helpers who may be asked about the job now, each once, in no order."""
    _need, conditions = conditions_for(job)
    return _meeting_all(Helper.objects.all(), (condition for _criterion, condition in conditions))


def jobs_for(helper: Helper, *, without: str = "") -> QuerySet[Job]:
    """The open jobs that the helper may be asked about now, as base rows, each once, newest first.

    An open job has a place free: the database itself holds that. Jobs that the helper has already offered
    for are among them.

    :param without: the slug of one criterion, to count what there would be if it were not there; a
        safeguarding criterion is always there
    """
    criteria = [each for each in _criteria(Community.current()) if each.safeguarding or each.slug != without]
    jobs = Job.objects.non_polymorphic().open_for_offers()
    return _meeting_all(jobs, (criterion.jobs_for(helper) for criterion in criteria))


def matches(job: Job | Need, helper: Helper) -> bool:
    """Whether the helper may be asked about the job now; the job's state is not looked at."""
    return helpers_for(job).filter(pk=helper.pk).exists()


def conditions_for(job: Job | Need) -> tuple[Need, list[tuple[Criterion, Q]]]:
    """The job's need, and each criterion with the condition over helpers that it makes of it.

    The one place where conditions over helpers are made: whatever lists, counts or explains begins here.
    """
    community = Community.current()
    need = job if isinstance(job, Need) else Need.of(job, zone=community.zone)
    return need, [(criterion, criterion.helpers_for(need)) for criterion in _criteria(community)]


def _criteria(community: Community) -> list[Criterion]:
    today = timezone.localdate(timezone=community.zone)
    return [criterion(today) for criterion in load()]


def _meeting_all(rows: Rows, conditions: Iterable[Q]) -> Rows:
    """The rows that meet all conditions, each once.

    One ``filter`` for each condition: two criteria that look through the same relation may mean two
    different rows of it. A condition that is a subquery on its own is quickest; one that joins could bring a
    row twice, so the whole is then wrapped, once.
    """
    for condition in conditions:
        rows = rows.filter(condition)
    joined = sum(bool(uses) for uses in rows.query.alias_refcount.values()) > 1
    return rows.model._default_manager.filter(pk__in=rows.values("pk")) if joined else rows
