"""Where people and their jobs are: looked up by a worker, or put on the map by hand."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from community_help.jobs.job import Job
from community_help.jobs.offer import Offer
from community_help.lifecycle.machine import Story, record
from community_help.lifecycle.table import GOING_ON, JobState
from community_help.people.community import Area
from community_help.people.geocoding import load_geocoder
from community_help.people.places import Position, columns_of
from community_help.people.profiles import Helper, Requester, place_of
from community_help.privacy.placing import Waiting, forget_the_wait, locate, wait_until, waiting_for_a_place
from community_help.services._moving import ask_policy
from community_help.services.ripple import ask_about, ask_again, lock

if TYPE_CHECKING:
    from datetime import datetime

    from community_help.lifecycle.event import Event
    from community_help.people.person import Person

log = logging.getLogger(__name__)

#: When a geocoder that could not answer is asked again.
AGAIN = timedelta(minutes=10)
#: How long one round may take: seconds, well under any sensible time-out of a queue.
PATIENCE = 20.0
#: Jobs whose place still matters.
_NOT_OVER = (JobState.DRAFT, JobState.SUBMITTED, *GOING_ON)


class Looked(NamedTuple):
    """What a round came to: how many addresses have a place now, how many have none, how many must wait."""

    found: int = 0
    unknown: int = 0
    put_off: int = 0


def look_up_places(*, most: int = 100, seconds: float = PATIENCE, now: datetime | None = None) -> Looked:
    """Ask the site's geocoder about addresses that are new or have changed. Killed at any moment it loses nothing.

    :param most: how many at most in one round
    :param seconds: after so long no further address is begun; it waits for the next round
    """
    began = time.monotonic()
    now = now or timezone.now()
    due = waiting_for_a_place(now=now, most=most)
    if not due:
        return Looked()
    try:
        geocoder = load_geocoder()
    except Exception:
        log.exception("no geocoder: %s addresses wait", len(due))
        return Looked(put_off=len(due))
    counts = {"found": 0, "unknown": 0, "put_off": 0}
    for waiting in due:
        if time.monotonic() - began > seconds:
            break
        try:
            position = locate(waiting.person_id, geocoder)
        except Exception as error:  # noqa: BLE001  a site's geocoder may raise anything, and the next address waits
            # The kind of error only: its text may hold the address.
            log.warning("no place for person %s: %s", waiting.person_id, type(error).__qualname__)
            wait_until(waiting, now + AGAIN)
            counts["put_off"] += 1
            continue
        if _settle(waiting, position):
            counts["found" if position else "unknown"] += 1
    return Looked(**counts)


@transaction.atomic
def pin_person(person: Person, position: Position | None, *, actor: Person) -> Event:
    """Put somebody on the map by hand, or take them off it. It holds until their address changes.

    Raises ``ValidationError`` for what is nowhere on the earth.
    """
    ask_policy(actor, "pin_person", person)
    position = _checked(position)
    forget_the_wait(person.pk)
    event = record("pin_person", Story(actor=actor, person=person))
    _put(person.pk, position, event=event)
    return event


@transaction.atomic
def pin_area(area: Area, position: Position | None, *, actor: Person) -> Event:
    """Say where the middle of an area is, or that nobody knows. Jobs that stood there only roughly follow.

    Raises as :func:`pin_person`.
    """
    ask_policy(actor, "pin_area", area)
    Area.objects.filter(pk=area.pk).update(**columns_of(_checked(position)))
    area.refresh_from_db()
    nowhere = Q(rough=True) | Q(latitude__isnull=True)
    at_home = Q(requester__area=area, requester__latitude__isnull=False)  # however roughly that is known
    roughly = Job.objects.non_polymorphic().filter(nowhere, ~at_home, area=area, state__in=_NOT_OVER)
    moved = list(roughly.values_list("pk", flat=True))
    _lock_who_offered(moved)  # before the jobs' rows, as everywhere
    roughly.filter(pk__in=moved).update(**columns_of(place_of(None, area)))
    event = record("pin_area", Story(actor=actor, why=area.name))
    ask_about(Offer.objects.filter(job__in=moved), event=event)
    return event


@transaction.atomic
def _settle(waiting: Waiting, position: Position | None) -> bool:
    """Keep what was found, unless the address has changed meanwhile; whether it was kept."""
    if not wait_until(waiting, None):
        return False
    _put(waiting.person_id, position, event=None)
    return True


def _put(person_id: int, position: Position | None, *, event: Event | None) -> None:
    """Move a person, and their jobs that were at home with them or nowhere in particular."""
    if Helper.objects.filter(pk=person_id).update(**columns_of(position)):
        ask_again(Helper(pk=person_id), event=event)
    requester = Requester.objects.select_related("area").filter(pk=person_id).first()
    if requester is None or requester.area is None:
        Requester.objects.filter(pk=person_id).update(**columns_of(position))
        return
    at_home = Q(latitude=requester.latitude, longitude=requester.longitude, rough=requester.rough)
    jobs = Job.objects.non_polymorphic().filter(requester=requester, area=requester.area, state__in=_NOT_OVER)
    moved = list(jobs.filter(at_home | Q(rough=True) | Q(latitude__isnull=True)).values_list("pk", flat=True))
    Requester.objects.filter(pk=person_id).update(**columns_of(position))
    requester.refresh_from_db(fields=["latitude", "longitude", "rough"])
    columns = columns_of(place_of(requester, requester.area))
    _lock_who_offered(moved)
    Job.objects.non_polymorphic().filter(pk__in=moved).update(**columns)
    ask_about(Offer.objects.filter(job__in=moved), event=event)


def _lock_who_offered(jobs: list[int]) -> None:
    """The helpers come before the jobs' rows, as everywhere: else a ratification and this could wait for each other."""
    lock(Offer.objects.live().filter(job__in=jobs).order_by().values_list("helper", flat=True))


def _checked(position: Position | None) -> Position | None:
    try:
        return position.rounded() if position is not None else None
    except ValueError as error:
        raise ValidationError({"place": _("That is nowhere on the earth.")}) from error
