"""The suite's site, with its messages on the terminal: for a worker in a process of its own."""

from __future__ import annotations

from tests.settings.base import *  # noqa: F403  the way in which Django's settings are shared

COMMUNITY_HELP = {
    "BASE_URL": "https://help.example",
    "NOTIFIERS": {"console": {"BACKEND": "community_help.notifications.notifiers.console.ConsoleNotifier"}},
}
