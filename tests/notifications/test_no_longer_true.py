"""What is no longer true at the moment of sending is not sent, and the row says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from community_help.services import jobs, offers
from community_help.services.change import change_job
from community_help.testing import factories as make
from tests.notifications.scene import deliveries, published, rows, settle

if TYPE_CHECKING:
    from community_help.notifications.notifiers.locmem import Sent


def skipped_because() -> list[str]:
    assert settle().sent == 0
    return [reason for _kind, state, reason in rows(state="skipped") if state == "skipped"]


def test_alert_is_skipped_when_the_job_is_taken(outbox: list[Sent]) -> None:
    job, _helpers = published()
    jobs.cancel_job(job, actor=make.make_coordinator())
    assert skipped_because() == ["the job is no longer open"]


def test_alert_is_skipped_when_it_is_another_opening(outbox: list[Sent]) -> None:
    job, _helpers = published()
    type(job).objects.non_polymorphic().filter(pk=job.pk).update(opening=2)
    assert skipped_because() == ["the job has been opened anew since"]


def test_alert_is_skipped_when_it_is_no_longer_urgent(outbox: list[Sent]) -> None:
    job, _helpers = published()
    type(job).objects.non_polymorphic().filter(pk=job.pk).update(urgency="whenever")
    assert skipped_because() == ["the job is no longer urgent"]


def test_alert_is_skipped_when_the_helper_matches_no_more(outbox: list[Sent]) -> None:
    _job, [helper] = published()
    helper.areas.clear()
    assert skipped_because() == ["does not match any more: area"]


def test_alert_is_skipped_when_the_helper_wants_none(outbox: list[Sent]) -> None:
    _job, [helper] = published()
    helper.wants_alerts = False
    helper.save()
    assert skipped_because() == ["does not want alerts"]


def test_alert_is_skipped_when_the_helper_has_offered(outbox: list[Sent]) -> None:
    job, [helper] = published()
    make.make_offer_row(job, helper)
    assert skipped_because() == ["has been asked, or has offered"]


def test_alert_is_skipped_when_the_helper_said_not_this_one(outbox: list[Sent]) -> None:
    job, [helper] = published()
    offers.answer_ask(job, helper=helper, actor=helper.person, answer="not_this_one")
    assert skipped_because() == ["has been asked, or has offered"]


def test_alert_is_skipped_without_an_address(outbox: list[Sent]) -> None:
    _job, [helper] = published()
    make.write_contact(helper.person, email="")
    assert skipped_because() == ["no address"]
    assert deliveries() == []


def test_offer_mails_are_skipped_when_the_offer_has_moved_on(outbox: list[Sent]) -> None:
    job = make.make_open_job()
    coordinator = make.make_coordinator()
    offer = make.make_offer_row(job)
    offers.ratify_offer(offer, actor=coordinator)
    settle(limit=1)
    offers.stand_down_offer(offer, actor=coordinator, why="a mistake")
    assert [message.kind for message, _address in outbox] == []
    settle()
    assert [message.kind for message, _address in outbox] == ["stood_down"]
    assert ("offer_ratified", "skipped", "the offer is no longer in that state") in rows()


def test_still_yes_is_not_asked_of_who_has_said_it(outbox: list[Sent]) -> None:
    job = make.make_open_job()
    offer = make.make_offer_row(job)
    change_job(job, actor=make.make_coordinator(), values={"minutes": 30})
    settle(limit=1)
    offers.confirm_offer(offer, actor=offer.helper.person)
    assert skipped_because() == ["has said «still yes»"]


def test_co_ordinators_mail_is_skipped_when_they_are_none_any_more(outbox: list[Sent]) -> None:
    job = make.make_open_job()
    coordinator, helper = make.make_coordinator(), make.make_matching_helper(job)
    offers.make_offer(job, helper=helper, actor=helper.person)
    settle(limit=1)
    coordinator.role_grants.all().delete()
    assert skipped_because() == ["is no longer a co-ordinator of the job's area"]


def test_somebody_is_going_is_skipped_when_nobody_is_any_more(outbox: list[Sent]) -> None:
    job, [tom, _ann] = published(2)
    settle()
    outbox.clear()
    coordinator = make.make_coordinator()
    offer = make.make_offer_row(job, tom)
    offers.ratify_offer(offer, actor=coordinator)
    settle(limit=1)  # the fan-out alone
    offers.release_offer(offer, actor=tom.person, why="ill")
    settle()
    assert ("job_filled", "skipped", "the job is not filled any more") in rows()


def test_job_cancelled_is_skipped_when_it_is_open_again(outbox: list[Sent]) -> None:
    job, _helpers = published()
    settle()
    outbox.clear()
    coordinator = make.make_coordinator()
    jobs.cancel_job(job, actor=coordinator)
    settle(limit=1)
    jobs.reopen_job(job, actor=coordinator, why="a mistake")
    settle()
    assert ("job_cancelled", "skipped", "the job is not cancelled any more") in rows()
    assert [message.kind for message, _address in outbox] == ["job_alert"]


def test_job_that_is_gone_is_skipped(outbox: list[Sent]) -> None:
    job, _helpers = published()
    job.delete()
    assert skipped_because() == ["the job is gone"]
