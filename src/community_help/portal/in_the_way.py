"""What keeps open jobs from a helper besides what they have ticked: in words, with what they could change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, Value
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community_help.matching import Moment
from community_help.people.availability import Away, FreeHours
from community_help.plain_times import day_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from django.db.models import QuerySet

    from community_help.jobs.job import Job
    from community_help.matching import Criterion
    from community_help.people.profiles import Helper

#: So many stretches away are named.
_MOST_AWAY = 3


@dataclass(frozen=True)
class InTheWay:
    """One thing that alone keeps jobs from a helper."""

    slug: str
    title: str
    words: str
    icon: str


def what_stands_there(helper: Helper, hidden: Iterable[tuple[type[Criterion], QuerySet[Job]]]) -> tuple[InTheWay, ...]:
    """A line for each criterion that alone hides jobs; first what the helper can change by themselves.

    :param hidden: criteria that can be waived, each with the jobs that there would be without it
    """
    lines = []
    found = list(hidden)
    counts = _counted(found)
    for criterion, rows in found:
        count = counts.get(criterion.slug, 0)
        if count:
            say = _SAYS.get(criterion.slug)
            lines.append((say and say(helper, rows, count)) or _in_general(criterion, count))
    order = list(_SAYS)
    return tuple(sorted(lines, key=lambda line: order.index(line.slug) if line.slug in order else len(order)))


def _counted(hidden: Iterable[tuple[type[Criterion], QuerySet[Job]]]) -> dict[str, int]:
    """Slug → how many jobs; one query, however many criteria a site has."""
    parts: list[Any] = [
        rows.order_by().annotate(hidden_by=Value(criterion.slug)).values_list("hidden_by").annotate(Count("pk"))
        for criterion, rows in hidden
    ]
    return dict(parts[0].union(*parts[1:], all=True).order_by()) if parts else {}


def _in_general(criterion: type[Criterion], count: int) -> InTheWay:
    """What may be said of a criterion that nobody here knows: it is a site's own, or stands in for one of ours."""
    title = ngettext("%(n)d job for others", "%(n)d jobs for others", count) % {"n": count}
    words = _("For somebody who %(label)s.") % {"label": criterion.label}
    return InTheWay(criterion.slug, title, words, "people-fill")


def _at_other_times(helper: Helper, _rows: QuerySet[Job], count: int) -> InTheWay | None:
    today = Moment.of().today
    still = Away.objects.filter(Q(last_day__isnull=True) | Q(last_day__gte=today), helper=helper.pk)
    stretches = list(still.order_by("first_day", "pk")[:_MOST_AWAY])
    has_hours = FreeHours.objects.filter(helper=helper.pk).exists()
    now = [stretch for stretch in stretches if stretch.first_day <= today]
    if now:
        return _away_now(now, today, count, has_hours=has_hours)
    words = []
    if stretches:
        listed = get_text_list([_stretch(each, today) for each in stretches], _("and"))
        words.append(_("You are away %(stretches)s.") % {"stretches": listed})
    if has_hours:
        words.append(
            ngettext(
                "You gave us hours in which you can help, and it is wanted at another time.",
                "You gave us hours in which you can help, and they are wanted at other times.",
                count,
            )
            if not stretches
            else _("At other times you can help in the hours that you gave us.")
        )
    if not words:
        return None
    title = ngettext("%(n)d job at a time when you can’t", "%(n)d jobs at times when you can’t", count) % {"n": count}
    return InTheWay("available", title, " ".join(words), "clock")


def _away_now(now: list[Away], today: date, count: int, *, has_hours: bool) -> InTheWay:
    ends = [stretch.last_day for stretch in now]
    last = None if None in ends else max(day for day in ends if day is not None)
    if last is None:
        title = _("You are away until you say otherwise")
    elif last == today:
        title = _("You are away today")
    else:
        title = _("You are away until %(day)s") % {"day": day_words(last, today=today)}
    words = ngettext("%(n)d job is open meanwhile.", "%(n)d jobs are open meanwhile.", count) % {"n": count}
    if has_hours:
        also = ngettext("It may be outside your hours too.", "Some may be outside your hours too.", count)
        words = f"{words} {also}"
    return InTheWay("available", title, words, "calendar3")


def _stretch(away: Away, today: date) -> str:
    first = day_words(away.first_day, today=today)
    if away.last_day is None:
        return _("from %(first)s, until you say otherwise") % {"first": first}
    if away.last_day == away.first_day:
        return first if (away.first_day - today).days == 1 else _("on %(day)s") % {"day": first}
    return _("from %(first)s to %(last)s") % {"first": first, "last": day_words(away.last_day, today=today)}


def _as_many_as_wanted(helper: Helper, _rows: QuerySet[Job], count: int) -> InTheWay | None:
    most = helper.most_jobs
    if most is None:
        return None
    if not most:
        title = _("You want no jobs just now")
        words = ngettext("%(n)d job is open that would fit you.", "%(n)d jobs are open that would fit you.", count)
    else:
        title = _("You have as many jobs in hand as you want")
        words = ngettext(
            "You said %(most)d at most at once; %(n)d more would fit you.",
            "You said %(most)d at most at once; %(n)d more would fit you.",
            count,
        )
    return InTheWay("load", title, words % {"n": count, "most": most}, "hourglass-split")


def _too_far(helper: Helper, rows: QuerySet[Job], count: int) -> InTheWay:
    if helper.position is None:
        title = ngettext("%(n)d job for who lives near it", "%(n)d jobs for who lives near them", count)
        words = _("We do not know yet where you live. Tell us your postcode.")
    else:
        title = ngettext("%(n)d job further from your home", "%(n)d jobs further from your home", count)
        words = _("It is asked of people who live nearer. Tell us if you have moved.")
        if rows.filter(latitude__isnull=True).exists():
            title = ngettext("%(n)d job for who lives near it", "%(n)d jobs for who lives near them", count)
            words = _("You live further away, or we do not know yet where it is.")
    return InTheWay("radius", title % {"n": count}, words, "signpost-split-fill")


#: Slug → the line of one of our criteria; ``None`` where it has nothing more to say than any other.
_SAYS: dict[str, Callable[[Helper, QuerySet[Job], int], InTheWay | None]] = {
    "available": _at_other_times,
    "load": _as_many_as_wanted,
    "radius": _too_far,
}
