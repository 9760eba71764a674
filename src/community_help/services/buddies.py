"""Who is whose known and trusted helper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from community_help.lifecycle.machine import Story, record
from community_help.people.profiles import Buddy, NeverPair
from community_help.services._moving import ask_policy
from community_help.services.ripple import lock

if TYPE_CHECKING:
    from community_help.lifecycle.event import Event
    from community_help.people.person import Person
    from community_help.people.profiles import Helper, Requester


@transaction.atomic
def make_buddies(helper: Helper, requester: Requester, *, actor: Person) -> Buddy:
    """From now on this helper is asked first when this requester needs help. Done again it changes nothing.

    Raises ``ValidationError`` for two who are kept apart, and for somebody and themselves.
    """
    lock([helper.pk])
    pair = Buddy(helper=helper, requester=requester, made_by=actor)
    ask_policy(actor, "make_buddies", pair)
    if NeverPair.objects.between(helper.pk, requester.pk).exists():
        raise ValidationError(_("These two are kept apart."))
    if helper.pk == requester.pk:
        raise ValidationError(_("Nobody is their own buddy."))
    pair, is_new = Buddy.objects.get_or_create(helper=helper, requester=requester, defaults={"made_by": actor})
    if is_new:
        record("make_buddies", Story(actor=actor, person=helper.person))
    return pair


@transaction.atomic
def end_buddies(pair: Buddy, *, actor: Person, why: str = "") -> Event:
    """They are buddies no more. What is agreed already stays agreed."""
    ask_policy(actor, "end_buddies", pair)
    pair.delete()
    return record("end_buddies", Story(actor=actor, person=pair.helper.person, why=why))
