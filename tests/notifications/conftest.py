"""A site whose messages stay in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from community_help.notifications.notifiers.locmem import LocmemNotifier, Sent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper

LOCMEM = "community_help.notifications.notifiers.locmem.LocmemNotifier"


@pytest.fixture
def outbox(db: None, settings: SettingsWrapper) -> Iterator[list[Sent]]:
    """Everything that was sent, oldest first."""
    settings.COMMUNITY_HELP = {"BASE_URL": "https://help.example", "NOTIFIERS": {"locmem": {"BACKEND": LOCMEM}}}
    LocmemNotifier.outbox.clear()
    yield LocmemNotifier.outbox
    LocmemNotifier.outbox.clear()
