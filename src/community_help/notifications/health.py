"""Whether what is to be told is being told: for a command, for a monitor outside, and for the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.notifications import claims
from community_help.notifications.heartbeat import Duty, Heartbeat
from community_help.notifications.notification import Notification, NotificationState
from community_help.plain_times import length_words

if TYPE_CHECKING:
    from collections.abc import Sequence

#: After so long without a sign somebody must be told. Longer than a message takes at its slowest, and its lease.
LATE = timedelta(minutes=5)


@dataclass(frozen=True)
class Health:
    """How it goes.

    :param problems: what is wrong, each in a sentence; nothing where all is well
    :param beats: duty → when it was last done; ``None``: never
    """

    problems: Sequence[str]
    beats: dict[Duty, datetime | None]

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


#: What is said of a duty that nobody has ever done, and of one that nobody has done for so long.
_SILENT = {
    Duty.OUTBOX: (
        gettext_lazy("No worker has ever carried a message."),
        gettext_lazy("No worker has carried messages for %(long)s."),
    ),
    Duty.CLOCK: (
        gettext_lazy("The clock has never run: nothing is reminded of, closed or summed up by itself."),
        gettext_lazy("The clock has not run for %(long)s: nothing is reminded of, closed or summed up by itself."),
    ),
}


def look(now: datetime | None = None) -> Health:
    """Look at the workers' signs of life and at what waits. Two queries.

    :param now: for tests; default: this moment

    Raises ``DatabaseError`` where the database does not answer: that is not well either.
    """
    now = now or timezone.now()
    seen = dict(Heartbeat.objects.values_list("duty", "at"))
    beats = {duty: seen.get(duty.value) for duty in Duty}
    problems = [_silent(duty, at, now) for duty, at in beats.items() if at is None or at < now - LATE]
    # A digest waits until nothing else is due, and a thousand of them may take their time.
    oldest = claims.due(now - LATE).filter(digest_on__isnull=True).first()
    if oldest is not None:
        problems.append(_("A message has been waiting for %(long)s.") % {"long": _long(now - oldest.not_before)})
    return Health(problems, beats)


def given_up() -> int:
    """How many messages could not be delivered, and nobody has had tried again: no fault of the workers."""
    return Notification.objects.filter(state=NotificationState.DEAD).count()


def _silent(duty: Duty, at: datetime | None, now: datetime) -> str:
    never, since = _SILENT[duty]
    return str(never) if at is None else str(since) % {"long": _long(now - at)}


def _long(time: timedelta) -> str:
    return length_words(int(time.total_seconds() // 60))
