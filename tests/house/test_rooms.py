"""Who may import whom: the contracts hold, and a planted breach of each is caught."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.paths import PACKAGE, ROOT


def build_empty_house(folder: Path) -> None:
    """Make every room and module of the package, with nothing in them: a breach is then the only import there is."""
    for path in [PACKAGE, *PACKAGE.iterdir()]:
        place = folder / path.relative_to(PACKAGE.parent)
        if (path / "__init__.py").exists():
            place.mkdir()
            (place / "__init__.py").write_text("")
        elif path.suffix == ".py":
            place.write_text("")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [command, "--config", ROOT / "pyproject.toml", "--no-cache", "--no-logo"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_rooms_keep_to_their_contracts() -> None:
    answer = lint(PACKAGE.parent)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize(
    ("room", "line", "contract"),
    [
        ("people", "from community_help.services import jobs", "Who may import whom"),
        ("matching", "from community_help import privacy", "Who may import whom"),
        ("services", "from community_help import models", "for Django"),
        ("jobs", "import community_help.testing", "imported by nobody"),
        ("notifications", "from django_q.tasks import async_task", "which queue"),
    ],
)
def test_planted_breach_is_caught(tmp_path: Path, room: str, line: str, contract: str) -> None:
    build_empty_house(tmp_path)
    (tmp_path / "community_help" / room / "planted.py").write_text(f"{line}\n")
    answer = lint(tmp_path)
    broken = [text for text in answer.stdout.splitlines() if text.endswith("BROKEN")]
    assert answer.returncode == 1
    assert [contract in text for text in broken] == [True]
    assert f"community_help.{room}.planted" in answer.stdout


def test_room_without_a_place_in_the_plan_is_caught(tmp_path: Path) -> None:
    build_empty_house(tmp_path)
    (tmp_path / "community_help" / "attic.py").write_text("")
    answer = lint(tmp_path)
    assert answer.returncode == 1
    assert "attic" in answer.stdout


def test_package_under_test_is_the_wheel() -> None:
    """In tox the tests must not meet `src/`, which no site will ever have."""
    if "TOX_ENV_NAME" not in os.environ:
        pytest.skip("only tox builds the wheel")
    import community_help  # noqa: PLC0415 - what is found is the question

    assert "site-packages" in Path(community_help.__file__).parts
    assert str(PACKAGE.parent) not in sys.path
