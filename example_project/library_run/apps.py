"""The library run as an app of the example site."""

from __future__ import annotations

from django.apps import AppConfig


class LibraryRunConfig(AppConfig):
    """Brings a job model; the settings name its criterion and its preference."""

    name = "example_project.library_run"
    label = "library_run"
    verbose_name = "Library run"
    default_auto_field = "django.db.models.BigAutoField"
