"""The one place where somebody asks whether somebody may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.permissions import has_perm, perm_exists

from community_help.access.permissions import ABOUT_AN_OBJECT, PREFIX
from community_help.exceptions import NotAllowed, UnknownAction

if TYPE_CHECKING:
    from community_help.people.person import Person


def known(action: str) -> bool:
    """Whether the table has a row for this action."""
    return bool(perm_exists(f"{PREFIX}{action}"))  # type: ignore[no-untyped-call]  # rules ships no types


def allows(actor: Person | None, action: str, obj: object = None) -> bool:
    """Whether the person may do this, to this object where the action is about one.

    ``None`` is nobody, and may nothing but what everybody may. An action about an object, asked without one, is no; so
    is one asked about an object of the wrong kind.

    Raises :class:`UnknownAction` for a name that is not in the table, even when nobody asks.
    """
    if not known(action):
        raise UnknownAction(f"there is no rule for «{action}» in access/permissions.py")
    if obj is None and f"{action}" in ABOUT_AN_OBJECT:
        return False
    return bool(has_perm(f"{PREFIX}{action}", actor, obj))  # type: ignore[no-untyped-call]  # as above


def require(actor: Person | None, action: str, obj: object = None) -> None:
    """Raise :class:`NotAllowed` unless :func:`allows` says yes."""
    if not allows(actor, action, obj):
        raise NotAllowed(f"{action}")
