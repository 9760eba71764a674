"""Whatever races about one job, the promises hold; and each race catches its naive mutant."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workshop.progress import Progress

FULL = 100
SHORT = 5
POSTGRES = True
#: Of 100 rounds in which the condition and the constraints are taken away, so many must be caught.
CAUGHT = 0.9


def run(size: int, seed: int, resume: Progress) -> dict[str, Any]:  # noqa: ARG001  the threads are the chance
    """Run each race ``size`` rounds with 8 threads, then each mutant; the threads are the only chance in it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings.base"
    import django  # noqa: PLC0415  the settings come first
    from django.db import connection  # noqa: PLC0415  the same

    django.setup()
    from workshop import races  # noqa: PLC0415  models can be imported from here on

    connection.creation.create_test_db(verbosity=0)
    try:
        real = {name: _rounds(races, name, size, resume, naive=False) for name in races.RACES}
        with races.without_constraints():
            naive = {name: _rounds(races, name, size, resume, naive=True) for name in races.RACES}
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    broken = sum(len(found) for rounds in real.values() for found in rounds)
    deadlocks = sum(found.count("deadlock") for rounds in real.values() for found in rounds)
    caught = {name: sum(bool(found) for found in rounds) for name, rounds in naive.items()}
    least = min(caught.values())
    return {
        "passed": broken == 0 and least >= CAUGHT * size,
        "figure": f"{broken} violations, {deadlocks} deadlocks in {len(real)} races × {size} rounds × "
        f"{races.THREADS} threads; mutants caught in at least {least} of {size} rounds",
        "violations": {name: [found for found in rounds if found] for name, rounds in real.items()},
        "mutants_caught": caught,
    }


def _rounds(races: Any, name: str, size: int, resume: Progress, *, naive: bool) -> list[list[str]]:
    for number in range(size):
        key = f"{'naive ' if naive else ''}{name} {number}"
        if key not in resume.done:
            resume.save(key, races.run_round(name, naive=naive))
    return [resume.done[f"{'naive ' if naive else ''}{name} {number}"] for number in range(size)]
