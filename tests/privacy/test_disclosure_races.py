"""A reading against what shuts it: one waits for the other, and the log agrees with the story."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections

from community_help.exceptions import NotDisclosed
from community_help.lifecycle.event import Event
from community_help.people.person import Person
from community_help.privacy import disclosure
from community_help.privacy.access_log import AccessLog
from community_help.privacy.disclosure import reveal
from community_help.services.offers import stand_down_offer
from tests.privacy.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def in_thread(work: Callable[[], Any]) -> Any:
    try:
        return work()
    finally:
        connections.close_all()


def test_stand_down_waits_for_a_reading_that_has_been_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(places=2, places_filled=1)
    decided, order = threading.Event(), []
    log = disclosure._log

    def slowly(*args: Any, **kwargs: Any) -> None:
        decided.set()
        stopped.wait(0.5)  # time enough for a stand-down that does not wait
        order.append("read")
        log(*args, **kwargs)

    monkeypatch.setattr(disclosure, "_log", slowly)
    stopped = threading.Event()

    def read() -> dict[str, str]:
        return reveal(scene.person, ["phone"], actor=scene.helper, why=scene.offer)

    def stand_down() -> None:
        decided.wait(5)
        stand_down_offer(scene.offer, actor=scene.coordinator, why="it is not safe")
        order.append("stood down")
        stopped.set()

    with ThreadPoolExecutor(2) as pool:
        told, done = pool.submit(in_thread, read), pool.submit(in_thread, stand_down)
        assert told.result()["phone"] == "0117 496 0123"
        done.result()
    assert order == ["read", "stood down"]
    assert AccessLog.objects.get().subject == scene.person
    assert Event.objects.filter(kind="stand_down_offer").count() == 1
    with pytest.raises(NotDisclosed):
        reveal(scene.person, ["phone"], actor=Person.objects.get(pk=scene.helper.pk), why=scene.offer)
