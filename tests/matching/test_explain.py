"""Why, in plain words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from community_help import defaults
from community_help.jobs.job import Job
from community_help.jobs.waiver import Waiver
from community_help.matching import Need, Verdict, explain, explain_each
from community_help.people.profiles import Helper, HelperState, NeverPair
from community_help.testing.factories import (
    make_area,
    make_check,
    make_check_level,
    make_helper,
    make_matching_helper,
    make_open_job,
    make_skill,
    make_task_type,
)

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db


@pytest.fixture
def job() -> Job:
    return make_open_job(
        area=make_area("Filwood"),
        task_type=make_task_type("Shopping"),
        skills=[make_skill("a car", phrase="drives")],
        check_level=make_check_level("Enhanced DBS"),
    )


def test_explain_a_helper_who_fits(job: Job) -> None:
    explanation = explain(job, make_matching_helper(job))
    assert explanation.eligible is True
    assert explanation.failed == ()
    assert [verdict.because for verdict in explanation.verdicts] == [
        "is approved",
        "may be matched with this person",
        "is not the one who asked",
        "has not said “not this one”",
        "holds Enhanced DBS",
        "does “Shopping”",
        "covers Filwood",
        "drives",
        "can at any time",
        "has no job in hand",
    ]
    assert explanation.reasons == ("drives", "covers Filwood", "does “Shopping”")


def test_explain_a_helper_who_fails_several(job: Job) -> None:
    helper = make_helper(areas=[job.area], task_types=[job.task_type])
    NeverPair.objects.create(helper=helper, requester=job.requester)
    explanation = explain(job, helper)
    assert explanation.eligible is False
    assert explanation.failed == (
        Verdict(
            "never_pair",
            "may be matched with this person",
            False,
            "is never matched with this person",
            True,
            shuts=True,
        ),
        Verdict("check_level", "holds the check needed", False, "has no Enhanced DBS", True, shuts=True),
        Verdict(
            "skills", "has the skills needed", False, "the job needs somebody who drives", False, can_be_waived=True
        ),
    )


def test_explain_a_need_that_is_not_saved() -> None:
    knowle = make_area("Knowle")
    explanation = explain(Need(area=knowle), make_helper())
    assert [verdict.because for verdict in explanation.failed] == ["does not cover Knowle"]


def test_explain_costs_three_queries(job: Job, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    helper = make_matching_helper(job)
    make_check(helper, job.check_level)  # type: ignore[arg-type]
    row = Job.objects.for_lists().select_related("check_level").get(pk=job.pk)
    bare = Helper.objects.get(pk=helper.pk)
    with django_assert_num_queries(3):  # the community, the job's skills, the verdicts
        explain(row, bare)
    need = Need.of(row)
    with django_assert_num_queries(2):
        explain(need, Helper(pk=helper.pk))


def test_explain_each_says_the_same_of_many_in_as_many_queries(
    job: Job, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    helpers = [make_matching_helper(job), make_helper(areas=[job.area]), make_helper()]
    expected = {helper.pk: explain(job, helper) for helper in helpers}
    need = Need.of(job)
    with django_assert_num_queries(2):
        assert explain_each(need, helpers) == expected
    assert explain_each(need, []) == {}


def test_explain_a_helper_who_is_not_saved(job: Job) -> None:
    with pytest.raises(Helper.DoesNotExist):
        explain(job, Helper())


@pytest.mark.parametrize(
    ("state", "shuts"),
    [(HelperState.APPLIED, True), (HelperState.PAUSED, False), (HelperState.SUSPENDED, True), (HelperState.LEFT, True)],
)
def test_failed_approval_shuts_what_is_agreed_but_a_pause_does_not(job: Job, state: HelperState, shuts: bool) -> None:
    verdict = next(one for one in explain(job, make_helper(state=state)).verdicts if one.slug == "approved")
    assert (verdict.holds, verdict.safeguarding, verdict.shuts) == (False, True, shuts)


def test_verdict_that_holds_shuts_nothing(job: Job) -> None:
    assert not any(verdict.shuts for verdict in explain(job, make_matching_helper(job)).verdicts if verdict.holds)


@pytest.mark.parametrize(
    ("time", "ripples"),
    [
        ({"timing": "flexible"}, False),
        ({"timing": "asap"}, False),
        ({"timing": "by", "latest": timedelta(hours=1)}, True),
        ({"timing": "by", "latest": -timedelta(hours=1)}, False),
        ({"timing": "between", "earliest": -timedelta(hours=1), "latest": timedelta(hours=1)}, True),
    ],
)
def test_hours_ripple_while_the_time_is_still_to_come(time: dict[str, Any], ripples: bool) -> None:
    moments = {name: timezone.now() + value for name, value in time.items() if name != "timing"}
    job = make_open_job(timing=time["timing"], **moments)
    verdicts = {one.slug: one.ripples for one in explain(job, make_helper()).verdicts}
    assert verdicts.pop("available") == ripples
    assert {slug for slug, answer in verdicts.items() if not answer} == {"load", "not_this_one"}


def test_what_is_waived_shuts_nothing(settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {"CRITERIA": [*defaults.CRITERIA, "tests.matching.own.Shuts"]}
    job = make_open_job()
    helper = make_matching_helper(job)
    Helper.objects.filter(pk=helper.pk).update(wants_alerts=False)
    assert [verdict.slug for verdict in explain(job, helper).verdicts if verdict.shuts] == ["shuts"]
    Waiver.objects.create(job=job, opening=job.opening, helper=helper, criterion="shuts", why="so")
    assert [verdict.slug for verdict in explain(job, helper).verdicts if verdict.shuts] == []
