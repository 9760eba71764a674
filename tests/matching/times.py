"""Helpers with hours and days away, and jobs with a time, as they were on a day in June."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from community_help.jobs.job import Job, JobSlot, Timing
from community_help.jobs.slots import slots_of
from community_help.matching import Moment
from community_help.people.availability import Away, FreeHours
from community_help.testing.factories import make_helper, make_open_job

if TYPE_CHECKING:
    from community_help.people.profiles import Helper

LONDON = ZoneInfo("Europe/London")


def at(*when: int, fold: int = 0) -> datetime:
    return datetime(*when, fold=fold, tzinfo=LONDON).astimezone(UTC)  # type: ignore[misc,arg-type]


def helper(*hours: tuple[int, int, int], away: tuple[date, date | None] | None = None) -> Helper:
    row = make_helper(account=False)
    FreeHours.objects.bulk_create(
        FreeHours(helper=row, weekday=day, from_minute=begins, to_minute=ends) for day, begins, ends in hours
    )
    if away:
        Away.objects.create(helper=row, first_day=away[0], last_day=away[1])
    return row


def job(
    timing: Timing, earliest: datetime | None = None, latest: datetime | None = None, *, made_on: date, **fields: Any
) -> Job:
    """A job with its slots as they were written on the day on which it was made."""
    row = make_open_job(timing=timing, earliest=earliest, latest=latest, **fields)
    JobSlot.objects.filter(job=row).delete()
    spans = slots_of(timing, earliest, latest, minutes=row.minutes, zone=LONDON, today=made_on)
    JobSlot.objects.bulk_create(JobSlot(job_id=row.pk, weekday=span.weekday, **span._asdict()) for span in spans)
    return row


def moment(*when: int) -> Moment:
    return Moment(at(*when), LONDON)
