"""Thin entry points for workers: three lines each, ids only."""

from __future__ import annotations

from community_help import background
from community_help.notifications import digest, working
from community_help.notifications.heartbeat import Duty, beat
from community_help.services import clock, places

#: How long one task may take: well under any sensible time-out of a queue. Seconds.
PATIENCE = 20


def drain_outbox() -> None:
    """Carry what is due, wait for what is about to be, and ask for another task when there is more."""
    if working.work(seconds=PATIENCE, worker="queue"):
        background.nudge_outbox()


def run_clock() -> None:
    """What happens by itself when its time has come, the digests, and places that are to be looked up."""
    clock.tick()
    digest.write_due()
    beat(Duty.CLOCK)
    places.look_up_places()  # last: a geocoder outside may be slow
