"""The demo as one program: the database made ready, then the web server and the worker until somebody stops them."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.wsgi import get_wsgi_application
from django.db import connections

from example_project.demo.processes import HOST, PortTakenError, reserve, serve, stopped_by_sigterm, worker
from workshop.databases import DATABASE_URL
from workshop.postgres import PostgresUnavailableError, private_server

if TYPE_CHECKING:
    from collections.abc import Iterator

PORT = 8000
GREETING = """\
Knowle West Helps: {address}/
One click signs you in there: Ama Mensah takes the calls; Tom Aldous, Priya Nair and others help.
Ctrl-C stops it."""


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; returns the exit code."""
    options = _parser().parse_args(arguments)
    os.environ["DJANGO_SETTINGS_MODULE"] = "example_project.settings"
    try:
        with stopped_by_sigterm(), _database(postgres=options.postgres, own=options.smoke):
            if options.smoke:
                return smoke()
            return run(port=options.port, reset=options.reset)
    except (PortTakenError, PostgresUnavailableError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def run(*, port: int, reset: bool) -> int:
    """Make everything ready and serve until stopped.

    Raises PortTakenError before anything else is touched.
    """
    with contextlib.closing(reserve(port)) as place:
        address = f"http://{HOST}:{place.getsockname()[1]}"
        os.environ["COMMUNITY_HELP_BASE_URL"] = address
        django.setup()
        prepare(reset=reset)
        with worker():
            serve(get_wsgi_application(), place, ready=lambda: _say(GREETING.format(address=address)))
    return 0


def smoke() -> int:
    """Tell the demo its own story from end to end; returns the exit code."""
    django.setup()
    try:
        call_command("smoke_demo")
    except CommandError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def prepare(*, reset: bool = False) -> None:
    """Bring the database to where the demo begins: migrated, and with its people when it has none."""
    database = settings.DATABASES["default"]
    is_file = database["ENGINE"].endswith("sqlite3")
    if reset and is_file:
        connections.close_all()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{database['NAME']}{suffix}").unlink(missing_ok=True)
    call_command("migrate", verbosity=0)
    if reset and not is_file:
        call_command("flush", interactive=False, verbosity=0)
    call_command("seed_demo")
    call_command("community_help_schedule", stdout=io.StringIO())
    call_command("community_help_worker", once=True)  # the queue's own first round is up to a minute away


@contextlib.contextmanager
def _database(*, postgres: bool, own: bool) -> Iterator[None]:
    """Name the database for this process and its children, where it is not the usual file.

    :param own: one that is gone afterwards
    """
    with contextlib.ExitStack() as stack:
        if postgres:
            os.environ[DATABASE_URL] = stack.enter_context(private_server())
        elif own:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="community-help-"))
            os.environ[DATABASE_URL] = f"sqlite:///{folder}/demo.sqlite3"
        yield


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run demo", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help=f"the port on loopback (default: {PORT})")
    parser.add_argument("--reset", action="store_true", help="begin again with a fresh community")
    parser.add_argument("--postgres", action="store_true", help="on a private PostgreSQL, which is gone afterwards")
    parser.add_argument(
        "--smoke", action="store_true", help="drive the whole story and exit: 0 when it went well, else 1"
    )
    return parser


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
