"""Questions of a community's own: what is an answer, and how it is kept and read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from community_help.jobs.question import Question

SIZES = ["small", "large"]


def question(kind: str = "text", **fields: Any) -> Question:
    return Question(pk=7, label="How big is the lawn?", kind=kind, choices=SIZES if kind == "choice" else [], **fields)


@pytest.mark.parametrize(
    ("kind", "given", "kept", "read"),
    [
        ("text", "  as a bus ", "as a bus", "as a bus"),
        ("number", "12.50", "12.5", "12.5"),
        ("number", Decimal(1200), "1200", "1200"),
        ("number", 0, "0", "0"),
        ("choice", "large", "large", "large"),
        ("yes_no", True, "yes", "yes"),
        ("yes_no", "no", "no", "no"),
        ("date", date(2028, 2, 29), "2028-02-29", "29 February 2028"),
        ("date", "2026-11-28", "2026-11-28", "28 November 2026"),
    ],
)
def test_answer_is_kept_plainly_and_read_as_people_say_it(kind: str, given: object, kept: str, read: str) -> None:
    asked = question(kind)
    assert asked.checked(given) == kept
    assert asked.readable(kept) == read


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("text", "x" * 1001),
        ("number", "many"),
        ("number", "NaN"),
        ("number", "Infinity"),
        ("number", 10**9),
        ("yes_no", "maybe"),
        ("date", "29 February"),
        ("date", "2027-02-29"),
    ],
)
def test_answer_of_the_wrong_kind_is_refused(kind: str, given: object) -> None:
    with pytest.raises(ValidationError, match="“How big is the lawn\\?” can't be answered so"):
        question(kind).checked(given)


def test_answer_that_is_not_on_the_list_is_refused() -> None:
    with pytest.raises(ValidationError, match="not on the list any more"):
        question("choice").checked("huge")


@pytest.mark.parametrize("nothing", [None, ""])
def test_no_answer_is_one_unless_it_must_be(nothing: object) -> None:
    assert question().checked(nothing) == ""
    with pytest.raises(ValidationError, match="“How big is the lawn\\?” needs an answer"):
        question(required=True).checked(nothing)
