"""Which cells of Python × Django × database a run of the tests goes through, and why not others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workshop.pythons import dotted

if TYPE_CHECKING:
    from collections.abc import Collection

Version = tuple[int, int]

# Oldest first. Django 5.2 is the last for Python 3.11; 6.0 and 6.1 need 3.12.
SUPPORTED: dict[Version, tuple[Version, ...]] = {
    (5, 2): ((3, 11), (3, 12), (3, 13)),
    (6, 0): ((3, 12), (3, 13)),
    (6, 1): ((3, 12), (3, 13)),
}
PYTHONS: tuple[Version, ...] = ((3, 11), (3, 12), (3, 13))
CHECKS = ("lint", "types")
RACES = "races on SQLite: it lets one writer in at a time, so there they would prove nothing"
SLOW = ("tests/demo", "tests/hosts")  # a whole community is made; whole sites are started: tox.ini ignores them
QUICK, CORE, HEADLESS = "quick", "core", "headless"  # tox.ini says what they leave out
MEASURED = "measured"
GATE = "the coverage gate"
LEFT_OUT_OF_HEADLESS = "the browser and the proofs that bring no database along"
LEFT_OUT_OF_CORE = "the browser, races, property tests and proofs"
# Spread over the cores file by file, for files share what is dear to make, and in the order of tests/conftest.py: the
# browser last. tox.ini says how many at once.
SPREAD = ("--numprocesses", "auto", "--maxprocesses", "4", "--dist", "loadfile", "--no-loadscope-reorder")


def environment(python: Version, django: Version, database: str, scope: str = "") -> str:
    """Return the name of a cell's tox environment: of the whole suite, or of a scope that tox.ini knows."""
    name = f"py{python[0]}{python[1]}-django{django[0]}{django[1]}-{database}"
    return f"{name}-{scope}" if scope else name


@dataclass(frozen=True)
class Plan:
    """What to run, in order (the longest first), and what a reader must know about the rest."""

    environments: tuple[str, ...]
    options: tuple[str, ...] = ()  # pytest's
    left_out: tuple[str, ...] = ()
    not_covered: tuple[str, ...] = ()
    gaps: tuple[str, ...] = field(default=())  # not covered, and so bad that CI must not pass

    @property
    def measures(self) -> bool:
        """Whether there is a coverage to ask about."""
        return any(name.endswith(MEASURED) for name in self.environments)


def newest_django(python: Version) -> Version:
    """Return the newest Django that supports a Python; the newest of all for a Python newer than the table."""
    if python not in PYTHONS:
        return max(SUPPORTED)
    return max(django for django, pythons in SUPPORTED.items() if python in pythons)


def quick(python: Version) -> Plan:
    """Plan the everyday loop: this Python, SQLite, no browser."""
    cell = environment(python, newest_django(python), "sqlite", QUICK)
    left_out = (
        f"by --quick: PostgreSQL, the docs, {GATE}, {LEFT_OUT_OF_CORE}",
        f"by --quick, because they take long: {', '.join(SLOW)} and every test that is marked as slow",
    )
    return Plan((cell, *CHECKS), options=SPREAD, left_out=left_out)


def usual(python: Version) -> Plan:
    """Plan the suite on this Python with its newest Django, on both databases, and every check.

    The browser goes through the pages once, on PostgreSQL: what it looks at is the same on both. So do the proofs.
    """
    django = newest_django(python)
    cells = [environment(python, django, "postgres"), environment(python, django, "sqlite", HEADLESS)]
    left_out = (
        "other Pythons and Djangos: `run test --all`",
        f"{GATE}, and on SQLite {LEFT_OUT_OF_HEADLESS}: `run test --all`",
        RACES,
    )
    return Plan((*cells, *CHECKS, "docs"), options=SPREAD, left_out=left_out)


def everything(installed: Collection[Version]) -> Plan:
    """Plan every supported cell whose Python is installed: whole at both corners, the core elsewhere.

    The corners are the oldest and the newest cell that this machine can run. A cell without its Python is not
    covered, and said so; a machine that can't run the newest Django at all is a gap.
    """
    cells = [(django, python) for django, pythons in SUPPORTED.items() for python in pythons]
    possible = [cell for cell in cells if cell[1] in installed]
    not_covered = tuple(
        f"Django {dotted(django)} on Python {dotted(python)}: no python{dotted(python)} on this machine"
        for django, python in cells
        if python not in installed
    )
    newest = max(SUPPORTED)
    gaps = () if any(django == newest for django, _ in possible) else (f"no Python here runs Django {dotted(newest)}",)
    corners = list(dict.fromkeys([*possible[:1], *possible[-1:]]))
    whole = [environment(python, django, name) for django, python in corners for name in ("postgres", "sqlite")]
    whole[-1:] = [f"{name}-{MEASURED}" for name in whole[-1:]]
    inner = [cell for cell in possible if cell not in corners]
    core = [environment(python, django, "sqlite", CORE) for django, python in inner]
    left_out = (RACES, *(f"{LEFT_OUT_OF_CORE}, PostgreSQL: not in {name}, only at the corners" for name in core))
    names = (*whole, *core, *CHECKS, "docs")
    return Plan(names, options=SPREAD, left_out=left_out, not_covered=not_covered, gaps=gaps)
