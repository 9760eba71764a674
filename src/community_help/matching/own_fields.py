"""The job itself, with the fields of its own model, for criteria that read them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType

from community_help.matching.criterion import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from community_help.jobs.job import Job
    from community_help.matching.criterion import Criterion
    from community_help.matching.need import Need


def with_own_fields(needs: Sequence[Need], criteria: Iterable[Criterion]) -> list[Need]:
    """The needs; where a criterion reads fields of a job model of its own, each has its real job and no base row.

    Lists are made of base rows, and so are the jobs that they ask about. Costs one query for each job model that a
    criterion names in ``own_fields_of`` and that is among such rows, and none otherwise.
    """
    answer = list(needs)
    for model in dict.fromkeys(model for criterion in criteria for model in criterion.own_fields_of):
        rows = {need.job.pk for need in answer if need.job is not None and _is_base_row(need.job, model)}
        if rows:
            real: dict[Any, Job] = model.objects.non_polymorphic().in_bulk(rows)
            answer = [
                replace(need, job=real[need.job.pk]) if need.job is not None and need.job.pk in real else need
                for need in answer
            ]
    return answer


def are_asked_about(model: type[Job]) -> bool:
    """Whether a criterion of the site reads what this job model adds: to change that is to change what is asked."""
    return any(issubclass(model, named) for criterion in load() for named in criterion.own_fields_of)


def _is_base_row(job: Job, model: type[Job]) -> bool:
    """Whether the job is of this model, and was read without its fields."""
    kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
    return not job._state.adding and not isinstance(job, model) and job.polymorphic_ctype_id == kind.pk
