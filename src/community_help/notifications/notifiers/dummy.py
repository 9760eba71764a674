"""A notifier that carries nothing, for sites that want silence."""

from __future__ import annotations

from community_help.notifications.notifiers.notifier import Message, Notifier, Receipt


class DummyNotifier(Notifier):
    """Takes every message and carries none: load tests, or a site that is being moved."""

    def send(self, message: Message, address: str) -> Receipt:  # noqa: ARG002  the base class's signature
        """Say that it was taken."""
        return Receipt(detail="dummy: nothing was sent")
