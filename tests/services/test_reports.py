from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from community_help.exceptions import IllegalTransition, NotAllowed
from community_help.jobs.call_back import CallBack
from community_help.jobs.job import Job
from community_help.jobs.offer import Report
from community_help.services import offers, reports
from community_help.testing import factories as make
from tests.services.scene import open_job

pytestmark = pytest.mark.django_db


def test_make_report_of_the_only_helper_reports_the_job() -> None:
    scene = open_job()
    offer = make.make_offer_row(scene.job, scene.helper)
    offers.ratify_offer(offer, actor=scene.coordinator)
    reports.make_report(offer, actor=scene.helper.person, outcome="partly", note="no eggs", minutes=40)
    row, stored = Job.objects.get(pk=scene.job.pk), Report.objects.get()
    offer.refresh_from_db()
    assert (row.state, row.reported_at is not None) == ("reported", True)
    assert (stored.outcome, stored.note, stored.minutes) == ("partly", "no eggs", 40)
    assert (offer.state, offer.reported_at is not None) == ("ratified", True)
    assert CallBack.objects.get().outcome == "not_needed"


def test_make_report_of_the_first_of_two_waits_for_the_other() -> None:
    scene = open_job(places=2)
    first, second = make.make_offer_row(scene.job, scene.helper), make.make_offer_row(scene.job)
    for offer in (first, second):
        offers.ratify_offer(offer, actor=scene.coordinator)
    reports.make_report(first, actor=scene.helper.person, outcome="done")
    assert Job.objects.get(pk=scene.job.pk).state == "assigned"
    reports.make_report(second, actor=second.helper.person, outcome="done")
    assert Job.objects.get(pk=scene.job.pk).state == "reported"


def test_make_report_lets_free_places_lapse() -> None:
    scene = open_job(places=3)
    offer, waiting = make.make_offer_row(scene.job, scene.helper), make.make_offer_row(scene.job)
    offers.ratify_offer(offer, actor=scene.coordinator)
    reports.make_report(offer, actor=scene.helper.person, outcome="done")
    row = Job.objects.get(pk=scene.job.pk)
    waiting.refresh_from_db()
    assert (row.state, row.places, row.places_filled) == ("reported", 1, 1)
    assert waiting.state == "not_needed"


def test_make_report_twice_is_refused() -> None:
    scene = open_job(places=2)
    first, second = make.make_offer_row(scene.job, scene.helper), make.make_offer_row(scene.job)
    for offer in (first, second):
        offers.ratify_offer(offer, actor=scene.coordinator)
    reports.make_report(first, actor=scene.helper.person, outcome="done")
    with pytest.raises(IllegalTransition, match="reported"):
        reports.make_report(first, actor=scene.helper.person, outcome="worried")
    assert Report.objects.get().outcome == "done"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"outcome": "splendid"}, "outcome"),
        ({"outcome": ""}, "outcome"),
        ({"outcome": "done", "note": "x" * 2001}, "note"),
        ({"outcome": "done", "note": "\x00"}, "note"),
        ({"outcome": "done", "minutes": -1}, "minutes"),
    ],
)
def test_make_report_says_what_is_wrong_and_writes_nothing(values: dict[str, object], field: str) -> None:
    scene = open_job()
    offer = make.make_offer_row(scene.job, scene.helper)
    offers.ratify_offer(offer, actor=scene.coordinator)
    with pytest.raises(ValidationError) as caught:
        reports.make_report(offer, actor=scene.helper.person, **values)  # type: ignore[arg-type]
    assert field in caught.value.message_dict
    assert not Report.objects.exists()
    assert Job.objects.get(pk=scene.job.pk).state == "assigned"


def test_make_report_for_somebody_else_is_refused() -> None:
    scene = open_job()
    offer = make.make_offer_row(scene.job, scene.helper)
    offers.ratify_offer(offer, actor=scene.coordinator)
    with pytest.raises(NotAllowed):
        reports.make_report(offer, actor=make.make_matching_helper(scene.job).person, outcome="done")
    reports.make_report(offer, actor=scene.coordinator, outcome="done")
    assert Report.objects.get().made_by == scene.coordinator
