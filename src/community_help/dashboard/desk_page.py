"""What every page of the co-ordinators has: how much waits on the desk, and ten seconds to undo."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from community_help.access.policy import allows
from community_help.dashboard.queue import desk_count
from community_help.lifecycle.table import Action
from community_help.pages import render
from community_help.people.community import Community
from community_help.services.undo import last_undoable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from community_help.people.person import Person


#: What the navigation leads to, by the permission that lets somebody in.
_MAY = ("use_desk", "list_jobs", "take_call", "list_task_types")


def actor_of(request: HttpRequest) -> Person:
    """The co-ordinator who asks; the route's guard has let nobody else in."""
    person: Person = request.actor  # type: ignore[attr-defined]  # the guard sets it
    return person


def desk_page(request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a page of the desk.

    Adds ``desk_count``, what the reader ``may`` open, and where there is something to undo, ``undo`` and its words.
    """
    actor = actor_of(request)
    event = last_undoable(None, actor=actor)
    shared: dict[str, Any] = {"undo": event, "may": {name: allows(actor, name) for name in _MAY}}
    if "desk_count" not in context:
        shared["desk_count"] = desk_count(actor)
    if event is not None:
        shared["undo_label"] = _("You %(what)s: %(job)s") % {"what": Action(event.kind).label, "job": event.job}
        shared["undo_until"] = event.at + timedelta(seconds=Community.current().undo_seconds)
    return render(request, template, {**shared, **context}, status=status)
