"""What all moves of a job share: the policy is asked, the story is told, the outbox hears."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from community_help.access.policy import require
from community_help.jobs.call_back import STILL_OWED, CallBack, CallBackOutcome, CallBackReason
from community_help.lifecycle.table import TABLE
from community_help.notifications import outbox
from community_help.people.community import Community
from community_help.plain_text import has_unseen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from community_help.jobs.job import Job
    from community_help.jobs.offer import Offer
    from community_help.lifecycle.event import Event
    from community_help.people.person import Person


def ask_policy(actor: Person | None, action: str, obj: object, *, rule: str = "") -> None:
    """Raise ``NotAllowed`` unless the actor may. Where a rule or the clock acts there is nobody to ask."""
    if actor is not None or not rule:
        require(actor, action, obj)


def tell(event: Event) -> None:
    """Put the event into the outbox: at once, or when it can no longer be undone."""
    outbox.announce(event, not_before=settled_at(event))


def settled_at(event: Event) -> datetime:
    """When the event can no longer be undone: from then on the world may hear of it."""
    rule = TABLE.get(event.kind)
    if rule is None or not rule.undoable or event.actor_id is None:
        return event.at
    return event.at + timedelta(seconds=Community.current().undo_seconds)


def on_behalf_of(offer: Offer, actor: Person | None) -> Person | None:
    """The helper's person where somebody else acts for them."""
    if actor is None or actor.pk == offer.helper_id:
        return None
    return offer.helper.person


def owe_call(event: Event, job: Job, reason: CallBackReason, *, offer: Offer | None = None) -> CallBack:
    """Put a call to the requester on the desk, due when the event can no longer be undone."""
    return CallBack.objects.create(
        requester_id=job.requester_id, job_id=job.pk, offer=offer, event=event, reason=reason, due_at=settled_at(event)
    )


def drop_calls(event: Event, calls: Mapping[str, object]) -> None:
    """Take calls off the desk that nobody needs any more.

    :param calls: which, as filter arguments
    """
    owed = CallBack.objects.filter(outcome__in=STILL_OWED, **calls)
    owed.update(outcome=CallBackOutcome.NOT_NEEDED, done_at=event.at)


def refuse_control_characters(values: Mapping[str, object]) -> None:
    """Raise ``ValidationError`` for text with a character that can't be seen, such as NUL."""
    errors = {
        name: _("There is a character in here that can't be kept. Type it again.")
        for name, value in values.items()
        if isinstance(value, str) and has_unseen(value)
    }
    if errors:
        raise ValidationError(errors)
