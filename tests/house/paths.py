"""Where the house's own files are, and which of them are written by hand."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "community_help"
OURS = ("src", "tests", "example_project", "workshop", "benchmarks", "proofs", "docs", ".ci")
NOT_BY_HAND = {"__pycache__", "vendor", "_build", "migrations", "node_modules"}


def files(*folders: Path, suffixes: set[str] | None = None) -> list[Path]:
    """Return the files under some folders (default: the whole house) that somebody wrote, in order."""
    found = [path for path in ROOT.iterdir() if path.is_file() and not path.name.startswith((".venv", ".coverage"))]
    for folder in folders or tuple(ROOT / name for name in OURS):
        for place, below, names in os.walk(folder):
            below[:] = [name for name in below if name not in NOT_BY_HAND]
            found += [Path(place) / name for name in names]
    return sorted(
        path
        for path in found
        if (not folders or any(path.is_relative_to(folder) for folder in folders))
        and (suffixes is None or path.suffix in suffixes)
    )


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
