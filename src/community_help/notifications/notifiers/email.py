"""E-mail, by whatever backend the site has given to Django's own mail."""

from __future__ import annotations

import re
import smtplib
from contextlib import contextmanager, suppress
from email.utils import formataddr, parseaddr
from typing import TYPE_CHECKING, Any, ClassVar

from anymail.exceptions import AnymailRecipientsRefused
from django.conf import settings
from django.core import mail

from community_help.exceptions import PermanentFailure, TemporaryFailure
from community_help.notifications.notifiers.notifier import Message, Notifier, Receipt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Where the site sets no time limit a server that hangs would hold the worker for ever. Seconds for each
#: step of the conversation; seven steps stay within the outbox's lease.
TIMEOUT = 15
_PERMANENT = 500
_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}")  # RFC 3463, such as 5.1.1


class EmailNotifier(Notifier):
    """Carries a message as an e-mail with a text and an HTML part.

    Option ``from_email``: the sender, by default the site's ``DEFAULT_FROM_EMAIL``. An address without a
    name gets the community's.
    """

    defaults: ClassVar[Mapping[str, Any]] = {"from_email": ""}
    _connection: Any = None

    @contextmanager
    def session(self) -> Iterator[None]:
        """Keep one connection, opened with the first message; after a failure the next one opens its own."""
        self._connection = _new_connection()
        try:
            yield
        finally:
            self._hang_up()
            self._connection = None

    def send(self, message: Message, address: str) -> Receipt:
        """Hand the mail to the server and read its answer.

        What concerns the recipient or the mail is final with a 5xx. What concerns the site (no
        connection, a login or a sender that is refused) is temporary whatever its code: somebody mends it.
        """
        try:
            letter = self._letter(message, address)
            accepted = self._hand_over(letter)
        except smtplib.SMTPRecipientsRefused as refused:
            raise _by_code(*next(iter(refused.recipients.values()))) from None
        except smtplib.SMTPDataError as refused:
            raise _by_code(refused.smtp_code, refused.smtp_error) from None
        except smtplib.SMTPResponseException as refused:
            raise TemporaryFailure(_answer(refused.smtp_code, refused.smtp_error)) from None
        except AnymailRecipientsRefused:
            raise PermanentFailure("the provider refuses the recipient") from None
        except OSError as error:  # among them smtplib's others, time-outs, and no connection at all
            raise TemporaryFailure(type(error).__name__) from None
        except ValueError as error:  # an address or a header that no mail may have
            raise PermanentFailure(type(error).__name__) from None
        if not accepted:
            raise TemporaryFailure("the mail backend did not send it")
        return _receipt(letter)

    def _hand_over(self, letter: mail.EmailMessage) -> int | None:
        if self._connection is None:
            return _accepted(_new_connection(), letter)
        try:
            self._connection.open()
            return _accepted(self._connection, letter)
        except Exception:
            self._hang_up()
            raise

    def _hang_up(self) -> None:
        with suppress(OSError):  # the server may have gone first
            self._connection.close()

    def _letter(self, message: Message, address: str) -> mail.EmailMultiAlternatives:
        name, sender = parseaddr(self.options["from_email"] or settings.DEFAULT_FROM_EMAIL)
        letter = mail.EmailMultiAlternatives(
            subject=message.subject,
            body=message.text,
            from_email=formataddr((name or message.sender, sender)),
            to=[address],
            reply_to=[message.reply_to] if message.reply_to else None,
            headers={
                "Message-ID": f"<{message.key.hex}@{message.site}>",
                "List-Id": f"<notices.{message.site}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        letter.attach_alternative(message.html, "text/html")
        return letter


def _new_connection() -> Any:
    """Django's own default, on every version: from 6.1 on it is a mailer, and ``get_connection`` is deprecated."""
    mailers = getattr(mail, "mailers", None)
    connection: Any = mail.get_connection() if mailers is None else mailers.default  # noqa: TID251  only before 6.1
    if getattr(connection, "timeout", TIMEOUT) is None:
        connection.timeout = TIMEOUT
    return connection


def _accepted(connection: Any, letter: mail.EmailMessage) -> int | None:
    accepted: int | None = connection.send_messages([letter])
    return accepted


def _receipt(letter: mail.EmailMessage) -> Receipt:
    """What a provider behind anymail has said; any other backend says nothing."""
    status = getattr(letter, "anymail_status", None)
    if status is None or status.message_id is None:
        return Receipt()
    return Receipt(provider_id=str(status.message_id), queued="queued" in (status.status or ()))


def _by_code(code: int, answer: bytes | str) -> TemporaryFailure | PermanentFailure:
    return (PermanentFailure if code >= _PERMANENT else TemporaryFailure)(_answer(code, answer))


def _answer(code: int, answer: bytes | str) -> str:
    """The codes alone: the words of a server often repeat the address."""
    enhanced = _ENHANCED.search(answer.encode() if isinstance(answer, str) else answer)
    return f"SMTP {code} {enhanced[0].decode()}" if enhanced else f"SMTP {code}"
