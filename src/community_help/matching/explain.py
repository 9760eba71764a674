"""Why a helper may or may not be asked about a job, criterion by criterion, in plain words."""

from __future__ import annotations

import copy
from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db.models import F, FilteredRelation, Q

from community_help.jobs.waiver import Waiver
from community_help.matching.choices import criteria_of
from community_help.matching.criterion import load
from community_help.matching.engine import conditions_for, with_columns
from community_help.matching.moment import Moment
from community_help.matching.need import Need
from community_help.matching.own_fields import with_own_fields
from community_help.people.community import Community
from community_help.people.profiles import Helper

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django_stubs_ext import StrOrPromise

    from community_help.jobs.job import Job
    from community_help.matching.criterion import Criterion
    from community_help.matching.engine import Asked


@dataclass(frozen=True)
class Verdict:
    """What one criterion says about one helper and one job.

    ``because`` is one plain sentence without a full stop. It is written for co-ordinators: where
    ``safeguarding`` is set it may say what is nobody else's business.

    :param holds: whether the helper passes by themselves
    :param telling: it holds, and is a reason worth giving
    :param ripples: failing it later is something to decide about what is agreed already
    :param shuts: it fails, and shuts what was already disclosed
    :param waived_by: who said «ask anyway» of this opening; "" for somebody who is gone, ``None`` for nobody
    """

    slug: str
    label: StrOrPromise
    holds: bool
    because: str
    safeguarding: bool
    telling: bool = False
    waived_by: str | None = None
    can_be_waived: bool = False
    ripples: bool = True
    shuts: bool = False

    @property
    def stands_in_the_way(self) -> bool:
        """Whether the helper is not asked because of it."""
        return not self.holds and self.waived_by is None


@dataclass(frozen=True)
class Explanation:
    """All verdicts about one helper and one job, in the criteria's order."""

    verdicts: tuple[Verdict, ...]

    @property
    def eligible(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.failed

    @property
    def failed(self) -> tuple[Verdict, ...]:
        """The verdicts that stand in the way."""
        return tuple(verdict for verdict in self.verdicts if verdict.stands_in_the_way)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why this helper, for themselves to read: the most particular first, nothing about checks."""
        return tuple(verdict.because for verdict in reversed(self.verdicts) if verdict.telling)


def explain(job: Job | Need, helper: Helper, *, community: Community | None = None) -> Explanation:
    """Say of each criterion whether it holds for the pair, and why.

    Costs one query for the community, one for all verdicts, and what :meth:`Need.of` costs where a job is given.

    :param community: where it has been read already

    Raises ``Helper.DoesNotExist`` where the helper is not saved.
    """
    explained = explain_each(job, [helper], community=community)
    if helper.pk not in explained:
        raise Helper.DoesNotExist
    return explained[helper.pk]


def explain_each(
    job: Job | Need | Asked, helpers: Iterable[Helper], *, community: Community | None = None
) -> dict[int, Explanation]:
    """As :func:`explain`, for several helpers of one job in the same number of queries: helper's id → explanation."""
    asked = conditions_for(job, community=community)
    asking = {f"holds_{number}": condition for number, (_criterion, condition) in enumerate(asked.conditions)}
    rows: Any = with_columns(Helper.objects.filter(pk__in=[helper.pk for helper in helpers]).order_by(), asking)
    rows = rows.select_related("person").annotate(**asked.facts)
    if asked.is_opening and asked.need.job is not None:
        made = Q(waivers__job=asked.need.job.pk, waivers__opening=asked.need.job.opening)
        rows = rows.annotate(waiver=FilteredRelation("waivers", condition=made))
        rows = rows.annotate(waived=F("waiver__criterion"), waived_by=F("waiver__made_by__known_as"))
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:  # one for each waiver
        found[row.pk].append(row)
    return {pk: _explanation(asked, rows) for pk, rows in found.items()}


def reasons_for(jobs: Sequence[Job], helper: Helper, *, most: int = 3) -> dict[int, tuple[str, ...]]:
    """The job's primary key → why the helper is asked: phrases such as «covers Filwood», the most particular first.

    One query for the list, one for the community and one for what is overlooked, besides what reading each job's task
    type, area, check level and skills costs: give jobs with those loaded.

    :param jobs: jobs that the helper matches; of others this says nothing sensible
    :param most: how many reasons for each job
    """
    moment = Moment.of(Community.current())
    asking = _asking([Need.of(job, skills=job.skills.all()) for job in jobs], moment)
    wanted = {
        f"{name}_of_{pk}": expression
        for pk, (need, criteria) in asking.items()
        for criterion in criteria
        for name, expression in criterion.facts(need).items()
    }
    waived = set(
        Waiver.objects.filter(helper=helper.pk, job__in=list(asking), opening=F("job__opening"))
        .order_by()
        .values_list("job", "criterion")
    )
    read = vars(Helper.objects.annotate(**wanted).get(pk=helper.pk)) if wanted else {}
    answer = {}
    for pk, (need, criteria) in asking.items():
        known: Any = copy.copy(helper)
        suffix = f"_of_{pk}"
        vars(known).update({name.removesuffix(suffix): value for name, value in read.items() if name.endswith(suffix)})
        holding = (criterion for criterion in criteria if (pk, criterion.slug) not in waived)
        telling = (criterion for criterion in holding if criterion.tells(need, known))
        answer[pk] = tuple(criterion.because(need, known, True) for criterion in telling)[:most]
    return answer


def _asking(needs: Sequence[Need], moment: Moment) -> dict[int, tuple[Need, list[Criterion]]]:
    """Job's id → its need and the criteria that may give a reason, the most particular first.

    The criteria of a site stand last in the setting.
    """
    classes = load()
    asked = [criteria_of(need.task_type, moment, classes) for need in needs]
    needs = with_own_fields(needs, chain.from_iterable(asked))
    telling = ([each for each in criteria if each.can_be_waived()][::-1] for criteria in asked)
    return {need.job.pk: (need, criteria) for need, criteria in zip(needs, telling, strict=True) if need.job}


def _explanation(asked: Asked, rows: Sequence[Any]) -> Explanation:
    """Of the rows of one helper."""
    row = rows[0]
    waived = {each.waived: each.waived_by or "" for each in rows if each.waived} if asked.is_opening else {}
    verdicts = []
    for number, (criterion, _condition) in enumerate(asked.conditions):
        holds = bool(getattr(row, f"holds_{number}"))
        waived_by = waived.get(criterion.slug) if criterion.can_be_waived() else None
        verdicts.append(
            Verdict(
                slug=criterion.slug,
                label=criterion.label,
                holds=holds,
                because=criterion.because(asked.need, row, holds),
                safeguarding=criterion.safeguarding,
                telling=holds and criterion.tells(asked.need, row),
                waived_by=waived_by,
                can_be_waived=criterion.can_be_waived(),
                ripples=criterion.ripples(asked.need),
                shuts=not holds and waived_by is None and criterion.shuts(asked.need, row),
            )
        )
    return Explanation(tuple(verdicts))
