"""`run bench`: both sides of a figure answer the same, and what misses its bar fails. No time is looked at here."""

from __future__ import annotations

import gc
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.management import create_contenttypes
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from benchmarks import _rig, _town, matching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks._rig import Figures


def figure(ours: float, **more: Any) -> dict[str, Any]:
    return {"ours": ours, "reference": 0.040, "ratio": ours / 0.040, "same_answer": True, **more}


@pytest.mark.parametrize(
    ("measured", "words", "code"),
    [
        (figure(0.048), "ratio 1.20, same answer: True", 0),
        (figure(0.048, same_answer=False), "ratio 1.20, same answer: False", 1),
        (figure(0.050, bar=1.25), "ratio 1.25, same answer: True, bar 1.25 times: met", 0),
        (figure(0.051, bar=1.25), "ratio 1.27, same answer: True, bar 1.25 times: MISSED", 1),
        (figure(0.060, bar_seconds=0.060), "ratio 1.50, same answer: True, bar 60 ms: met", 0),
        (figure(0.061, bar_seconds=0.060), "ratio 1.52, same answer: True, bar 60 ms: MISSED", 1),
    ],
)
def test_run_says_what_misses_its_bar_and_fails(
    measured: dict[str, Any],
    words: str,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def measure() -> Figures:
        return {"first": figure(0.001), "planted": measured}

    monkeypatch.setattr(_rig, "site", nullcontext)
    monkeypatch.setattr(sys, "argv", ["planted"])
    assert _rig.main(measure) == code
    assert capsys.readouterr().out.splitlines()[1].endswith(words)


def test_bars_and_growth_are_put_to_the_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a town: what each size is said to take is made up."""
    what = ("helpers for a job", "jobs for a helper", "supply while typing")
    monkeypatch.setattr(_town, "build", lambda size: None)
    for name in ("settle", "empty"):
        monkeypatch.setattr(_town, name, lambda: None)
    monkeypatch.setattr(_town, "on_sqlite", nullcontext)
    monkeypatch.setattr(_town, "ask_who_lives_near", lambda kind: None)
    monkeypatch.setattr(
        matching, "at_this_size", lambda size, near_kind=0: {name: figure(size.helpers) for name in what}
    )
    figures = matching.measure()
    assert len(figures) == 4 * 3 + 2 * 3 + 3 + 2
    assert {name for name, one in figures.items() if "bar" in one or "bar_seconds" in one} == {
        *matching.BARS,
        "growth of helpers for a job from 11000 to 750000",
        "growth of jobs for a helper from 11000 to 750000",
    }
    assert figures["growth of jobs for a helper from 11000 to 750000"] == {
        "ours": 750_000,
        "reference": 11_000,
        "ratio": 750_000 / 11_000,
        "same_answer": True,
        "bar": 3,
    }


@pytest.fixture
def other_content_types(db: None) -> Iterator[None]:
    """Number the content types otherwise than a new database does."""
    ContentType.objects.all().delete()
    ContentType.objects.clear_cache()
    for app in apps.get_app_configs():
        create_contenttypes(app, verbosity=0)
    yield
    ContentType.objects.clear_cache()


@pytest.mark.slow
@pytest.mark.postgresql
@pytest.mark.usefixtures("other_content_types")
def test_hand_written_sql_gives_the_same_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "ROUNDS", 3)
    monkeypatch.setattr(gc, "collect", lambda: 0)
    size = _town.SIZES["44"]
    _town.build(size)
    figures = matching.at_this_size(size)
    assert [one["same_answer"] for one in figures.values()] == [True, True, True]
    _town.ask_who_lives_near(matching.NEAR_KIND)
    with _town.on_sqlite():
        assert connection.vendor == "sqlite"
        copied = matching.at_this_size(size, near_kind=matching.NEAR_KIND)
    assert connection.vendor == "postgresql"
    assert [one["same_answer"] for one in copied.values()] == [True, True, True]
