"""Who is asked anyway is asked at once, by the same message as everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from community_help.jobs.offer import Ask
from community_help.jobs.task_type import Urgency
from community_help.notifications import outbox as box
from community_help.people.profiles import Helper, HelperState
from community_help.services.waivers import ask_anyway
from community_help.testing import factories as make
from tests.notifications.scene import address, rows

if TYPE_CHECKING:
    from community_help.jobs.job import Job
    from community_help.notifications.notifiers.locmem import Sent


def asked_anyway(urgency: Urgency) -> tuple[Job, Helper]:
    job = make.make_open_job(skills=[make.make_skill("a car")], urgency=urgency)
    helper = make.make_helper(areas=[job.area], task_types=[job.task_type])
    make.make_helper(areas=[job.area], task_types=[job.task_type])
    ask_anyway(job, helper=helper, criterion="skills", actor=make.make_coordinator(), why="his neighbour drives")
    return job, helper


@pytest.mark.parametrize("urgency", [Urgency.URGENT, Urgency.WHENEVER])
def test_helper_who_is_asked_anyway_hears_at_once_and_nobody_else(outbox: list[Sent], urgency: Urgency) -> None:
    job, helper = asked_anyway(urgency)
    box.drain()
    assert [where for _message, where in outbox] == [address(helper)]
    assert f"/jobs/{job.uuid}/" in outbox[0][0].text
    for words in (outbox[0][0].text, outbox[0][0].html):
        assert "neighbour" not in words
        assert "because a co-ordinator thought of you for this job" in words
        assert "fits what you told us" not in words
    assert Ask.objects.get().helper == helper


def test_helper_who_fails_something_else_by_then_hears_nothing(outbox: list[Sent]) -> None:
    _job, helper = asked_anyway(Urgency.URGENT)
    Helper.objects.filter(pk=helper.pk).update(state=HelperState.SUSPENDED)
    box.drain()
    assert outbox == []
    assert not Ask.objects.exists()


def test_helper_who_wants_no_alerts_sees_it_on_their_list_only(outbox: list[Sent]) -> None:
    _job, helper = asked_anyway(Urgency.URGENT)
    Helper.objects.filter(pk=helper.pk).update(wants_alerts=False)
    box.drain()
    assert outbox == []
    assert ("job_alert", "skipped", "does not want alerts") in rows()
