"""What every page of the package is rendered with, whichever surface it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import DatabaseError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.shortcuts import render as django_render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from community_help import conf
from community_help.access.policy import allows
from community_help.notifications import health
from community_help.people.community import Community

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest
    from django_stubs_ext import StrOrPromise

    from community_help.people.person import Person


class Surface(NamedTuple):
    """A set of pages that somebody works on: what is asked before one enters, its first page, and what it is called."""

    asked: str
    name: str
    label: StrOrPromise

    @property
    def url(self) -> str:
        """Its address on this site."""
        return reverse(f"community_help:{self.name}")


_SURFACES = (
    Surface("use_desk", "desk", gettext_lazy("Desk")),
    Surface("use_portal", "jobs_for_me", gettext_lazy("Jobs for you")),
    Surface("list_task_types", "list_task_types", gettext_lazy("Kinds of job")),
)


def render(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a page inside the site's base template.

    Adds ``base_template``, ``community``, ``actor`` (the Person, or ``None``), ``surfaces`` (those that are theirs),
    ``now`` and ``zone``.
    """
    community = Community.current()
    actor = getattr(request, "actor", None)
    shared = {
        "base_template": conf.get("BASE_TEMPLATE"),
        "community": community,
        "actor": actor,
        "surfaces": surfaces_of(actor),
        "now": timezone.now(),
        "zone": community.zone,
    }
    return django_render(request, template, {**shared, **(context or {})}, status=status)


def surfaces_of(actor: Person | None) -> list[Surface]:
    """Where the person may work; the first is their home."""
    return [surface for surface in _SURFACES if allows(actor, surface.asked)]


@require_safe
def see_health(_request: HttpRequest) -> HttpResponse:
    """Whether messages are being carried, for a monitor outside: «ok» or 503, and nothing about anybody."""
    try:
        is_well = health.look().is_well
    except DatabaseError:
        is_well = False
    words, status = ("ok", 200) if is_well else ("not ok", 503)
    answer = HttpResponse(f"{words}\n", content_type="text/plain; charset=utf-8", status=status)
    answer._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001  else administrators get a mail at each look
    return answer


def home(request: HttpRequest) -> HttpResponse:
    """Send everybody to where their work is: co-ordinators to the desk, helpers to the jobs."""
    return redirect(surfaces_of(getattr(request, "actor", None))[0].url)
