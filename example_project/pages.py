"""The example site's own pages, inside the package's layout: sign in, and what does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import LoginView

from community_help import pages

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class SignIn(LoginView):
    """Django's own, in the community's clothes."""

    redirect_authenticated_user = True

    def render_to_response(self, context: dict[str, Any], **_response: Any) -> HttpResponse:
        """The page with what the layout needs to know."""
        status = 422 if context["form"].errors else 200
        return pages.render(self.request, "registration/login.html", context, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django passes it by this name
    """The one answer to what is not there and to what is not yours."""
    return pages.render(request, "404.html", status=404)
