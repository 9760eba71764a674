"""The e-mail notifier against a real server, kind and unkind."""

from __future__ import annotations

import time
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING

import django
import pytest
from anymail.exceptions import AnymailRecipientsRefused
from django.core import mail
from django.core.mail.backends import locmem

from community_help.exceptions import PermanentFailure, TemporaryFailure
from community_help.notifications.notifiers import email as module
from community_help.notifications.notifiers.email import EmailNotifier
from community_help.notifications.notifiers.notifier import Receipt
from community_help.testing import factories as make
from community_help.testing.notifiers import assert_notifier_keeps_contract, make_message
from tests.notifications.faulty_smtp import Answers, faulty_server, free_port, silent_server
from tests.smtp import HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from pytest_django.fixtures import SettingsWrapper

    from tests.smtp import SmtpServer

EMAIL = "community_help.notifications.notifiers.email.EmailNotifier"


def use_backend(settings: SettingsWrapper, backend: str, **options: object) -> None:
    if django.VERSION >= (6, 1):
        settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": options}}
        return
    settings.EMAIL_BACKEND = backend
    for name, value in options.items():
        setattr(settings, f"EMAIL_{name.upper()}", value)


def use_port(settings: SettingsWrapper, port: int) -> None:
    use_backend(settings, "django.core.mail.backends.smtp.EmailBackend", host=HOST, port=port)


@pytest.mark.django_db
def test_email_keeps_the_contract(smtp_server: SmtpServer) -> None:
    assert_notifier_keeps_contract(EMAIL, reached=make.make_person(), not_reached=make.make_person(contact={}))
    assert len(smtp_server.received) == 3


def test_email_has_two_parts_and_its_headers(smtp_server: SmtpServer) -> None:
    message = make_message(reply_to="desk@help.example")
    EmailNotifier("email").send(message, "tom@example.org")
    [received] = smtp_server.to("tom@example.org")
    headers = received.message
    assert received.sender == "help@community.example"
    assert headers["Subject"].strip() == message.subject
    assert headers["From"] == "Knowle West Helps – für alle <help@community.example>"
    assert headers["To"] == "tom@example.org"
    assert headers["Message-ID"] == f"<{message.key.hex}@help.example>"
    assert headers["List-Id"] == "<notices.help.example>"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Reply-To"] == "desk@help.example"
    assert headers["Date"]
    assert received.text.strip() == message.text.strip()
    assert received.html.strip() == message.html
    assert [part.get_content_type() for part in headers.iter_parts()] == ["text/plain", "text/html"]


def test_email_keeps_its_message_id_when_it_is_sent_again(smtp_server: SmtpServer) -> None:
    message = make_message()
    for _ in range(2):
        EmailNotifier("email").send(message, "tom@example.org")
    first, second = smtp_server.received
    assert first.message["Message-ID"] == second.message["Message-ID"]


def test_email_without_reply_to_has_no_such_header(smtp_server: SmtpServer) -> None:
    EmailNotifier("email").send(make_message(), "tom@example.org")
    assert "Reply-To" not in smtp_server.received[0].message


@pytest.mark.parametrize(
    ("option", "default", "expected"),
    [
        ("", "Knowle West <a@help.example>", "Knowle West <a@help.example>"),
        ("b@help.example", "Knowle West <a@help.example>", "Ours <b@help.example>"),
        ("Desk <b@help.example>", "a@help.example", "Desk <b@help.example>"),
    ],
)
def test_email_sender(
    smtp_server: SmtpServer, settings: SettingsWrapper, option: str, default: str, expected: str
) -> None:
    settings.DEFAULT_FROM_EMAIL = default
    EmailNotifier("email", {"from_email": option}).send(make_message(sender="Ours"), "tom@example.org")
    assert smtp_server.received[0].message["From"] == expected


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "Hello\nBcc: all@example.org"},
        {"site": "help.example>\r\nBcc: all@example.org"},
        {"reply_to": "a@example.org\nBcc: all@example.org"},
    ],
)
def test_email_never_carries_a_planted_header(smtp_server: SmtpServer, fields: dict[str, str]) -> None:
    with pytest.raises(PermanentFailure):
        EmailNotifier("email").send(make_message(**fields), "tom@example.org")
    assert smtp_server.received == []


@pytest.mark.parametrize("address", ["tom@example.org\nbcc@example.org", "tom@@example.org", "tom"])
def test_email_to_what_is_no_address_is_never_sent_to_another(smtp_server: SmtpServer, address: str) -> None:
    with suppress(PermanentFailure):
        EmailNotifier("email").send(make_message(), address)
    assert {recipient for received in smtp_server.received for recipient in received.recipients} <= {address}


@pytest.mark.parametrize(
    ("answers", "failure", "detail"),
    [
        ({"rcpt": "550 5.1.1 <tom@example.org> is unknown"}, PermanentFailure, "SMTP 550 5.1.1"),
        ({"rcpt": "450 4.2.1 tom@example.org is busy"}, TemporaryFailure, "SMTP 450 4.2.1"),
        ({"rcpt": "452 try later"}, TemporaryFailure, "SMTP 452"),
        ({"data": "554 5.7.1 looks like spam to tom@example.org"}, PermanentFailure, "SMTP 554 5.7.1"),
        ({"data": "451 4.3.0 greylisted"}, TemporaryFailure, "SMTP 451 4.3.0"),
        ({"mail": "550 5.7.1 this sender is not allowed"}, TemporaryFailure, "SMTP 550 5.7.1"),
        ({"hang_up": True}, TemporaryFailure, "SMTPServerDisconnected"),
    ],
)
@pytest.mark.parametrize("session", [EmailNotifier.session, nullcontext])
def test_email_failures_are_told_apart(
    settings: SettingsWrapper,
    answers: dict[str, str],
    failure: type[Exception],
    detail: str,
    session: Callable[[EmailNotifier], AbstractContextManager[None]],
) -> None:
    notifier = EmailNotifier("email")
    with faulty_server(Answers(**answers)) as port:
        use_port(settings, port)
        with session(notifier), pytest.raises(failure) as caught:
            notifier.send(make_message(), "tom@example.org")
    assert str(caught.value) == detail


def test_email_without_a_server_is_temporary(settings: SettingsWrapper) -> None:
    use_port(settings, free_port())
    with pytest.raises(TemporaryFailure, match="ConnectionRefusedError"):
        EmailNotifier("email").send(make_message(), "tom@example.org")


def test_email_does_not_wait_for_ever(settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TIMEOUT", 0.2)
    with silent_server() as port:
        use_port(settings, port)
        began = time.monotonic()
        with pytest.raises(TemporaryFailure):
            EmailNotifier("email").send(make_message(), "tom@example.org")
        assert time.monotonic() - began < 10


def test_email_session_keeps_one_connection(settings: SettingsWrapper) -> None:
    answers = Answers()
    notifier = EmailNotifier("email")
    with faulty_server(answers) as port:
        use_port(settings, port)
        with notifier.session():
            for _ in range(5):
                notifier.send(make_message(), "tom@example.org")
        assert (len(answers.connections), len(answers.mails)) == (1, 5)
        notifier.send(make_message(), "tom@example.org")
    assert (len(answers.connections), len(answers.mails)) == (2, 6)


def test_email_session_without_a_message_connects_to_nobody(settings: SettingsWrapper) -> None:
    use_port(settings, free_port())
    with EmailNotifier("email").session():
        pass


def test_email_session_goes_on_after_a_failure(settings: SettingsWrapper) -> None:
    answers = Answers(hang_up=True)
    notifier = EmailNotifier("email")
    with faulty_server(answers) as port:
        use_port(settings, port)
        with notifier.session():
            with pytest.raises(TemporaryFailure):
                notifier.send(make_message(), "tom@example.org")
            answers.hang_up = False
            notifier.send(make_message(), "tom@example.org")
    assert len(answers.connections) == 2


def test_email_backend_that_sends_nothing_is_a_temporary_failure(settings: SettingsWrapper) -> None:
    use_backend(settings, f"{__name__}.Silent")
    with pytest.raises(TemporaryFailure, match="did not send"):
        EmailNotifier("email").send(make_message(), "tom@example.org")


def test_email_refused_by_a_provider_is_permanent(settings: SettingsWrapper) -> None:
    use_backend(settings, f"{__name__}.Refusing")
    with pytest.raises(PermanentFailure, match="refuses the recipient"):
        EmailNotifier("email").send(make_message(), "tom@example.org")


def test_email_keeps_the_providers_id(settings: SettingsWrapper) -> None:
    use_backend(settings, "anymail.backends.test.EmailBackend")
    settings.ANYMAIL = {"IGNORE_UNSUPPORTED_FEATURES": True}
    mail.outbox = []
    assert EmailNotifier("email").send(make_message(), "tom@example.org") == Receipt(provider_id="0", queued=False)


class Silent(locmem.EmailBackend):
    def send_messages(self, messages: Sequence[mail.EmailMessage]) -> int:
        return 0


class Refusing(locmem.EmailBackend):
    def send_messages(self, messages: Sequence[mail.EmailMessage]) -> int:
        raise AnymailRecipientsRefused
