"""What changes because a day has come: checks end, helpers go away, decisions are over, renewals come near."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from community_help.jobs.decision import Decision, DecisionState
from community_help.jobs.offer import Offer
from community_help.lifecycle.event import Event
from community_help.lifecycle.machine import Story, record
from community_help.lifecycle.table import LIVE
from community_help.people.availability import Away
from community_help.people.community import Community
from community_help.people.profiles import Helper
from community_help.safeguarding.background_checks import Check
from community_help.services._moving import tell
from community_help.services.ripple import Rippled, ask_again

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

#: How many days before a check is due again people are reminded.
REMINDERS = (60, 30, 7)
#: The event that says: what this day has changed was asked about.
ASKED = "ask_again"


def ask_what_has_changed(now: datetime) -> Rippled:
    """Ask about offers whose check has ended at once; about who went away, and what waits, once each local day.

    Cut off anywhere it can be done again. Days that were missed are made up for.
    """
    zone = Community.current().zone
    today = timezone.localdate(now, zone)
    last = Event.objects.filter(kind=ASKED, rule="clock").order_by("-pk").values_list("at", flat=True).first()
    until = timezone.localdate(last, zone) if last is not None else None
    concerned = set(_live().filter(_check_has_ended(today)).values_list("helper", flat=True))
    is_due = until is None or until < today
    if is_due:
        concerned |= set(_live().filter(_may_have_changed(until, today)).values_list("helper", flat=True))
        concerned |= set(Decision.objects.standing().about_something().values_list("helper", flat=True))
    done = Rippled()
    for pk in sorted(concerned):
        with transaction.atomic():
            one = ask_again(Helper(pk=pk), event=None)
        done.shut += one.shut
        done.opened += one.opened
        done.asked += one.asked
        done.settled += one.settled
    if is_due:
        record(ASKED, Story(rule="clock"), at=now)
    return done


def end_decisions(now: datetime, *, settled: datetime) -> int:
    """Settle decisions about what is over: the offer has ended or has its report, the pair is one no more.

    :param settled: what ended later than this may still be undone
    """
    over = Decision.objects.standing().exclude(pk__in=Decision.objects.about_something().values("pk"))
    undoable = Q(offer__ended_at__isnull=False, offer__ended_at__gte=settled)
    is_over = Q(offer=None) | Q(offer__reported_at__isnull=False) | ~Q(offer__state__in=LIVE)
    pks = list(over.exclude(undoable).filter(is_over).values_list("pk", flat=True))
    return Decision.objects.standing().filter(pk__in=pks).update(state=DecisionState.ENDED, settled_at=now)


def remind_of_checks(now: datetime) -> int:
    """Tell the helper and their co-ordinators when a check is due again; how many were reminded of.

    Of each check once for each of :data:`REMINDERS`; where a day was missed, only the nearest is sent.
    """
    today = timezone.localdate(now, Community.current().zone)
    reminded, first = 0, today
    for days in sorted(REMINDERS):
        last = today + timedelta(days=days)
        due = Check.objects.to_be_renewed(today, last).filter(recheck_on__gte=first).filter(_not_reminded(days))
        reminded += sum(_remind(check, days) for check in due.select_related("helper__person"))
        first = last + timedelta(days=1)
    return reminded


@transaction.atomic
def _remind(check: Check, days: int) -> bool:
    """Of two clocks the one that comes second finds it done."""
    if not Check.objects.filter(_not_reminded(days), pk=check.pk, revoked_at__isnull=True).update(reminded_days=days):
        return False
    event = record("remind_of_check", Story(rule="clock", person=check.helper.person))
    Check.objects.filter(pk=check.pk).update(reminder=event)
    tell(event)
    return True


def _not_reminded(days: int) -> Q:
    return Q(reminded_days__isnull=True) | Q(reminded_days__gt=days)


def _live() -> QuerySet[Offer]:
    return Offer.objects.live().order_by()


def _check_has_ended(today: date) -> Q:
    """Offers that are not shut, and whose helper holds no check today that the job needs."""
    needed = OuterRef("job__check_level")
    held = Check.objects.valid_on(today, today).filter(
        Q(level=needed) | Q(level__includes=needed), helper=OuterRef("helper")
    )
    return Q(job__check_level__isnull=False, shut_at__isnull=True) & ~Q(Exists(held))


def _may_have_changed(until: date | None, today: date) -> Q:
    """Offers whose helper has gone away since the day that was asked about last, and those that are shut."""
    began = Away.objects.filter(helper=OuterRef("helper"), first_day__lte=today)
    if until is not None:
        began = began.filter(first_day__gt=until)
    return Q(Exists(began)) | Q(shut_at__isnull=False)
