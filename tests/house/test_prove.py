"""`run prove`: figures are written down, and a proof that was cut off goes on."""

from __future__ import annotations

import json
import sys
import types
from typing import TYPE_CHECKING, Any

import pytest

from workshop import proofs, prove
from workshop.progress import Progress

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def proof(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """Return a proof of five rounds that counts those it ran itself, and is cut off after ``stop_after`` of them."""
    module = types.ModuleType("workshop.proofs.planted", "Rounds are counted.\n\nMore.")
    module.FULL, module.SHORT = 5, 2
    module.stop_after, module.ran = 99, []

    def run(size: int, seed: int, resume: Progress) -> dict[str, Any]:
        for number in range(size):
            if str(number) not in resume.done:
                if len(module.ran) == module.stop_after:
                    raise KeyboardInterrupt
                module.ran.append(number)
                resume.save(str(number), {"seed": seed})
        return {"passed": True, "figure": f"{len(resume.done)} rounds"}

    module.run = run
    monkeypatch.setitem(sys.modules, "workshop.proofs.planted", module)
    monkeypatch.setattr(proofs, "planted", module, raising=False)
    return module


def test_full_proof_is_written_for_keeps(proof: types.ModuleType, tmp_path: Path) -> None:
    prove.prove("planted", short=False, seed=7, root=tmp_path)
    record = json.loads((tmp_path / "proofs" / "planted.json").read_text())
    expected = {"proof": "planted", "promise": "Rounds are counted.", "passed": True, "figure": "5 rounds"}
    assert {name: record[name] for name in expected} == expected
    assert (record["size"], record["seed"], record["commit"], record["resumed_from"]) == (5, 7, "unknown", 0)
    assert record["seconds"] >= 0


def test_short_proof_does_not_replace_the_figures_of_the_full_one(proof: types.ModuleType, tmp_path: Path) -> None:
    prove.prove("planted", short=True, root=tmp_path)
    assert not (tmp_path / "proofs").exists()
    assert json.loads((tmp_path / "test-results" / "proofs" / "planted.json").read_text())["size"] == 2


def test_proof_goes_on_where_it_was_cut_off(proof: types.ModuleType, tmp_path: Path) -> None:
    proof.stop_after = 3
    with pytest.raises(KeyboardInterrupt):
        prove.prove("planted", short=False, root=tmp_path)
    proof.stop_after = 99
    record = prove.prove("planted", short=False, root=tmp_path)
    assert proof.ran == [0, 1, 2, 3, 4]
    assert (record["resumed_from"], record["figure"]) == (3, "5 rounds")


def test_finished_proof_begins_anew(proof: types.ModuleType, tmp_path: Path) -> None:
    prove.prove("planted", short=False, root=tmp_path)
    prove.prove("planted", short=False, root=tmp_path)
    assert proof.ran == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]


def test_progress_forgets_the_line_that_was_being_written(tmp_path: Path) -> None:
    path = tmp_path / "progress.jsonl"
    progress = Progress(path)
    progress.save("1", "one")
    path.write_text(path.read_text() + '["2", "tw')
    assert Progress(path).done == {"1": "one"}
    Progress(path).save("2", "two")
    assert Progress(path).done == {"1": "one", "2": "two"}


def test_unknown_proof_is_refused_with_the_names_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert prove.main(["no_such_proof"]) == 2
    assert "no proof called no_such_proof; there are: " in capsys.readouterr().err
