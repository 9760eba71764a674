"""Where the example site mounts the package."""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from django.views.generic import RedirectView

if apps.is_installed("example_project.demo"):
    start = path("", include("example_project.demo.urls"))
else:
    start = path("", RedirectView.as_view(pattern_name="community_help:home"))

urlpatterns = [
    start,
    path("accounts/login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
    path("help/", include("community_help.urls")),
]
