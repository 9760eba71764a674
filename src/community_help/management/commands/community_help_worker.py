"""The outbox's own worker, for sites with only cron or systemd."""

from __future__ import annotations

import logging
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections

from community_help import tasks
from community_help.exceptions import ConfigurationError
from community_help.notifications import outbox, working
from community_help.notifications.heartbeat import Duty, beat

if TYPE_CHECKING:
    from argparse import ArgumentParser

log = logging.getLogger(__name__)

#: Seconds between two rounds of the clock, two looks into an empty outbox, and after the database was not there.
CLOCK = 60.0
LOOK = 1.0
RECOVER = 5.0


class Command(BaseCommand):
    """Carry the outbox, run the clock and write the digests, until told to stop.

    Several may run at once, and beside django-q2. Killed at any moment it loses nothing. SIGTERM and SIGINT end it
    after the message in hand.
    """

    help = "Sends what is due and does what its time has come for, again and again; with --once, once (for cron)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take ``--once``."""
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  Django's signature
        """Work."""
        stop = threading.Event()
        before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            if options["once"]:
                _run_clock()
                outbox.drain(worker="once", stop=stop.is_set)
                beat(Duty.OUTBOX, worker="once")
            else:
                self._work(stop)
        except ConfigurationError as error:
            raise CommandError(str(error)) from error
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _work(self, stop: threading.Event) -> None:
        clock_at = 0.0
        while not stop.is_set():
            try:
                if time.monotonic() >= clock_at:
                    clock_at = time.monotonic() + CLOCK
                    _run_clock()
                working.work(seconds=LOOK, worker="worker", stop=stop.is_set)
                stop.wait(LOOK)
            except DatabaseError as error:
                log.error("the database failed (%s); trying again", type(error).__name__)  # noqa: TRY400  its words may hold names
                stop.wait(RECOVER)
            finally:
                close_old_connections()


def _run_clock() -> None:
    """Do what its time has come for. Whatever is wrong with that, the messages go out."""
    try:
        tasks.run_clock()
    except (ConfigurationError, DatabaseError):
        raise
    except Exception as error:  # noqa: BLE001  the next round tries again
        where = outbox.place_of(error)
        log.error("the clock failed: %s at %s", type(error).__name__, where)  # noqa: TRY400  its words may hold names
