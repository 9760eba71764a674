"""Whom to ask first, and why."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db.models import Value
from django.utils import timezone

from community_help import defaults
from community_help.exceptions import ConfigurationError
from community_help.jobs.job import Job
from community_help.jobs.offer import Ask
from community_help.lifecycle.table import OfferState
from community_help.matching import Need, Preference, best, helpers_for
from community_help.matching.preference import load_preferences
from community_help.people.community import Community
from community_help.testing import factories as make

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models.expressions import Combinable
    from pytest_django.fixtures import DjangoAssertNumQueries, SettingsWrapper

    from community_help.people.profiles import Helper

pytestmark = pytest.mark.django_db


class Alphabet(Preference):
    """A site's own, over a column of the helper."""

    slug = "alphabet"
    label = "begins with an A"
    weight = 10

    def score(self, need: Need) -> Combinable:
        return Value(0.5)

    def because(self, need: Need, helper: Helper, score: float) -> str:
        return f"{helper.person.known_as} scores {score}"


class NoLabel(Alphabet):
    label = ""


class NoScore(Preference):
    slug = "no_score"
    label = "nothing"


@pytest.fixture
def job() -> Job:
    return make.make_open_job(area=make.make_area("Filwood"), task_type=make.make_task_type("Shopping"))


def fitting(job: Job, name: str) -> Helper:
    """One who fits, and was asked an hour ago."""
    helper = make.make_matching_helper(job, name)
    asked(helper, hours=1)
    return helper


def asked(helper: Helper, **ago: float) -> None:
    Ask.objects.filter(helper=helper).delete()
    other = make.make_open_job()
    Ask.objects.create(
        job_id=other.pk, helper=helper, opening=1, step="alert", asked_at=timezone.now() - timedelta(**ago)
    )


def helped(job: Job, helper: Helper, times: int) -> None:
    for _ in range(times):
        before = make.make_open_job(requester=job.requester)
        make.make_offer_row(before, helper, state=OfferState.COMPLETED, reported_at=timezone.now())


def names(job: Job | Need, most: int = 10) -> list[str]:
    return [one.helper.person.known_as for one in best(job, most=most)]


def test_best_are_those_who_may_be_asked_the_longest_here_first_where_all_weigh_the_same(job: Job) -> None:
    for name in ("Cy", "Ada", "Bea"):
        fitting(job, name)
    make.make_helper("Misfit")
    assert names(job) == ["Cy", "Ada", "Bea"]
    assert names(job) == names(job)
    assert names(job, most=2) == ["Cy", "Ada"]
    assert {one.helper.pk for one in best(job, most=10)} == set(helpers_for(job).values_list("pk", flat=True))


def test_somebody_whom_they_know_comes_first_and_it_is_said(job: Job) -> None:
    fitting(job, "Ada")
    twice, often = fitting(job, "Bea"), fitting(job, "Cy")
    helped(job, twice, 2)
    helped(job, often, 7)
    found = best(job, most=3)
    assert [one.helper for one in found] == [often, twice, found[2].helper]
    assert found[0].reasons[0] == "has helped them often"
    assert found[1].reasons[0] == "has helped them 2 times"
    assert found[2].reasons == ("has no job in hand", "covers Filwood", "does “Shopping”")


def test_jobs_for_others_and_jobs_not_reported_do_not_make_acquainted(job: Job) -> None:
    fitting(job, "Ada")
    elsewhere, unreported = fitting(job, "Bea"), fitting(job, "Cy")
    make.make_offer_row(make.make_open_job(), elsewhere, state=OfferState.COMPLETED, reported_at=timezone.now())
    make.make_offer_row(make.make_open_job(requester=job.requester), unreported, state=OfferState.STOOD_DOWN)
    assert names(job) == ["Ada", "Bea", "Cy"]


@pytest.mark.parametrize(
    ("days", "order"), [(0.5, ["Ada", "Bea"]), (1.5, ["Bea", "Ada"]), (20, ["Bea", "Ada"]), (400, ["Bea", "Ada"])]
)
def test_who_was_not_asked_for_longer_comes_first(job: Job, days: float, order: list[str]) -> None:
    fitting(job, "Ada")
    asked(fitting(job, "Bea"), days=days)
    assert names(job) == order


def test_asks_about_the_job_in_question_do_not_count(job: Job) -> None:
    ada, bea = make.make_matching_helper(job, "Ada"), make.make_matching_helper(job, "Bea")
    Ask.objects.create(job_id=job.pk, helper=ada, opening=1, step="alert")
    assert names(job) == ["Ada", "Bea"]
    asked(ada, hours=1)
    assert names(job) == ["Bea", "Ada"]
    assert bea.pk == best(job, most=1)[0].helper.pk
    assert best(job, most=1)[0].reasons[0] == "was not asked for a month"


def test_who_has_nothing_in_hand_comes_first(job: Job) -> None:
    make.make_offer_row(make.make_open_job(), fitting(job, "Ada"))
    fitting(job, "Bea")
    assert names(job) == ["Bea", "Ada"]


def test_community_says_how_much_each_counts(job: Job) -> None:
    known, rested = fitting(job, "Ada"), fitting(job, "Bea")
    helped(job, known, 5)
    asked(rested, days=90)
    assert names(job) == ["Ada", "Bea"]
    Community.objects.update(preference_weights={"helped_before": 1, "least_recently_asked": 9})
    assert names(job) == ["Bea", "Ada"]
    Community.objects.update(preference_weights={"helped_before": 0, "least_recently_asked": 0, "lightest_load": 0})
    assert names(job) == ["Ada", "Bea"]
    assert best(job, most=1)[0].reasons == ("covers Filwood", "does “Shopping”")


def test_best_leaves_out_whom_it_is_told_to(job: Job) -> None:
    ada = fitting(job, "Ada")
    fitting(job, "Bea")
    assert [one.helper.person.known_as for one in best(job, most=5, but=[ada.pk])] == ["Bea"]


def test_best_of_a_need_that_is_not_saved(job: Job) -> None:
    fitting(job, "Ada")
    need = Need(task_type=job.task_type, area=job.area, requester_id=job.requester_id)
    assert names(need) == ["Ada"]


def test_best_costs_the_same_for_few_and_for_many(
    job: Job, assert_constant_queries: Callable[..., int], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fresh = Job.objects.for_lists().get(pk=job.pk)
    made: list[Helper] = []

    def make_rows(number: int) -> None:
        made.extend(make.make_matching_helper(job, account=False) for _ in range(number - len(made)))

    # The community, the job's skills, waivers, and one for the helpers.
    assert assert_constant_queries(make_rows, lambda: best(fresh, most=50), large=40) == 4


def test_preference_of_a_site_stands_with_the_others(job: Job, settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {"PREFERENCES": [*defaults.PREFERENCES, f"{__name__}.Alphabet"]}
    fitting(job, "Ada")
    assert best(job, most=1)[0].reasons[0] == "Ada scores 0.5"


@pytest.mark.parametrize(
    ("paths", "why"),
    [
        (["nowhere.Nothing"], "No module named"),
        (["community_help.matching.Need"], "is not a subclass of"),
        ([f"{__name__}.NoLabel"], "needs a slug and a label"),
        ([f"{__name__}.NoScore"], "does not define score"),
        ([f"{__name__}.Alphabet", f"{__name__}.Alphabet"], "is also that of Alphabet"),
    ],
)
def test_preference_that_cannot_be_used_is_named(paths: list[str], why: str) -> None:
    with pytest.raises(ConfigurationError, match=why) as caught:
        load_preferences(paths)
    assert paths[-1] in str(caught.value)
