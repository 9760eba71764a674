"""The demo's two processes: the web server is this one, the worker a child that does not outlive it."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import waitress

from workshop.postgres import die_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOST = "127.0.0.1"
THREADS = 8
STOP_SECONDS = 10


class PortTakenError(Exception):
    """Another program listens there; the text says so and what to do."""


def reserve(port: int) -> socket.socket:
    """Take a port on loopback, 0 for any that is free.

    Raises PortTakenError when somebody else has it.
    """
    place = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        place.bind((HOST, port))
    except OSError as error:
        place.close()
        if error.errno in {errno.EADDRINUSE, errno.EACCES}:
            raise PortTakenError(f"Port {port} is taken. Choose another one: --port {port + 1}") from error
        raise
    return place


@contextlib.contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """Run a django-q2 cluster until the block ends.

    In a session of its own, so that Ctrl-C does not reach it beside us; stopped through its main process alone, because
    a signal to the whole group makes it hang.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", "django", "qcluster"],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent(),  # noqa: PLW1509  it only calls prctl, which is safe after a fork
    )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def serve(application: Callable[..., Any], place: socket.socket, *, ready: Callable[[], None]) -> None:
    """Serve the site until this process is told to stop; ``ready`` is called when it answers."""
    server = waitress.create_server(application, sockets=[place], threads=THREADS, clear_untrusted_proxy_headers=False)
    try:
        ready()
        server.run()
    finally:
        server.close()


@contextlib.contextmanager
def stopped_by_sigterm() -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl-C does, and let neither interrupt the tidying up."""

    def stop(*_signal: object) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        raise SystemExit(0)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
