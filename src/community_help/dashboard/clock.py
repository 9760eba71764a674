"""The reader's moment and the community's zone: what turns an instant into words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from community_help.matching import Moment
from community_help.plain_times import ago_words, clock_words, day_words, sentence, when_words

if TYPE_CHECKING:
    from datetime import datetime

    from community_help.jobs.job import Job


class Clock(Moment):
    """One for each request, so that a whole page speaks of the same moment."""

    @property
    def local(self) -> datetime:
        """Now, on the community's clocks."""
        return self.now.astimezone(self.zone)

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
