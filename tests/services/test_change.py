from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from community_help import defaults
from community_help.exceptions import StaleTransition
from community_help.jobs.bundled import ShoppingJob
from community_help.jobs.call_back import CallBack
from community_help.jobs.decision import Decision
from community_help.jobs.job import Job
from community_help.notifications.notification import Notification
from community_help.services import offers, reports
from community_help.services.change import change_job
from community_help.testing import factories as make
from tests.services.scene import open_job

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db


def test_change_job_of_words_is_no_new_opening() -> None:
    scene = open_job()
    offer = make.make_offer_row(scene.job, scene.helper)
    values = {"title": "Big shop", "private_details": "two bags", "shopping_list": "bread"}
    event = change_job(scene.job, actor=scene.coordinator, values=values, version=1)
    row = ShoppingJob.objects.get(pk=scene.job.pk)
    offer.refresh_from_db()
    assert (row.title, row.private_details, row.shopping_list) == ("Big shop", "two bags", "bread")
    assert (row.opening, row.version, offer.unconfirmed_since) == (1, 2, None)
    assert not Notification.objects.filter(event=event).exists()


@pytest.mark.parametrize("what", ["time", "area", "skills", "check_level", "places"])
def test_change_job_of_time_place_or_needs_asks_everybody_again(what: str) -> None:
    scene = open_job()
    offer = make.make_offer_row(scene.job, scene.helper)
    tomorrow = timezone.now() + timedelta(days=1)
    values: dict[str, object] = {
        "time": {"timing": "by", "latest": tomorrow},
        "area": {"area": make.make_area()},
        "skills": {},
        "check_level": {"check_level": make.make_check_level()},
        "places": {"places": 2},
    }[what]
    skills = [make.make_skill()] if what == "skills" else None
    event = change_job(scene.job, actor=scene.coordinator, values=values, skills=skills)
    offer.refresh_from_db()
    assert Job.objects.get(pk=scene.job.pk).opening == 2
    assert offer.unconfirmed_since == event.at
    assert offer.state == "offered"
    assert Notification.objects.filter(event=event, recipient=None).count() == 1


def test_change_job_that_becomes_urgent_is_told_and_moves_nobody() -> None:
    scene = open_job()
    offer = make.make_offer_row(scene.job, scene.helper)
    event = change_job(scene.job, actor=scene.coordinator, values={"urgency": "urgent"})
    offer.refresh_from_db()
    assert (Job.objects.get(pk=scene.job.pk).opening, offer.unconfirmed_since) == (1, None)
    assert Notification.objects.filter(event=event, recipient=None).count() == 1


def test_change_job_to_the_same_values_changes_no_opening() -> None:
    scene = open_job()
    values = {"title": scene.job.title, "places": 1, "timing": "flexible", "area": scene.job.area}
    change_job(scene.job, actor=scene.coordinator, values=values, skills=[])
    assert Job.objects.get(pk=scene.job.pk).opening == 1


def test_change_job_of_a_time_under_a_ratified_helper_owes_a_call() -> None:
    scene = open_job()
    offer = make.make_offer_row(scene.job, scene.helper)
    offers.ratify_offer(offer, actor=scene.coordinator)
    change_job(scene.job, actor=scene.coordinator, values={"minutes": 30})
    offer.refresh_from_db()
    assert offer.unconfirmed_since is not None
    assert Job.objects.get(pk=scene.job.pk).state == "assigned"
    assert CallBack.objects.filter(reason="changed").count() == 1


def test_change_job_to_more_places_opens_it() -> None:
    scene = open_job()
    offers.ratify_offer(make.make_offer_row(scene.job, scene.helper), actor=scene.coordinator)
    change_job(scene.job, actor=scene.coordinator, values={"places": 2})
    row = Job.objects.get(pk=scene.job.pk)
    assert (row.state, row.places, row.places_filled) == ("open", 2, 1)


def test_change_job_to_fewer_places_assigns_it() -> None:
    scene = open_job(places=2)
    offers.ratify_offer(make.make_offer_row(scene.job, scene.helper), actor=scene.coordinator)
    waiting = make.make_offer_row(scene.job)
    change_job(scene.job, actor=scene.coordinator, values={"places": 1})
    waiting.refresh_from_db()
    assert Job.objects.get(pk=scene.job.pk).state == "assigned"
    assert waiting.state == "not_needed"


def test_change_job_to_fewer_places_when_all_have_reported_ends_it() -> None:
    scene = open_job(places=3)
    first, second = make.make_offer_row(scene.job, scene.helper), make.make_offer_row(scene.job)
    for offer in (first, second):
        offers.ratify_offer(offer, actor=scene.coordinator)
    reports.make_report(first, actor=scene.helper.person, outcome="done")
    offers.release_offer(second, actor=second.helper.person, why="ill")
    change_job(scene.job, actor=scene.coordinator, values={"places": 1})
    row = Job.objects.get(pk=scene.job.pk)
    assert (row.state, row.reported_at is not None) == ("reported", True)


def test_change_job_below_the_helpers_on_it_is_refused() -> None:
    scene = open_job(places=2)
    for offer in (make.make_offer_row(scene.job, scene.helper), make.make_offer_row(scene.job)):
        offers.ratify_offer(offer, actor=scene.coordinator)
    with pytest.raises(ValidationError, match="2 helpers are on this job"):
        change_job(scene.job, actor=scene.coordinator, values={"places": 1})


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"state": "closed"}, None),
        ({"version": 99}, None),
        ({"places_filled": 1}, None),
        ({"timing": "at"}, "__all__"),
        ({"payment": "card"}, "payment"),
        ({"private_details": "\x00"}, "private_details"),
    ],
)
def test_change_job_says_what_is_wrong_and_writes_nothing(values: dict[str, object], field: str | None) -> None:
    scene = open_job()
    before = Job.objects.non_polymorphic().filter(pk=scene.job.pk).values().get()
    with pytest.raises(ValidationError) as caught:
        change_job(scene.job, actor=scene.coordinator, values=values)
    if field is None:
        assert "can't be changed" in str(caught.value)
    else:
        assert field in caught.value.message_dict
    assert Job.objects.non_polymorphic().filter(pk=scene.job.pk).values().get() == before


def test_change_job_on_a_page_that_is_old() -> None:
    scene = open_job()
    change_job(scene.job, actor=scene.coordinator, values={"title": "first"}, version=1)
    with pytest.raises(StaleTransition, match="Ama changed the job"):
        change_job(scene.job, actor=scene.coordinator, values={"title": "second"}, version=1)
    assert Job.objects.get(pk=scene.job.pk).title == "first"


def test_change_job_of_the_time_derives_days_and_slots_again() -> None:
    scene = open_job()
    start = (timezone.now() + timedelta(days=2)).replace(hour=10, minute=0, second=0, microsecond=0)
    values = {"timing": "between", "earliest": start, "latest": start + timedelta(hours=2)}
    change_job(scene.job, actor=scene.coordinator, values=values)
    row = Job.objects.get(pk=scene.job.pk)
    assert row.first_day == row.last_day == start.date()
    assert [(slot.date, slot.to_minute - slot.from_minute) for slot in row.slots.all()] == [(start.date(), 120)]


def test_change_job_that_makes_a_helper_unsafe_shuts_what_they_see() -> None:
    scene = open_job()
    offer = make.make_offer_row(scene.job, scene.helper)
    offers.ratify_offer(offer, actor=scene.coordinator)
    event = change_job(scene.job, actor=scene.coordinator, values={"check_level": make.make_check_level()})
    offer.refresh_from_db()
    assert (offer.state, offer.shut_at) == ("ratified", event.at)


def test_change_job_of_what_a_criterion_of_the_site_reads_asks_everybody_again(settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {
        "CRITERIA": [*defaults.CRITERIA, "example_project.library_run.criteria.SpeaksLanguage"],
    }
    kind = make.make_task_type("Library run", job_model="library_run.libraryrunjob")
    job = make.make_open_job(task_type=kind)
    tom, ama = make.make_matching_helper(job, "Tom Aldous"), make.make_coordinator()
    offers.make_offer(job, helper=tom, actor=tom.person)
    job.refresh_from_db()
    change_job(job, actor=ama, values={"branch": "Filwood", "language": "somali"})
    job.refresh_from_db()
    assert job.opening == 2
    assert job.offers.get().unconfirmed_since is not None
    assert [(row.criterion, row.state) for row in Decision.objects.all()] == [("language", "open")]
    settings.COMMUNITY_HELP = {}
    change_job(job, actor=ama, values={"branch": "Knowle"})
    job.refresh_from_db()
    assert job.opening == 2
