"""The stories of these days: who rang, who offered, and what is left for Ama to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from community_help.jobs.call_back import CallBackOutcome, CallBackReason
from community_help.jobs.job import Source, Timing
from community_help.jobs.offer import AskAnswer, Outcome
from community_help.jobs.task_type import Urgency
from example_project.demo.seed.history import times_of
from example_project.demo.seed.today import Story, Today

if TYPE_CHECKING:
    from datetime import datetime


def write_today(today: Today) -> None:
    """Let the stories of yesterday and this morning happen."""
    for chapter in (_known, _urgent, _offered, _agreed, _reported, _overdue, _not_begun, _read):
        chapter(today)
    today.play()


def _rings(today: Today, name: str, wish: tuple[str, int], timing: Timing, wanted: datetime, **asked: Any) -> Story:
    """Somebody rings about a kind of job, and of those the n-th wish, for then."""
    earliest, latest = times_of(timing, wanted)
    by = today.people.coordinators[asked.pop("by", "Ama Mensah")]
    source = asked.pop("source", Source.CALL)
    values = {"timing": timing, "earliest": earliest, "latest": latest, **asked}
    return Story(today, name, wish, values, by, source)


def _known(today: Today) -> None:
    """Who is whose buddy."""
    for helper, name in (("Tom Aldous", "Doreen Pascoe"), ("Fatima Yusuf", "Maureen Hobbs")):
        today.make_buddies(today.days.at(-5, 10), helper, name)


def _urgent(today: Today) -> None:
    days, ago = today.days, today.ago
    story = _rings(today, "Winston Clarke", ("prescription", 0), Timing.BY, days.soon(1), urgency=Urgency.URGENT)
    story.begin(ago(minutes=72)).say_no(ago(minutes=60), "Kieran Webb")
    story.say_no(ago(minutes=41), "Priya Nair", AskAnswer.NOT_NOW)
    story = _rings(today, "Ivy Coombs", ("lift", 2), Timing.AT, days.soon(5), urgency=Urgency.URGENT)
    story.begin(ago(minutes=25))


def _offered(today: Today) -> None:
    days, ago = today.days, today.ago
    story = _rings(today, "Doreen Pascoe", ("shopping", 0), Timing.BETWEEN, days.soon(4), urgency=Urgency.URGENT)
    story.begin(ago(minutes=55)).offer(
        ago(minutes=40), "Tom Aldous", "I go past at three anyway. I know which cat food."
    )
    story.offer(ago(minutes=11), "Priya Nair", "Happy to, but after four if that's all right.")
    story = _rings(today, "Abdi Warsame", ("lift", 1), Timing.AT, days.at(2, 8, 45))
    story.begin(ago(minutes=190)).offer(ago(minutes=62), "Gloria Bennett")
    story = _rings(today, "Maureen Hobbs", ("visit", 0), Timing.BETWEEN, days.at(3, 14))
    story.begin(days.at(-2, 10, 20)).offer(days.at(-1, 12, 5), "Fatima Yusuf", "I'd love to see her garden again.")


def _agreed(today: Today) -> None:
    days, ago = today.days, today.ago
    who_is_coming = CallBackReason.WHO_IS_COMING
    story = _rings(today, "Jean Tovey", ("dog-walk", 0), Timing.BETWEEN, days.soon(6))
    story.begin(days.at(-1, 9, 40)).offer(days.at(-1, 10, 15), "Tom Aldous")
    story.ratify(ago(minutes=95), "Tom Aldous").ring(ago(minutes=32), CallBackOutcome.NO_ANSWER, who_is_coming)
    story = _rings(today, "Sheila Gunter", ("visit", 0), Timing.BETWEEN, days.soon(4), by="Leroy Campbell")
    story.begin(days.at(-1, 11, 10)).offer(days.at(-1, 13, 30), "Priya Nair").ratify(ago(minutes=64), "Priya Nair")
    story = _rings(today, "Len Sparrow", ("errand", 0), Timing.ON, days.at(2, 12))
    story.begin(days.at(-2, 14, 5)).offer(days.at(-2, 15), "Dan Hollis").ratify(days.at(-2, 15, 20), "Dan Hollis")
    story.ring(days.at(-2, 15, 40), CallBackOutcome.REACHED, who_is_coming)
    story.release(ago(minutes=50), "Dan Hollis", "I have to work on that day.")
    story = _rings(today, "Jean Tovey", ("dog-walk", 0), Timing.BETWEEN, days.just_now(), by="Leroy Campbell")
    story.begin(days.at(-2, 9, 15)).offer(days.at(-2, 11), "Kieran Webb").ratify(days.at(-2, 11, 30), "Kieran Webb")
    story.ring(days.at(-2, 11, 45), CallBackOutcome.REACHED, who_is_coming).contact(days.at(-1, 18), "Kieran Webb")


def _reported(today: Today) -> None:
    days, ago = today.days, today.ago
    _done(today, "Harold Vowles", ("shopping", 2), "Dan Hollis").report(
        days.at(-1, 16), "Dan Hollis", Outcome.PARTLY, "No eggs to be had. Harold was cheerful."
    )
    _done(today, "Doreen Pascoe", ("prescription", 0), "Priya Nair").report(
        days.at(-1, 15, 20), "Priya Nair", Outcome.DONE, "She made me a cup of tea."
    )
    _done(today, "Bev Maggs", ("lift", 0), "Tom Aldous").report(days.at(-1, 17), "Tom Aldous", Outcome.DONE)
    _done(today, "Ivy Coombs", ("visit", 0), "Hodan Ali").report(
        ago(minutes=35), "Hodan Ali", Outcome.WORRIED, "The house was very cold and there was no food in the fridge."
    )
    story = _done(today, "Len Sparrow", ("lift", 0), "Gloria Bennett")
    story.report(days.at(-1, 16, 30), "Gloria Bennett", Outcome.DONE, "No trouble at all.").close(ago(minutes=47))


def _overdue(today: Today) -> None:
    days = today.days
    _rings(today, "Harold Vowles", ("errand", 1), Timing.BY, days.at(-1, 15)).begin(days.at(-3, 10, 30))
    _done(today, "Winston Clarke", ("errand", 2), "Hamza Iqbal")


def _done(today: Today, name: str, wish: tuple[str, int], helper: str) -> Story:
    """Wanted yesterday, agreed the day before: the helper has rung and gone."""
    days = today.days
    story = _rings(today, name, wish, Timing.BETWEEN, days.at(-1, 11), by="Leroy Campbell")
    story.begin(days.at(-3, 9, 50)).offer(days.at(-3, 12), helper).ratify(days.at(-3, 12, 40), helper)
    story.ring(days.at(-3, 13), CallBackOutcome.REACHED, CallBackReason.WHO_IS_COMING)
    return story.contact(days.at(-2, 18, 5), helper)


def _not_begun(today: Today) -> None:
    days, ago = today.days, today.ago
    _rings(today, "Sheila Gunter", ("lift", 1), Timing.AT, days.at(6, 10)).begin(ago(minutes=130), publish=False)
    _rings(today, "Arthur Pople", ("visit", 2), Timing.FLEXIBLE, days.now).begin(days.at(-1, 16, 10), publish=False)
    _rings(today, "Abdi Warsame", ("prescription", 2), Timing.BY, days.at(4, 16)).begin(ago(minutes=8), publish=False)
    form, referrer = Source.PUBLIC_FORM, Source.REFERRER
    _rings(today, "Bev Maggs", ("errand", 0), Timing.ON, days.at(3, 12), source=form).begin(ago(minutes=155))
    _rings(today, "Ivy Coombs", ("prescription", 1), Timing.BY, days.at(2, 15), source=form).begin(days.at(-1, 19, 30))
    _rings(today, "Arthur Pople", ("shopping", 1), Timing.BETWEEN, days.at(1, 10), source=referrer).begin(
        ago(minutes=20)
    )
    story = _rings(today, "Arthur Pople", ("lift", 3), Timing.AT, days.at(1, 12), by="Leroy Campbell")
    story.begin(days.at(-1, 9, 5)).offer(days.at(-1, 10), "Gurdeep Gill").ratify(days.at(-1, 10, 30), "Gurdeep Gill")
    story.ring(days.at(-1, 10, 45), CallBackOutcome.REACHED, CallBackReason.WHO_IS_COMING)
    story.cancel(ago(minutes=27), "The lunch club is closed this week.")


def _read(today: Today) -> None:
    """Library runs, the kind of job that this site adds.

    One is done, one waits for a speaker; one was agreed before the helper said that she is away on that day.
    """
    days, ago = today.days, today.ago
    story = _done(today, "Sheila Gunter", ("library-run", 1), "Priya Nair")
    story.report(days.at(-1, 15, 50), "Priya Nair", Outcome.DONE, "We read the first chapter.").close(ago(minutes=44))
    story = _rings(today, "Doreen Pascoe", ("library-run", 0), Timing.ON, days.at(4, 12), by="Leroy Campbell")
    story.begin(days.at(-2, 11, 20)).offer(days.at(-2, 12, 30), "Priya Nair").ratify(days.at(-2, 13), "Priya Nair")
    story.ring(days.at(-2, 13, 10), CallBackOutcome.REACHED, CallBackReason.WHO_IS_COMING)
    today.go_away(ago(minutes=58), "Priya Nair", 3, 8)
    _rings(today, "Abdi Warsame", ("library-run", 2), Timing.FLEXIBLE, days.now).begin(ago(minutes=140))
