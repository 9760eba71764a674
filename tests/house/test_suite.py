"""The account that `run test` gives: nothing that was skipped or died is left out of it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.paths import ROOT
from workshop import matrix
from workshop.results import RESULTS, Results
from workshop.suite import Outcome, Suite, run_suite, totals

SAMPLE = """
import pytest

def test_passes(): pass
def test_fails(): assert False
@pytest.fixture
def breaks(): raise RuntimeError
def test_cannot_begin(breaks): pass
@pytest.fixture
def breaks_after():
    yield
    raise RuntimeError
def test_cannot_end(breaks_after): pass
def test_skips(): pytest.skip("no Chromium on this machine")
@pytest.mark.xfail(reason="not yet")
def test_expected(): assert False
"""


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--numprocesses", "2")], ids=["alone", "spread"])
def test_recorder_notes_the_one_outcome_of_each_test(tmp_path: Path, options: tuple[str, ...]) -> None:
    (tmp_path / "test_sample.py").write_text(SAMPLE)
    (tmp_path / "test_broken.py").write_text("import no_such_module")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    results = tmp_path / "results" / "cell.json"
    subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "workshop.results", "-p", "no:django"),
            *("--continue-on-collection-errors", f"--rootdir={tmp_path}", tmp_path, *options),
        ],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), RESULTS: str(results)},
        capture_output=True,
        check=False,
    )
    told = Results.read(results)
    assert told is not None
    assert (told.passed, told.failed) == (1, 4)
    assert sorted(told.failing) == [
        "test_broken.py",
        "test_sample.py::test_cannot_begin",
        "test_sample.py::test_cannot_end",
        "test_sample.py::test_fails",
    ]
    assert sorted(told.skipped) == [
        ("test_sample.py::test_expected", "expected to fail: not yet"),
        ("test_sample.py::test_skips", "no Chromium on this machine"),
    ]
    assert told.seed.isdigit()


def outcome(name: str, **results: object) -> Outcome:
    return Outcome(name, Results(**results), is_suite=True)


def test_totals_leave_out_the_skipped_when_there_are_none() -> None:
    assert totals([outcome("a", passed=2), outcome("b", passed=1)]) == "3 passed, 0 failed"
    assert totals([outcome("a", passed=2, failed=1, skipped=[("t", "why")])]) == "2 passed, 1 failed, 1 skipped"


class PlayedSuite(Suite):
    """Plays the part of tox: writes what it would have left behind."""

    told: dict[str, object]

    def plan(self, mode: str) -> matrix.Plan:
        return matrix.Plan(("py311-django52-sqlite", "lint"), not_covered=(f"nothing, by {mode}",))

    def _tox(self, names: tuple[str, ...], options: tuple[str, ...] = ()) -> list[Outcome]:
        if isinstance(results := self.told.get("results"), Results):
            results.write(self.results / "py311-django52-sqlite.json")
        return [self._outcome(name, self.told.get(name, {})) for name in names]


def play(root: Path, monkeypatch: pytest.MonkeyPatch, **told: object) -> tuple[int, list[str]]:
    monkeypatch.setattr(PlayedSuite, "told", told, raising=False)
    monkeypatch.setattr("workshop.suite.Suite", PlayedSuite)
    output = io.StringIO()
    code = run_suite(root, Path(sys.executable), "usual", output)
    return code, output.getvalue().splitlines()


WELL = {"test": [{"retcode": 0, "elapsed": 1.5}]}
ILL = {"test": [{"retcode": 0, "elapsed": 1.5}, {"retcode": 1, "elapsed": 1.5}]}


def test_account_of_a_good_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    results = Results(passed=5, skipped=[("test_x", "no Chromium")], seed="7")
    told = {"py311-django52-sqlite": WELL, "lint": WELL, "results": results}
    code, lines = play(tmp_path, monkeypatch, **told)
    assert (code, lines[-1]) == (0, "6 passed, 0 failed, 1 skipped")
    assert "  1 in py311-django52-sqlite: no Chromium (test_x)" in lines
    assert "  nothing, by usual" in lines


def test_skip_is_a_failure_in_ci(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    results = Results(passed=5, skipped=[("test_x", "no Chromium")])
    told = {"py311-django52-sqlite": WELL, "lint": WELL, "results": results}
    code, lines = play(tmp_path, monkeypatch, **told)
    assert (code, lines[-1]) == (1, "6 passed, 1 failed")


def test_failed_test_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = Results(passed=5, failed=1, failing=["test_x"])
    code, lines = play(tmp_path, monkeypatch, **{"py311-django52-sqlite": ILL, "lint": WELL, "results": results})
    assert (code, lines[-1]) == (1, "6 passed, 1 failed")
    assert lines[lines.index("Failed") + 1] == "  test_x in py311-django52-sqlite"


def test_failed_check_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"py311-django52-sqlite": WELL, "lint": ILL, "results": Results(passed=5)}
    code, lines = play(tmp_path, monkeypatch, **told)
    assert (code, lines[-1]) == (1, "5 passed, 1 failed")


@pytest.mark.parametrize("told", [{}, {"py311-django52-sqlite": WELL}, {"py311-django52-sqlite": ILL}])
def test_environment_that_died_before_it_could_count_is_a_failure(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    told: dict[str, object],
) -> None:
    code, lines = play(tmp_path, monkeypatch, lint=WELL, **told)
    assert (code, lines[-1]) == (1, "1 passed, 1 failed")


def test_results_of_an_earlier_run_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "test-results").mkdir()
    (tmp_path / "test-results" / "py311-django52-sqlite.json").write_text(json.dumps({"passed": 9}))
    code, lines = play(tmp_path, monkeypatch, lint=WELL)
    assert (code, lines[-1]) == (1, "1 passed, 1 failed")
