"""Messages on the terminal, for those who develop."""

from __future__ import annotations

import sys

from community_help.notifications.notifiers.notifier import Message, Notifier, Receipt


class ConsoleNotifier(Notifier):
    """Writes each message to standard output, as its recipient would read it."""

    def send(self, message: Message, address: str) -> Receipt:
        """Write it. Nothing can fail for good here: a closed terminal is an error of its own."""
        head = f"To: {address}\nSubject: {message.subject}\nKey: {message.key}"
        sys.stdout.write(f"{head}\n\n{message.text.strip()}\n{'-' * 79}\n")
        sys.stdout.flush()
        return Receipt()
