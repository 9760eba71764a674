"""Many workers at one outbox."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from django.db import connections
from django.utils import timezone

from community_help.notifications import outbox as box
from community_help.notifications.notification import Delivery, Notification
from community_help.services import jobs
from community_help.testing import factories as make
from tests.notifications.scene import urgent_job

if TYPE_CHECKING:
    from community_help.notifications.notifiers.locmem import Sent

WORKERS = 8
HELPERS = 24


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_each_message_goes_out_once_however_many_workers_there_are(outbox: list[Sent]) -> None:
    job = urgent_job()
    for _ in range(HELPERS):
        make.make_matching_helper(job, account=False)
    jobs.publish_job(job, actor=make.make_coordinator())
    Notification.objects.update(not_before=timezone.now())
    start = threading.Barrier(WORKERS)
    drained: list[box.Drained] = []

    def work() -> None:
        start.wait()
        try:
            drained.extend(box.drain() for _ in range(20))  # who comes before the fan-out finds nothing yet
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drained) == WORKERS * 20
    assert (sum(one.expanded for one in drained), sum(one.sent for one in drained)) == (1, HELPERS)
    assert Counter(address for _message, address in outbox).most_common(1)[0][1] == 1
    assert len(outbox) == Delivery.objects.count() == HELPERS
    assert set(Notification.objects.values_list("attempts", flat=True)) == {1}
