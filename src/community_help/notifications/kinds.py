"""What a notification may say: the value is the name of its templates in ``community_help/email/``."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """One thing to say to one person."""

    JOB_ALERT = "job_alert", _("an urgent job that fits you")
    DIGEST = "digest", _("today's jobs that fit you")
    OFFER_MADE = "offer_made", _("somebody has offered")
    OFFER_RATIFIED = "offer_ratified", _("your offer was ratified")
    OFFER_DECLINED = "offer_declined", _("thank you, not this time")
    NOT_NEEDED = "not_needed", _("somebody else is going")
    JOB_FILLED = "job_filled", _("a job that you were asked about is filled")
    JOB_CANCELLED = "job_cancelled", _("a job was cancelled")
    STOOD_DOWN = "stood_down", _("you are no longer down for a job")
    JOB_CHANGED = "job_changed", _("a job has changed: still yes?")
    OFFER_RELEASED = "offer_released", _("a helper can't come after all")
    REPORT_WORRIED = "report_worried", _("a helper is worried")
    JOB_EXPIRED = "job_expired", _("the time of a job that you offered for ran out")
    JOB_OVERDUE = "job_overdue", _("a job's time is past and nobody is going")
    NOBODY_FOUND = "nobody_found", _("nobody was found for a job")
    CHECK_DUE = "check_due", _("your background check is due again")
    HELPER_CHECK_DUE = "helper_check_due", _("a helper's background check is due again")


#: About a background check, and no job.
ABOUT_CHECKS = frozenset({Kind.CHECK_DUE, Kind.HELPER_CHECK_DUE})
#: Said to the co-ordinators of the job's area.
TO_COORDINATORS = frozenset(
    {Kind.OFFER_MADE, Kind.OFFER_RELEASED, Kind.REPORT_WORRIED, Kind.JOB_OVERDUE, Kind.NOBODY_FOUND}
)
