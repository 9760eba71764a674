"""What every page of the package is rendered with, whichever surface it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect
from django.shortcuts import render as django_render
from django.utils import timezone

from community_help import conf
from community_help.access.policy import allows
from community_help.people.community import Community

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse


def render(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a page inside the site's base template.

    Adds ``base_template``, ``community``, ``actor`` (the Person, or ``None``), ``now`` and ``zone``.
    """
    community = Community.current()
    shared = {
        "base_template": conf.get("BASE_TEMPLATE"),
        "community": community,
        "actor": getattr(request, "actor", None),
        "now": timezone.now(),
        "zone": community.zone,
    }
    return django_render(request, template, {**shared, **(context or {})}, status=status)


def home(request: HttpRequest) -> HttpResponse:
    """Send everybody to where their work is: co-ordinators to the desk, others to the jobs."""
    actor = getattr(request, "actor", None)
    return redirect("community_help:desk" if allows(actor, "use_desk") else "community_help:jobs_for_me")
