"""The production settings ask for every secret, and with them Django finds nothing to warn about."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.house.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SECRETS = {
    "COMMUNITY_HELP_SECRET_KEY": "a-key-of-the-tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH",
    "COMMUNITY_HELP_HASH_KEY": "another-key-of-the-tests",
    "COMMUNITY_HELP_ENCRYPTION_KEYS": base64.urlsafe_b64encode(bytes(range(32))).decode(),
    "COMMUNITY_HELP_BASE_URL": "https://help.example.org",
    "COMMUNITY_HELP_HOSTS": "help.example.org",
    "COMMUNITY_HELP_DB_HOST": "localhost",
    "COMMUNITY_HELP_DB_PASSWORD": "not-asked-for",
    "COMMUNITY_HELP_FROM_EMAIL": "help@example.org",
    "COMMUNITY_HELP_MAIL_HOST": "mail.example.org",
}


def check(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("COMMUNITY_HELP_")}
    path = os.pathsep.join([str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]).strip(os.pathsep)
    settings = {"DJANGO_SETTINGS_MODULE": "example_project.settings_production", "PYTHONPATH": path}
    return subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy"],
        cwd=ROOT,
        env={**ours, **settings, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_settings_with_all_secrets_are_fit_to_deploy() -> None:
    answer = check(SECRETS)
    assert (answer.returncode, answer.stdout.strip()) == (0, "System check identified no issues (2 silenced).")


@pytest.mark.parametrize("name", ["COMMUNITY_HELP_SECRET_KEY", "COMMUNITY_HELP_ENCRYPTION_KEYS"])
def test_settings_without_a_secret_say_which(name: str) -> None:
    answer = check({given: value for given, value in SECRETS.items() if given != name})
    assert answer.returncode == 1
    assert f"Set the environment variable {name}, or {name}_FILE" in answer.stderr


@pytest.mark.slow
def test_settings_read_a_secret_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(SECRETS["COMMUNITY_HELP_SECRET_KEY"] + "\n")
    given = {name: value for name, value in SECRETS.items() if name != "COMMUNITY_HELP_SECRET_KEY"}
    assert check({**given, "COMMUNITY_HELP_SECRET_KEY_FILE": str(tmp_path / "key")}).returncode == 0


def test_compose_file_hands_on_every_variable_that_the_settings_need() -> None:
    compose = (ROOT / "compose.yaml").read_text()
    handed_on = set(re.findall(r"^    (COMMUNITY_HELP_\w+):", compose, re.MULTILINE))
    assert set(SECRETS) <= handed_on


def test_compose_schedules_the_clock_before_the_worker_begins() -> None:
    migrate = (ROOT / "compose.yaml").read_text(encoding="utf-8").partition("\n  migrate:")[2].partition("\n  web:")[0]
    assert "django migrate --noinput && python -m django community_help_schedule" in migrate
