"""Every door has a lock: the only way in which this package makes a URL pattern."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect, resolve_url
from django.urls import path

from community_help.access import policy
from community_help.access.actors import actor_of
from community_help.access.permissions import WITHOUT_OBJECT
from community_help.exceptions import ConfigurationError, NotAllowed, NotDisclosed, UnknownAction

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase
    from django.urls import URLPattern

_LOOKING = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class Guard:
    """The rule of a route: what its view does, and what is asked before it runs."""

    action: str
    asked: str
    anonymous: bool


def guarded(
    route: str,
    view: Callable[..., HttpResponseBase],
    *,
    action: str,
    name: str,
    surface: str = "",
    anonymous: bool = False,
    looked_at: str = "",
) -> URLPattern:
    """A URL pattern that nobody passes without its rule.

    Who is not signed in is sent to ``settings.LOGIN_URL``; for who may not, the page does not exist
    (404), and neither does it when the view raises ``NotAllowed`` or ``NotDisclosed``: the answers
    are the same, so that nothing is given away. The view finds the person in ``request.actor``.
    Answers are never stored by a cache, their address is not sent to other sites, and the mails that
    Django writes about an error do not quote what a form sent.

    :param action: what the view does; where that is about an object, the view asks the policy itself
    :param surface: what is asked before such a view runs, «use_desk» or «use_portal»
    :param anonymous: nobody needs to be signed in; ``request.actor`` may be ``None``
    :param looked_at: of a route that only takes forms: the name of the page to which its address leads when
        somebody opens it (a tab that comes back, Enter in the address bar); «view_…» has the same ``uuid``
    """
    asked = surface or action
    if not policy.known(action):
        raise UnknownAction(f"the route «{name}» asks for «{action}», which is not in access/permissions.py")
    if asked not in WITHOUT_OBJECT and not anonymous:
        raise ConfigurationError(f"the route «{name}» needs surface=…: «{asked}» is about an object")

    @wraps(view)
    def locked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # What a form sends may be a phone number or a note about health: no report of an error quotes it.
        request.sensitive_post_parameters = "__ALL__"  # type: ignore[attr-defined]  # Django's reporter reads it
        actor = actor_of(request.user)
        request.actor = actor  # type: ignore[attr-defined]  # what the views read
        if not anonymous:
            if not request.user.is_authenticated:
                return _to_login(request)
            if not policy.allows(actor, asked):
                raise Http404
        try:
            only_looks = bool(looked_at) and request.method in _LOOKING
            response = _page(looked_at, kwargs) if only_looks else view(request, *args, **kwargs)
        except (NotAllowed, NotDisclosed) as error:
            raise Http404 from error
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    locked.guard = Guard(action, asked, anonymous)  # type: ignore[attr-defined]  # what the system check reads
    # A site with LoginRequiredMiddleware leaves the asking to us.
    return path(route, login_not_required(locked), name=name)


def _page(name: str, kwargs: dict[str, Any]) -> HttpResponseBase:
    return redirect(f"community_help:{name}", *([kwargs["uuid"]] if name.startswith("view_") else []))


def _to_login(request: HttpRequest) -> HttpResponseBase:
    """Ask to sign in, and come back afterwards to what was looked at; never to what was being done."""
    if request.method in _LOOKING:
        return redirect_to_login(request.get_full_path())
    return redirect(resolve_url(settings.LOGIN_URL))
