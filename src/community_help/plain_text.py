"""What may stand in a text that people type: everything that can be seen, and what letters are joined with."""

from __future__ import annotations

import unicodedata

_NEW_LINES = frozenset("\n\r\t")
#: Characters that turn the direction of what follows: «gpj.exe» then reads as a picture.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Control characters, and separators that break a line where no new line was typed.
_UNSEEN = frozenset({"Cc", "Zl", "Zp"})


def has_unseen(text: str, *, lines: bool = True) -> bool:
    """Whether the text has a character that no keyboard makes or that changes how the rest is read.

    :param lines: new lines and tabs are fine
    """
    allowed = _NEW_LINES if lines else frozenset[str]()
    return any(char in _TURNING or (unicodedata.category(char) in _UNSEEN and char not in allowed) for char in text)


def is_blank(text: str) -> bool:
    """Whether nothing in the text can be seen: spaces, and characters without a width of their own."""
    return all(char.isspace() or unicodedata.category(char) == "Cf" for char in text)
