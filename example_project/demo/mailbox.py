"""Where the demo's mail goes: into the mailbox that its page shows, never out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.mail.backends.base import BaseEmailBackend

from example_project.demo.models import Mail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.mail import EmailMessage


class MailboxBackend(BaseEmailBackend):
    """A mail backend of Django's kind: keeps each mail for each of its recipients."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the mails; returns how many there were."""
        for message in email_messages:
            raw = message.message().as_bytes()
            Mail.objects.bulk_create(
                Mail(recipient=recipient, subject=message.subject, raw=raw) for recipient in message.recipients()
            )
        return len(email_messages)
