"""What can be seen in a text, and what can't."""

from __future__ import annotations

import pytest

from community_help.plain_text import has_unseen, is_blank


@pytest.mark.parametrize(
    "text",
    ["Doreen", "José Ñuñez", "שרה לוי", "علی", "👩\u200d🍳 bakes", "🏴\U000e0067\U000e0062\U000e007f", "a\u200db"],
)
def test_letters_of_all_scripts_are_seen(text: str) -> None:
    assert not has_unseen(text, lines=False)
    assert not is_blank(text)


@pytest.mark.parametrize("char", ["\x00", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\u202e", "\u2066"])
def test_controls_and_what_turns_the_text_round_are_unseen(char: str) -> None:
    assert has_unseen(f"Urgent {char}gnippohs")


def test_new_lines_are_fine_where_there_may_be_several() -> None:
    assert not has_unseen("one\n\ttwo\r\n")
    assert has_unseen("one\ntwo", lines=False)


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "\u200b \ufeff"])
def test_nothing_to_see_is_blank(text: str) -> None:
    assert is_blank(text)
