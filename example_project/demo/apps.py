"""The demo as an app of the example site: installed by its settings to develop with, and by no others."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import register

from example_project.demo.checks import demo_only_while_developing


class DemoConfig(AppConfig):
    """Brings the start page with its one-click sign-in, the mailbox, and the check that keeps both off real sites."""

    name = "example_project.demo"
    label = "demo"
    verbose_name = "Demo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the check."""
        register(demo_only_while_developing)
