"""300 mails, 20 × kill -9 of a worker in the middle: none is lost, no row is written twice.

Two workers (`community_help_worker`) send to a real SMTP server on loopback, each to a port of its own. The server
kills its worker at chosen moments: when the recipient is named, when the mail has come but is not accepted, when it
is accepted but the answer has not gone out, and some milliseconds after the answer, while the worker writes down what
happened or claims the next. The server holds mails back so that every kill finds work left. At the end the rows and
the mails are counted. On PostgreSQL, and in a small form on SQLite.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from aiosmtpd.controller import Controller

from workshop.databases import DATABASE_URL, database_from_url
from workshop.outbox_site import SMTP_PORT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiosmtpd.smtp import SMTP, Envelope, Session

    from workshop.progress import Progress

FULL = 300
SHORT = 60
SQLITE = 30
POSTGRES = True
FAULTS = True

HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parent.parent.parent
#: One kill for so many mails: 20 for 300.
MAILS_PER_KILL = 15
WORKERS = 2
MOMENTS = ("recipient", "before", "after", "written")
#: How long everything may take once the killing is over: the leases of the killed run two minutes.
PATIENCE = 300
#: Seconds between two looks whether all is done.
LOOK = 4


def run(size: int, seed: int, resume: Progress) -> dict[str, Any]:  # noqa: ARG001  a killed worker can't be resumed
    """Prove it with ``size`` mails on PostgreSQL, and with a few on SQLite; ``seed`` chooses the moments."""
    with new_database(os.environ[DATABASE_URL]) as url:
        postgres = prove_on(url, size, seed, wait=size == FULL)
    with tempfile.TemporaryDirectory() as folder:
        sqlite = prove_on(f"sqlite:///{folder}/site.sqlite3", SQLITE, seed)
    return {
        "passed": postgres["passed"] and sqlite["passed"],
        "figure": "; ".join(
            f"{name}: {part['figure']}" for name, part in (("PostgreSQL", postgres), ("SQLite", sqlite))
        ),
        "postgres": postgres,
        "sqlite": sqlite,
    }


def prove_on(url: str, mails: int, seed: int, *, wait: bool = False) -> dict[str, Any]:
    """One database, from nothing to the count.

    :param url: of an empty database
    :param wait: let the leases of the killed run out by themselves; else the clock is put on
    """
    environment = {
        **os.environ,
        DATABASE_URL: url,
        "DJANGO_SETTINGS_MODULE": "workshop.outbox_site",
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    }
    _python(environment, "-m", "django", "migrate", "--verbosity=0")
    _rows(environment, "seed", str(mails))
    began = time.monotonic()
    battle = Battle(mails, mails // MAILS_PER_KILL, random.Random(seed))  # noqa: S311  not a secret
    with contextlib.ExitStack() as stack:
        posts = [stack.enter_context(post(battle, environment)) for _ in range(WORKERS)]
        _fight(battle, posts, environment, wait=wait)
        environment[SMTP_PORT] = str(posts[0].port)
        if not wait:
            _rows(environment, "later")
    return _verdict(battle, _rows(environment, "count"), mails, time.monotonic() - began)


@dataclass
class Battle:
    """What the workers and their servers share: what is to be sent, how often and when to kill, what has arrived."""

    mails: int
    kills: int
    chance: random.Random
    killed: Counter[str] = field(default_factory=Counter)
    arrived: list[tuple[str, str]] = field(default_factory=list)  # key, address
    seen: int = -1

    def __post_init__(self) -> None:
        self.moments = cycle(self.chance.sample(MOMENTS, len(MOMENTS)))

    @property
    def over(self) -> bool:
        """Whether everybody has been killed who is to be."""
        return self.killed.total() >= self.kills

    def quiet(self) -> bool:
        """Whether nothing has arrived since this was last asked: only what the killed held is left."""
        before, self.seen = self.seen, len(self.arrived)
        return before == self.seen

    async def hold_back(self) -> None:
        """Wait until enough have been killed for one mail more; never so long that the worker gives up."""
        for _ in range(100):
            share = self.mails * (self.killed.total() + 1) / (self.kills + 1)
            if self.over or len(self.arrived) < share:
                return
            await asyncio.sleep(0.1)


@dataclass
class Post:
    """One worker and the server that it sends to."""

    battle: Battle
    environment: dict[str, str]
    port: int = 0
    worker: subprocess.Popen[bytes] | None = None
    moment: str = ""
    mails_left: int = 0

    def start_worker(self) -> None:
        """Start it, and choose when this one is to die."""
        self.moment = next(self.battle.moments)
        self.mails_left = self.battle.chance.randint(1, 6)
        environment = {**self.environment, SMTP_PORT: str(self.port)}
        self.worker = subprocess.Popen(
            [sys.executable, "-m", "django", "community_help_worker"], env=environment, cwd=ROOT
        )

    def kill_at(self, moment: str) -> None:
        """Kill the worker when this is its moment."""
        due = self.moment == moment and self.mails_left <= 0
        if due and self.worker is not None and self.worker.poll() is None and not self.battle.over:
            self.worker.kill()
            self.battle.killed[moment] += 1
            self.moment = ""

    async def handle_RCPT(  # noqa: N802  aiosmtpd's signature
        self,
        server: SMTP,  # noqa: ARG002  the same
        session: Session,  # noqa: ARG002  the same
        envelope: Envelope,
        address: str,
        options: list[str],  # noqa: ARG002
    ) -> str:
        """The recipient is named."""
        await self.battle.hold_back()
        self.mails_left -= 1
        self.kill_at("recipient")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802
        """The mail has come."""
        if self.moment == "before" and self.mails_left <= 0 and not self.battle.over:
            self.kill_at("before")
            return "451 not accepted"
        content = envelope.original_content or b""
        key = content.partition(b"Message-ID: <")[2].partition(b"@")[0].decode()
        self.battle.arrived.append((key, envelope.rcpt_tos[0]))
        self.kill_at("after")
        soon = self.battle.chance.uniform(0, 0.012)
        asyncio.get_running_loop().call_later(soon, self.kill_at, "written")
        return "250 kept"


@contextlib.contextmanager
def post(battle: Battle, environment: dict[str, str]) -> Iterator[Post]:
    """A server on a port of its own; its worker is started when the fight begins, and never left behind."""
    mine = Post(battle, environment)
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        mine.port = probe.getsockname()[1]
    controller = Controller(mine, hostname=HOST, port=mine.port)
    controller.start()
    try:
        yield mine
    finally:
        if mine.worker is not None and mine.worker.poll() is None:
            mine.worker.kill()
        if mine.worker is not None:
            mine.worker.wait()
        controller.stop()


def _fight(battle: Battle, posts: list[Post], environment: dict[str, str], *, wait: bool) -> None:
    """Start workers as often as they are killed, then let them finish; stop them kindly."""
    for mine in posts:
        mine.start_worker()
    end = time.monotonic() + PATIENCE
    while not battle.over and time.monotonic() < end:
        for mine in posts:
            if mine.worker is not None and mine.worker.poll() is not None:
                mine.start_worker()
        time.sleep(0.02)
    for mine in posts:
        if mine.worker is not None and mine.worker.poll() is not None:
            mine.start_worker()
    end = time.monotonic() + PATIENCE
    while not (_nothing_waits(environment) if wait else battle.quiet()) and time.monotonic() < end:
        time.sleep(LOOK)
    for mine in posts:
        if mine.worker is not None:
            mine.worker.terminate()
            mine.worker.wait(timeout=30)


def _nothing_waits(environment: dict[str, str]) -> bool:
    return not _rows(environment, "count")["states"].get("waiting", 0)


def _verdict(battle: Battle, rows: dict[str, Any], mails: int, seconds: float) -> dict[str, Any]:
    keys: dict[str, str] = rows.pop("keys")
    arrived = Counter(battle.arrived)
    lost = sum((key, address) not in arrived for key, address in keys.items()) + mails - rows["states"].get("sent", 0)
    strangers = sum(keys.get(key) != address for key, address in arrived)
    twice = rows["notifications_twice"] + rows["accepted_twice"] + max(0, rows["asks"] - mails)
    copies = len(battle.arrived) - len(arrived)
    complete = rows["notifications"] == rows["accepted"] == rows["asks"] == mails
    return {
        "passed": battle.over and complete and lost == twice == strangers == 0,
        "figure": f"{mails} mails, {battle.killed.total()} × kill -9: {lost} lost, {twice} duplicate rows, "
        f"{copies} copies on the wire (same Message-ID)",
        "lost": lost,
        "duplicate_rows": twice,
        "wrong_address_or_id": strangers,
        "copies_on_the_wire": copies,
        "killed_when": dict(battle.killed),
        "rows": rows,
        "seconds": round(seconds, 1),
    }


@contextlib.contextmanager
def new_database(url: str) -> Iterator[str]:
    """An empty database of our own on the server that the URL names, gone afterwards."""
    import psycopg2  # type: ignore[import-untyped]  # noqa: PLC0415  only for PostgreSQL

    given = database_from_url(url)
    name = f"community_help_outbox_{os.getpid()}"
    access = {key.lower(): given[key] for key in ("USER", "PASSWORD", "HOST", "PORT") if given[key]}
    with contextlib.closing(psycopg2.connect(dbname=given["NAME"], **access)) as server:
        server.autocommit = True
        server.cursor().execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            server.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")


def _rows(environment: dict[str, str], *command: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(_python(environment, "-m", "workshop.outbox_rows", *command))
    return answer


def _python(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=ROOT, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stderr}")
    return done.stdout
