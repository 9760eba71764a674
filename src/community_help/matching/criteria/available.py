"""Helpers are asked for times at which they can: their hours of the week against the job's, and not while away.

All is in the community's days and minutes, as :class:`~community_help.jobs.job.JobSlot` keeps them. A job whose
time is over and that is still open is wanted as soon as possible. What lies further ahead than ``HORIZON`` days
from its first day is not looked at: a job «by» the end of the year needs somebody in the next two weeks.
"""

from __future__ import annotations

from datetime import timedelta
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any

from django.db.models import Case, DateField, Exists, ExpressionWrapper, F, Func, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.jobs.job import JobSlot, Timing
from community_help.jobs.slots import Span, slots_of
from community_help.matching.criterion import Criterion
from community_help.people.availability import Away, FreeHours

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models.expressions import Combinable

    from community_help.matching.need import Need
    from community_help.people.profiles import Helper

HORIZON = 14
_DAY = timedelta(days=1)
_WHOLE_DAY = 24 * 60
_MINUTES = IntegerField()


class Available(Criterion):
    """The helper can, at the job's time.

    A helper who gave no hours can at any time. Between two times, on a day or by a time it is enough that they
    can for as long as the help takes, on one of the days; at a time they must be able to for the whole of it.
    As soon as possible is today or tomorrow; any time is any of the next 14 days.
    """

    slug = "available"
    label = gettext_lazy("can at that time")

    def helpers_for(self, need: Need) -> Q:
        if need.timing == Timing.FLEXIBLE:
            return ~Q(Exists(self._away_all_along(OuterRef("pk"))))
        spans = self.spans(need)
        if spans is None:
            return Q()
        if not spans:  # an end before its beginning: a need may say so, a job can't
            return Q(pk__in=())
        whole = need.timing == Timing.AT and not self._is_over(need)
        least = 1 if need.timing == Timing.ASAP or self._is_over(need) else need.minutes or 1
        fitting = [self._fits(span, needed=_length(span) if whole else min(least, _length(span))) for span in spans]
        return reduce(and_ if whole else or_, fitting)

    def jobs_for(self, helper: Helper) -> Q:
        flexible = Q(timing=Timing.FLEXIBLE) & ~Q(Exists(self._away_all_along(Value(helper.pk))))
        soon = reduce(or_, (self._free_on(span, helper) for span in self._soon()))
        is_over = Q(latest__lte=self.moment.now) & ~Q(timing__in=[Timing.FLEXIBLE, Timing.ASAP])
        slots = self._slots_to_come()
        timed = ~Q(timing__in=[Timing.FLEXIBLE, Timing.ASAP]) & Q(latest__gt=self.moment.now)
        at = Q(timing=Timing.AT) & Q(Exists(slots)) & ~Q(Exists(slots.exclude(self._slot_fits(helper, whole=True))))
        others = ~Q(timing=Timing.AT) & Q(Exists(slots.filter(self._slot_fits(helper, whole=False))))
        return flexible | ((Q(timing=Timing.ASAP) | is_over) & soon) | (timed & (at | others))

    def asks(self, need: Need) -> str:
        return _("has to be possible at that time") if need.timing != Timing.FLEXIBLE else _("at any time")

    def facts(self, need: Need) -> Mapping[str, Combinable]:
        return {
            "available_away": Exists(Away.objects.throughout(self.today, self.today).filter(helper=OuterRef("pk"))),
            "available_any_time": ~Exists(FreeHours.objects.filter(helper=OuterRef("pk"))),
        }

    def tells(self, need: Need, helper: Helper) -> bool:
        return need.timing != Timing.FLEXIBLE and not vars(helper)["available_any_time"]

    def because(self, need: Need, helper: Helper, holds: bool) -> str:
        read = vars(helper)
        if holds:
            return _("can at any time") if read["available_any_time"] else str(self.label)
        return _("is away") if read["available_away"] or read["available_any_time"] else _("can’t at that time")

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

    def _is_over(self, need: Need) -> bool:
        return need.latest is not None and need.latest <= self.moment.now

    def _soon(self) -> list[Span]:
        return [Span(self.today, self.moment.minute, _WHOLE_DAY), Span(self.today + _DAY, 0, _WHOLE_DAY)]

    def _still_to_come(self, span: Span) -> Span | None:
        if span.date != self.today or span.from_minute >= self.moment.minute:
            return span
        left = span._replace(from_minute=self.moment.minute)
        return left if left.from_minute < left.to_minute else None

    # From the job's end: the spans are known, helpers are the rows.

    def _fits(self, span: Span, *, needed: int) -> Q:
        """Helpers who can within this span, for as many minutes as are needed."""
        hours = FreeHours.objects.filter(helper=OuterRef("pk"))
        during = hours.filter(
            weekday=span.weekday,
            from_minute__lte=span.to_minute - needed,
            to_minute__gte=span.from_minute + needed,
            to_minute__gt=F("from_minute") + (needed - 1),
        )
        away = Away.objects.throughout(span.date, span.date).filter(helper=OuterRef("pk"))
        return (~Q(Exists(hours)) | Q(Exists(during))) & ~Q(Exists(away))

    # From the helper's end: the helper is known, jobs and their slots are the rows.

    def _away_all_along(self, helper: Any) -> Any:
        last = self.today + (HORIZON - 1) * _DAY
        return Away.objects.throughout(self.today, last).filter(helper=helper)

    def _free_on(self, span: Span, helper: Helper) -> Q:
        """Whether this helper can within the span, for a minute at least: the same for every job."""
        hours = FreeHours.objects.filter(helper=helper.pk)
        during = hours.filter(weekday=span.weekday, from_minute__lt=span.to_minute, to_minute__gt=span.from_minute)
        away = Away.objects.throughout(span.date, span.date).filter(helper=helper.pk)
        return (~Q(Exists(hours)) | Q(Exists(during))) & ~Q(Exists(away))

    def _slots_to_come(self) -> Any:
        """The outer job's slots that are not over, with ``begins``: today's begin now at the earliest."""
        today = Value(self.today, output_field=DateField())
        start = Greatest(Coalesce(OuterRef("first_day"), today), today, output_field=DateField())
        begins = Case(
            When(date=self.today, then=Greatest(F("from_minute"), Value(self.moment.minute))),
            default=F("from_minute"),
            output_field=_MINUTES,
        )
        slots = JobSlot.objects.filter(job=OuterRef("pk"), date__gte=self.today).order_by()
        needs = Coalesce(OuterRef("minutes"), 1, output_field=_MINUTES)
        slots = slots.annotate(begins=begins, needs=needs)
        return slots.filter(date__lt=_DaysLater(start, days=HORIZON), to_minute__gt=F("begins"))

    def _slot_fits(self, helper: Helper, *, whole: bool) -> Q:
        """Of those slots: the helper can for the whole of it, or for as long as the outer job needs."""
        hours = FreeHours.objects.filter(helper=helper.pk)
        until = Least(F("to_minute"), OuterRef("to_minute"), output_field=_MINUTES)
        since = Greatest(F("from_minute"), OuterRef("begins"), output_field=_MINUTES)
        length = ExpressionWrapper(OuterRef("to_minute") - OuterRef("begins"), output_field=_MINUTES)
        needed = length if whole else Least(OuterRef("needs"), length, output_field=_MINUTES)
        during = hours.annotate(overlap=until - since, needed=needed)
        during = during.filter(weekday=OuterRef("weekday"), overlap__gte=F("needed"))
        away = Away.objects.throughout(OuterRef("date"), OuterRef("date")).filter(helper=helper.pk)
        return (~Q(Exists(hours)) | Q(Exists(during))) & ~Q(Exists(away))


def _length(span: Span) -> int:
    return span.to_minute - span.from_minute


class _DaysLater(Func):
    """A date so many days later; Django's own arithmetic makes a moment of it on SQLite."""

    output_field = DateField()

    def __init__(self, day: Combinable, *, days: int) -> None:
        super().__init__(day, Value(days))

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s)", arg_joiner=" + ")

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> Any:
        return self.as_sql(compiler, connection, template="date(%(expressions)s || ' days')", arg_joiner=", ")
