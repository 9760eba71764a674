"""Who may come in here: somebody on this very machine, while developing, and nobody else."""

from __future__ import annotations

import ipaddress
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from community_help.access.actors import actor_of

if TYPE_CHECKING:
    from collections.abc import Callable

#: Headers that a proxy adds: who sends one is elsewhere, whatever the address says.
_FORWARDED = (
    "HTTP_CF_CONNECTING_IP",
    "HTTP_FORWARDED",
    "HTTP_VIA",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)


def from_this_machine(request: HttpRequest) -> bool:
    """Whether the request came over loopback, and not through a proxy."""
    if any(name in request.META for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def on_this_machine(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For anybody else, and with ``DEBUG`` off, the page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEBUG or not from_this_machine(request):
            raise Http404
        request.actor = actor_of(request.user)  # type: ignore[attr-defined]  # what the layouts show
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    return guarded
