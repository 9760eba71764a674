"""When a helper can help, how much at once, and how often they are written to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from community_help.lifecycle.machine import Story, record
from community_help.people.availability import Away, FreeHours
from community_help.people.profiles import Helper
from community_help.services._moving import ask_policy
from community_help.services.ripple import ask_again

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, time

    from community_help.lifecycle.event import Event
    from community_help.people.person import Person

    #: Weekday (0 for Monday), and from which to which minute of it; the second is exclusive and at most 1440.
    Hours = tuple[int, int, int]
    #: The first and the last day away; ``None`` until they say otherwise.
    Days = tuple[date, date | None]

#: More than a helper can mean; a form that sends more is not a helper's.
MOST_ROWS = 100


@transaction.atomic
def change_availability(
    helper: Helper,
    *,
    actor: Person,
    hours: Iterable[Hours] | None = None,
    away: Iterable[Days] | None = None,
    most_jobs: int | str | None = "",
) -> Event:
    """Say when the helper can; what is not given stays as it is.

    Hours that touch become one stretch, so that a job over noon fits mornings and afternoons.

    :param hours: of every week; none at all means at any time
    :param away: days on which they can't, both ends included
    :param most_jobs: the most at once; ``None`` for as many as come

    Raises ``ValidationError`` by name for what can't be.
    """
    ask_policy(actor, "change_availability", helper)
    if hours is not None:
        stretches = _joined(hours)
        FreeHours.objects.filter(helper=helper).delete()
        FreeHours.objects.bulk_create(
            FreeHours(helper=helper, weekday=day, from_minute=begins, to_minute=ends) for day, begins, ends in stretches
        )
    if away is not None:
        days = _checked_days(away)
        Away.objects.filter(helper=helper).delete()
        Away.objects.bulk_create(Away(helper=helper, first_day=first, last_day=last) for first, last in days)
    if not isinstance(most_jobs, str):
        if most_jobs is not None and not 0 <= most_jobs <= MOST_ROWS:
            raise ValidationError({"most_jobs": _("Give a number from 0 to %(most)d.") % {"most": MOST_ROWS}})
        Helper.objects.filter(pk=helper.pk).update(most_jobs=most_jobs)
    event = record("change_availability", Story(actor=actor, person=helper.person))
    ask_again(helper, event=event)
    return event


@transaction.atomic
def change_being_asked(
    helper: Helper,
    *,
    actor: Person,
    most_per_week: int | str | None = "",
    quiet: tuple[time, time] | str | None = "",
    alerts: bool | None = None,
    digest: bool | None = None,
) -> Event:
    """Say how often, and when, the helper is written to; what is not given stays as it is.

    :param most_per_week: the most times to be asked in seven days; ``None`` for as often as they fit
    :param quiet: their own quiet hours, from and until; the same time twice for none, ``None`` for the community's
    :param alerts: whether they hear of urgent jobs at once; :param digest: whether they get the daily digest

    Raises ``ValidationError`` by name for what can't be.
    """
    ask_policy(actor, "change_being_asked", helper)
    values: dict[str, Any] = {}
    if not isinstance(most_per_week, str):
        if most_per_week is not None and not 0 <= most_per_week <= MOST_ROWS:
            words = _("Give a number from 0 to %(most)d.") % {"most": MOST_ROWS}
            raise ValidationError({"most_per_week": words})
        values["most_asks_per_week"] = most_per_week
    if not isinstance(quiet, str):
        values["quiet_from"], values["quiet_until"] = quiet or (None, None)
    values |= {name: on for name, on in (("wants_alerts", alerts), ("wants_digest", digest)) if on is not None}
    Helper.objects.filter(pk=helper.pk).update(**values)
    return record("change_being_asked", Story(actor=actor, person=helper.person))


def _joined(hours: Iterable[Hours]) -> list[Hours]:
    """The hours in their order, those that touch or overlap as one."""
    joined: list[Hours] = []
    for day, begins, ends in sorted(hours):
        if not (0 <= day <= 6 and 0 <= begins < ends <= 1440):
            raise ValidationError({"hours": _("Each stretch begins before it ends, on one day.")})
        if joined and joined[-1][0] == day and joined[-1][2] >= begins:
            joined[-1] = (day, joined[-1][1], max(joined[-1][2], ends))
        else:
            joined.append((day, begins, ends))
    return joined


def _checked_days(away: Iterable[Days]) -> list[Days]:
    """The days in their order, stretches that touch or overlap as one."""
    days = sorted(away, key=lambda stretch: stretch[0])
    if any(last is not None and last < first for first, last in days):
        raise ValidationError({"away": _("The last day away is before the first.")})
    if len(days) > MOST_ROWS:
        raise ValidationError({"away": _("That is too much to keep.")})
    joined: list[Days] = []
    for first, last in days:
        began, until = joined.pop() if joined else (first, last)
        if until is not None and (first - until).days > 1:
            joined += [(began, until), (first, last)]
        else:
            joined.append((began, None if until is None or last is None else max(until, last)))
    return joined
