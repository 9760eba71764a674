"""Why there is nothing for a helper, and what would change it, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community_help import matching
from community_help.jobs.job import Job
from community_help.jobs.offer import Offer
from community_help.jobs.task_type import TaskType
from community_help.people.community import Area, Skill
from community_help.portal.cards import unanswered

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from community_help.people.profiles import Helper

#: So many suggestions are help; more are a list to wade through.
_MOST = 4


@dataclass(frozen=True)
class Elsewhere:
    """Open jobs that would be for the helper if one thing were different, in words, and what to draw beside them."""

    count: int
    title: str
    missing: str
    kind: TaskType | None = None
    icon: str = ""


@dataclass(frozen=True)
class Nothing:
    """An empty list, explained.

    ``refused`` counts the jobs that would be in it but for a «not this one» or a «no» of the co-ordinators.
    """

    open_jobs: int
    refused: int
    kinds: tuple[str, ...]
    areas: tuple[str, ...]
    elsewhere: tuple[Elsewhere, ...]


def explain_nothing(helper: Helper) -> Nothing:
    """Say why the helper's list is empty. A fixed number of queries, however many jobs there are."""
    kinds = list(helper.task_types.all())
    areas = list(helper.areas.all())
    jobs = matching.jobs_without(helper, ["willing", "area", "skills", matching.NOT_THIS_ONE])
    suggestions = [
        *_other_kinds(unanswered(jobs["willing"], helper), kinds),
        *_other_areas(unanswered(jobs["area"], helper), areas),
        *_other_skills(unanswered(jobs["skills"], helper), helper),
    ]
    suggestions.sort(key=lambda each: -each.count)
    return Nothing(
        open_jobs=Job.objects.non_polymorphic().open_for_offers().count(),
        refused=jobs[matching.NOT_THIS_ONE].filter(~Exists(_live_of(helper))).count(),
        kinds=tuple(kind.name for kind in kinds),
        areas=tuple(area.name for area in areas),
        elsewhere=tuple(suggestions[:_MOST]),
    )


def _live_of(helper: Helper) -> QuerySet[Offer]:
    return Offer.objects.live().filter(helper=helper, job=OuterRef("pk"))


def _other_kinds(rows: QuerySet[Job], kinds: list[TaskType]) -> list[Elsewhere]:
    counted = _counted(rows.exclude(task_type__in=kinds), "task_type")
    found = TaskType.objects.in_bulk(counted)
    return [
        Elsewhere(number, _title(found[pk].name, number), _("You have not ticked this kind of job."), kind=found[pk])
        for pk, number in counted.items()
    ]


def _other_areas(rows: QuerySet[Job], areas: list[Area]) -> list[Elsewhere]:
    rows = rows.exclude(area__in=areas).exclude(task_type__by_phone=True)
    counted = _counted(rows, "area")
    found = Area.objects.in_bulk(counted)
    return [
        Elsewhere(
            number,
            ngettext("%(count)d job in %(area)s", "%(count)d jobs in %(area)s", number)
            % {"count": number, "area": found[pk].name},
            _("You have not ticked this area."),
            icon="geo-alt-fill",
        )
        for pk, number in counted.items()
    ]


def _other_skills(rows: QuerySet[Job], helper: Helper) -> list[Elsewhere]:
    """Jobs that lack one skill and nothing else."""
    has = helper.skills.all()
    lacking = rows.annotate(lacks=Count("skills", filter=~Q(skills__in=has))).filter(lacks=1)
    needs = Job.skills.through.objects.filter(job__in=lacking.order_by().values("pk")).exclude(skill__in=has)
    counted = dict(needs.order_by().values_list("skill").annotate(Count("pk")))
    found = Skill.objects.in_bulk(counted)
    return [
        Elsewhere(
            number,
            ngettext("%(count)d job near you", "%(count)d jobs near you", number) % {"count": number},
            _("For somebody who %(skill)s.") % {"skill": found[pk].phrase},
            icon="plus-lg",
        )
        for pk, number in counted.items()
    ]


def _counted(rows: QuerySet[Job], name: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(name).annotate(Count("pk")))


def _title(kind: str, number: int) -> str:
    return ngettext("%(kind)s: %(count)d job near you", "%(kind)s: %(count)d jobs near you", number) % {
        "kind": kind,
        "count": number,
    }
