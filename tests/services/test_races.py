"""The races in short; ``python3 run prove races`` runs them at full size."""

from __future__ import annotations

import pytest

from workshop.races import RACES, run_round, without_constraints

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 3


@pytest.mark.parametrize("race", RACES)
def test_race_breaks_no_promise(race: str) -> None:
    assert [run_round(race) for _ in range(ROUNDS)] == [[]] * ROUNDS


@pytest.mark.parametrize("race", RACES)
def test_race_catches_its_naive_mutant(race: str) -> None:
    with without_constraints():
        caught = [bool(run_round(race, naive=True)) for _ in range(ROUNDS)]
    assert any(caught)
