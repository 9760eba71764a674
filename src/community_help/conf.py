"""What a deployer decides: the ``COMMUNITY_HELP`` dict in the site's settings.

Read at each use and never cached, so that ``override_settings`` and a reloaded setting just work.
What a community itself decides is in the :class:`~community_help.people.community.Community` row.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

from community_help import defaults

SETTINGS: dict[str, Any] = {
    "BASE_TEMPLATE": defaults.BASE_TEMPLATE,
    "BASE_URL": "",
    "CRITERIA": defaults.CRITERIA,
    "ENCRYPTION_KEYS": (),
    "GEOCODER": defaults.GEOCODER,
    "HASH_KEY": "",
    "NOTIFIERS": defaults.NOTIFIERS,
    "PREFERENCES": defaults.PREFERENCES,
}


def given() -> dict[str, Any]:
    """The dict as the site wrote it; empty when there is none."""
    return dict(getattr(settings, "COMMUNITY_HELP", {}))


def get(name: str) -> Any:
    """The value of one setting, or its default.

    Raises ``KeyError`` for a name that is not a setting: a misspelt name in our own code is a bug.
    """
    default = SETTINGS[name]
    return given().get(name, default)
