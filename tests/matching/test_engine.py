"""Both directions through all criteria at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db.models import Count, Q

from community_help import defaults
from community_help.jobs.job import Job
from community_help.jobs.waiver import Waiver
from community_help.lifecycle.table import JobState, OfferState
from community_help.matching import Need, helpers_for, jobs_for, matches
from community_help.matching.engine import row_by_row, with_columns
from community_help.people.profiles import Helper, HelperState
from community_help.testing.factories import (
    make_area,
    make_helper,
    make_job,
    make_matching_helper,
    make_offer_row,
    make_open_job,
    make_skill,
    make_task_type,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoAssertNumQueries
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db


def test_helpers_for_a_job_are_exactly_those_who_meet_every_criterion() -> None:
    job = make_open_job(skills=[make_skill()])
    fitting = {make_matching_helper(job).pk, make_matching_helper(job).pk}
    make_matching_helper(job, state=HelperState.PAUSED)
    make_helper(areas=[job.area], task_types=[job.task_type])
    make_helper(areas=[make_area()], task_types=[job.task_type], skills=job.skills.all())
    make_helper(areas=[job.area], task_types=[make_task_type()], skills=job.skills.all())
    assert set(helpers_for(job).values_list("pk", flat=True)) == fitting


def test_helpers_for_a_need_that_is_not_saved() -> None:
    area, kind = make_area(), make_task_type()
    near, far = make_helper(areas=[area], task_types=[kind]), make_helper(areas=[make_area()], task_types=[kind])
    assert set(helpers_for(Need(task_type=kind, area=area))) == {near}
    assert set(helpers_for(Need(task_type=kind))) == {near, far}


def test_helpers_for_can_be_narrowed_and_counted_further() -> None:
    job = make_open_job()
    keen, tired = make_matching_helper(job), make_matching_helper(job)
    type(tired).objects.filter(pk=tired.pk).update(wants_alerts=False)
    assert list(helpers_for(job).filter(wants_alerts=True).select_related("person")) == [keen]
    assert helpers_for(job).count() == 2


def test_jobs_for_a_helper_are_the_open_ones_only() -> None:
    kind, area = make_task_type(), make_area()
    helper = make_helper(areas=[area], task_types=[kind])
    jobs = {state: make_job(state=state, task_type=kind, area=area) for state in _STATES}
    assert [job.pk for job in jobs_for(helper)] == [jobs[JobState.OPEN].pk]


_STATES = [JobState.DRAFT, JobState.SUBMITTED, JobState.OPEN, JobState.CANCELLED, JobState.EXPIRED]


def test_jobs_for_a_helper_are_not_those_that_are_full() -> None:
    job = make_open_job(places=2, places_filled=1)
    helper = make_matching_helper(job)
    assert list(jobs_for(helper).values_list("pk", flat=True)) == [job.pk]
    Job.objects.non_polymorphic().filter(pk=job.pk).update(state=JobState.ASSIGNED, places_filled=2)
    assert list(jobs_for(helper)) == []


def test_jobs_for_a_helper_keep_those_already_offered_for() -> None:
    job = make_open_job()
    helper = make_matching_helper(job)
    make_offer_row(job, helper, state=OfferState.OFFERED)
    assert [row.pk for row in jobs_for(helper)] == [job.pk]


def test_jobs_for_a_helper_are_base_rows_in_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    shopping, lift = make_task_type(), make_task_type("Lift", job_model="community_help.liftjob")
    area = make_area()
    for kind in (shopping, lift):
        make_open_job(task_type=kind, area=area)
    helper = make_helper(areas=[area], task_types=[shopping, lift])
    with django_assert_num_queries(4):  # the community, waivers, what the kinds of job ask, and the jobs
        found = list(jobs_for(helper))
    assert {type(job) for job in found} == {Job}
    assert len(found) == 2


def test_matches_says_the_same_of_one_pair() -> None:
    job = make_open_job()
    assert matches(job, make_matching_helper(job)) is True
    assert matches(job, make_helper()) is False
    assert matches(Need.of(job), make_matching_helper(job)) is True


def test_matches_does_not_look_at_the_state_of_the_job() -> None:
    job = make_job(state=JobState.CANCELLED)
    assert matches(job, make_matching_helper(job)) is True


def test_criterion_that_joins_brings_nobody_twice(settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {"CRITERIA": [*defaults.CRITERIA, "tests.matching.own.KnowsAnArea"]}
    job = make_open_job()
    helper = make_helper(areas=[job.area, make_area(), make_area()], task_types=[job.task_type])
    neighbour = make_helper(areas=[job.area, make_area()], task_types=[job.task_type])
    assert sorted(helpers_for(job).values_list("pk", flat=True)) == [helper.pk, neighbour.pk]
    assert [row.pk for row in jobs_for(helper)] == [job.pk]
    assert matches(job, helper) is True


def test_default_criteria_ask_without_a_join_or_a_second_query_over_helpers() -> None:
    job = make_open_job(skills=[make_skill(), make_skill()])
    for rows in (helpers_for(job), jobs_for(make_helper())):
        used = [alias for alias, uses in rows.query.alias_refcount.items() if uses]
        assert used == [rows.model._meta.db_table]
        assert str(rows.query).count(f'FROM "{rows.model._meta.db_table}"') == 1


def test_queries_are_the_same_for_few_helpers_and_for_many(assert_constant_queries: Callable[..., int]) -> None:
    job = make_open_job(skills=[make_skill()])
    helpers: list[Any] = []

    def make_rows(number: int) -> None:
        helpers.extend(make_matching_helper(job, account=False) for _ in range(number - len(helpers)))

    fresh = Job.objects.for_lists().get(pk=job.pk)
    count = assert_constant_queries(make_rows, lambda: list(helpers_for(fresh)), large=30)
    assert count == 4  # the community, the job's skills, waivers, the helpers


_Covers = Helper.areas.through


def told(condition: Q) -> dict[int, bool]:
    """What a column says of each helper."""
    return dict(with_columns(Helper.objects.order_by("pk"), {"holds": condition}).values_list("pk", "holds"))


def test_column_says_the_same_as_the_condition() -> None:
    here, elsewhere = make_area(), make_area()
    helpers = [make_helper(areas=[here]), make_helper(areas=[here, elsewhere]), make_helper(areas=[elsewhere])]
    among = Q(pk__in=_Covers.objects.filter(area_id=here.pk).values("helper_id"))
    conditions = [
        among,
        ~among,
        among | Q(pk=helpers[2].pk),
        among & ~Q(areas=elsewhere),
        Q(areas=here),
        Q(),
        Q(pk__in=[]),
    ]
    for condition in conditions:
        expected = set(Helper.objects.filter(condition).values_list("pk", flat=True))
        assert {pk for pk, holds in told(condition).items() if holds} == expected, condition


def test_column_looks_one_row_up_and_makes_no_list() -> None:
    among = Q(pk__in=_Covers.objects.filter(area_id=1).values("helper_id"))
    assert "EXISTS" in str(Helper.objects.filter(~row_by_row(among)).query)
    assert " IN (SELECT" not in str(with_columns(Helper.objects.all(), {"holds": among}).query)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(lambda: Helper.objects.filter(areas=1), id="of whole helpers"),
        pytest.param(lambda: Waiver.objects.values("made_by_id"), id="that may be null"),
        pytest.param(lambda: _Covers.objects.values("helper_id")[:1], id="that is cut off"),
        pytest.param(
            lambda: _Covers.objects.values("helper_id").annotate(Count("pk")).values("helper_id"), id="grouped"
        ),
    ],
)
def test_list_of_another_shape_is_asked_as_it_is(rows: Callable[[], Any]) -> None:
    condition = Q(pk__in=rows())
    assert row_by_row(condition) == condition


def test_whom_somebody_asks_anyway_is_found_from_both_ends() -> None:
    job = make_open_job()
    elsewhere = make_helper(task_types=[job.task_type])
    Waiver.objects.create(job=job, opening=1, helper=elsewhere, criterion="area", why="so")
    fits = make_matching_helper(job)
    assert set(helpers_for(job)) == {fits, elsewhere}
    assert set(helpers_for(job, without="willing")) == {fits, elsewhere}
    assert list(jobs_for(elsewhere)) == [Job.objects.non_polymorphic().get(pk=job.pk)]
