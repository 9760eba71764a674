"""How a benchmark measures: ours and the reference in turn, in one run, and the ratio of their medians.

Single times depend on the machine and on what else it does; a ratio of two things measured side by side can be
repeated elsewhere. A figure may carry a bar: ``bar`` is the most that its ratio may be, ``bar_seconds`` the most that
our time may be.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import os
import statistics
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

from workshop.databases import DATABASE_URL
from workshop.postgres import database_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Figures = dict[str, dict[str, Any]]


def side_by_side(ours: Callable[[int], Any], reference: Callable[[int], Any], *, rounds: int) -> dict[str, Any]:
    """Run both for each round number, in turn, the first of the two changing each time.

    Returns the medians in seconds, their ratio, and whether both gave the same answers throughout.
    """
    times: tuple[list[float], list[float]] = ([], [])
    same = True
    for number in range(rounds):
        answers: list[Any] = [None, None]
        for which in (0, 1) if number % 2 else (1, 0):
            gc.collect()
            began = time.perf_counter()
            answers[which] = (ours, reference)[which](number)
            times[which].append(time.perf_counter() - began)
        same = same and answers[0] == answers[1]
    mine, theirs = (statistics.median(values) for values in times)
    return {"ours": mine, "reference": theirs, "ratio": mine / theirs, "same_answer": same, "rounds": rounds}


@contextmanager
def site() -> Iterator[None]:
    """Set Django up on a database of its own on the private PostgreSQL."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings.base"
    with database_url() as url:
        os.environ[DATABASE_URL] = url
        django.setup()
        from django.db import connection  # noqa: PLC0415  the settings come first

        connection.creation.create_test_db(verbosity=0)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def passed(figure: dict[str, Any]) -> bool:
    """Whether the answers were the same, and no bar is missed."""
    met = figure["ratio"] <= figure.get("bar", math.inf) and figure["ours"] <= figure.get("bar_seconds", math.inf)
    return bool(figure["same_answer"] and met)


def told(figure: dict[str, Any]) -> str:
    """A figure in words."""
    words = [
        f"{figure['ours'] * 1000:.2f} ms, reference {figure['reference'] * 1000:.2f} ms",
        f"ratio {figure['ratio']:.2f}, same answer: {figure['same_answer']}",
    ]
    if "bar" in figure:
        words.append(f"bar {figure['bar']:g} times: {'met' if figure['ratio'] <= figure['bar'] else 'MISSED'}")
    if "bar_seconds" in figure:
        met = figure["ours"] <= figure["bar_seconds"]
        words.append(f"bar {figure['bar_seconds'] * 1000:g} ms: {'met' if met else 'MISSED'}")
    return ", ".join(words)


def main(measure: Callable[[], Figures]) -> int:
    """Measure, print a line for each figure, and write them to the file that ``--json`` names."""
    parser = argparse.ArgumentParser(description=sys.modules[measure.__module__].__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file")
    options = parser.parse_args()
    with site():
        figures = measure()
    for name, figure in figures.items():
        sys.stdout.write(f"{name}: {told(figure)}\n")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0 if all(map(passed, figures.values())) else 1
