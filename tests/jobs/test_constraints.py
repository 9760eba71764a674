"""The promises that the database holds by itself: each is broken once, and refuses."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from community_help.jobs.call import Call
from community_help.jobs.call_back import CallBack
from community_help.jobs.decision import Decision
from community_help.jobs.job import Job, JobSlot
from community_help.jobs.offer import Ask, Offer
from community_help.jobs.question import Answer, Question
from community_help.jobs.task_type import TaskType
from community_help.jobs.waiver import Waiver
from community_help.lifecycle.machine import Story, record
from community_help.notifications.notification import Delivery, Notification
from community_help.people.availability import Away, FreeHours
from community_help.people.community import Area, Community
from community_help.people.profiles import Buddy, Helper, NeverPair, Requester
from community_help.people.roles import RoleGrant
from community_help.testing import factories as make

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def _job(**values: Any) -> Callable[[], object]:
    def breach() -> object:
        job = make.make_open_job()
        return Job.objects.non_polymorphic().filter(pk=job.pk).update(**values)

    return breach


def _offer(**values: Any) -> Callable[[], object]:
    def breach() -> object:
        offer = make.make_offer_row(make.make_open_job())
        return Offer.objects.filter(pk=offer.pk).update(**values)

    return breach


def _decision(**values: Any) -> Callable[[], object]:
    def breach() -> object:
        offer = make.make_offer_row(make.make_open_job())
        about = {"offer": offer, "helper": offer.helper, "requester": offer.requester, "criterion": "approved"}
        return Decision.objects.create(**about, because="is suspended", **values)

    return breach


def _decision_twice(*, about_offer: bool) -> Callable[[], object]:
    def breach() -> object:
        offer = make.make_offer_row(make.make_open_job())
        about = {"helper": offer.helper, "requester": offer.requester, "criterion": "area", "because": "far away"}
        kept = {"state": "kept", "until": NOW, "answered_at": NOW}
        return [Decision.objects.create(offer=offer if about_offer else None, **about, **of) for of in (kept, {})]

    return breach


def _own_offer() -> object:
    offer = make.make_offer_row(make.make_open_job())
    return Offer.objects.filter(pk=offer.pk).update(state="ratified", ratified_at=NOW, ratified_by=offer.helper_id)


def _offer_to_oneself() -> object:
    helper = make.make_helper()
    requester = make.make_requester()
    job = make.make_open_job(requester=requester)
    Helper.objects.create(person=requester.person)
    return Offer.objects.create(
        job=job, helper_id=requester.pk, requester_id=requester.pk, opening=1, made_by=helper.person
    )


def _two_live_offers() -> object:
    job = make.make_open_job()
    helper = make.make_helper()
    make.make_offer_row(job, helper)
    return make.make_offer_row(job, helper, state="ratified")


def _twice(model: Any, **values: Any) -> object:
    model.objects.create(**values)
    return model.objects.create(**values)


def _ask_twice() -> object:
    return _twice(Ask, job=make.make_open_job(), helper=make.make_helper(), opening=1, step="alert")


def _ask_answered_never() -> object:
    return Ask.objects.create(
        job=make.make_open_job(), helper=make.make_helper(), opening=1, step="a", answer="not_now"
    )


def _pair_twice() -> object:
    return _twice(NeverPair, helper=make.make_helper(), requester=make.make_requester())


def _notification(**values: Any) -> Callable[[], object]:
    def breach() -> object:
        begin: dict[str, Any] = {"kind": "job_alert", "recipient": make.make_person(), "event": record("x", Story())}
        return Notification.objects.create(**{**begin, **values})

    return breach


def _notification_twice() -> object:
    return _twice(Notification, event=record("x", Story()), recipient=make.make_person(), kind="job_alert")


def _announcement_twice() -> object:
    return _twice(Notification, event=record("x", Story()), kind="publish_job")


def _digest_twice() -> object:
    return _twice(Notification, recipient=make.make_person(), kind="digest", digest_on=NOW.date())


def _delivery(outcome: str, attempts: tuple[int, int]) -> Callable[[], object]:
    def breach() -> object:
        told = Notification.objects.create(event=record("x", Story()), recipient=make.make_person(), kind="job_alert")
        for attempt in attempts:
            Delivery.objects.create(notification=told, notifier="email", attempt=attempt, outcome=outcome)
        return told

    return breach


def _slot(**values: Any) -> Callable[[], object]:
    def breach() -> object:
        begin = {"date": NOW.date(), "weekday": 0, "from_minute": 60, "to_minute": 120}
        return JobSlot.objects.create(job=make.make_open_job(), **{**begin, **values})

    return breach


def _slot_twice() -> object:
    return _twice(JobSlot, job=make.make_open_job(), date=NOW.date(), weekday=0, from_minute=60, to_minute=120)


def _call_back_done_never() -> object:
    job = make.make_open_job()
    event = record("x", Story(), job=job)
    return CallBack.objects.create(requester=job.requester, event=event, reason="cancelled", outcome="reached")


def _ended_call_with_a_form() -> object:
    return Call.objects.create(taken_by=make.make_person(), ended_at=NOW, form="{}")


def _check_due_before_issue() -> object:
    day = NOW.date()
    return make.make_check(make.make_helper(), make.make_check_level(), issued_on=day, recheck_on=day)


def _free_hours_twice() -> None:
    helper = make.make_helper()
    for until in (120, 180):
        FreeHours.objects.create(helper=helper, weekday=0, from_minute=60, to_minute=until)


def _waiver_twice() -> None:
    job, helper = make.make_open_job(), make.make_helper()
    for _ in range(2):
        Waiver.objects.create(job_id=job.pk, opening=1, helper=helper, criterion="area", why="she knows the way")


def _answered_twice() -> None:
    job = make.make_job()
    question = Question.objects.create(task_type=job.task_type, label="How big?")
    for text in ("small", "large"):
        Answer.objects.create(job_id=job.pk, question=question, text=text)


def _buddies_twice() -> None:
    pair = {"helper": make.make_helper(), "requester": make.make_requester()}
    Buddy.objects.create(**pair)
    Buddy.objects.create(**pair)


def _own_buddy() -> None:
    requester = make.make_requester()
    Buddy.objects.create(helper=Helper.objects.create(person=requester.person), requester=requester)


BREACHES: dict[str, Callable[[], object]] = {
    "ch_announcement_once": _announcement_twice,
    "ch_ask_answered_at": _ask_answered_never,
    "ch_ask_once_an_opening": _ask_twice,
    "ch_away_ends_after_start": lambda: Away.objects.create(
        helper=make.make_helper(), first_day=NOW.date(), last_day=NOW.date() - timedelta(days=1)
    ),
    "ch_answer_once": _answered_twice,
    "ch_area_on_earth": lambda: Area.objects.create(name="x", slug="x", latitude=91, longitude=0),
    "ch_buddy_is_another": _own_buddy,
    "ch_buddy_once": _buddies_twice,
    "ch_helper_on_earth": lambda: Helper.objects.filter(pk=make.make_helper().pk).update(latitude=1, longitude=180),
    "ch_job_on_earth": lambda: Job.objects.filter(pk=make.make_job().pk).update(latitude=1, longitude=None),
    "ch_requester_on_earth": lambda: Requester.objects.filter(pk=make.make_requester().pk).update(longitude=-181),
    "ch_call_back_done_at": _call_back_done_never,
    "ch_call_ended_keeps_no_form": _ended_call_with_a_form,
    "ch_check_due_after_issue": _check_due_before_issue,
    "ch_check_needs_a_reason": lambda: TaskType.objects.create(name="x", slug="x", check_level=make.make_check_level()),
    "ch_community_is_one_row": lambda: Community.objects.create(pk=2),
    "ch_delivery_accepted_once": _delivery("accepted", (1, 2)),
    "ch_delivery_once_an_attempt": _delivery("temporary", (1, 1)),
    "ch_digest_once_a_day": _digest_twice,
    "ch_free_hours_are_a_span": lambda: FreeHours.objects.create(
        helper=make.make_helper(), weekday=0, from_minute=60, to_minute=60
    ),
    "ch_free_hours_once": _free_hours_twice,
    "ch_helper_approved_at": lambda: Helper.objects.create(person=make.make_person(), state="approved"),
    "ch_helper_quiet_both_ends": lambda: Helper.objects.create(person=make.make_person(), quiet_from=time(21)),
    "ch_job_assigned_is_full": _job(state="assigned", places=2, places_filled=1),
    "ch_job_cancelled_at": _job(state="cancelled"),
    "ch_job_closed_at": _job(state="closed", reported_at=NOW),
    "ch_job_ends_after_start": _job(earliest=NOW, latest=NOW - timedelta(seconds=1)),
    "ch_job_expired_at": _job(state="expired"),
    "ch_job_has_a_place": _job(state="cancelled", cancelled_at=NOW, places=0, places_filled=0),
    "ch_job_not_overfilled": _job(state="cancelled", cancelled_at=NOW, places_filled=2),
    "ch_job_open_has_room": _job(places_filled=1),
    "ch_job_opened_at": _job(opened_at=None),
    "ch_job_reported_at": _job(state="reported"),
    "ch_job_timing_has_times": _job(timing="at"),
    "ch_never_pair_once": _pair_twice,
    "ch_notification_event_or_digest": _notification(event=None),
    "ch_notification_finished_at": _notification(state="sent"),
    "ch_notification_once": _notification_twice,
    "ch_offer_ended_at": _offer(state="withdrawn"),
    "ch_offer_not_ones_own": _own_offer,
    "ch_offer_not_ratified": _offer(ratified_at=NOW),
    "ch_offer_not_to_oneself": _offer_to_oneself,
    "ch_offer_one_live": _two_live_offers,
    "ch_offer_ratified_at": _offer(state="ratified"),
    "ch_role_ends_after_start": lambda: RoleGrant.objects.create(
        person=make.make_person(), role="coordinator", since=NOW, until=NOW
    ),
    "ch_slot_is_a_span": _slot(to_minute=1441),
    "ch_slot_once": _slot_twice,
    "ch_waiver_once": _waiver_twice,
    "ch_decision_one_of_offer": _decision_twice(about_offer=True),
    "ch_decision_one_of_pair": _decision_twice(about_offer=False),
    "ch_decision_is_safe": _decision(safeguarding=True, state="signed", settled_at=NOW),
    "ch_decision_settled_at": _decision(state="resolved"),
    "ch_decision_open_is_unanswered": _decision(until=NOW),
    "ch_task_type_places": lambda: TaskType.objects.create(name="x", slug="x", places=0),
}


def test_every_constraint_is_broken_here_once() -> None:
    ours = {
        constraint.name
        for model in apps.get_app_config("community_help").get_models()
        for constraint in model._meta.constraints
    }
    assert set(BREACHES) == ours


@pytest.mark.parametrize("name", BREACHES)
def test_database_refuses(name: str) -> None:
    # SQLite names the columns of a unique index, not the index.
    with pytest.raises(IntegrityError, match=f"{name}|UNIQUE"), transaction.atomic():
        BREACHES[name]()
