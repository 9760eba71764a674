"""No file too long, none without a home, none that knows the machine it was written on."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from tests.house.paths import PACKAGE, files, relative

MOST_LINES = 400
BY_HAND = {".py", ".html", ".js", ".css"}
TEXT = BY_HAND | {"", ".cfg", ".ini", ".json", ".md", ".po", ".rst", ".sh", ".svg", ".toml", ".txt", ".yaml", ".yml"}
HOMELESS = {"utils", "util", "common", "helpers", "misc"}

# In pieces, so that this file does not hold what it looks for.
MACHINE_PATH = re.compile(
    "|".join([r"(?<![\w.*])/" + r"(?:work|tmp|root)/\w", "/home" + r"/\w+/", r"[A-Z]:\\" + r"Users\\"])
)


def machine_names() -> set[str]:
    """Return what this machine is called and where its user lives, as far as that says anything."""
    names = {socket.gethostname(), str(Path.home())}
    return {name for name in names if len(name) > 5 and name not in {"localhost", "/root"}}


def too_long(text: str) -> bool:
    return len(text.splitlines()) > MOST_LINES


def test_files_are_at_most_400_lines() -> None:
    assert [relative(path) for path in files(suffixes=BY_HAND) if too_long(path.read_text())] == []


def test_files_of_401_lines_are_caught() -> None:
    assert (too_long("x\n" * 400), too_long("x\n" * 401)) == (False, True)


def test_modules_have_a_home() -> None:
    """`utils.py` and `common/` are where things go that nobody finds again."""
    found = [relative(path) for path in files(PACKAGE, suffixes={".py"})]
    assert [path for path in found if HOMELESS & set(path.removesuffix(".py").split("/"))] == []


def test_tree_holds_no_machine_paths_or_names() -> None:
    names = machine_names()
    breaches = [
        f"{relative(path)}:{number}: {line.strip()[:100]}"
        for path in files(suffixes=TEXT)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if MACHINE_PATH.search(line) or any(name in line for name in names)
    ]
    assert breaches == []


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("see " + "/work" + "/main", True),
        ("cd " + "/home" + "/ama/site", True),
        ("mktemp -p " + "/tmp" + "/x", True),
        ("/help" + "/work" + "/", False),
        ("https://example.org" + "/work" + "/here", False),
        ("homework/done", False),
    ],
)
def test_machine_paths_are_told_from_others(line: str, caught: bool) -> None:
    assert bool(MACHINE_PATH.search(line)) is caught
