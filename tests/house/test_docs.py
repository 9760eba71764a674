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
        re.findall(
            r"^`([^`]+)`(?: \(deploy(?:, database)?\))?\n: ",
            (REFERENCE / page).read_text(encoding="utf-8"),
            re.MULTILINE,
        )
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


#: A block of Python, and the file that the line above names.
BLOCK = re.compile(r"`([\w/.-]+\.py)`:\n\n```python\n(.*?)\n```", re.DOTALL)
HOW_TO_EXTEND = ("write-a-criterion", "write-a-preference", "add-a-job-model")


@pytest.mark.parametrize("page", HOW_TO_EXTEND)
def test_code_of_a_page_is_that_of_the_example_site(page: str) -> None:
    text = (ROOT / "docs" / "how-to" / f"{page}.md").read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    assert len(blocks) == text.count("```python") > 0
    assert [
        path for path, code in blocks if f"\n{code}\n" not in f"\n{(ROOT / path).read_text(encoding='utf-8')}"
    ] == []
