"""Every error carries a sentence that may be shown as it is."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime

import pytest

from community_help import exceptions
from community_help.exceptions import (
    AlreadyOffered,
    CommunityHelpError,
    IllegalTransition,
    NotAllowed,
    NotDisclosed,
    NotEligible,
    StaleTransition,
    TooLateToUndo,
)

NOW = datetime(2026, 11, 3, 9, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (NotAllowed("ratify_offer"), "You can't do that here."),
        (IllegalTransition("publish_job", "open", "Open"), "That can't be done now: this job is open."),
        (StaleTransition(), "This has changed since you opened it. Look again, then decide."),
        (
            StaleTransition("Ama ratified this", NOW),
            "This has changed since you opened it: Ama ratified this. Look again, then decide.",
        ),
        (AlreadyOffered(), "You have already offered for this job."),
        (NotEligible(["needs a car", "is in Filwood"]), "This job does not fit any more: needs a car; is in Filwood."),
        (TooLateToUndo(), "It is too late to undo that."),
        (NotDisclosed(), "These details can't be shown now."),
    ],
)
def test_error_says_a_sentence(error: CommunityHelpError, sentence: str) -> None:
    assert str(error) == sentence


def test_errors_carry_what_they_are_about() -> None:
    assert NotAllowed("ratify_offer").action == "ratify_offer"
    assert (IllegalTransition("a", "open", "Open").action, IllegalTransition("a", "open", "Open").state) == (
        "a",
        "open",
    )
    assert (StaleTransition("x", NOW).what, StaleTransition("x", NOW).at) == ("x", NOW)
    assert NotEligible(["needs a car"]).reasons == ("needs a car",)


def test_every_error_has_one_root() -> None:
    found = [
        name
        for name, member in inspect.getmembers(exceptions, inspect.isclass)
        if member.__module__ == exceptions.__name__ and not issubclass(member, CommunityHelpError)
    ]
    assert found == []
