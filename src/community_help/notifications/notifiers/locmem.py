"""Messages in memory, for tests."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from community_help.notifications.notifiers.notifier import Message, Notifier, Receipt


class Sent(NamedTuple):
    """One message that was sent, and where to."""

    message: Message
    address: str


class LocmemNotifier(Notifier):
    """Keeps what it is given in ``LocmemNotifier.outbox``, oldest first. A test empties it before it begins."""

    outbox: ClassVar[list[Sent]] = []

    def send(self, message: Message, address: str) -> Receipt:
        """Keep it."""
        self.outbox.append(Sent(message, address))
        return Receipt(provider_id=f"locmem-{len(self.outbox)}")
