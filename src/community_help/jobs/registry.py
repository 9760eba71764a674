"""Which job models there are: one that exists is registered, there is nothing else to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from community_help.exceptions import ConfigurationError
from community_help.jobs.job import Job

if TYPE_CHECKING:
    from community_help.jobs.task_type import TaskType


def job_models() -> dict[str, type[Job]]:
    """Label (``app.model``) → every job model of the site, in the order in which they were made."""
    found: dict[str, type[Job]] = {}
    waiting = list(Job.__subclasses__())
    while waiting:
        model = waiting.pop(0)
        if not model._meta.abstract and not model._meta.proxy:
            found[model._meta.label_lower] = model
        waiting += model.__subclasses__()
    return found


def job_model_of(task_type: TaskType) -> type[Job]:
    """The job model that jobs of this kind use.

    Raises :class:`ConfigurationError` when the site no longer has it.
    """
    try:
        return job_models()[task_type.job_model]
    except KeyError as error:
        message = (
            f"The kind of job «{task_type}» uses the job model {task_type.job_model}, which this site does not have."
        )
        raise ConfigurationError(message) from error


def own_fields(model: type[Job]) -> list[str]:
    """The fields that a job model adds to the base, in their order."""
    return [field.name for field in model._meta.local_fields if not field.primary_key and not field.remote_field]
