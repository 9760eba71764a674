"""The outbox: what an event tells is written with it, and carried by whichever worker comes first.

:func:`announce` is called in the transaction of the event. :func:`drain` claims one row at a time, asks again if
it is still true, sends it and writes what came of it. A worker may be killed at any point: nothing is lost, and no row
is written twice. Only between «accepted by the server» and «written down» a message may go out a second time, with the
same key.
"""

from __future__ import annotations

import logging
import traceback
from contextlib import ExitStack
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone

from community_help.background import nudge_outbox
from community_help.exceptions import PermanentFailure, TemporaryFailure
from community_help.jobs.offer import Ask
from community_help.notifications import claims
from community_help.notifications.audience import ABOUT_PEOPLE, TELLING
from community_help.notifications.briefing import ALERT, Briefing, NoLongerTrue, NotNow, brief
from community_help.notifications.expansion import expand
from community_help.notifications.kinds import Kind
from community_help.notifications.messages import base_url, compose
from community_help.notifications.notification import Delivery, DeliveryOutcome, Notification, NotificationState
from community_help.notifications.notifiers.loading import load
from community_help.people.community import Community

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from community_help.lifecycle.event import Event
    from community_help.notifications.notifiers.notifier import Message, Notifier

log = logging.getLogger(__name__)

_DONE = (DeliveryOutcome.ACCEPTED, DeliveryOutcome.QUEUED)


@dataclass
class Drained:
    """What one round came to, in rows: told, no longer true, left for later, failed, announcements expanded."""

    sent: int = 0
    skipped: int = 0
    postponed: int = 0
    failed: int = 0
    expanded: int = 0

    @property
    def total(self) -> int:
        """All rows that were worked on."""
        return sum(getattr(self, field.name) for field in fields(self))


def announce(event: Event, *, not_before: datetime | None = None) -> None:
    """Note, in the caller's transaction, that people are to be told of this event; a worker is nudged on commit.

    Events of which nobody is ever told are passed over. Announced twice it is announced once.

    :param not_before: when it may go out; default: at once
    """
    if event.kind not in TELLING or (event.job_id is None and event.kind not in ABOUT_PEOPLE):
        return
    row = Notification(event=event, kind=event.kind, not_before=not_before or timezone.now())
    Notification.objects.bulk_create([row], ignore_conflicts=True)
    nudge_outbox()


def withdraw(event: Event) -> bool:
    """Take back, in the caller's transaction, what was to be told of this event.

    Answers ``False`` where a worker was faster, whose clock may be ahead of ours: somebody may have been told.
    The announcement's own row decides between the two.
    """
    rows = Notification.objects.filter(event=event)
    waiting = rows.filter(state=NotificationState.WAITING, attempts=0)
    waiting.update(state=NotificationState.WITHDRAWN, finished_at=timezone.now())
    return not rows.exclude(state=NotificationState.WITHDRAWN).exists()


def drain(
    *,
    now: datetime | None = None,
    limit: int | None = None,
    worker: str = "",
    stop: Callable[[], bool] | None = None,
) -> Drained:
    """Work on what is due until nothing is, or ``limit`` rows are done, or ``stop()`` says so.

    :param now: for tests: the moment that counts as now
    :param worker: a name for the log

    Raises :class:`~community_help.exceptions.ConfigurationError`, before anything is claimed, when no message could be
    sent: a notifier that can't be made, or no ``BASE_URL``.
    """
    drained = Drained()
    base_url()
    community = Community.current()
    with ExitStack() as stack:
        notifiers = load()
        for notifier in notifiers:
            stack.enter_context(notifier.session())
        while (limit is None or drained.total < limit) and not (stop and stop()):
            moment = now or timezone.now()
            claimed = claims.claim(moment)
            if claimed is None:
                break
            _work_on(claimed, notifiers, community, moment, drained)
    if drained.total:
        log.info("outbox %s: %s", worker, drained)
    return drained


def _work_on(
    claimed: Notification, notifiers: list[Notifier], community: Community, now: datetime, drained: Drained
) -> None:
    """One row, to an end or to a later attempt. Whatever is wrong with it stays with it."""
    if claimed.tries > claims.ATTEMPTS:
        claims.finish(claimed, NotificationState.DEAD, reason="no attempt came to an end")
        drained.failed += 1
        return
    try:
        if claimed.recipient_id is None:
            expand(claimed, keep_alive=lambda: claims.renew(claimed))
            claims.finish(claimed, NotificationState.EXPANDED)
            drained.expanded += 1
        elif _carry(claimed, notifiers, community, now):
            drained.sent += 1
        else:
            drained.failed += 1
    except NotNow as later:
        claims.postpone(claimed, later.until, reason=str(later))
        drained.postponed += 1
    except NoLongerTrue as stale:
        claims.finish(claimed, NotificationState.SKIPPED, reason=str(stale))
        drained.skipped += 1
    except DatabaseError:
        raise  # nothing can be written down now; the lease runs out, and it is claimed again
    except Exception as error:  # noqa: BLE001  a row that can't be rendered must not block the others
        reason = f"{type(error).__name__} at {place_of(error)}"
        log.error("notification %s (%s) failed: %s", claimed.key, claimed.kind, reason)  # noqa: TRY400  its words may hold names
        claims.retry(claimed, now, reason=reason)
        drained.failed += 1


def _carry(claimed: Notification, notifiers: list[Notifier], community: Community, now: datetime) -> bool:
    """Send it by every notifier that reaches the person and has not carried it yet; whether it is told now."""
    final = Q(outcome__in=_DONE) | Q(
        outcome=DeliveryOutcome.PERMANENT_FAILURE, attempt__gt=claimed.retried_after
    )  # who had it tried again hopes that what failed for good does not any more
    deliveries = Delivery.objects.filter(final, notification=claimed)
    outcomes = dict(deliveries.order_by("pk").values_list("notifier", "outcome"))
    addresses = {notifier: _address(notifier, claimed) for notifier in notifiers if notifier.alias not in outcomes}
    told = bool(set(outcomes.values()) & set(_DONE))
    try:
        briefing = brief(claimed, community=community, now=now)
    except (NoLongerTrue, NotNow):
        if not told:
            raise
        _told(claimed, _as_it_was(claimed))  # sent by a worker that died before it could say so
        return True
    if not outcomes and not any(addresses.values()):
        raise NoLongerTrue("no address")
    message = compose(claimed, briefing, community=community, now=now)
    reason = ""
    for notifier, address in addresses.items():
        if address:
            delivery = _attempt(notifier, message, address, claimed)
            outcomes[notifier.alias] = delivery.outcome
            reason = reason if delivery.outcome in _DONE else f"{notifier.alias}: {delivery.detail}"
    if DeliveryOutcome.TEMPORARY_FAILURE in outcomes.values():
        claims.retry(claimed, now, reason=reason)
        return False
    if not set(outcomes.values()) & set(_DONE):
        claims.finish(claimed, NotificationState.DEAD, reason=reason)
        return False
    _told(claimed, briefing)
    return True


def _attempt(notifier: Notifier, message: Message, address: str, claimed: Notification) -> Delivery:
    """Send it once by one notifier, and write down what came of it before anything else happens."""
    delivery = Delivery(notification=claimed, notifier=notifier.alias, attempt=claimed.attempts)
    try:
        receipt = notifier.send(message, address)
    except PermanentFailure as failure:
        delivery.outcome, delivery.detail = DeliveryOutcome.PERMANENT_FAILURE, str(failure)[:500]
    except TemporaryFailure as failure:
        delivery.outcome, delivery.detail = DeliveryOutcome.TEMPORARY_FAILURE, str(failure)[:500]
    except Exception as error:  # noqa: BLE001  a notifier of the site's own; the other notifiers go on
        delivery.outcome = DeliveryOutcome.TEMPORARY_FAILURE
        delivery.detail = f"{type(error).__name__} at {place_of(error)}"[:500]
    else:
        delivery.outcome = DeliveryOutcome.QUEUED if receipt.queued else DeliveryOutcome.ACCEPTED
        delivery.provider_id, delivery.detail = receipt.provider_id[:200], receipt.detail[:500]
    delivery.at = timezone.now()
    # Where a worker that was thought dead has written one already, the database keeps the first.
    Delivery.objects.bulk_create([delivery], ignore_conflicts=True)
    return delivery


def _told(claimed: Notification, briefing: Briefing) -> None:
    with transaction.atomic():
        if claims.finish(claimed, NotificationState.SENT):
            asks = [
                Ask(job_id=job, opening=opening, helper_id=claimed.recipient_id, step=briefing.step)
                for job, opening in briefing.asked
            ]
            Ask.objects.bulk_create(asks, ignore_conflicts=True)


def _as_it_was(claimed: Notification) -> Briefing:
    """What a message that was sent had rested on, as far as somebody was asked by it."""
    event = claimed.event
    if event is None or event.job_id is None or claimed.kind != Kind.JOB_ALERT:
        return Briefing()
    return Briefing(asked=((event.job_id, event.opening),), step=ALERT)


def _address(notifier: Notifier, claimed: Notification) -> str:
    return notifier.address_for(claimed.recipient) if claimed.recipient else ""


def place_of(error: Exception) -> str:
    """Where it happened. An error's own words may quote what it choked on, and that may be personal."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{last.filename.rpartition('/')[2]}:{last.lineno}"
