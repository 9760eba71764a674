"""The four addresses that messages lead to, and nothing else of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.urls import include, path

if TYPE_CHECKING:
    from django.http import HttpRequest


def page(request: HttpRequest, uuid: str = "") -> HttpResponse:
    return HttpResponse(uuid)


pages = [
    path("jobs/", page, name="jobs_for_me"),
    path("jobs/<uuid:uuid>/", page, name="view_open_job"),
    path("offers/<uuid:uuid>/", page, name="view_offer"),
    path("desk/jobs/<uuid:uuid>/", page, name="view_job"),
]
urlpatterns = [path("help/", include((pages, "community_help")))]
