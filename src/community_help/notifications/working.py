"""For how long a worker works: the outbox again and again, until there is nothing to wait for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.utils import timezone

from community_help.notifications import claims, outbox
from community_help.notifications.heartbeat import Duty, beat

if TYPE_CHECKING:
    from collections.abc import Callable

#: Rows between two looks at the clock and at the wish to stop.
ROUND = 50
#: While something is about to fall due we look this often: what is due at once goes out in between. Seconds.
PAUSE = 1.0


def work(*, seconds: float, worker: str = "", stop: Callable[[], bool] = lambda: False) -> bool:
    """Drain the outbox, and wait for what falls due before the time is over: a move that can be undone for ten seconds.

    :param seconds: when to come back at the latest, but for the message in hand
    :param stop: asked between two messages

    Answers whether there is more that is due now.
    """
    end = time.monotonic() + seconds
    while not stop():
        outbox.drain(limit=ROUND, worker=worker, stop=lambda: stop() or time.monotonic() >= end)
        beat(Duty.OUTBOX, worker=worker)
        due = claims.next_due()
        if due is None:
            return False
        wait = (due - timezone.now()).total_seconds()
        if time.monotonic() + max(wait, 0) >= end:
            return wait <= 0
        if wait > 0:
            time.sleep(min(wait, PAUSE))
    return False
