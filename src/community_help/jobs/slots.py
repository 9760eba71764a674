"""A job's time in the community's own days and minutes, so that it can be compared with helpers' windows in SQL."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from community_help.jobs.job import Timing

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_WHOLE_DAY = (0, 24 * 60)


class Span(NamedTuple):
    """A stretch of one local day; minutes count from midnight on the wall clock, ``to_minute`` is exclusive."""

    date: date
    from_minute: int
    to_minute: int

    @property
    def weekday(self) -> int:
        """0 for Monday."""
        return self.date.weekday()


def end_of(timing: str, earliest: datetime | None, latest: datetime | None, minutes: int | None) -> datetime | None:
    """When the help is over at the latest: what begins at a moment lasts as long as it needs."""
    if timing == Timing.AT and earliest is not None and latest is not None and minutes:
        return max(latest, earliest + minutes * _MINUTE)
    return latest


def days_of(
    timing: str, earliest: datetime | None, latest: datetime | None, *, zone: ZoneInfo, minutes: int | None = None
) -> tuple[date | None, date | None]:
    """The first and the last local day on which the help may be given.

    A bound that was not given is ``None``, and so are both when the job has no time of its own (as soon
    as possible, any time). A time that ends at midnight ends on the day before.

    :param minutes: how long the help takes, where that was said
    """
    if timing in (Timing.ASAP, Timing.FLEXIBLE):
        return None, None
    latest = end_of(timing, earliest, latest, minutes)
    first = earliest.astimezone(zone).date() if earliest else None
    last = _last_moment(earliest, latest).astimezone(zone).date() if latest else None
    return first, last


def slots_of(
    timing: str,
    earliest: datetime | None,
    latest: datetime | None,
    *,
    zone: ZoneInfo,
    today: date,
    minutes: int | None = None,
) -> list[Span]:
    """The time slots in which the help may be given: one for each local day, from ``today`` on.

    «By» without a beginning begins today; «on» takes whole days; «at» goes on for the minutes needed. A job
    without a time of its own has no slots: it fits whenever its helper can. Where the clocks go back within
    a slot, the hour that comes twice is wholly in it, because a wall clock can't tell one from the other.
    """
    first, last = days_of(timing, earliest, latest, zone=zone, minutes=minutes)
    latest = end_of(timing, earliest, latest, minutes)
    if latest is None or last is None:
        return []
    start = earliest or _midnight(today, zone)
    day = max(first or today, today)
    slots = []
    while day <= last:
        span = _WHOLE_DAY if timing == Timing.ON else _minutes_on(day, start, latest, zone)
        slots.append(Span(day, *span))
        day += _DAY
    return slots


def _last_moment(earliest: datetime | None, latest: datetime) -> datetime:
    """The last moment that still belongs to the time: its end is exclusive, but a moment has at least itself."""
    return latest if latest == earliest else latest - timedelta.resolution


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _minutes_on(day: date, start: datetime, end: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """From which to which minute of the wall clock the time from ``start`` to ``end`` lies on that day."""
    opens = max(start.astimezone(UTC), _midnight(day, zone)).replace(second=0, microsecond=0)
    closes = min(_last_moment(start, end).astimezone(UTC), _midnight(day + _DAY, zone) - _MINUTE)
    first, last = opens.astimezone(zone), closes.astimezone(zone)
    if (first.utcoffset() or timedelta()) <= (last.utcoffset() or timedelta()):
        return _minute(first), _minute(last) + 1
    walls = [_minute((opens + step * _MINUTE).astimezone(zone)) for step in range((closes - opens) // _MINUTE + 1)]
    return min(walls), max(walls) + 1


def _minute(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute
