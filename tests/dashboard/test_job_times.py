"""Answers about time become two instants, or a plain sentence."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict

from community_help.dashboard.clock import Clock
from community_help.dashboard.job_times import TimesForm, times_of
from community_help.jobs.job import Job

if TYPE_CHECKING:
    from community_help.dashboard.plain_form import PlainForm

LONDON = ZoneInfo("Europe/London")
CLOCK = Clock(datetime(2026, 3, 3, 9, 42, tzinfo=UTC), LONDON)
PAST = "That time has passed. Give one that is still to come."


def answered(**answers: str) -> TimesForm:
    sent = QueryDict(mutable=True)
    sent.update(answers)
    form = TimesForm(sent, clock=CLOCK)
    form.is_valid()
    return form


def instants(form: TimesForm) -> tuple[Any, Any]:
    assert form.errors == {}
    return form.times["earliest"], form.times["latest"]


def messages(form: PlainForm) -> dict[str, list[str]]:
    return {name: list(errors) for name, errors in form.errors.items()}


@pytest.mark.parametrize(
    ("answers", "earliest", "latest"),
    [
        (
            {"timing": "between", "day": "2026-03-04", "from_time": "14:00", "until_time": "17:00"},
            datetime(2026, 3, 4, 14, tzinfo=UTC),
            datetime(2026, 3, 4, 17, tzinfo=UTC),
        ),
        (
            {
                "timing": "between",
                "day": "2026-03-04",
                "from_time": "22:00",
                "until_time": "1:30",
                "until_day": "5/3/2026",
            },
            datetime(2026, 3, 4, 22, tzinfo=UTC),
            datetime(2026, 3, 5, 1, 30, tzinfo=UTC),
        ),
        (
            {"timing": "at", "day": "2026-07-01", "from_time": "8.45"},
            datetime(2026, 7, 1, 7, 45, tzinfo=UTC),
            datetime(2026, 7, 1, 7, 45, tzinfo=UTC),
        ),
        ({"timing": "by", "day": "2026-03-06"}, None, datetime(2026, 3, 6, 23, 59, tzinfo=UTC)),
        ({"timing": "by", "day": "2026-03-06", "until_time": "12:30"}, None, datetime(2026, 3, 6, 12, 30, tzinfo=UTC)),
        (
            {"timing": "on", "day": "6/3/26"},
            datetime(2026, 3, 6, tzinfo=UTC),
            datetime(2026, 3, 6, 23, 59, tzinfo=UTC),
        ),
        ({"timing": "asap"}, None, None),
        ({"timing": "flexible", "day": "2026-03-06"}, None, datetime(2026, 3, 6, 23, 59, tzinfo=UTC)),
    ],
)
def test_times_mean_instants(answers: dict[str, str], earliest: datetime | None, latest: datetime | None) -> None:
    assert instants(answered(**answers)) == (earliest, latest)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (
            {"timing": "between"},
            {
                name: [f"“{label}” needs an answer."]
                for name, label in [("day", "Day"), ("from_time", "From"), ("until_time", "Until")]
            },
        ),
        ({"timing": "at", "day": "2026-03-04"}, {"from_time": ["“From” needs an answer."]}),
        ({"timing": "by"}, {"day": ["“Day” needs an answer."]}),
        ({"timing": ""}, {"timing": ["“When” needs an answer."]}),
        ({"timing": "often"}, {"timing": ["“When” has an answer that is not on the list any more. Choose again."]}),
        ({"timing": "by", "day": "31/2/2026"}, {"day": ["“Day” is not a date such as 27/3/2026."]}),
        ({"timing": "asap", "from_time": "25:00"}, {"from_time": ["“From” is not a time such as 14:30."]}),
        (
            {"timing": "between", "day": "2026-03-04", "from_time": "17:00", "until_time": "14:00"},
            {"until_time": ["“Until” has to be later than “From”."]},
        ),
        ({"timing": "by", "day": "2026-03-02"}, {"day": [PAST]}),
        ({"timing": "by", "day": "2026-03-03", "until_time": "09:00"}, {"until_time": [PAST]}),
        ({"timing": "at", "day": "2026-03-03", "from_time": "09:00"}, {"from_time": [PAST]}),
        ({"timing": "by", "day": "2206-03-03"}, {"day": ["“Day” is more than a year away. Check the year."]}),
        ({"timing": "on", "day": "0001-01-01"}, {"day": ["“Day” is more than a year away. Check the year."]}),
        ({"timing": "on", "day": "9999-12-31"}, {"day": ["“Day” is more than a year away. Check the year."]}),
    ],
)
def test_times_that_can_not_be_say_why(answers: dict[str, str], expected: dict[str, list[str]]) -> None:
    assert messages(answered(**answers)) == expected


def test_hour_that_the_clocks_skip_is_refused() -> None:
    form = answered(timing="at", day="2026-03-29", from_time="01:30")
    words = "There is no 01:30 on that day: the clocks go forward then. Choose another time."
    assert messages(form) == {"from_time": [words]}


def test_hour_that_comes_twice_is_the_first() -> None:
    form = answered(timing="at", day="2026-10-25", from_time="01:30")
    assert instants(form)[0] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_past_time_of_the_job_itself_may_stay() -> None:
    was = Job(timing="by", latest=datetime(2026, 3, 2, 23, 59, tzinfo=UTC))
    sent = QueryDict(mutable=True)
    sent.update({"timing": "by", "day": "2026-03-02"})
    assert TimesForm(sent, clock=CLOCK, was=was).is_valid()


@pytest.mark.parametrize(
    "answers",
    [
        {"timing": "between", "day": "2026-03-04", "from_time": "14:00", "until_time": "17:00"},
        {
            "timing": "between",
            "day": "2026-03-04",
            "from_time": "22:00",
            "until_time": "01:00",
            "until_day": "2026-03-05",
        },
        {"timing": "at", "day": "2026-03-04", "from_time": "14:00"},
        {"timing": "by", "day": "2026-03-06", "until_time": "12:30"},
        {"timing": "by", "day": "2026-03-06"},
        {"timing": "on", "day": "2026-03-06"},
        {"timing": "flexible"},
    ],
)
def test_times_of_a_job_are_the_answers_again(answers: dict[str, str]) -> None:
    first = answered(**answers)
    job = Job(**first.times)
    again = {name: str(value) for name, value in times_of(job, zone=LONDON).items()}
    assert answered(**again).times == first.times
    assert set(again) == set(answers)
