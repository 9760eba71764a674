"""Helpers are asked for times at which they can: their hours of the week against the job's, and not while away.

All is in the community's days and minutes, as :class:`~community_help.jobs.job.JobSlot` keeps them. A job whose
time is over and that is still open is wanted as soon as possible. What lies further ahead than ``HORIZON`` days
from its first day is not looked at: a job «by» the end of the year needs somebody in the next two weeks.

The condition is written in SQL, so that both directions read the same words. As a tree of expressions it is
three questions deep, and takes Django twenty times as long to build as the database to answer.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.jobs.job import Timing
from community_help.jobs.slots import Span, slots_of
from community_help.matching.criterion import Criterion
from community_help.matching.sql import Condition, Differs, Rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from django.db.models.expressions import Combinable

    from community_help.matching.need import Need
    from community_help.people.profiles import Helper

HORIZON = 14
_DAY = timedelta(days=1)
_WHOLE_DAY = 24 * 60

# From the first of these days to the last without a break.
_AWAY = """EXISTS (
        SELECT 1 FROM community_help_away away WHERE away.helper_id = {helper}
        AND away.first_day <= {first} AND (away.last_day IS NULL OR away.last_day >= {last})
    )"""
_HAS_HOURS = "EXISTS (SELECT 1 FROM community_help_freehours hours WHERE hours.helper_id = {helper})"
# A helper's own hours and days away are looked at once for each span of the job's, from both ends.
_CAN = """CASE
    WHEN {timing} = 'flexible' THEN NOT {away}
    WHEN {timing} = 'asap' OR {latest} <= {now} THEN EXISTS (SELECT 1 FROM ({spans}) span WHERE {fits})
    WHEN {timing} = 'at' THEN EXISTS (SELECT 1 FROM {to_come} span)
        AND NOT EXISTS (SELECT 1 FROM {to_come} span WHERE NOT {fits})
    ELSE EXISTS (SELECT 1 FROM {to_come} span WHERE {fits})
END"""
# A helper can within a span, for as many minutes as are needed of it.
_FITS = """(
    span.to_minute - span.from_minute >= span.needed AND NOT {away} AND (
        NOT {has_hours} OR EXISTS (
            SELECT 1 FROM community_help_freehours hours
            WHERE hours.helper_id = {helper} AND hours.weekday = span.weekday
            AND {least}(hours.to_minute, span.to_minute) - {greatest}(hours.from_minute, span.from_minute)
                >= span.needed
        )
    )
)""".replace("{away}", _AWAY.format(helper="{helper}", first="span.date", last="span.date"))
_PARTS: dict[str, str | Differs] = {
    "away": _AWAY,
    "has_hours": _HAS_HOURS,
    "fits": _FITS,
    # What is left of today's begins now; of all that is left the longest says how long the help can take at most.
    "to_come": """(
        SELECT slot.date, slot.weekday, slot.begins AS from_minute, slot.to_minute,
            CASE WHEN {timing} = 'at' THEN slot.to_minute - slot.begins
            ELSE {least}(COALESCE({minutes}, 1), MAX(slot.to_minute - slot.begins) OVER ()) END AS needed
        FROM (
            SELECT date, weekday, to_minute,
                CASE WHEN date = {today} THEN {greatest}(from_minute, {minute}) ELSE from_minute END AS begins
            FROM community_help_jobslot WHERE job_id = {job} AND date >= {today} AND date < {horizon}
        ) slot WHERE slot.begins < slot.to_minute
    )""",
    "begin": "{greatest}(COALESCE({first_day}, {today}), {today})",
    "horizon": Differs(sqlite=f"date({{begin}}, '{HORIZON} days')", elsewhere=f"({{begin}} + {HORIZON})"),
}
_KNOWN_SPAN = "SELECT %s AS date, %s AS weekday, %s AS from_minute, %s AS to_minute, %s AS needed"


class Available(Criterion):
    """The helper can, at the job's time.

    A helper who gave no hours can at any time. Between two times, on a day or by a time it is enough that they
    can for as long as the help takes, on one of the days, or for the longest that is left on any of them; at a time
    they must be able to for the whole of it.
    As soon as possible is today or tomorrow; any time is any of the next 14 days.
    """

    slug = "available"
    label = gettext_lazy("can at that time")

    def helpers_for(self, need: Need) -> Q:
        if need.timing == Timing.FLEXIBLE:
            return ~Q(_away_throughout(self.today, self._last_day))
        spans = self.spans(need)
        if spans is None:
            return Q()
        if not spans:  # an end before its beginning: a need may say so, a job can't
            return Q(pk__in=())
        whole = need.timing == Timing.AT and not self._is_over(need)
        least = 1 if need.timing == Timing.ASAP or self._is_over(need) else need.minutes or 1
        least = min(least, max(map(_length, spans)))
        return Q(_written_out([(span, _length(span) if whole else least) for span in spans], whole=whole))

    def jobs_for(self, helper: Helper) -> Q:
        columns = {"job": "pk", **{name: name for name in ("timing", "minutes", "latest", "first_day")}}
        values = {
            "helper": helper.pk,
            "now": self.moment.now,
            "today": self.today,
            "minute": self.moment.minute,
            "first": self.today,
            "last": self._last_day,
            "spans": _spans((span, 1) for span in self._soon()),
        }
        return Q(Condition(_CAN, parts=_PARTS, columns=columns, values=values))

    def asks(self, need: Need) -> str:
        return _("has to be possible at that time") if need.timing != Timing.FLEXIBLE else _("at any time")

    def facts(self, need: Need) -> Mapping[str, Combinable]:
        return {
            "available_away": _away_throughout(*self._days(need)),
            "available_any_time": Condition(f"NOT {_HAS_HOURS}", columns={"helper": "pk"}),
        }

    def tells(self, need: Need, helper: Helper) -> bool:
        return need.timing != Timing.FLEXIBLE and not vars(helper)["available_any_time"]

    def ripples(self, need: Need) -> bool:
        """Only of a job with a time to come: as soon as possible, or at any time, can be agreed anew on the phone."""
        return need.timing not in {Timing.ASAP, Timing.FLEXIBLE} and not self._is_over(need)

    def because(self, need: Need, helper: Helper, holds: bool) -> str:
        read = vars(helper)
        if holds:
            return _("can at any time") if read["available_any_time"] else str(self.label)
        if not (read["available_away"] or read["available_any_time"]):
            return _("can’t at that time")
        return _("is away then") if self._days(need)[0] > self.today else _("is away")

    def spans(self, need: Need) -> list[Span] | None:
        """When the help may still be given, within the horizon; ``None`` where the need has not said when yet."""
        if need.timing == Timing.ASAP or self._is_over(need):
            return self._soon()
        if need.latest is None:
            return None
        spans = slots_of(
            need.timing, need.earliest, need.latest, minutes=need.minutes, zone=self.moment.zone, today=self.today
        )
        end = max(need.first_day or self.today, self.today) + HORIZON * _DAY
        return [still for span in spans if span.date < end and (still := self._still_to_come(span)) is not None]

    def _days(self, need: Need) -> tuple[date, date]:
        """The first and the last day on which the help may still be given; today where nobody has said."""
        if need.timing == Timing.FLEXIBLE:
            return self.today, self._last_day
        if need.timing == Timing.ASAP or self._is_over(need):
            return self.today, self.today + _DAY
        first = max(need.first_day or self.today, self.today)
        return first, min(max(need.last_day or first, first), first + (HORIZON - 1) * _DAY)

    def _is_over(self, need: Need) -> bool:
        return need.latest is not None and need.latest <= self.moment.now

    def _soon(self) -> list[Span]:
        return [Span(self.today, self.moment.minute, _WHOLE_DAY), Span(self.today + _DAY, 0, _WHOLE_DAY)]

    def _still_to_come(self, span: Span) -> Span | None:
        if span.from_minute >= span.to_minute:  # an end before its beginning, on one day
            return None
        if span.date != self.today or span.from_minute >= self.moment.minute:
            return span
        left = span._replace(from_minute=self.moment.minute)
        return left if left.from_minute < left.to_minute else None

    @property
    def _last_day(self) -> date:
        """The last day on which a job without a time may be done."""
        return self.today + (HORIZON - 1) * _DAY


def _away_throughout(first: date, last: date) -> Condition:
    return Condition(_AWAY, columns={"helper": "pk"}, values={"first": first, "last": last})


def _length(span: Span) -> int:
    return span.to_minute - span.from_minute


def _spans(known: Iterable[tuple[Span, int]]) -> Rows:
    """Spans, each with how many minutes of it are needed, as rows."""
    return Rows(
        _KNOWN_SPAN, [(span.date, span.weekday, span.from_minute, span.to_minute, least) for span, least in known]
    )


def _written_out(known: Sequence[tuple[Span, int]], *, whole: bool) -> Condition:
    """Of spans and how many minutes of each are needed: one of them fits, or all do.

    They are no table to be joined: PostgreSQL then looks through who is away once, and not for each helper.
    """
    texts: list[str] = []
    values: dict[str, Any] = {}
    for number, (span, needed) in enumerate(known):
        text = _FITS
        for name, value in {**span._asdict(), "weekday": span.weekday, "needed": needed}.items():
            text = text.replace(f"span.{name}", f"{{{name}_{number}}}")
            values[f"{name}_{number}"] = value
        texts.append(text)
    return Condition(
        f"({(' AND ' if whole else ' OR ').join(texts)})", parts=_PARTS, columns={"helper": "pk"}, values=values
    )
