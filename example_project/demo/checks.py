"""The demo signs in anybody at one click: it refuses to stand where real people might be."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error


def demo_only_while_developing(**_kwargs: Any) -> list[Error]:
    """E001: the demo's app is installed although ``DEBUG`` is off."""
    if settings.DEBUG:
        return []
    return [
        Error(
            "The demo signs in anybody at one click, and DEBUG is off.",
            hint="Take «example_project.demo» out of INSTALLED_APPS, or use settings_production.",
            id="demo.E001",
        )
    ]
