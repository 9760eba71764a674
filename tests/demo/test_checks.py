"""The demo must not stand where real people might be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from example_project.demo.checks import demo_only_while_developing

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

ROOT = Path(__file__).resolve().parents[2]


def test_check_with_debug_off_refuses(settings: SettingsWrapper) -> None:
    settings.DEBUG = False
    assert [error.id for error in demo_only_while_developing()] == ["demo.E001"]


def test_check_with_debug_on_is_content(settings: SettingsWrapper) -> None:
    settings.DEBUG = True
    assert demo_only_while_developing() == []


def test_site_with_the_demo_and_debug_off_does_not_pass_check(tmp_path: Path) -> None:
    (tmp_path / "careless.py").write_text("from example_project.settings import *\nDEBUG = False\n")
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT), os.environ.get("PYTHONPATH", "")]),
        "DJANGO_SETTINGS_MODULE": "careless",
        "COMMUNITY_HELP_DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3",
    }
    answer = subprocess.run(
        [sys.executable, "-m", "django", "check"], env=environment, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1
    assert "demo.E001" in answer.stderr
