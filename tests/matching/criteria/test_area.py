"""Helpers are asked near home."""

from __future__ import annotations

import pytest

from community_help.matching import Need, explain, jobs_for, matches
from community_help.matching.criteria.area import CoversArea
from community_help.testing.criteria import assert_keeps_contract
from community_help.testing.factories import make_area, make_helper, make_job, make_open_job, make_task_type
from tests.matching.asking import passes, reason

pytestmark = pytest.mark.django_db


def test_area_keeps_the_contract() -> None:
    filwood, knowle = make_area("Filwood"), make_area("Knowle")
    call = make_task_type("Phone call", by_phone=True)
    helpers = [make_helper(areas=chosen) for chosen in ([], [filwood], [knowle], [filwood, knowle])]
    jobs = [make_job(area=filwood), make_job(area=knowle), make_job(area=knowle, task_type=call)]
    assert_keeps_contract(CoversArea, jobs=jobs, helpers=helpers)


def test_area_when_covered_and_when_not() -> None:
    filwood = make_area("Filwood")
    job, helper, other = make_job(area=filwood), make_helper(areas=[filwood]), make_helper(areas=[make_area()])
    assert passes(CoversArea, job, helper) is True
    assert passes(CoversArea, job, other) is False
    assert reason("area", job, helper) == "covers Filwood"
    assert reason("area", job, other) == "does not cover Filwood"


def test_area_is_not_asked_of_what_is_done_by_phone() -> None:
    job = make_open_job(task_type=make_task_type(by_phone=True))
    helper = make_helper(task_types=[job.task_type])
    assert matches(job, helper)
    assert [row.pk for row in jobs_for(helper)] == [job.pk]
    assert "area" not in {verdict.slug for verdict in explain(job, helper).verdicts}


def test_area_before_it_is_known_lets_everybody_pass() -> None:
    assert reason("area", Need(), make_helper()) == "covers the area"
