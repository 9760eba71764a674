"""What a run of pytest came to, written for `run test` to add up.

A pytest plugin (``-p workshop.results``): writes the JSON file that ``COMMUNITY_HELP_RESULTS`` names.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

RESULTS = "COMMUNITY_HELP_RESULTS"


@dataclass
class Results:
    """One run of pytest, or one other check (then one thing passed or failed)."""

    passed: int = 0
    failed: int = 0
    failing: list[str] = field(default_factory=list)  # the tests among them
    skipped: list[tuple[str, str]] = field(default_factory=list)  # test, reason
    deselected: int = 0
    seed: str = ""
    seconds: float = 0.0

    @classmethod
    def read(cls, path: Path) -> Results | None:
        """Return what a run wrote; None when it died before it could."""
        try:
            raw = json.loads(path.read_text())
        except (OSError, ValueError):
            return None
        raw["skipped"] = [tuple(pair) for pair in raw["skipped"]]
        return cls(**raw)

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1))


class Recorder:
    """Notes the one outcome of each test: failed in any phase, else skipped, else passed."""

    def __init__(self, config: pytest.Config, path: Path) -> None:
        self.config = config
        self.path = path
        self.began = time.monotonic()
        self.outcomes: dict[str, str] = {}
        self.reasons: dict[str, str] = {}
        self.deselected = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if not report.passed:
            self._note(report)

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        self.deselected += len(items)

    def pytest_sessionfinish(self) -> None:
        outcomes = list(self.outcomes.values())
        Results(
            passed=outcomes.count("passed"),
            failed=outcomes.count("failed"),
            failing=[test for test, outcome in self.outcomes.items() if outcome == "failed"],
            skipped=[(test, self.reasons[test]) for test, outcome in self.outcomes.items() if outcome == "skipped"],
            deselected=self.deselected,
            seed=str(self.config.getoption("randomly_seed", "")),
            seconds=time.monotonic() - self.began,
        ).write(self.path)

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        before = self.outcomes.get(report.nodeid)
        if before == "failed" or (before == "skipped" and report.passed):
            return
        self.outcomes[report.nodeid] = report.outcome
        if report.skipped:
            self.reasons[report.nodeid] = _reason(report)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    if expected := getattr(report, "wasxfail", ""):
        return f"expected to fail: {expected}"
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext
    return text.removeprefix("Skipped: ")


def pytest_configure(config: pytest.Config) -> None:
    is_part = hasattr(config, "workerinput")  # of a run that pytest-xdist spreads: the whole is noted elsewhere
    if (path := os.environ.get(RESULTS)) and not is_part:
        config.pluginmanager.register(Recorder(config, Path(path)), "community-help-results")
