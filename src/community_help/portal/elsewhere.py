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
from community_help.matching.criterion import load
from community_help.people.community import Area, Skill
from community_help.portal.cards import unanswered
from community_help.portal.in_the_way import InTheWay, what_stands_there

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from community_help.people.profiles import Helper

#: So many suggestions are help; more are a list to wade through.
_MOST = 4
_PLUS = "plus-lg"


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
    """An empty list, explained by what alone keeps jobs from the helper. What keeps people safe is never told.

    ``refused`` counts the jobs that would be in it but for a «not this one» or a «no» of the co-ordinators.
    ``in_the_way`` is what the helper, or the community, has said once for all jobs; ``elsewhere`` what they could add.
    """

    open_jobs: int
    refused: int
    kinds: tuple[str, ...]
    areas: tuple[str, ...]
    in_the_way: tuple[InTheWay, ...]
    elsewhere: tuple[Elsewhere, ...]

    @property
    def has_cause(self) -> bool:
        """Whether one thing alone keeps a job from the helper."""
        return bool(self.in_the_way or self.elsewhere)


def explain_nothing(helper: Helper) -> Nothing:
    """Say why the helper's list is empty. A fixed number of queries, however many jobs there are."""
    kinds = list(helper.task_types.all())
    areas = list(helper.areas.all())
    asked = {criterion.slug: criterion for criterion in load() if criterion.can_be_waived()}
    jobs = matching.jobs_without(helper, [*asked, matching.NOT_THIS_ONE])
    hidden = {slug: unanswered(jobs[slug], helper) for slug in asked}
    suggested = {
        "willing": lambda rows: _other_kinds(rows, kinds),
        "area": lambda rows: _other_areas(rows, areas),
        "skills": lambda rows: _other_skills(rows, helper),
    }
    could_add = {slug: found for slug in suggested if slug in hidden and (found := suggested[slug](hidden[slug]))}
    others = [(criterion, hidden[slug]) for slug, criterion in asked.items() if slug not in could_add]
    return Nothing(
        open_jobs=Job.objects.non_polymorphic().open_for_offers().count(),
        refused=jobs[matching.NOT_THIS_ONE].filter(~Exists(_live_of(helper))).count(),
        kinds=tuple(kind.name for kind in kinds),
        areas=tuple(area.name for area in areas),
        in_the_way=what_stands_there(helper, others),
        elsewhere=_most_of(list(could_add.values())),
    )


def _most_of(groups: Sequence[list[Elsewhere]]) -> tuple[Elsewhere, ...]:
    """The suggestions that bring most, and of each group at least one."""
    by_count = [sorted(group, key=_fewer) for group in groups]
    rest = sorted((each for group in by_count for each in group[1:]), key=_fewer)
    chosen = [group[0] for group in by_count]
    return tuple(sorted([*chosen, *rest[: max(0, _MOST - len(chosen))]], key=_fewer))


def _fewer(each: Elsewhere) -> int:
    return -each.count


def _live_of(helper: Helper) -> QuerySet[Offer]:
    return Offer.objects.live().filter(helper=helper, job=OuterRef("pk"))


def _other_kinds(rows: QuerySet[Job], kinds: list[TaskType]) -> list[Elsewhere]:
    counted = _counted(rows.filter(task_type__active=True).exclude(task_type__in=kinds), "task_type")
    found = TaskType.objects.in_bulk(counted)
    return [
        Elsewhere(number, _title(found[pk].name, number), _("You have not ticked this kind of job."), kind=found[pk])
        for pk, number in counted.items()
    ]


def _other_areas(rows: QuerySet[Job], areas: list[Area]) -> list[Elsewhere]:
    rows = rows.filter(area__active=True).exclude(area__in=areas).exclude(task_type__by_phone=True)
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
    """Jobs that lack one skill and nothing else, by that skill; and those that lack several, in one line."""
    has = helper.skills.all()
    lacking = rows.annotate(lacks=Count("skills", filter=~Q(skills__in=has)))
    of_one = lacking.filter(lacks=1).order_by().values("pk")
    needs = Job.skills.through.objects.filter(job__in=of_one).exclude(skill__in=has)
    counted = dict(needs.filter(skill__active=True).order_by().values_list("skill").annotate(Count("pk")))
    found = Skill.objects.in_bulk(counted)
    suggestions = [
        Elsewhere(number, _near_you(number), _("For somebody who %(skill)s.") % {"skill": found[pk].phrase}, icon=_PLUS)
        for pk, number in counted.items()
    ]
    several = lacking.filter(lacks__gt=1).count()
    if several:
        words = _("For people with several skills that you have not ticked.")
        suggestions.append(Elsewhere(several, _near_you(several), words, icon=_PLUS))
    return suggestions


def _near_you(number: int) -> str:
    return ngettext("%(count)d job near you", "%(count)d jobs near you", number) % {"count": number}


def _counted(rows: QuerySet[Job], name: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(name).annotate(Count("pk")))


def _title(kind: str, number: int) -> str:
    return ngettext("%(kind)s: %(count)d job near you", "%(kind)s: %(count)d jobs near you", number) % {
        "kind": kind,
        "count": number,
    }
