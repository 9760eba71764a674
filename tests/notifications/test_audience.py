"""Who hears of what, through the services and the outbox as they are."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from community_help.jobs.offer import Ask
from community_help.lifecycle.machine import Story, record
from community_help.notifications import outbox as box
from community_help.people.community import Community
from community_help.services import jobs, offers, reports
from community_help.services.change import change_job
from community_help.services.clock import tick
from community_help.testing import factories as make
from tests.notifications.scene import address, heard, rows, settle, urgent_job

if TYPE_CHECKING:
    from community_help.notifications.notifiers.locmem import Sent


def test_publish_urgent_job_alerts_exactly_those_who_match_and_want_it(outbox: list[Sent]) -> None:
    job = urgent_job()
    tom, ann = make.make_matching_helper(job), make.make_matching_helper(job)
    quiet = make.make_matching_helper(job)
    quiet.wants_alerts = False
    quiet.save()
    make.make_helper(areas=[job.area])  # does not do this kind of job
    jobs.publish_job(job, actor=make.make_coordinator())
    settle()
    assert heard(outbox) == {("job_alert", address(tom)), ("job_alert", address(ann))}
    asked = set(Ask.objects.values_list("helper", "opening", "step"))
    assert asked == {(tom.pk, 1, "alert"), (ann.pk, 1, "alert")}


def test_publish_job_that_can_wait_alerts_nobody(outbox: list[Sent]) -> None:
    job = make.make_job()
    make.make_matching_helper(job)
    jobs.publish_job(job, actor=make.make_coordinator())
    settle()
    assert heard(outbox) == set()


def test_publish_job_alerts_nobody_before_the_undo_time_is_over(outbox: list[Sent]) -> None:
    job = urgent_job()
    make.make_matching_helper(job)
    jobs.publish_job(job, actor=make.make_coordinator())
    box.drain()
    assert heard(outbox) == set()


def test_co_ordinator_who_also_helps_is_not_told_of_their_own_publishing(outbox: list[Sent]) -> None:
    job = urgent_job()
    both = make.make_matching_helper(job)
    make.grant_directly(both.person, make.Role.COORDINATOR)
    jobs.publish_job(job, actor=both.person)
    settle()
    assert heard(outbox) == set()


def test_make_offer_tells_the_co_ordinators_of_the_area(outbox: list[Sent]) -> None:
    job = make.make_open_job()
    helper = make.make_matching_helper(job)
    everywhere, here = make.make_coordinator(), make.make_coordinator(areas=[job.area])
    make.make_coordinator(areas=[make.make_area()])
    gone = make.make_coordinator()
    gone.role_grants.update(until=timezone.now())
    offers.make_offer(job, helper=helper, actor=helper.person)
    settle()
    assert heard(outbox) == {("offer_made", address(everywhere)), ("offer_made", address(here))}


def test_make_offer_on_behalf_does_not_tell_its_maker(outbox: list[Sent]) -> None:
    job = make.make_open_job()
    ama, bo = make.make_coordinator(), make.make_coordinator()
    offers.make_offer(job, helper=make.make_matching_helper(job), actor=ama)
    settle()
    assert heard(outbox) == {("offer_made", address(bo))}


def test_ratify_last_place_tells_all_who_wonder(outbox: list[Sent]) -> None:
    job = urgent_job()
    coordinator = make.make_coordinator()
    tom, ann, eve, kim = (make.make_matching_helper(job) for _ in range(4))
    jobs.publish_job(job, actor=coordinator)
    settle()
    outbox.clear()
    offers.answer_ask(job, helper=kim, actor=kim.person, answer="not_this_one")
    first = offers.make_offer(job, helper=tom, actor=tom.person)
    offers.make_offer(job, helper=ann, actor=ann.person)
    offers.ratify_offer(first, actor=coordinator)
    settle()
    # The co-ordinators' «offer made» is no longer true by now, and not sent.
    assert heard(outbox) == {
        ("offer_ratified", address(tom)),
        ("not_needed", address(ann)),
        ("job_filled", address(eve)),
    }


def test_ratify_one_of_two_places_tells_that_helper_only(outbox: list[Sent]) -> None:
    job = make.make_open_job(places=2, urgency="urgent")
    tom, ann = make.make_matching_helper(job), make.make_matching_helper(job)
    Ask.objects.create(job=job, opening=1, helper=make.make_matching_helper(job), step="alert")
    offer = offers.make_offer(job, helper=tom, actor=tom.person)
    offers.make_offer(job, helper=ann, actor=ann.person)
    coordinator = make.make_coordinator()
    offers.ratify_offer(offer, actor=coordinator)
    settle()
    assert heard(outbox) == {("offer_ratified", address(tom)), ("offer_made", address(coordinator))}


def test_ratify_job_that_can_wait_does_not_write_to_all_who_were_asked(outbox: list[Sent]) -> None:
    job = make.make_open_job()
    Ask.objects.create(job=job, opening=1, helper=make.make_matching_helper(job), step="digest")
    offer = make.make_offer_row(job)
    offers.ratify_offer(offer, actor=make.make_coordinator())
    settle()
    assert heard(outbox) == {("offer_ratified", address(offer.helper))}


def test_decline_offer_thanks_the_helper(outbox: list[Sent]) -> None:
    job = make.make_open_job()
    offer = make.make_offer_row(job)
    offers.decline_offer(offer, actor=make.make_coordinator(), why="lives too far")
    settle()
    assert heard(outbox) == {("offer_declined", address(offer.helper))}


def test_cancel_job_tells_offers_and_those_who_were_asked(outbox: list[Sent]) -> None:
    job = urgent_job()
    coordinator = make.make_coordinator()
    tom, ann = make.make_matching_helper(job), make.make_matching_helper(job)
    jobs.publish_job(job, actor=coordinator)
    settle()
    offers.make_offer(job, helper=tom, actor=tom.person)
    settle()
    outbox.clear()
    jobs.cancel_job(job, actor=coordinator)
    settle()
    assert heard(outbox) == {("job_cancelled", address(tom)), ("job_cancelled", address(ann))}


def test_stand_down_tells_the_helper_and_alerts_the_others(outbox: list[Sent]) -> None:
    job = make.make_open_job(urgency="urgent")
    coordinator = make.make_coordinator()
    offer = make.make_offer_row(job)
    other = make.make_matching_helper(job)
    offers.ratify_offer(offer, actor=coordinator)
    settle()
    outbox.clear()
    offers.stand_down_offer(offer, actor=coordinator, why="check has run out")
    settle()
    assert heard(outbox) == {("stood_down", address(offer.helper)), ("job_alert", address(other))}


@pytest.mark.parametrize("leave", ["release", "no_show"])
def test_helper_who_leaves_is_not_asked_to_come_back(outbox: list[Sent], leave: str) -> None:
    job = make.make_open_job(urgency="urgent")
    coordinator, other = make.make_coordinator(), make.make_matching_helper(job)
    offer = make.make_offer_row(job)
    offers.ratify_offer(offer, actor=coordinator)
    settle()
    outbox.clear()
    if leave == "release":
        offers.release_offer(offer, actor=offer.helper.person, why="ill")
    else:
        offers.record_no_show(offer, actor=coordinator, why="nobody came")
    settle()
    told = {("offer_released", address(coordinator))} if leave == "release" else set()
    assert heard(outbox) == told | {("job_alert", address(other))}
    assert rows(kind="job_alert", recipient=offer.helper.pk) == []


def test_change_job_asks_each_live_offer_still_yes(outbox: list[Sent]) -> None:
    job = make.make_open_job(places=2)
    coordinator = make.make_coordinator()
    ratified, offered = make.make_offer_row(job), make.make_offer_row(job)
    offers.ratify_offer(ratified, actor=coordinator)
    settle()
    outbox.clear()
    later = timezone.now() + timedelta(days=2)
    change_job(job, actor=coordinator, values={"timing": "by", "latest": later})
    settle()
    assert heard(outbox) == {("job_changed", address(ratified.helper)), ("job_changed", address(offered.helper))}


def test_change_job_is_not_asked_about_after_still_yes(outbox: list[Sent]) -> None:
    job = make.make_open_job()
    offer = make.make_offer_row(job)
    change_job(job, actor=make.make_coordinator(), values={"minutes": 30})
    offers.confirm_offer(offer, actor=offer.helper.person)
    settle()
    assert heard(outbox) == set()


def test_change_urgent_job_alerts_helpers_about_the_new_opening(outbox: list[Sent]) -> None:
    job = urgent_job()
    coordinator = make.make_coordinator()
    helper = make.make_matching_helper(job)
    jobs.publish_job(job, actor=coordinator)
    settle()
    assert heard(outbox) == {("job_alert", address(helper))}
    change_job(job, actor=coordinator, values={"minutes": 30})
    settle()
    assert heard(outbox) == {("job_alert", address(helper))}
    assert set(Ask.objects.values_list("opening", flat=True)) == {1, 2}


def test_fewer_places_tell_those_who_are_not_needed(outbox: list[Sent]) -> None:
    job = make.make_open_job(places=2)
    coordinator = make.make_coordinator()
    going, waiting = make.make_offer_row(job), make.make_offer_row(job)
    offers.ratify_offer(going, actor=coordinator)
    settle()
    outbox.clear()
    change_job(job, actor=coordinator, values={"places": 1})
    settle()
    assert heard(outbox) == {("not_needed", address(waiting.helper)), ("job_changed", address(going.helper))}


@pytest.mark.parametrize(("outcome", "told"), [("worried", True), ("done", False)])
def test_report_tells_the_co_ordinators_when_worried(outbox: list[Sent], outcome: str, *, told: bool) -> None:
    job = make.make_open_job()
    coordinator = make.make_coordinator()
    offer = make.make_offer_row(job)
    offers.ratify_offer(offer, actor=coordinator)
    settle()
    outbox.clear()
    reports.make_report(offer, actor=offer.helper.person, outcome=outcome)
    settle()
    assert heard(outbox) == ({("report_worried", address(coordinator))} if told else set())


def test_reopen_job_stands_down_and_alerts_anew(outbox: list[Sent]) -> None:
    job = make.make_open_job(urgency="urgent")
    coordinator, other = make.make_coordinator(), make.make_matching_helper(job)
    offer = make.make_offer_row(job)
    offers.ratify_offer(offer, actor=coordinator)
    reports.make_report(offer, actor=offer.helper.person, outcome="not_done")
    settle()
    outbox.clear()
    jobs.reopen_job(job, actor=coordinator, why="still needed")
    settle()
    assert heard(outbox) == {
        ("stood_down", address(offer.helper)),
        ("job_alert", address(offer.helper)),
        ("job_alert", address(other)),
    }


def test_time_that_runs_out_is_told_to_co_ordinators_first_and_to_helpers_at_the_end(outbox: list[Sent]) -> None:
    job = make.make_open_job(timing="by", latest=timezone.now() - timedelta(minutes=1))
    coordinator, offer = make.make_coordinator(), make.make_offer_row(job)
    tick()
    settle()
    assert heard(outbox) == {("job_overdue", address(coordinator))}
    tick(timezone.now() + timedelta(hours=25))
    settle()
    assert heard(outbox) == {("nobody_found", address(coordinator)), ("job_expired", address(offer.helper))}


def test_event_of_which_nobody_is_told_never_reaches_the_outbox(outbox: list[Sent]) -> None:
    job = make.make_open_job()
    box.announce(record("note_contact", Story(), job=job))
    box.announce(record("publish_job", Story()))
    assert rows() == []


def test_event_announced_twice_is_announced_once(outbox: list[Sent]) -> None:
    event = record("publish_job", Story(), job=make.make_open_job())
    box.announce(event)
    box.announce(event)
    assert rows() == [("publish_job", "waiting", "")]


def test_withdraw_takes_back_what_has_not_gone_out(outbox: list[Sent]) -> None:
    job = urgent_job()
    make.make_matching_helper(job)
    event = jobs.publish_job(job, actor=make.make_coordinator())
    assert box.withdraw(event)
    assert settle().total == 0
    assert rows() == [("publish_job", "withdrawn", "")]
    assert box.withdraw(event)


def test_job_that_is_gone_tells_nobody(outbox: list[Sent]) -> None:
    job = make.make_open_job()
    offer = make.make_offer_row(job)
    event = record("ratify_offer", Story(offer=offer), job=job)
    box.announce(event)
    offer.delete()
    job.delete()
    settle()
    assert heard(outbox) == set()
    assert rows() == [("ratify_offer", "expanded", "")]


def test_community_without_undo_time_tells_at_once(outbox: list[Sent]) -> None:
    Community.current()
    Community.objects.update(undo_seconds=0)
    job = urgent_job()
    helper = make.make_matching_helper(job)
    jobs.publish_job(job, actor=make.make_coordinator())
    box.drain()
    assert heard(outbox) == {("job_alert", address(helper))}
