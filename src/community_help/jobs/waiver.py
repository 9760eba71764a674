"""«Ask anyway»: one helper, one opening of one job, one criterion."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community_help.fields import EncryptedText, Keep, classify
from community_help.jobs.job import Job
from community_help.people.person import Person
from community_help.people.profiles import Helper


class Waiver(models.Model):
    """A co-ordinator says that this helper may be asked although one criterion fails, and why.

    ``criterion`` is its slug. Never of a safeguarding criterion: the service refuses it, and the engine
    does not look for one. A new opening needs a new waiver.
    """

    job = models.ForeignKey(Job, models.CASCADE, related_name="waivers")
    opening = models.PositiveIntegerField()
    helper = models.ForeignKey(Helper, models.CASCADE, related_name="waivers")
    criterion = models.CharField(max_length=40)
    why = EncryptedText(_("why"), max_length=500)
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    privacy = classify(
        keep=Keep.WITH_JOB,
        internal=("id", "job", "opening", "criterion", "made_by", "made_at"),
        personal={"helper": _("to ask somebody whom we would else not ask")},
        special={"why": _("so that others can see why they were asked")},
    )

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["job", "opening", "helper", "criterion"], name="ch_waiver_once"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} for helper {self.helper_id}, job {self.job_id}"
