"""The only caller of the criteria: both directions of «may this helper be asked about this job», in SQL."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import Col

from community_help.jobs.job import Job
from community_help.jobs.waiver import Waiver
from community_help.lifecycle.table import JobState
from community_help.matching.alike import kinds_alike
from community_help.matching.choices import criteria_of
from community_help.matching.moment import Moment
from community_help.matching.need import Need
from community_help.matching.own_fields import with_own_fields
from community_help.people.community import Community
from community_help.people.profiles import Helper

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from community_help.matching.criterion import Criterion

    #: Kinds of job, and what is asked of them.
    _Search = tuple[list[int], list[tuple[Criterion, Q]]]

    Rows = TypeVar("Rows", bound=QuerySet[Any])


@dataclass(frozen=True)
class Asked:
    """One need, and each criterion that its kind of job asks, with the condition over helpers that it makes.

    Whatever takes a job takes this as well, so that two questions about one need build their conditions once.

    :param waivers: slug → the helpers who are asked anyway, where that has been read already
    """

    need: Need
    conditions: tuple[tuple[Criterion, Q], ...]
    community: Community
    waivers: Mapping[str, list[int]] | None = None

    @property
    def is_opening(self) -> bool:
        """Whether it is about an opening of a saved job: only for such is somebody asked anyway."""
        job = self.need.job
        return job is not None and not job._state.adding and job.opening > 0

    @property
    def facts(self) -> dict[str, Any]:
        """The columns over ``Helper`` that the criteria's words need."""
        return {
            name: column for criterion, _made in self.conditions for name, column in criterion.facts(self.need).items()
        }

    @cached_property
    def waived(self) -> Mapping[str, list[int]]:
        """Slug → the helpers who are asked anyway. One query, where it is about an opening and was not read yet."""
        if self.waivers is not None:
            return self.waivers
        found: dict[str, list[int]] = defaultdict(list)
        if self.is_opening and self.need.job is not None:
            rows = Waiver.objects.filter(job=self.need.job.pk, opening=self.need.job.opening)
            for slug, helper in rows.order_by().values_list("criterion", "helper"):
                found[slug].append(helper)
        return found


def helpers_for(job: Job | Need | Asked, *, without: str = "") -> QuerySet[Helper]:
    """The helpers who may be asked about the job now, each once, in no order.

    :param without: the slug of one criterion, to see who there would be if it were not there; a safeguarding
        criterion is always there
    """
    asked = conditions_for(job)
    kept = without_one(asked.conditions, without)
    return in_either(meeting_strictly(Helper.objects.all(), kept), Helper.objects.all(), kept, asked.waived)


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
    jobs = Job.objects.non_polymorphic().open_for_offers()
    searches = [(alike.kinds, alike.conditions(helper)) for alike in kinds_alike(Moment.of(Community.current()))]
    return {
        slug: _in_any(jobs, [(kinds, without_one(conditions, slug)) for kinds, conditions in searches], waived)
        for slug in slugs
    }


def plainly(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """The same query in Django's own class: polymorphic's copies each condition that it is given, and what is in it."""
    return QuerySet(Job, query=jobs.query.chain())


def _in_any(jobs: QuerySet[Job], searches: list[_Search], waived: Mapping[str, list[int]]) -> QuerySet[Job]:
    """The jobs that one of the searches finds: a union and no «or», for each begins with another few jobs."""
    rows = plainly(jobs)
    parts = []
    for kinds, conditions in searches:
        of_kinds = rows.filter(task_type_id__in=kinds) if len(searches) > 1 else rows
        parts.append(in_either(meeting_strictly(of_kinds, conditions), of_kinds, conditions, waived))
    if not parts:
        return jobs.none()
    if len(parts) == 1:
        found_jobs = jobs.all()
        found_jobs.query = parts[0].query
        return found_jobs
    found = [part.order_by().values("pk") for part in parts]
    return Job.objects.non_polymorphic().filter(pk__in=found[0].union(*found[1:], all=True))


def matches(job: Job | Need, helper: Helper, *, without: str = "") -> bool:
    """Whether the helper may be asked about the job now; the job's state is not looked at."""
    return helpers_for(job, without=without).filter(pk=helper.pk).exists()


def conditions_for(job: Job | Need | Asked, *, community: Community | None = None) -> Asked:
    """The job's need, and each criterion with the condition over helpers that it makes of it.

    The one place where conditions over helpers are made: whatever lists, counts or explains begins here.

    :param community: where it has been read already
    """
    if isinstance(job, Asked):
        return job
    community = community or Community.current()
    need = job if isinstance(job, Need) else Need.of(job, zone=community.zone)
    criteria = criteria_of(need.task_type, Moment.of(community))
    [need] = with_own_fields([need], criteria)
    return Asked(need, tuple((criterion, criterion.helpers_for(need)) for criterion in criteria), community)


def without_one(conditions: Iterable[tuple[Criterion, Q]], slug: str) -> list[tuple[Criterion, Q]]:
    """All but the one of this slug; a safeguarding criterion is always there."""
    return [each for each in conditions if each[0].slug != slug or each[0].safeguarding]


def or_waived(criterion: Criterion, condition: Q, waived: Mapping[str, list[int]]) -> Q:
    """The condition, or the rows that pass in spite of it. An empty ``Q()`` lets everybody pass already."""
    pks = waived.get(criterion.slug) if criterion.can_be_waived() else None
    return condition | Q(pk__in=pks) if pks and condition else condition


def anyway(conditions: Iterable[tuple[Criterion, Q]], waived: Mapping[str, list[int]]) -> list[int]:
    """The rows for which one of the conditions is overlooked: few, and :func:`or_waived` matters to them only."""
    found = {
        pk for criterion, _made in conditions if criterion.can_be_waived() for pk in waived.get(criterion.slug, ())
    }
    return sorted(found)


def in_either(
    strictly: Rows, rows: Rows, conditions: Sequence[tuple[Criterion, Q]], waived: Mapping[str, list[int]]
) -> Rows:
    """Those that meet the conditions, and those of ``rows`` that do where something is overlooked.

    Two searches: one with an «or» in each condition could not begin with the few rows that the narrowest leaves.
    """
    pks = anyway(conditions, waived)
    if not pks:
        return strictly
    overlooking = (or_waived(criterion, condition, waived) for criterion, condition in conditions)
    few = meeting_all(rows.filter(pk__in=pks), overlooking)
    both = strictly.order_by().values("pk").union(few.order_by().values("pk"), all=True)
    return rows.filter(pk__in=both)


def meeting_strictly(rows: Rows, conditions: Iterable[tuple[Criterion, Q]]) -> Rows:
    """As :func:`meeting_all`, of conditions with their criteria; nothing is overlooked."""
    return meeting_all(rows, (condition for _criterion, condition in conditions))


def meeting_all(rows: Rows, conditions: Iterable[Q]) -> Rows:
    """The rows that meet all conditions, each once.

    One ``filter`` for each condition: two criteria that look through the same relation may mean two
    different rows of it. A condition that is a subquery on its own is quickest; one that joins could bring a
    row twice, so the whole is then wrapped, once.
    """
    for condition in conditions:
        rows = rows.filter(condition)
    return rows if is_one_table(rows) else rows.model._default_manager.filter(pk__in=rows.values("pk"))


def with_columns(rows: Rows, conditions: Mapping[str, Q]) -> Rows:
    """The rows, with whether each meets each condition. One that joins is asked on its own, for the same reason."""
    holds = {name: _holds(condition) for name, condition in conditions.items()}
    told: Rows = rows.annotate(**holds)
    if is_one_table(told):
        return told
    everybody = rows.model._default_manager.all()
    for name, condition in conditions.items():
        if not is_one_table(everybody.annotate(**{name: holds[name]})):
            holds[name] = Exists(everybody.filter(condition, pk=OuterRef("pk")))
    asked: Rows = rows.annotate(**holds)
    return asked


def not_meeting(rows: Rows, condition: Q) -> Rows:
    """The rows that do not meet the condition.

    Not what a «not» in front of it finds: that leaves out rows for which it comes to NULL, and of several lookups
    through one relation it negates each on its own.
    """
    failing: Rows = with_columns(rows, {"holds": condition}).filter(holds=False)
    return failing


def _holds(condition: Q) -> Any:
    # A condition that nobody can meet is no SQL at all, and a column must be some.
    return Case(When(row_by_row(condition), then=Value(True)), default=Value(False)) if condition else Value(True)


def row_by_row(condition: Q) -> Q:
    """The same condition, for a place where the database can't turn it into a join: a column, or a «not».

    There ``pk IN (subquery)`` is a list that is made in full before the first row is looked at, and searched from end
    to end where it does not fit into memory; ``EXISTS`` looks one row up.
    """
    children = [row_by_row(child) if isinstance(child, Q) else _looked_up(child) for child in condition.children]
    return Q(*children, _connector=condition.connector, _negated=condition.negated)


def _looked_up(child: Any) -> Any:
    if not (isinstance(child, tuple) and child[0] == "pk__in" and isinstance(child[1], QuerySet)):
        return child
    query = child[1].query
    plain = not (query.is_sliced or query.combinator or query.group_by or query.distinct or query.annotations)
    column = query.select[0] if plain and len(query.select) == 1 else None
    # A list with a NULL in it answers otherwise than EXISTS.
    if not isinstance(column, Col) or column.alias != query.base_table or column.target.null:
        return child
    return Exists(child[1].order_by().filter(**{column.target.attname: OuterRef("pk")}))


def is_one_table(rows: QuerySet[Any]) -> bool:
    """Whether no condition has joined another table."""
    return sum(bool(uses) for uses in rows.query.alias_refcount.values()) <= 1
