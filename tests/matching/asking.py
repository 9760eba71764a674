"""Ask one criterion about one pair, from every side that it can be asked from."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils import timezone

from community_help.jobs.job import Job
from community_help.matching import Moment, Need, explain
from community_help.people.community import Community
from community_help.people.profiles import Helper

if TYPE_CHECKING:
    from datetime import date

    from community_help.matching import Criterion


def today() -> date:
    return timezone.localdate(timezone=Community.current().zone)


def passes(criterion: type[Criterion], job: Job, helper: Helper, *, moment: Moment | None = None) -> bool:
    """Whether the criterion, and no other, lets the pair pass: from the job, from the helper, and unsaved."""
    asked = criterion(moment or Moment.of())
    need = Need.of(job)
    twin = copy(job)
    twin.pk = twin.id = None
    twin._state.adding = True
    unsaved = Need.of(twin, skills=need.skills)
    answers = {
        "from the job": Helper.objects.filter(asked.helpers_for(need), pk=helper.pk).exists(),
        "from the helper": Job.objects.non_polymorphic().filter(asked.jobs_for(helper), pk=job.pk).exists(),
        "unsaved": Helper.objects.filter(asked.helpers_for(unsaved), pk=helper.pk).exists(),
        "without a job": Helper.objects.filter(asked.helpers_for(replace(need, job=None)), pk=helper.pk).exists(),
    }
    assert len(set(answers.values())) == 1, answers
    return answers["from the job"]


def reason(slug: str, job: Job | Need, helper: Helper) -> str:
    """What the criterion with this slug says about the pair."""
    (verdict,) = (verdict for verdict in explain(job, helper).verdicts if verdict.slug == slug)
    return verdict.because
