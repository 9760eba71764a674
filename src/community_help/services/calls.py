"""Taking a phone call: what is typed is kept in the Call until jobs and people hold it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community_help.exceptions import StaleTransition
from community_help.jobs.call import Call
from community_help.lifecycle.machine import Story, record
from community_help.services._moving import ask_policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from community_help.people.person import Person
    from community_help.people.profiles import Requester

#: A form as typed is a few kilobytes; more than this is not a co-ordinator typing.
MAX_FORM_CHARS = 50_000


@transaction.atomic
def start_call(*, actor: Person) -> Call:
    """The phone rings: a call that nothing is known about yet. One that was begun and never used begins now."""
    ask_policy(actor, "take_call", None)
    unused = Call.objects.filter(taken_by=actor, ended_at__isnull=True, saved=0)
    call = unused.select_for_update().order_by("-pk").first() or Call(taken_by=actor)
    call.started_at = timezone.now()
    call.save()
    return call


@transaction.atomic
def save_call(call: Call, *, actor: Person, form: Mapping[str, Any], saved: int) -> Call:
    """Keep what has been typed so far.

    :param form: field name → text or list of texts, as the browser sent it
    :param saved: how many saves the sender had seen; when another window has saved since, nothing is
        written and :class:`StaleTransition` says so
    """
    ask_policy(actor, "save_call", call)
    text = json.dumps(dict(form))
    if len(text) > MAX_FORM_CHARS:
        raise ValidationError(_("That is more text than a call can hold."))
    return _write(call, saved, form=text)


@transaction.atomic
def choose_requester(call: Call, *, actor: Person, requester: Requester | None) -> Call:
    """Say who is calling; ``None`` for somebody new."""
    ask_policy(actor, "save_call", call)
    return _write(call, call.saved, requester=requester)


@transaction.atomic
def finish_call(call: Call, *, actor: Person) -> Call:
    """Put the phone down: the time is kept, what was typed is not. Finishing twice is finishing once."""
    ask_policy(actor, "finish_call", call)
    now = timezone.now()
    if Call.objects.filter(pk=call.pk, ended_at__isnull=True).update(ended_at=now, form=""):
        person = call.requester.person if call.requester else None
        record("finish_call", Story(actor=actor, person=person))
    call.refresh_from_db()
    return call


def read_form(call: Call) -> dict[str, Any]:
    """What has been typed so far: field name → text or list of texts."""
    form: dict[str, Any] = json.loads(call.form) if call.form else {}
    return form


def _write(call: Call, saved: int, **values: Any) -> Call:
    rows = Call.objects.filter(pk=call.pk, saved=saved, ended_at__isnull=True)
    if not rows.update(saved=saved + 1, saved_at=timezone.now(), **values):
        call.refresh_from_db()
        if call.ended_at is not None:
            raise StaleTransition(_("this call was finished"), call.ended_at)
        raise StaleTransition(_("this call was saved in another window"), call.saved_at)
    call.refresh_from_db()
    return call
