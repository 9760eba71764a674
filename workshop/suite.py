"""`run test`: the suite and the checks through tox, and the account of what ran, what did not and why."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TextIO

from workshop import matrix, pythons
from workshop.environment import say
from workshop.results import Results

if TYPE_CHECKING:
    from pathlib import Path

MOST_AT_ONCE = 4
EXAMPLES = 3  # of the tests that share one reason for being skipped


@dataclass(frozen=True)
class Outcome:
    """What one tox environment came to."""

    name: str
    results: Results
    is_suite: bool

    def line(self) -> str:
        seconds = f"{self.results.seconds:5.0f} s"
        if not self.is_suite:
            return f"  {self.name:<32} {seconds}  {'FAILED' if self.results.failed else 'ok'}"
        seed = f"  (random order, seed {self.results.seed})" if self.results.seed else ""
        left_out = f", {self.results.deselected} left out" if self.results.deselected else ""
        return f"  {self.name:<32} {seconds}  {totals([self])}{left_out}{seed}"


def totals(outcomes: list[Outcome]) -> str:
    """Return the last line: ``N passed, N failed``, and ``, N skipped`` where something was."""
    passed = sum(outcome.results.passed for outcome in outcomes)
    failed = sum(outcome.results.failed for outcome in outcomes)
    skipped = sum(len(outcome.results.skipped) for outcome in outcomes)
    return f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")


@dataclass(frozen=True)
class Suite:
    """Runs plans in one project with one Python that has tox."""

    root: Path
    python: Path

    @property
    def results(self) -> Path:
        return self.root / "test-results"

    def plan(self, mode: str) -> matrix.Plan:
        if mode == "quick":
            return matrix.quick(pythons.here())
        if mode == "all":
            return matrix.everything(pythons.find(matrix.PYTHONS))
        return matrix.usual(pythons.here())

    def run(self, plan: matrix.Plan) -> list[Outcome]:
        """Run every environment of a plan, a few at a time, then the coverage gate on what they measured."""
        shutil.rmtree(self.results, ignore_errors=True)
        (self.results / "coverage").mkdir(parents=True)
        outcomes = self._tox(plan.environments, plan.options)
        if plan.measures:
            outcomes += self._tox(("coverage",))
        return outcomes

    def _tox(self, names: tuple[str, ...], options: tuple[str, ...] = ()) -> list[Outcome]:
        record = self.results / f"tox-{names[0]}.json"
        at_once = str(max(2, min(os.cpu_count() or 2, MOST_AT_ONCE)))
        # Installed Pythons are shown to tox: it looks for them on PATH only.
        installed = {sys.executable, *pythons.find(matrix.PYTHONS).values()}
        say(f"{', '.join(names)}: {at_once} at a time, what each says is shown if it fails")
        subprocess.run(
            [
                *(str(self.python), "-m", "tox", "run-parallel", "--parallel", at_once, "--parallel-no-spinner"),
                *("--result-json", str(record), "--discover", *installed, "-e", ",".join(names)),
                *(("--", *options) if options else ()),
            ],
            cwd=self.root,
            check=False,
        )
        try:
            told = json.loads(record.read_text())["testenvs"]
        except (OSError, ValueError, KeyError):
            told = {}
        return [self._outcome(name, told.get(name, {})) for name in names]

    def _outcome(self, name: str, told: dict[str, Any]) -> Outcome:
        commands = told.get("test", [])
        well = bool(commands) and all(command["retcode"] == 0 for command in commands)
        is_suite = name.startswith("py")
        results = Results.read(self.results / f"{name}.json") if is_suite else None
        if results is None:
            # A check counts as one thing. A suite that could not begin, or died before it could count, has failed.
            well = well and not is_suite
            results = Results(passed=int(well), seconds=sum(command["elapsed"] for command in commands))
        if not well:
            results.failed = max(results.failed, 1)
        return Outcome(name, results, is_suite)


def _skips(outcomes: list[Outcome]) -> list[str]:
    tests = defaultdict(list)
    for outcome in outcomes:
        for test, reason in outcome.results.skipped:
            tests[outcome.name, reason].append(test)
    lines = []
    for (name, reason), skipped in sorted(tests.items()):
        more = f" and {len(skipped) - EXAMPLES} more" if len(skipped) > EXAMPLES else ""
        lines.append(f"{len(skipped)} in {name}: {reason} ({', '.join(skipped[:EXAMPLES])}{more})")
    return lines


def run_suite(root: Path, python: Path, mode: str, output: TextIO) -> int:
    """Run the tests in one mode (``quick``, ``usual`` or ``all``) and print the account; returns the exit code.

    With ``CI=true`` each skipped test counts as failed, and so does a machine without a Python for the newest Django.
    """
    suite = Suite(root, python)
    plan = suite.plan(mode)
    began = time.monotonic()
    outcomes = suite.run(plan)
    strict = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
    paragraphs = {
        "Ran": [outcome.line().strip() for outcome in outcomes],
        "Failed": [f"{test} in {outcome.name}" for outcome in outcomes for test in outcome.results.failing],
        "Skipped" + (" (with CI set each is a failure)" if strict else ""): _skips(outcomes) or ["nothing"],
        "Left out on purpose": [*plan.left_out],
        "Not covered": [*plan.not_covered, *plan.gaps],
    }
    for title, lines in paragraphs.items():
        if lines:
            output.write("\n".join([f"\n{title}", *(f"  {line}" for line in lines), ""]))
    output.write(f"\n{time.monotonic() - began:.0f} s in all\n\n")
    if strict:
        outcomes = [*map(_strict, outcomes), *(_gap(text) for text in plan.gaps)]
    output.write(totals(outcomes) + "\n")
    return 1 if any(outcome.results.failed for outcome in outcomes) else 0


def _strict(outcome: Outcome) -> Outcome:
    """Count what was skipped as failed."""
    old = outcome.results
    return replace(outcome, results=replace(old, failed=old.failed + len(old.skipped), skipped=[]))


def _gap(text: str) -> Outcome:
    return Outcome(text, Results(failed=1), is_suite=False)
