"""What was changed in the grid: told, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from community_help.jobs.task_type import TaskType
from community_help.jobs.task_type_change import TaskTypeChange
from community_help.lifecycle.event import Event
from community_help.people.community import Community
from community_help.services.task_types import change_task_type
from tests.dashboard.grid import GRID, answers, choose, url
from tests.dashboard.posting import text

if TYPE_CHECKING:
    from django.test import Client

    from community_help.people.person import Person


def test_undo_takes_a_change_back(office: Client, shopping: TaskType) -> None:
    choose(office, shopping, "area", on=False)
    change = TaskTypeChange.objects.get()
    undo = reverse("community_help:undo_task_type_change", args=[change.pk])
    assert undo in text(office.get(GRID))
    page = text(office.post(undo, follow=True))
    assert "Taken back. “Shopping” is as it was." in page
    assert undo not in page
    assert TaskType.objects.get().criteria_options == {}
    response = office.post(undo)
    assert response.status_code == 422
    assert "That has been taken back already." in text(response)


def test_undo_stands_only_where_there_is_something_to_take_back(office: Client, shopping: TaskType) -> None:
    for miles in ("2", "3"):
        choose(office, shopping, "radius", on=True, miles=miles)
    choose(office, shopping, "area", on=False)
    office.post(url("retire_task_type", shopping), {"active": "no", "version": 4})
    area, third, second = TaskTypeChange.objects.order_by("-pk")[1:4]

    def can_be_undone() -> dict[TaskTypeChange, bool]:
        return {told.change: told.can_undo for told in office.get(GRID).context["history"].told}

    found = can_be_undone()
    assert (found[area], found[third], found[second]) == (True, True, False)
    office.post(reverse("community_help:undo_task_type_change", args=[third.pk]))
    found = can_be_undone()
    assert (found[third], found[second]) == (False, True)
    page = text(office.get(GRID))
    assert "asked (Miles, as the crow flies: 3) → asked (Miles, as the crow flies: 2)" in page
    assert (page.count("took a change back"), page.count("was taken back")) == (1, 1)


def test_nothing_that_was_different_is_said(office: Client, shopping: TaskType) -> None:
    said = "“Shopping” is as it was: nothing was different."
    assert said not in text(choose(office, shopping, "area", on=False))
    assert said in text(choose(office, shopping, "area", on=False))
    assert TaskTypeChange.objects.count() == 1
    office.post(url("change_task_type", shopping), answers(shopping, version=2))
    assert said.replace("Shopping", "Gardening") in text(
        office.post(url("change_task_type", shopping), answers(shopping, version=3), follow=True)
    )


def test_whole_history_can_be_read_a_dozen_at_a_time(office: Client, admin: Person, shopping: TaskType) -> None:
    for places in range(2, 30):
        change_task_type(shopping, actor=admin, values={"places": places})
    latest = office.get(GRID)
    found, pages = [], 0
    while latest is not None:
        assert latest.status_code == 200
        history = latest.context["history"]
        found += [told.change.after["places"] for told in history.told]
        pages += 1
        assert ("Earlier changes" in text(latest)) is (history.earlier is not None)
        assert ("Latest changes" in text(latest)) is (pages > 1)
        latest = office.get(GRID, {"before": history.earlier}) if history.earlier else None
    assert (pages, found) == (3, list(range(29, 1, -1)))
    first = TaskTypeChange.objects.order_by("pk")[0].pk
    for nothing in (first, 0):
        page = text(office.get(GRID, {"before": nothing}))
        assert "Nothing before that." in page
        assert "Latest changes" in page
    for odd in ("-1", "x", "９", "9" * 30, ""):
        assert office.get(GRID, {"before": odd}).context["history"].told[0].change.after == {"places": 29}


def test_weights_are_kept_and_told(office: Client, admin: Person) -> None:
    slugs = ["buddy", "helped_before", "least_recently_asked", "lightest_load", "nearest"]
    weights = {**{f"weight-{slug}": "1" for slug in slugs}, "version": "0"}
    page = text(office.post(f"{GRID}weights/", {**weights, "weight-nearest": "10"}, follow=True))
    assert "From now on people are asked in this order." in page
    assert "Lives nearest: 1 → 10" in page
    response = office.post(f"{GRID}weights/", {**weights, "weight-nearest": "4"})
    assert response.status_code == 409
    assert "Ama changed whom to ask first" in text(response)
    assert '<option value="4" selected>' in text(response)
    last = Event.objects.get(kind="change_weights").pk
    response = office.post(f"{GRID}weights/", {**weights, "version": last, "weight-nearest": "99"})
    assert response.status_code == 422
    assert "has an answer that is not on the list any more" in text(response)
    assert Community.current().preference_weights["nearest"] == 10
