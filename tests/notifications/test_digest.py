"""The daily summary: once a day, with news only, with reasons."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from community_help.jobs.offer import Ask
from community_help.lifecycle.event import Event
from community_help.notifications import digest
from community_help.notifications import outbox as box
from community_help.notifications.briefing import DIGEST_JOBS, news_for
from community_help.notifications.notification import Notification
from community_help.people.community import Community
from community_help.services import jobs
from community_help.testing import factories as make
from tests.notifications.scene import address, heard, rows, settle, urgent_job

if TYPE_CHECKING:
    from community_help.notifications.notifiers.locmem import Sent

#: 08:00 and a little in London, in winter and in summer time.
WINTER = datetime(2026, 11, 10, 8, 5, tzinfo=UTC)
SUMMER = datetime(2026, 7, 10, 7, 5, tzinfo=UTC)


def carry(now: datetime) -> box.Drained:
    return box.drain(now=now + timedelta(minutes=1))


def test_digest_tells_each_helper_of_what_fits_them(outbox: list[Sent]) -> None:
    shopping, lift = make.make_open_job(), make.make_open_job()
    tom, ann = make.make_matching_helper(shopping), make.make_matching_helper(lift)
    assert digest.write_due(WINTER) == 2
    assert carry(WINTER).sent == 2
    bodies = {where: message.text for message, where in outbox}
    assert f"/jobs/{shopping.uuid}/" in bodies[address(tom)]
    assert f"/jobs/{lift.uuid}/" not in bodies[address(tom)]
    assert f"covers {lift.area}" in bodies[address(ann)]
    assert set(Ask.objects.values_list("job", "helper", "opening", "step")) == {
        (shopping.pk, tom.pk, 1, "digest"),
        (lift.pk, ann.pk, 1, "digest"),
    }


@pytest.mark.parametrize(
    ("now", "written"),
    [
        (WINTER, 1),
        (WINTER - timedelta(minutes=6), 0),
        (SUMMER, 1),
        (SUMMER - timedelta(minutes=6), 0),
        (WINTER + timedelta(hours=14), 1),  # the worker was away in the morning
    ],
)
def test_digest_is_written_when_its_hour_has_come(outbox: list[Sent], now: datetime, written: int) -> None:
    make.make_matching_helper(make.make_open_job())
    assert digest.write_due(now) == written


def test_digest_is_written_once_a_day_whatever_comes_later(outbox: list[Sent]) -> None:
    make.make_matching_helper(make.make_open_job())
    digest.write_due(WINTER)
    carry(WINTER)
    make.make_matching_helper(make.make_open_job())
    assert digest.write_due(WINTER + timedelta(hours=3)) == 0
    assert len(outbox) == 1
    assert digest.write_due(WINTER + timedelta(days=1)) == 1


def test_digest_tells_of_a_job_once(outbox: list[Sent]) -> None:
    make.make_matching_helper(make.make_open_job())
    for days in range(3):
        digest.write_due(WINTER + timedelta(days=days))
        carry(WINTER + timedelta(days=days))
    assert [message.kind for message, _address in outbox] == ["digest"]


def test_digest_days_that_were_missed_are_not_made_up_for(outbox: list[Sent]) -> None:
    make.make_matching_helper(make.make_open_job())
    digest.write_due(WINTER - timedelta(days=5))
    digest.write_due(WINTER)
    carry(WINTER)
    assert len(outbox) == 1


def test_digest_is_for_those_who_want_it(outbox: list[Sent]) -> None:
    job = make.make_open_job()
    helper = make.make_matching_helper(job)
    helper.wants_digest = False
    helper.save()
    assert digest.write_due(WINTER) == 0


def test_digest_without_news_is_not_written(outbox: list[Sent]) -> None:
    asked, offered, refused = (make.make_open_job() for _ in range(3))
    Ask.objects.create(job=asked, opening=1, helper=make.make_matching_helper(asked), step="alert")
    make.make_offer_row(offered)
    no = make.make_matching_helper(refused)
    Ask.objects.create(
        job=refused, opening=1, helper=no, step="alert", answer="not_this_one", answered_at=timezone.now()
    )
    make.make_job()  # a draft
    assert digest.write_due(WINTER) == 0


def test_digest_is_skipped_when_there_is_no_news_any_more(outbox: list[Sent]) -> None:
    job = make.make_open_job()
    make.make_matching_helper(job)
    digest.write_due(WINTER)
    jobs.cancel_job(job, actor=make.make_coordinator())
    assert carry(WINTER).sent == 0
    assert ("digest", "skipped", "no news") in rows()


def test_digest_is_skipped_when_it_is_wanted_no_more(outbox: list[Sent]) -> None:
    helper = make.make_matching_helper(make.make_open_job())
    digest.write_due(WINTER)
    helper.wants_digest = False
    helper.save()
    carry(WINTER)
    assert rows() == [("digest", "skipped", "does not want the digest")]


def test_digest_leaves_out_what_an_alert_is_on_its_way_about(outbox: list[Sent]) -> None:
    job = urgent_job()
    helper = make.make_matching_helper(job)
    jobs.publish_job(job, actor=make.make_coordinator())
    settle(limit=1)  # the alert is written, and waits
    assert digest.write_due(WINTER) == 1
    Notification.objects.filter(kind="job_alert").update(not_before=timezone.now() + timedelta(hours=1))
    settle()
    assert ("digest", "skipped", "no news") in rows()
    assert heard(outbox) == set()
    box.drain(now=timezone.now() + timedelta(hours=2))
    assert heard(outbox) == {("job_alert", address(helper))}


def test_digest_waits_for_what_is_urgent(outbox: list[Sent]) -> None:
    make.make_matching_helper(make.make_open_job())
    digest.write_due(WINTER)
    job = make.make_open_job()
    offer = make.make_offer_row(job)
    jobs.cancel_job(job, actor=make.make_coordinator())
    Notification.objects.filter(kind="cancel_job").update(not_before=WINTER)
    carry(WINTER)
    assert [message.kind for message, _address in outbox] == ["job_cancelled", "digest"]
    assert outbox[0].address == address(offer.helper)


def test_digest_has_an_end(outbox: list[Sent]) -> None:
    area, task_type = make.make_area(), make.make_task_type()
    helper = make.make_helper(areas=[area], task_types=[task_type])
    requester = make.make_requester(area=area)
    for _ in range(DIGEST_JOBS + 1):
        make.make_open_job(area=area, task_type=task_type, requester=requester)
    digest.write_due(WINTER)
    carry(WINTER)
    [sent] = outbox
    assert sent.message.subject == f"{DIGEST_JOBS} jobs for you"
    assert Ask.objects.filter(helper=helper).count() == DIGEST_JOBS
    digest.write_due(WINTER + timedelta(days=1))
    carry(WINTER + timedelta(days=1))
    assert outbox[1].message.subject == "1 job for you"


def test_digest_that_was_cut_off_is_written_to_its_end(outbox: list[Sent]) -> None:
    job = make.make_open_job()
    helpers = [make.make_matching_helper(job) for _ in range(3)]
    digest.write_due(WINTER)
    Event.objects.filter(kind=digest.WRITTEN)._raw_delete("default")
    Notification.objects.filter(recipient=helpers[1].pk).delete()
    assert digest.write_due(WINTER) == 1
    assert Notification.objects.filter(kind="digest").count() == 3


def test_digest_nudges_a_worker_when_there_is_one_to_send(
    outbox: list[Sent], django_capture_on_commit_callbacks: object
) -> None:
    make.make_matching_helper(make.make_open_job())
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        digest.write_due(WINTER)
    assert OrmQ.objects.count() == 1


def test_communitys_own_hour_counts(outbox: list[Sent]) -> None:
    Community.current()
    Community.objects.update(digest_hour=17, time_zone="Asia/Kathmandu")
    make.make_matching_helper(make.make_open_job())
    assert digest.write_due(datetime(2026, 11, 10, 11, 14, tzinfo=UTC)) == 0
    assert digest.write_due(datetime(2026, 11, 10, 11, 15, tzinfo=UTC)) == 1
    assert Notification.objects.get().digest_on.isoformat() == "2026-11-10"


def test_digest_says_nothing_of_a_job_that_can_still_be_undone(outbox: list[Sent]) -> None:
    job = make.make_job()
    tom = make.make_matching_helper(job)
    event = jobs.publish_job(job, actor=make.make_coordinator())
    assert news_for(tom) == []
    assert box.drain(now=event.at + timedelta(seconds=11)).expanded == 1
    assert [item.job.pk for item in news_for(tom)] == [job.pk]
