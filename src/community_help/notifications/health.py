"""Whether what is to be told is being told: for a command, for a monitor outside, and for the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

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
    if at is None:
        return _("No worker has ever been seen %(doing)s.") % {"doing": duty.label}
    return _("No worker has been seen %(doing)s for %(long)s.") % {"doing": duty.label, "long": _long(now - at)}


def _long(time: timedelta) -> str:
    return length_words(int(time.total_seconds() // 60))
