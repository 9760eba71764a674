"""Times in plain words, for pages and mails: "Today, 14:00 to 17:00", "by Friday 6 March", "40 min ago".

Pure functions of plain values: every instant is an aware datetime, `zone` the community's, `now` the reader's moment.
A reader never sees a time of day without the day that it is on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

_END_OF_DAY = (23, 59)


def day_words(day: date, *, today: date, short: bool = False, relative: bool = True) -> str:
    """Name a day: "today", "tomorrow", "yesterday", else "Friday 6 March" or, short, "Fri 6 March".

    The year is said if it is not the reader's. Not `relative` is for what may be read on another day: a mail.
    """
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    distance = (day - today).days
    if relative and distance in near:
        return near[distance]
    if short:
        form = pgettext("date format, a day of this year, short", "D j F")
    else:
        form = pgettext("date format, a day of this year", "l j F")
    if day.year != today.year:
        form = pgettext("date format, a day of another year", "l j F Y")
    return date_format(day, form)


def clock_words(instant: datetime, *, zone: tzinfo) -> str:
    """The time of day on a clock in `zone`: "09:31"."""
    return date_format(instant.astimezone(zone), pgettext("time format", "H:i"))


@dataclass(frozen=True)
class _Reader:
    """What the words for an instant depend on besides the instant."""

    zone: tzinfo
    today: date
    short: bool
    relative: bool

    def day(self, instant: datetime) -> str:
        return day_words(
            instant.astimezone(self.zone).date(), today=self.today, short=self.short, relative=self.relative
        )

    def day_and_clock(self, instant: datetime) -> str:
        return _("%(day)s, %(time)s") % {"day": self.day(instant), "time": clock_words(instant, zone=self.zone)}

    def span(self, earliest: datetime, latest: datetime) -> str:
        same_day = earliest.astimezone(self.zone).date() == latest.astimezone(self.zone).date()
        end = clock_words(latest, zone=self.zone) if same_day else self.day_and_clock(latest)
        return _("%(start)s to %(end)s") % {"start": self.day_and_clock(earliest), "end": end}

    def deadline(self, instant: datetime) -> str:
        local = instant.astimezone(self.zone)
        if (local.hour, local.minute) == (0, 0):  # midnight, as the end of the day before it
            return self.day(instant - timedelta(minutes=1))
        if (local.hour, local.minute) == _END_OF_DAY:
            return self.day(instant)
        near = self.relative and abs((local.date() - self.today).days) <= 1
        form = _("%(time)s %(day)s") if near else _("%(time)s on %(day)s")
        return form % {"time": clock_words(instant, zone=self.zone), "day": self.day(instant)}


def when_words(
    timing: str,
    earliest: datetime | None,
    latest: datetime | None,
    *,
    zone: tzinfo,
    now: datetime,
    short: bool = False,
    relative: bool = True,
) -> str:
    """Say when a job is wanted.

    `timing` is how it was asked for: at, between, by, on, asap or flexible; any other is read as flexible.
    A time that was never set is left out rather than guessed. Made to stand inside a sentence: see `sentence`.
    """
    reader = _Reader(zone, now.astimezone(zone).date(), short, relative)
    if earliest and timing in {"at", "between"}:
        return reader.span(earliest, latest) if latest and timing == "between" else reader.day_and_clock(earliest)
    if earliest and timing == "on":
        return _("%(day)s, any time") % {"day": reader.day(earliest)}
    if not latest:
        return _("as soon as possible") if timing == "asap" else _("any time")
    forms = {"asap": _("as soon as possible, by %(day)s"), "by": _("by %(day)s")}
    return forms.get(timing, _("any time until %(day)s")) % {"day": reader.deadline(latest)}


def ago_words(then: datetime, *, zone: tzinfo, now: datetime) -> str:
    """Say how long ago: "just now", "40 min ago", "3 h ago", "yesterday", "on Monday 2 March".

    An instant still to come (a clock that is wrong) is "just now".
    """
    minutes = int((now - then).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return _("%(minutes)d min ago") % {"minutes": minutes}
    day, today = then.astimezone(zone).date(), now.astimezone(zone).date()
    if day == today or minutes < 6 * 60:
        return _("%(hours)d h ago") % {"hours": minutes // 60}
    if (today - day).days == 1:
        return _("yesterday")
    return _("on %(day)s") % {"day": day_words(day, today=today)}


def length_words(minutes: int) -> str:
    """Say how long something takes: "about 40 minutes", "about 1 hour", "about 2 h 30 min"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("about %(count)d minute", "about %(count)d minutes", rest) % {"count": rest}
    if not rest:
        return ngettext("about %(count)d hour", "about %(count)d hours", hours) % {"count": hours}
    return _("about %(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


def sentence(words: str) -> str:
    """The same words at the beginning of a sentence."""
    return str(capfirst(words))
