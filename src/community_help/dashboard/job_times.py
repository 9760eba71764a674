"""The questions about a job's time, and the two instants that their answers mean."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.dashboard.plain_form import PlainForm
from community_help.jobs.job import Timing

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from community_help.dashboard.clock import Clock
    from community_help.jobs.job import Job

#: The last minute of a day: what "by Friday" ends with.
END_OF_DAY = time(23, 59)
#: How far ahead a job may be wanted. A year that was mistyped is noticed, and no calendar overflows.
FARTHEST = timedelta(days=366)
#: Names that a service gives to what is asked here in parts.
PLACES = {"earliest": "from_time", "latest": "until_time", "first_day": "day", "last_day": "day"}

#: Timing → the questions that it needs an answer to.
_NEEDED: dict[str, tuple[str, ...]] = {
    Timing.AT: ("day", "from_time"),
    Timing.BETWEEN: ("day", "from_time", "until_time"),
    Timing.BY: ("day",),
    Timing.ON: ("day",),
}
_DATES = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y"]
_TIMES = ["%H:%M", "%H:%M:%S", "%H.%M"]


def day_field(label: Any, *, required: bool = False, **kwargs: Any) -> forms.DateField:
    """A question for a day."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"})
    return forms.DateField(label=label, required=required, input_formats=_DATES, widget=widget, **kwargs)


def _time_field(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "autocomplete": "off"})
    return forms.TimeField(label=label, required=False, input_formats=_TIMES, widget=widget)


class TimesForm(PlainForm):
    """When a job is wanted. After cleaning, ``times`` holds timing, earliest and latest for the services."""

    timing = forms.ChoiceField(label=gettext_lazy("When"), choices=Timing, initial=Timing.BETWEEN)
    day = day_field(gettext_lazy("Day"))
    from_time = _time_field(gettext_lazy("From"))
    until_time = _time_field(gettext_lazy("Until"))
    until_day = day_field(gettext_lazy("Until which day"), help_text=gettext_lazy("Only if it is another day"))

    def __init__(self, *args: Any, clock: Clock, was: Job | None = None, **kwargs: Any) -> None:
        """:param was: a job whose own past time may stay"""
        super().__init__(*args, **kwargs)
        self.clock, self.was = clock, was
        self.offer("timing", Timing.choices)
        self.times: dict[str, Any] = {}

    def clean(self) -> dict[str, Any]:
        """Turn the answers into two instants, or say which answer is missing or can't be."""
        cleaned = super().clean() or self.cleaned_data
        if not self._time_is_wrong():
            earliest, latest = self._span(cleaned)
            if not self._time_is_wrong():
                self.times = {"timing": cleaned["timing"], "earliest": earliest, "latest": latest}
                self._refuse_past(latest)
        return cleaned

    def _time_is_wrong(self) -> bool:
        return not set(TimesForm.base_fields).isdisjoint(self.errors)

    def _span(self, cleaned: dict[str, Any]) -> tuple[datetime | None, datetime | None]:
        """The two instants; nothing where an answer is missing or out of the calendar, which is then an error."""
        timing, day, start, end = (cleaned[name] for name in ("timing", "day", "from_time", "until_time"))
        last_day = cleaned["until_day"] or day
        self._require(cleaned, _NEEDED.get(timing, ()))
        if self._time_is_wrong() or day is None:
            return None, None
        if timing == Timing.ON:
            return self._instant("day", day, time.min), self._instant("day", day, END_OF_DAY)
        if timing == Timing.AT:
            instant = self._instant("from_time", day, start)
            return instant, instant
        if timing != Timing.BETWEEN:
            return None, self._instant("until_time" if end else "day", last_day, end or END_OF_DAY)
        earliest, latest = self._instant("from_time", day, start), self._instant("until_time", last_day, end)
        if earliest and latest and latest <= earliest:
            self.add_error("until_time", ValidationError(_("“Until” has to be later than “From”."), code="order"))
        return earliest, latest

    def _require(self, cleaned: dict[str, Any], needed: tuple[str, ...]) -> None:
        days = {name: cleaned[name] for name in ("day", "until_day")}
        for name in [name for name in needed if cleaned[name] is None]:
            self.add_error(name, ValidationError("", code="required"))
        for name, day in days.items():
            if day is not None and abs(day - self.clock.today) > FARTHEST:
                words = _("“%(label)s” is more than a year away. Check the year.")
                self.add_error(name, ValidationError(words % {"label": self.fields[name].label}, code="far"))

    def _instant(self, name: str, day: date, at: time) -> datetime | None:
        """The instant of a local day and time; ``None`` and an error where there is none."""
        local = datetime.combine(day, at, self.clock.zone)
        instant = local.astimezone(UTC)
        if instant.astimezone(self.clock.zone).replace(tzinfo=None) != local.replace(tzinfo=None):
            words = _("There is no %(time)s on that day: the clocks go forward then. Choose another time.")
            self.add_error(name, ValidationError(words % {"time": at.strftime("%H:%M")}, code="no_such_time"))
            return None
        return instant

    def _refuse_past(self, latest: datetime | None) -> None:
        if latest is None or latest > self.clock.now or (self.was is not None and self.was.latest == latest):
            return
        local = latest.astimezone(self.clock.zone)
        name = "from_time" if self.cleaned_data["timing"] == Timing.AT else "until_time"
        if local.date() < self.clock.today or local.time() == END_OF_DAY:
            name = "day"
        self.add_error(name, ValidationError(_("That time has passed. Give one that is still to come."), code="past"))


def times_of(job: Job, *, zone: ZoneInfo) -> dict[str, Any]:
    """The answers that a job's time stands for, to begin a form with."""
    answers: dict[str, Any] = {"timing": job.timing}
    start = job.earliest.astimezone(zone) if job.earliest else None
    end = job.latest.astimezone(zone) if job.latest else None
    first, last = start or end, end or start
    if first is None or last is None:
        return answers
    answers["day"] = first.date()
    if last.date() != first.date():
        answers["until_day"] = last.date()
    if job.timing in {Timing.AT, Timing.BETWEEN} and start:
        answers["from_time"] = start.time()
    if end and end.time() != END_OF_DAY and job.timing not in {Timing.AT, Timing.ON}:
        answers["until_time"] = end.time()
    return answers
