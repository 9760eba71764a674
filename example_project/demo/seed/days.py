"""Dates of the demo: everything lies so many days before or after today, in the community's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/London")
SATURDAY = 5
OPENING, CLOSING = 9, 18  # hours between which helpers go out


@dataclass(frozen=True)
class Days:
    """The calendar around one moment."""

    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(ZONE).date()

    def at(self, days: int, hour: int, minute: int = 0) -> datetime:
        """The instant at this time of day, so many days from today (negative: ago)."""
        return datetime.combine(self.today + timedelta(days), time(hour, minute), ZONE)

    def weekday(self, days: int) -> int:
        """``days``, moved back to the Friday where it falls on a weekend: nobody takes calls then."""
        day = (self.today + timedelta(days)).weekday()
        return days - max(0, day - SATURDAY + 1)

    def just_now(self) -> datetime:
        """The last half hour that has struck."""
        return self.now.replace(minute=30 * (self.now.minute // 30), second=0, microsecond=0)

    def soon(self, hours: float) -> datetime:
        """About so many hours from now, on the half hour, and at a time when helpers go out."""
        local = (self.now + timedelta(hours=hours)).astimezone(ZONE)
        moment = local.replace(minute=30 * (local.minute // 30), second=0, microsecond=0)
        if moment.hour < OPENING:
            return moment.replace(hour=OPENING + int(hours) % 3, minute=30)
        if moment.hour >= CLOSING:
            return (moment + timedelta(days=1)).replace(hour=OPENING + int(hours) % 3, minute=30)
        return moment
