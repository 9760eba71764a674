"""The one Django app of the package."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunityHelpConfig(AppConfig):
    """Wires checks and permissions at start; connects no signal to any model of the site."""

    name = "community_help"
    label = "community_help"
    verbose_name = _("Community help")
    # Fixed here, because Django 6.0 changed its default and a site may choose another:
    # either would otherwise see migrations that are not ours.
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks and load the table of permissions."""
        from community_help import checks  # noqa: F401, PLC0415  models must be loaded first
        from community_help.access import permissions  # noqa: F401, PLC0415  the same
