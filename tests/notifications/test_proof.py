"""The short form of `run prove outbox`, on the database that the suite runs on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from workshop.databases import DATABASE_URL
from workshop.proofs import outbox

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.proof
def test_killed_workers_lose_and_double_nothing(tmp_path: Path) -> None:
    if server := os.environ.get(DATABASE_URL):
        with outbox.new_database(server) as url:
            told = outbox.prove_on(url, outbox.SHORT, seed=1)
    else:
        told = outbox.prove_on(f"sqlite:///{tmp_path / 'site.sqlite3'}", outbox.SHORT, seed=1)
    assert told["passed"], told
