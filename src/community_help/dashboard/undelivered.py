"""Messages that could not be delivered: on the desk, until somebody has them tried again or rings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community_help.dashboard import queue
from community_help.dashboard.desk_page import actor_of
from community_help.dashboard.desk_rows import heading
from community_help.dashboard.story import sentence_of
from community_help.exceptions import StaleTransition
from community_help.notifications.kinds import Kind
from community_help.services.messages import retry_notification as service

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from community_help.dashboard.clock import Clock
    from community_help.notifications.notification import Notification


@dataclass(frozen=True)
class UndeliveredCard:
    """One message: to whom, about what, why it did not arrive, and where it is tried again.

    :param url: of the job; "" where it is about none
    """

    title: str
    line: str
    reason: str
    url: str
    retry_url: str


def undelivered_cards(rows: Iterable[Notification], clock: Clock) -> list[UndeliveredCard]:
    """A card for each."""
    return [_card(row, clock) for row in rows]


def _card(row: Notification, clock: Clock) -> UndeliveredCard:
    job = row.event.job if row.event is not None else None
    parts = [heading(job)] if job is not None else []
    if row.finished_at is not None:
        parts.append(_("Given up %(when)s") % {"when": clock.ago(row.finished_at)})
    return UndeliveredCard(
        title=_title(row),
        line=". ".join(parts),
        reason=row.reason,
        url=reverse("community_help:view_job", args=[job.uuid]) if job is not None else "",
        retry_url=reverse("community_help:retry_notification", args=[row.key]),
    )


def _title(row: Notification) -> str:
    if row.recipient is not None:
        return _("%(name)s was not told: %(what)s") % {"name": row.recipient.name, "what": Kind(row.kind).label}
    # It was given up before anybody knew who is to be told: it is named after what happened.
    return _("Nobody was told: %(what)s") % {"what": sentence_of(row.event) if row.event else row.kind}


@require_POST
def retry_notification(request: HttpRequest, key: UUID) -> HttpResponse:
    """Have it tried again from the beginning."""
    actor = actor_of(request)
    row = queue.undelivered(actor, now=timezone.now()).filter(key=key).first()
    if row is None:
        raise Http404
    try:
        service(row, actor=actor)
    except StaleTransition as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("It is tried again. Who must know at once is better rung."))
    return redirect("community_help:desk")
