"""Buddies and places, from the job's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from community_help.jobs.job import Job
from community_help.people.profiles import Buddy, Requester
from community_help.testing import factories as make
from tests.dashboard.posting import job_url, press, text
from tests.services.scene import job_in

if TYPE_CHECKING:
    from django.test import Client

    from community_help.jobs.offer import Offer


@pytest.fixture
def offer(db: None) -> Offer:
    made = job_in("assigned", "release_offer").offer
    assert made is not None
    return made


def test_buddies_are_made_and_ended_beside_whoever_is_on_the_job(desk: Client, offer: Offer) -> None:
    page = text(press(desk, offer.job, "make_buddies", on=offer))
    page = text(desk.get(job_url(offer.job)))
    assert "are buddies now" in page
    assert "end it" in page
    pair = Buddy.objects.get()
    assert (pair.helper_id, pair.requester_id) == (offer.helper_id, offer.requester_id)
    press(desk, offer.job, "make_buddies", on=offer)
    assert Buddy.objects.count() == 1
    press(desk, offer.job, "end_buddies", on=offer)
    page = text(desk.get(job_url(offer.job)))
    assert "are buddies no more" in page
    assert "Make buddies with" in page
    assert press(desk, offer.job, "end_buddies", on=offer).status_code == 404


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("51.42009, -2.59651", (51.42, -2.597)), (" 51.42;-2.6 ", (51.42, -2.6)), ("-16.5 180", (-16.5, -180.0))],
)
def test_home_is_put_on_the_map_and_the_job_follows(desk: Client, typed: str, kept: tuple[float, float]) -> None:
    job = make.make_open_job()
    assert press(desk, job, "pin_person", place=typed).url == job_url(job)
    for row in (Requester.objects.get(pk=job.requester_id), Job.objects.get(pk=job.pk)):
        assert (row.latitude, row.longitude, row.rough) == (*kept, False)
    assert f"{kept[0]}, {kept[1]}" in text(desk.get(job_url(job)))
    press(desk, job, "pin_person", place="")
    assert Requester.objects.get(pk=job.requester_id).position is None


@pytest.mark.parametrize("typed", ["here", "51.42", "91, 0", "51, 181", "51.4, -2.5, 3", "1e1, 2", "nan, nan"])
def test_place_that_is_none_keeps_the_page_and_what_was_typed(desk: Client, typed: str) -> None:
    job = make.make_open_job()
    response = press(desk, job, "pin_person", place=typed)
    assert response.status_code == 422
    assert "Paste two numbers, as a map shows them" in text(response)
    assert f'value="{typed}"' in text(response)
    assert Requester.objects.get(pk=job.requester_id).position is None
