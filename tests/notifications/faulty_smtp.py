"""An SMTP server on loopback that answers what a test tells it to."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller

from tests.smtp import HOST

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Answers:
    """What it says at each step; "" is yes. ``hang_up`` closes the line instead of answering a mail."""

    mail: str = ""
    rcpt: str = ""
    data: str = ""
    hang_up: bool = False
    connections: list[Any] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if session.peer not in self.connections:
            self.connections.append(session.peer)
        if self.mail:
            return self.mail
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.hang_up:
            server.transport.abort()
        if not self.data:
            self.mails.append(envelope.original_content)
        return self.data or "250 kept"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def faulty_server(answers: Answers) -> Iterator[int]:
    """Run it; yields its port."""
    controller = Controller(answers, hostname=HOST, port=free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def silent_server() -> Iterator[int]:
    """Take connections and never say a word; yields the port."""
    over = threading.Event()
    with socket.create_server((HOST, 0)) as listener:

        def listen() -> None:
            line, _peer = listener.accept()
            with line:
                over.wait()

        thread = threading.Thread(target=listen)
        thread.start()
        yield listener.getsockname()[1]
        over.set()
        thread.join()
