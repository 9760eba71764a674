"""Messages that could not be delivered wait on the desk, and are tried again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from community_help.dashboard.queue import WORTH_A_CALL
from community_help.exceptions import NotAllowed
from community_help.jobs.job import Job
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import Action
from community_help.notifications.heartbeat import Duty, beat
from community_help.notifications.notification import Notification, NotificationState
from community_help.services.messages import retry_notification
from community_help.testing import factories as make
from tests.dashboard.posting import text

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from community_help.people.person import Person

DESK = "/help/desk/"


@pytest.fixture
def lost(doreen: object, shopping: object) -> Notification:
    """Tom does not know that he was ratified."""
    job = make.make_open_job(requester=doreen, task_type=shopping)
    tom = make.make_matching_helper(job, "Tom Aldous")
    event = Event.objects.create(kind=Action.RATIFY_OFFER, job_id=job.pk)
    return give_up(event, tom.person, "offer_ratified")


def give_up(event: Event | None, person: Person | None, kind: str, **fields: Any) -> Notification:
    given: dict[str, Any] = {
        "attempts": 8,
        "finished_at": timezone.now(),
        "reason": "email: 550 no such user",
        **fields,
    }
    return Notification.objects.create(event=event, recipient=person, kind=kind, state=NotificationState.DEAD, **given)


def retry_url(row: Notification) -> str:
    return reverse("community_help:retry_notification", args=[row.key])


def test_message_that_was_given_up_is_on_the_desk_and_tried_again(desk: Client, lost: Notification) -> None:
    page = text(desk.get(DESK))
    for words in ("Tom Aldous was not told: your offer was ratified", "email: 550 no such user", "(1) Desk"):
        assert words in page
    page = text(desk.post(retry_url(lost), follow=True))
    assert "It is tried again. Who must know at once is better rung." in page
    assert retry_url(lost) not in page
    lost.refresh_from_db()
    assert (lost.state, lost.attempts, lost.retried_after, lost.tries, lost.reason) == ("waiting", 8, 8, 0, "")
    event = Event.objects.get(kind="retry_notification")
    assert (event.person, event.job_id) == (lost.recipient, lost.event and lost.event.job_id)
    assert desk.post(retry_url(lost)).status_code == 404


def test_announcement_that_was_given_up_is_named_after_what_happened(
    desk: Client, ama: Person, lost: Notification
) -> None:
    lost.delete()
    event = Event.objects.create(kind=Action.PUBLISH_JOB, job=Job.objects.get(), actor=ama)
    row = give_up(event, None, Action.PUBLISH_JOB)
    assert "Nobody was told: Ama published the job" in text(desk.get(DESK))
    assert "It is tried again." in text(desk.post(retry_url(row), follow=True))
    row.refresh_from_db()
    assert (row.state, row.recipient) == ("waiting", None)


def test_message_is_on_the_desks_that_it_concerns(
    desk: Client, lost: Notification, sign_in: Callable[[Person], Client]
) -> None:
    elsewhere = make.make_coordinator("Martin Coles", areas=[make.make_area()])
    martin = sign_in(elsewhere)
    assert "was not told" not in text(martin.get(DESK))
    assert martin.post(retry_url(lost)).status_code == 404
    with pytest.raises(NotAllowed):
        retry_notification(lost, actor=elsewhere)
    assert "was not told" in text(desk.get(DESK))


def test_message_about_no_job_is_on_the_desks_that_reach_the_person(
    desk: Client, ama: Person, lost: Notification, sign_in: Callable[[Person], Client]
) -> None:
    assert lost.recipient is not None
    digest = give_up(None, lost.recipient, "digest", digest_on=timezone.localdate())
    reminder = Event.objects.create(kind="remind_of_check", person=lost.recipient)
    give_up(reminder, lost.recipient, "check_due")
    page = text(desk.get(DESK))
    assert page.count("/retry/") == 3
    martin = sign_in(make.make_coordinator("Martin Coles", areas=[make.make_area()]))
    assert "was not told" not in text(martin.get(DESK))
    assert retry_notification(digest, actor=ama).job_id is None


def test_message_leaves_the_desk_when_it_does_not_matter_any_more(desk: Client, lost: Notification) -> None:
    assert lost.recipient is not None
    alert = give_up(lost.event, lost.recipient, "job_alert")
    assert text(desk.get(DESK)).count("/retry/") == 2
    Job.objects.non_polymorphic().update(state="cancelled", cancelled_at=timezone.now())
    page = text(desk.get(DESK))
    assert (retry_url(alert) in page, retry_url(lost) in page) == (False, True)
    Notification.objects.update(finished_at=timezone.now() - WORTH_A_CALL - timedelta(seconds=1))
    assert "was not told" not in text(desk.get(DESK))


def test_desk_says_where_messages_are_not_going_out(desk: Client) -> None:
    page = text(desk.get(DESK))
    assert "Something has stopped." in page
    assert "No worker has ever carried a message." in page
    for duty in Duty:
        beat(duty)
    assert "Something has stopped." not in text(desk.get(DESK))
