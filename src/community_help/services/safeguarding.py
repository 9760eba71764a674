"""Checks, and pairs that must never be made. What rests on them is shut, or opened, and becomes a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community_help.lifecycle.machine import Story, record
from community_help.people.community import Community
from community_help.people.profiles import Helper, NeverPair, Requester
from community_help.safeguarding.background_checks import Check, CheckDecision
from community_help.services._moving import ask_policy, refuse_control_characters, tell
from community_help.services.ripple import ask_again

if TYPE_CHECKING:
    from datetime import date

    from community_help.lifecycle.event import Event
    from community_help.people.person import Person
    from community_help.safeguarding.background_checks import CheckLevel


@transaction.atomic
def record_check(
    helper: Helper,
    *,
    actor: Person,
    level: CheckLevel,
    issued_on: date,
    recheck_on: date | None = None,
    decision: str = CheckDecision.ACCEPTED,
    **details: Any,
) -> Check:
    """Keep that a check was seen, and what was decided; never a copy of it.

    :param recheck_on: the day on which the scheme wants it checked again; ``None`` where it sets none
    :param details: further fields of :class:`~community_help.safeguarding.background_checks.Check`

    Raises ``ValidationError`` by field.
    """
    ask_policy(actor, "record_check", helper)
    refuse_control_characters(details)
    today = timezone.localdate(timezone=Community.current().zone)
    if issued_on > today:
        raise ValidationError({"issued_on": _("That day has not come yet.")})
    check = Check(
        helper=helper,
        level=level,
        issued_on=issued_on,
        recheck_on=recheck_on,
        decision=decision,
        seen_by=actor,
        seen_on=today,
        **details,
    )
    check.full_clean()
    check.save()
    event = record("record_check", Story(actor=actor, person=helper.person))
    tell(event)
    ask_again(helper, event=event)
    return check


@transaction.atomic
def revoke_check(check: Check, *, actor: Person, why: str) -> Event:
    """A check does not hold any more: what this helper could see because of it is shut at once."""
    ask_policy(actor, "revoke_check", check)
    if not why.strip():
        raise ValidationError({"why": _("Say why, in a few words.")})
    refuse_control_characters({"why": why})
    event = record("revoke_check", Story(actor=actor, person=check.helper.person, why=why))
    check.revoked_at = event.at
    check.save(update_fields=["revoked_at"])
    tell(event)
    ask_again(check.helper, event=event)
    return event


@transaction.atomic
def never_pair(helper: Helper, requester: Requester, *, actor: Person, reason: str) -> NeverPair:
    """Keep two people apart, from now on and in what is already agreed."""
    pair = NeverPair(helper=helper, requester=requester, reason=reason, made_by=actor)
    ask_policy(actor, "never_pair", pair)
    refuse_control_characters({"reason": reason})
    pair.full_clean()
    pair.save()
    event = record("never_pair", Story(actor=actor, person=helper.person))
    ask_again(helper, event=event)
    return pair
