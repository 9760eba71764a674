"""When a helper is left in peace: in their quiet hours, and when they have been asked as often as they want."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from community_help.jobs.offer import Ask

if TYPE_CHECKING:
    from datetime import date, time
    from zoneinfo import ZoneInfo

    from community_help.people.community import Community
    from community_help.people.profiles import Helper

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
#: Steps of asks that no message was sent for: what a helper finds in a list or in the digest is not counted.
_NOT_SENT = ("digest", "looked")


def peace_until(helper: Helper, community: Community, now: datetime) -> datetime | None:
    """When the helper's quiet hours end, where it is in them now; else ``None``.

    They are the helper's own, else the community's, on the community's clocks, and may go over midnight. Where
    both ends are the same there are none.
    """
    begins, ends = community.quiet_from, community.quiet_until
    if helper.quiet_from is not None and helper.quiet_until is not None:
        begins, ends = helper.quiet_from, helper.quiet_until
    local = now.astimezone(community.zone)
    if not _is_between(local.time(), begins, ends):
        return None
    day = local.date() if local.time() < ends else local.date() + _DAY
    return _next(day, ends, community.zone, after=now)


def was_asked_enough(helper: Helper, now: datetime) -> bool:
    """Whether the helper was asked as often in the last seven days as they want to be in a week."""
    if helper.most_asks_per_week is None:
        return False
    asks = Ask.objects.filter(helper=helper.pk, asked_at__gt=now - _WEEK).exclude(step__in=_NOT_SENT)
    return asks.count() >= helper.most_asks_per_week


def _is_between(at: time, begins: time, ends: time) -> bool:
    if begins <= ends:
        return begins <= at < ends
    return at >= begins or at < ends


def _next(day: date, at: time, zone: ZoneInfo, *, after: datetime) -> datetime:
    """The instant of a wall clock's time; where that comes twice in a night, the one that is still to come."""
    first = datetime.combine(day, at, zone)
    return (first if first > after else first.replace(fold=1)).astimezone(UTC)
