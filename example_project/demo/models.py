"""The mailbox of the demo: each mail as it would have gone out, once for each recipient."""

from __future__ import annotations

import base64
import email
from email.message import EmailMessage
from email.policy import default
from functools import cached_property

from django.db import models
from django.utils import timezone


class Mail(models.Model):
    """One mail in one recipient's mailbox. ``raw`` is what an SMTP server would have been given."""

    recipient = models.CharField(max_length=254, db_index=True)
    subject = models.CharField(max_length=998)
    raw = models.BinaryField()
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.subject} to {self.recipient}"

    @cached_property
    def message(self) -> EmailMessage:
        """The mail, parsed."""
        return email.message_from_bytes(bytes(self.raw), _class=EmailMessage, policy=default)

    @property
    def raw_text(self) -> str:
        """All of it as it would have gone out, encodings and all."""
        return bytes(self.raw).decode(errors="replace")

    @property
    def text(self) -> str:
        """Its text part, "" when there is none."""
        part = self.message.get_body(("plain",))
        return str(part.get_content()) if part is not None else ""

    @property
    def html(self) -> str:
        """Its HTML part with the pictures that it brings in place of their names, "" when there is none."""
        part = self.message.get_body(("html",))
        text = str(part.get_content()) if part is not None else ""
        for picture in self.message.walk():
            if name := str(picture.get("Content-ID", "")).strip("<>"):
                content = base64.b64encode(bytes(picture.get_content())).decode()
                text = text.replace(f"cid:{name}", f"data:{picture.get_content_type()};base64,{content}")
        return text
