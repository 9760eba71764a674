"""What follows from what was said of a job: its days and slots on the community's clock, its place on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from community_help.jobs.job import Job, JobSlot
from community_help.jobs.slots import days_of, slots_of
from community_help.people.places import columns_of
from community_help.people.profiles import place_of

if TYPE_CHECKING:
    from datetime import date

    from community_help.people.community import Community


def set_days(job: Job, community: Community) -> dict[str, date | None]:
    """Work out the first and last day of the job's time; set them on the object and answer them."""
    first, last = days_of(job.timing, job.earliest, job.latest, minutes=job.minutes, zone=community.zone)
    job.first_day, job.last_day = first, last
    return {"first_day": first, "last_day": last}


def set_place(job: Job) -> dict[str, Any]:
    """Work out where the job is; set it on the object and answer it."""
    values = columns_of(place_of(job.requester, job.area))
    for name, value in values.items():
        setattr(job, name, value)
    return values


def write_slots(job: Job, community: Community) -> None:
    """Replace the job's slots by those of its time."""
    zone = community.zone
    today = timezone.localdate(timezone=zone)
    spans = slots_of(job.timing, job.earliest, job.latest, minutes=job.minutes, zone=zone, today=today)
    JobSlot.objects.filter(job_id=job.pk).delete()
    JobSlot.objects.bulk_create(
        JobSlot(
            job_id=job.pk,
            date=span.date,
            weekday=span.date.weekday(),
            from_minute=span.from_minute,
            to_minute=span.to_minute,
        )
        for span in spans
    )
