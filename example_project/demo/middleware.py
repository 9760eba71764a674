"""What a visitor of the demo sees who is not who the page is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from community_help.access.actors import actor_of
from community_help.pages import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class NobodyElsesPage:
    """The site's own page in the place of Django's list of addresses, which ``DEBUG`` shows to developers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """For what is not there or not yours: the page that says so, and the way to be somebody else."""
        if not isinstance(exception, Http404):
            return None
        request.actor = actor_of(request.user)  # type: ignore[attr-defined]  # what the layouts show
        return render(request, "demo/not_found.html", status=404)
