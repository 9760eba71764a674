"""Calls that are owed: each attempt is kept until somebody was reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from community_help.exceptions import StaleTransition
from community_help.jobs.call_back import STILL_OWED, CallBack, CallBackOutcome
from community_help.lifecycle.machine import Story, record
from community_help.services._moving import ask_policy, refuse_control_characters

if TYPE_CHECKING:
    from community_help.people.person import Person


@transaction.atomic
def record_call_back(call_back: CallBack, *, actor: Person, outcome: str, note: str = "") -> CallBack:
    """Keep how an attempt went. Unless it settles the matter, the call stays owed.

    Raises :class:`StaleTransition` when somebody else has settled it.
    """
    ask_policy(actor, "record_call_back", call_back)
    if outcome not in CallBackOutcome.values or outcome == CallBackOutcome.OWED:
        raise ValidationError({"outcome": _("Choose how the call went.")})
    refuse_control_characters({"note": note})
    now = timezone.now()
    settled = outcome not in STILL_OWED
    rows = CallBack.objects.filter(pk=call_back.pk, done_at__isnull=True)
    written = rows.update(
        outcome=outcome,
        attempts=F("attempts") + 1,
        tried_at=now,
        done_at=now if settled else None,
        note=note or call_back.note,
    )
    if not written:
        raise StaleTransition(_("this call was made already"))
    call_back.refresh_from_db()
    story = Story(actor=actor, person=call_back.requester.person, why=str(CallBackOutcome(outcome).label))
    record("record_call_back", story, job=call_back.job)
    return call_back
