"""Where the example site mounts the package."""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.generic import RedirectView

from example_project.pages import SignIn

if apps.is_installed("example_project.demo"):
    start = path("", include("example_project.demo.urls"))
else:
    start = path("", RedirectView.as_view(pattern_name="community_help:home"))

urlpatterns = [
    start,
    path("accounts/login/", SignIn.as_view(), name="login"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
    path("help/", include("community_help.urls")),
]

handler404 = "example_project.pages.not_found"
