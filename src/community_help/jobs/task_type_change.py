"""What a community changed about a kind of job: who, when, from what to what."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community_help.fields import Keep, classify
from community_help.jobs.task_type import TaskType
from community_help.people.person import Person


class TaskTypeChange(models.Model):
    """One change of one kind of job; append-only. An undo is a change of its own, that names the one it takes back.

    ``before`` and ``after`` hold the changed fields in plain values (a foreign key as its primary key, skills as a
    list of them); ``before`` is empty for the making of it.
    """

    task_type = models.ForeignKey(TaskType, models.CASCADE, related_name="changes")
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undoes = models.OneToOneField("self", models.SET_NULL, null=True, blank=True, related_name="undone_by")

    privacy = classify(
        keep=Keep.WITH_COMMUNITY,
        internal=("id", "task_type", "at", "before", "after", "undoes"),
        personal={"actor": _("to show who changed what helpers are asked")},
    )

    class Meta:
        verbose_name = _("change of a kind of job")
        verbose_name_plural = _("changes of kinds of job")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["task_type", "-id"], name="ch_change_of_kind")]

    def __str__(self) -> str:
        return f"{', '.join(self.after)} of kind {self.task_type_id}"
