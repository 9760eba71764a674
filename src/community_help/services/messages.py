"""What a co-ordinator does about messages that could not be delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from community_help.background import nudge_outbox
from community_help.exceptions import StaleTransition
from community_help.lifecycle.machine import Story, record
from community_help.notifications import claims
from community_help.services._moving import ask_policy

if TYPE_CHECKING:
    from community_help.lifecycle.event import Event
    from community_help.notifications.notification import Notification
    from community_help.people.person import Person


@transaction.atomic
def retry_notification(dead: Notification, *, actor: Person) -> Event:
    """Have a message that was given up tried again from the beginning: an address may have been mended.

    Nothing that was accepted goes out twice, and whether it is still true is asked when it is sent.

    Raises ``StaleTransition`` where somebody has done so already.
    """
    ask_policy(actor, "retry_notification", dead.event or dead.recipient)
    job = dead.event.job if dead.event is not None else None
    event = record("retry_notification", Story(actor=actor, person=dead.recipient), job=job)
    if not claims.try_again(dead, event.at):
        raise StaleTransition(_("somebody has had it tried again already"))
    nudge_outbox()
    return event
