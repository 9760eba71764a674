"""The reader's moment and the community's zone: what turns an instant into words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from django.utils import timezone

from community_help.people.community import Community
from community_help.plain_times import ago_words, clock_words, day_words, sentence, when_words

if TYPE_CHECKING:
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from community_help.jobs.job import Job


@dataclass(frozen=True)
class Clock:
    """One for each request, so that a whole page speaks of the same moment."""

    now: datetime
    zone: ZoneInfo

    @classmethod
    def of(cls, community: Community | None = None) -> Self:
        """This moment, in the community's zone."""
        return cls(timezone.now(), (community or Community.current()).zone)

    @property
    def local(self) -> datetime:
        """Now, on the community's clocks."""
        return self.now.astimezone(self.zone)

    @property
    def today(self) -> date:
        """The community's day."""
        return self.local.date()

    def ago(self, then: datetime | None) -> str:
        """How long ago; "" where it never was."""
        return ago_words(then, zone=self.zone, now=self.now) if then else ""

    def when(self, job: Job) -> str:
        """When a job is wanted, as the beginning of a sentence."""
        return sentence(when_words(job.timing, job.earliest, job.latest, zone=self.zone, now=self.now, short=True))

    def at(self, instant: datetime) -> str:
        """The time where it was today, else how long ago."""
        same_day = instant.astimezone(self.zone).date() == self.today
        return clock_words(instant, zone=self.zone) if same_day else self.ago(instant)

    def day(self, instant: datetime) -> str:
        """The day of an instant: «yesterday», «Fri 6 March»."""
        return day_words(instant.astimezone(self.zone).date(), today=self.today, short=True)
