"""Times in plain words, in the community's zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from community_help.plain_times import ago_words, clock_words, day_words, length_words, sentence, when_words

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 3, 3, 9, 42, tzinfo=LONDON)  # a Tuesday
TODAY = NOW.date()


def at(day: int, hour: int = 0, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 3, 3), "today"),
        (date(2026, 3, 4), "tomorrow"),
        (date(2026, 3, 2), "yesterday"),
        (date(2026, 3, 6), "Friday 6 March"),
        (date(2026, 2, 24), "Tuesday 24 February"),
        (date(2027, 1, 1), "Friday 1 January 2027"),
    ],
)
def test_day_words_name_the_day(day: date, words: str) -> None:
    assert day_words(day, today=TODAY) == words


def test_day_words_short() -> None:
    assert day_words(date(2026, 3, 6), today=TODAY, short=True) == "Fri 6 March"


@pytest.mark.parametrize(
    ("timing", "earliest", "latest", "words"),
    [
        ("at", at(3, 16), None, "today, 16:00"),
        ("at", at(6, 14, 30), at(6, 15, 30), "Friday 6 March, 14:30"),
        ("between", at(3, 14), at(3, 17), "today, 14:00 to 17:00"),
        ("between", at(3, 22), at(4, 1), "today, 22:00 to tomorrow, 01:00"),
        ("between", at(3, 14), None, "today, 14:00"),
        ("by", None, at(3, 12, 30), "by 12:30 today"),
        ("by", None, at(6, 12, 30), "by 12:30 on Friday 6 March"),
        ("by", None, at(6, 23, 59), "by Friday 6 March"),
        ("by", None, at(7), "by Friday 6 March"),
        ("by", None, None, "any time"),
        ("on", at(5), at(5, 23, 59), "Thursday 5 March, any time"),
        ("on", None, None, "any time"),
        ("asap", None, None, "as soon as possible"),
        ("asap", None, at(4, 12), "as soon as possible, by 12:00 tomorrow"),
        ("flexible", None, None, "any time"),
        ("flexible", at(3), at(6, 23, 59), "any time until Friday 6 March"),
    ],
)
def test_when_words_say_how_it_was_asked(
    timing: str, earliest: datetime | None, latest: datetime | None, words: str
) -> None:
    assert when_words(timing, earliest, latest, zone=LONDON, now=NOW) == words


def test_when_words_are_in_the_community_s_zone() -> None:
    """23:30 in London in July is half past midnight of the next day in Paris."""
    instant = datetime(2026, 7, 1, 22, 30, tzinfo=ZoneInfo("UTC"))
    now = datetime(2026, 7, 1, 12, tzinfo=LONDON)
    london = when_words("at", instant, None, zone=LONDON, now=now)
    paris = when_words("at", instant, None, zone=ZoneInfo("Europe/Paris"), now=now)
    assert (london, paris) == ("today, 23:30", "tomorrow, 00:30")


def test_when_words_short() -> None:
    assert when_words("at", at(6, 8, 45), None, zone=LONDON, now=NOW, short=True) == "Fri 6 March, 08:45"


@pytest.mark.parametrize(
    ("then", "words"),
    [
        (NOW + timedelta(minutes=2), "just now"),
        (NOW - timedelta(seconds=59), "just now"),
        (NOW - timedelta(minutes=1), "1 min ago"),
        (NOW - timedelta(minutes=59, seconds=59), "59 min ago"),
        (NOW - timedelta(hours=1), "1 h ago"),
        (at(3, 0, 5), "9 h ago"),
        (at(2, 23), "yesterday"),
        (at(1, 23), "on Sunday 1 March"),
    ],
)
def test_ago_words_say_how_long_ago(then: datetime, words: str) -> None:
    assert ago_words(then, zone=LONDON, now=NOW) == words


def test_ago_words_count_hours_across_midnight_for_a_short_while() -> None:
    assert ago_words(at(2, 23, 30), zone=LONDON, now=at(3, 1)) == "1 h ago"


def test_clock_words_are_in_the_zone() -> None:
    assert clock_words(datetime(2026, 7, 1, 8, 31, tzinfo=ZoneInfo("UTC")), zone=LONDON) == "09:31"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1, "about 1 minute"),
        (40, "about 40 minutes"),
        (60, "about 1 hour"),
        (120, "about 2 hours"),
        (150, "about 2 h 30 min"),
    ],
)
def test_length_words(minutes: int, words: str) -> None:
    assert length_words(minutes) == words


def test_sentence_begins_with_a_capital() -> None:
    assert sentence("by Friday 6 March") == "By Friday 6 March"
