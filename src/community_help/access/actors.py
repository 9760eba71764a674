"""From the account that signed in to the person who acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from community_help.people.person import Person
from community_help.people.profiles import Helper, HelperState

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

#: A helper in one of these states may look at their own pages; the suspended and those who left may not.
WELCOME = (HelperState.APPLIED, HelperState.APPROVED, HelperState.PAUSED)


def actor_of(user: AbstractBaseUser | AnonymousUser) -> Person | None:
    """The person behind an account; ``None`` for nobody, for a closed account and for one without a person.

    Being staff or superuser means nothing here: only roles that were granted to the person do.
    """
    if not user.is_authenticated or not user.is_active:
        return None
    return Person.objects.select_related("helper", "requester").filter(user=user.pk).first()


def helper_of(actor: Person | None) -> Helper | None:
    """The actor as a helper who may look at their own pages; ``None`` for everybody else."""
    if actor is None:
        return None
    try:
        helper: Helper = actor.helper
    except Helper.DoesNotExist:
        return None
    return helper if helper.state in WELCOME else None
