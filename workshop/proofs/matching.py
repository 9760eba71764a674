"""Matching, asked from both ends and explained, agrees with a plain reading of the rules."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workshop.databases import DATABASE_URL

if TYPE_CHECKING:
    from workshop.progress import Progress

FULL = 1000
SHORT = 10
POSTGRES = True
#: Communities in one piece of work: what is lost when a run is cut off.
AT_ONCE = 50
ROOT = Path(__file__).resolve().parents[2]
#: Each example of the first is a whole community: every criterion from both ends, and everything that asks them
#: together. The second has helpers' hours against jobs' times, minute by minute. In the third everything changes
#: between the writing of a notification and its sending.
TESTS = (
    "tests/matching/test_agreement.py",
    "tests/matching/criteria/test_available_plainly.py",
    "tests/notifications/test_nobody_wrong.py",
)
_PASSING = re.compile(r"(\d+) passing, (\d+) failing")
EXAMPLES = "COMMUNITY_HELP_EXAMPLES"


def run(size: int, seed: int, resume: Progress) -> dict[str, Any]:
    """Hold both properties against ``size`` generated cases each, on SQLite and on PostgreSQL side by side."""
    with ThreadPoolExecutor(max_workers=2) as both:
        list(both.map(lambda database: _all_pieces(database, size, seed, resume), ("postgres", "sqlite")))
    pieces = [resume.done[key] for key in resume.done]
    examples = {database: {test: _sum(resume, database, test) for test in TESTS} for database in ("postgres", "sqlite")}
    failing = sum(piece["failing"] + (not piece["passed"]) for piece in pieces)
    enough = all(count >= size for counts in examples.values() for count in counts.values())
    least = min(count for counts in examples.values() for count in counts.values())
    return {
        "passed": failing == 0 and enough,
        "figure": f"{failing} disagreements or wrong notifications in {least} cases of each of {len(TESTS)} "
        "properties, on each of 2 databases",
        "examples": examples,
        "said": [piece["said"] for piece in pieces if not piece["passed"]],
    }


def _all_pieces(database: str, size: int, seed: int, resume: Progress) -> None:
    for begin in range(0, size, AT_ONCE):
        for test in TESTS:
            key = f"{database} {test} {begin}"
            if key not in resume.done:
                resume.save(key, _piece(database, test, min(AT_ONCE, size - begin), seed + begin))


def _piece(database: str, test: str, examples: int, seed: int) -> dict[str, Any]:
    environment = {**os.environ, EXAMPLES: str(examples)}
    if database == "sqlite":
        environment.pop(DATABASE_URL, None)
    options = ["-q", "-m", "property", "-p", "no:randomly", "-p", "no:xdist", "-p", "no:cacheprovider"]
    counting = [f"--hypothesis-seed={seed}", "--hypothesis-show-statistics"]
    command = [sys.executable, "-m", "pytest", *options, *counting, test]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    counted = [(int(passing), int(failing)) for passing, failing in _PASSING.findall(done.stdout)]
    return {
        "passed": done.returncode == 0,
        "examples": sum(passing for passing, _failing in counted),
        "failing": sum(failing for _passing, failing in counted),
        "said": "" if done.returncode == 0 else done.stdout[-4000:] + done.stderr[-1000:],
    }


def _sum(resume: Progress, database: str, test: str) -> int:
    about = f"{database} {test} "
    return sum(piece["examples"] for key, piece in resume.done.items() if key.startswith(about))
