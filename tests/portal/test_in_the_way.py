"""What keeps jobs from a helper with an empty list: away, hours, most jobs at once, how near, a criterion of a site."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from community_help import defaults
from community_help.jobs.offer import Ask
from community_help.lifecycle.table import OfferState
from community_help.matching import Criterion, Moment
from community_help.people.availability import Away, FreeHours
from community_help.people.profiles import Helper, NeverPair
from community_help.plain_times import day_words
from community_help.testing import factories as make
from tests.portal.pages import text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper

    from community_help.jobs.job import Job
    from community_help.jobs.task_type import TaskType
    from community_help.matching import Need
    from community_help.people.community import Area

HOME = "/help/jobs/"
NOTHING_WRONG = "Nothing is wrong with your settings."


class SpeaksSomali(Criterion):
    """A criterion of a site that nobody passes."""

    slug = "somali"
    label = gettext_lazy("speaks Somali")

    def helpers_for(self, need: Need) -> Q:
        return Q(pk__in=())

    def jobs_for(self, helper: Helper) -> Q:
        return Q(pk__in=())


class IsVouchedFor(SpeaksSomali):
    """The same, where somebody could come to harm."""

    slug = "vouched"
    label = gettext_lazy("is vouched for")
    safeguarding = True


@pytest.fixture
def job(area: Area, shopping: TaskType) -> Job:
    return make.make_open_job(task_type=shopping, area=area)


def lines(tom: Client) -> list[tuple[str, str]]:
    """What the page says is in the way; it never says at once that nothing is."""
    response = tom.get(HOME)
    found = [(line.title, line.words) for line in response.context["nothing"].in_the_way]
    page = text_of(response)
    assert (NOTHING_WRONG in page) == (not response.context["nothing"].has_cause)
    for title, words in found:
        assert title in page
        assert words in page
    return found


def today() -> date:
    return Moment.of().today


def away(helper: Helper, first: int, last: int | None) -> None:
    until = None if last is None else today() + timedelta(days=last)
    Away.objects.create(helper=helper, first_day=today() + timedelta(days=first), last_day=until)


def test_who_is_away_reads_until_when(tom: Client, helper: Helper, job: Job) -> None:
    away(helper, -1, 20)
    until = day_words(today() + timedelta(days=20), today=today())
    assert lines(tom) == [(f"You are away until {until}", "1 job is open meanwhile.")]


def test_who_is_away_without_an_end_reads_that(tom: Client, helper: Helper, job: Job) -> None:
    away(helper, -1, None)
    make.make_open_job(task_type=job.task_type, area=job.area)
    assert lines(tom) == [("You are away until you say otherwise", "2 jobs are open meanwhile.")]


def test_who_is_away_on_the_day_of_a_job_reads_when(
    tom: Client, helper: Helper, area: Area, shopping: TaskType
) -> None:
    then = timezone.now() + timedelta(days=5)
    make.make_open_job(task_type=shopping, area=area, timing="between", earliest=then, latest=then + timedelta(hours=1))
    away(helper, 4, 7)
    first, last = (day_words(today() + timedelta(days=days), today=today()) for days in (4, 7))
    assert lines(tom) == [("1 job at a time when you can’t", f"You are away from {first} to {last}.")]


def test_who_has_other_hours_reads_that(tom: Client, helper: Helper, area: Area, shopping: TaskType) -> None:
    then = (timezone.now() + timedelta(days=5)).replace(hour=12, minute=0)
    make.make_open_job(task_type=shopping, area=area, timing="between", earliest=then, latest=then + timedelta(hours=1))
    FreeHours.objects.create(helper=helper, weekday=then.weekday(), from_minute=0, to_minute=60)
    said = "You gave us hours in which you can help, and it is wanted at another time."
    assert lines(tom) == [("1 job at a time when you can’t", said)]


def test_who_has_as_many_jobs_as_they_want_reads_that(tom: Client, helper: Helper, job: Job) -> None:
    mine = make.make_open_job(places=2, places_filled=1)
    make.make_offer_row(mine, helper, state=OfferState.RATIFIED)
    Helper.objects.filter(pk=helper.pk).update(most_jobs=1)
    said = "You said 1 at most at once; 1 more would fit you."
    assert lines(tom) == [("You have as many jobs in hand as you want", said)]
    Helper.objects.filter(pk=helper.pk).update(most_jobs=0)
    assert lines(tom) == [("You want no jobs just now", "1 job is open that would fit you.")]


def test_who_lives_too_far_reads_that(tom: Client, helper: Helper, job: Job) -> None:
    job.task_type.criteria_options = {"radius": {"on": True, "options": {"miles": 2}}}
    job.task_type.save()
    assert lines(tom) == [("1 job for who lives near it", "We do not know yet where you live. Tell us your postcode.")]
    Helper.objects.filter(pk=helper.pk).update(latitude=51.4, longitude=-2.6)
    said = "You live further away, or we do not know yet where it is."
    assert lines(tom) == [("1 job for who lives near it", said)]
    type(job).objects.filter(pk=job.pk).update(latitude=52.4, longitude=-2.6)
    said = "It is asked of people who live nearer. Tell us if you have moved."
    assert lines(tom) == [("1 job further from your home", said)]


def test_own_criterion_is_told_by_its_label(tom: Client, job: Job, settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {"CRITERIA": [*defaults.CRITERIA, f"{__name__}.SpeaksSomali"]}
    assert lines(tom) == [("1 job for others", "For somebody who speaks Somali.")]


def test_what_keeps_people_safe_is_never_told(tom: Client, helper: Helper, job: Job, settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {"CRITERIA": [*defaults.CRITERIA, f"{__name__}.IsVouchedFor"]}
    assert lines(tom) == []
    settings.COMMUNITY_HELP = {}
    NeverPair.objects.create(helper=helper, requester=job.requester)
    assert lines(tom) == []
    away(helper, -1, None)
    assert lines(tom) == []


def test_two_things_at_once_are_no_cause_alone(tom: Client, helper: Helper, job: Job) -> None:
    away(helper, -1, None)
    Helper.objects.filter(pk=helper.pk).update(most_jobs=0)
    assert lines(tom) == []


def test_not_this_one_is_counted_and_can_be_taken_back_on_the_phone(tom: Client, helper: Helper, job: Job) -> None:
    Ask.objects.create(
        job_id=job.pk, opening=1, helper=helper, step="alert", answer="not_this_one", answered_at=job.created_at
    )
    page = text_of(tom.get(HOME))
    assert "You have answered the one job that fits you." in page
    assert "Would you do one after all?" in page
    assert NOTHING_WRONG not in page


@pytest.mark.slow
def test_causes_cost_the_same_for_3_and_300_jobs(
    tom: Client, helper: Helper, area: Area, shopping: TaskType, assert_constant_queries: Callable[..., int]
) -> None:
    away(helper, -1, None)
    requester = make.make_requester(area=area)
    made: list[int] = []

    def make_rows(number: int) -> None:
        while len(made) < number:
            made.append(make.make_open_job(task_type=shopping, requester=requester).pk)

    assert assert_constant_queries(make_rows, lambda: tom.get(HOME)) <= 35
