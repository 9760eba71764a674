"""What is public is in the reference, and the reference names nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from community_help import checks, conf

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"


def _terms(page: str) -> set[str]:
    """The terms that a page of the reference defines."""
    return set(
        re.findall(r"^`([^`]+)`(?: \(deploy\))?\n: ", (REFERENCE / page).read_text(encoding="utf-8"), re.MULTILINE)
    )


def test_reference_has_every_setting() -> None:
    assert _terms("settings.md") == set(conf.SETTINGS)


def test_reference_has_every_check() -> None:
    source = Path(checks.__file__).read_text(encoding="utf-8")
    ids = {f"community_help.{number}" for number in re.findall(r'\{_ID\}\.([EW]\d{3})"', source)}
    assert ids
    assert _terms("checks.md") == ids


def test_reference_has_every_command() -> None:
    ours = {name for name, app in get_commands().items() if app == "community_help"}
    assert _terms("commands.md") == ours


@pytest.mark.parametrize("page", sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/**/*.md")))
def test_page_is_in_a_table_of_contents(page: str) -> None:
    path = Path(page)
    if path.name != "index.md":
        entries = (ROOT / "docs" / "index.md").read_text(encoding="utf-8").splitlines()
        assert path.relative_to("docs").with_suffix("").as_posix() in entries
