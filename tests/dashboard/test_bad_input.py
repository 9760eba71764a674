"""Every case of the bad-input proof; `run prove bad_input` counts them on PostgreSQL."""

from __future__ import annotations

import pytest

from workshop.bad_input import Case, judge
from workshop.bad_input_cases import CASES
from workshop.proofs import bad_input


@pytest.mark.proof
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_input_is_answered_on_the_same_page(db: None, case: Case) -> None:
    assert judge(case).wrong == []


def test_there_are_enough_cases_each_with_its_own_name() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= bad_input.FULL


def test_judge_sees_what_is_wrong(db: None) -> None:
    good = Case(
        "good", lambda site, ready: (site.draft, ready(), site.press("publish_job", site.draft))[-1], "hello", ("x",)
    )
    assert judge(good).wrong == [
        "status 302",
        "does not say «hello»",
        "lost «x»",
        "wrote community_help.event, community_help.notification, community_help.undoable, jobs",
    ]
