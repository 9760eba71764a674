"""What can't be right, sent to the grid of kinds of job, about a place, or about somebody who fits no more."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from community_help.jobs.decision import Decision
from community_help.people.roles import Role
from community_help.services import people as people_services
from community_help.services import task_types as task_type_services
from community_help.testing import factories as make
from workshop.bad_input import Case, Site

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

NUL = "a quarrel\x00 last week"
UNSEEN = "has a character that can't be kept. Type it again."
CHANGED = "This has changed since you opened it."
SCRIPT = "Ask about the shed."
#: A kind of job as its form sends it.
KIND = {
    "name": "Gardening",
    "icon": "flower1",
    "tile": "errand",
    "job_model": "community_help.errandjob",
    "places": "1",
    "urgency": "soon",
    "ratification": "coordinator",
}


def _to_decide(site: Site) -> Decision:
    """Tom is on the job, and does not cover its area any more."""
    people_services.change_helper(site.on_it.helper, actor=site.other, areas=[])
    return Decision.objects.get()


def _in_danger(site: Site) -> Decision:
    """Tom is on the job, and suspended."""
    people_services.suspend_helper(site.on_it.helper, actor=site.other, why="a complaint")
    return Decision.objects.get(criterion="approved")


def _answer(
    title: str, says: str, /, *keeps: str, about: Callable[[Site], Decision] = _to_decide, **typed: Any
) -> Case:
    def send(site: Site, ready: Callable[[], None]) -> HttpResponse:
        row = about(site)
        ready()
        return site.post(site.url("answer_decision", row), {"version": row.version, "page": "desk", **typed})

    return Case(f"answer_decision: {title}", send, says, keeps)


def _office(site: Site) -> None:
    """From now on Ama looks after the kinds of job as well."""
    make.grant_directly(site.actor, Role.ADMINISTRATOR)


def _kind(title: str, says: str, /, *keeps: str, **typed: Any) -> Case:
    def send(site: Site, ready: Callable[[], None]) -> HttpResponse:
        _office(site)
        ready()
        return site.post(reverse("community_help:make_task_type"), {**KIND, "script": SCRIPT, **typed})

    return Case(f"make_task_type: {title}", send, says, (SCRIPT, *keeps))


def _switch(title: str, says: str, /, *keeps: str, slug: str = "radius", **typed: Any) -> Case:
    def send(site: Site, ready: Callable[[], None]) -> HttpResponse:
        _office(site)
        ready()
        url = reverse("community_help:choose_criterion", args=[site.shopping.uuid, slug])
        return site.post(url, {"version": site.shopping.version, "on": "yes", **typed})

    return Case(f"choose_criterion: {title}", send, says, keeps)


def _change_late(site: Site, ready: Callable[[], None]) -> HttpResponse:
    _office(site)
    make.grant_directly(site.other, Role.ADMINISTRATOR)
    task_type_services.change_task_type(site.shopping, actor=site.other, values={"name": "Messages"})
    ready()
    return site.post(site.url("change_task_type", site.shopping), {"version": 1, **KIND, "script": SCRIPT})


def _weights(title: str, says: str, /, **typed: Any) -> Case:
    def send(site: Site, ready: Callable[[], None]) -> HttpResponse:
        _office(site)
        ready()
        return site.post(reverse("community_help:change_weights"), {"version": 0, "weight-buddy": "3", **typed})

    return Case(f"change_weights: {title}", send, says)


def _pin(title: str, says: str, /, *keeps: str, **typed: Any) -> Case:
    def send(site: Site, ready: Callable[[], None]) -> HttpResponse:
        job = site.job
        ready()
        return site.press("pin_person", job, **typed)

    return Case(f"pin_person: {title}", send, says, keeps)


_TOO_MANY = ", ".join(map(str, range(1, 32)))


def _in_days(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


GRID = [
    _answer("no reason to stand down", "“Why?” needs an answer.", answer="stand_down"),
    _answer("no reason to sign", "“Why?” needs an answer.", answer="sign", why=" "),
    _answer("unseen character in the reason", f"“Why?” {UNSEEN}", answer="sign", why=NUL),
    _answer("reason too long", "“Why?” is too long", "w" * 501, answer="stand_down", why="w" * 501),
    _answer("no day", "“Until which day?” needs an answer.", "next door", answer="keep_until", why="next door"),
    _answer("31 February", "“Until which day?” is not a date", "31/2/2027", answer="keep_until", until="31/2/2027"),
    _answer("a day that is over", "Choose a day that is still to come.", answer="keep_until", until=_in_days(-1)),
    _answer("a day in another year", "That is more than a year away.", answer="keep_until", until=_in_days(900)),
    _answer("to wait where nobody is in danger", "Stand them down, keep them until a day", answer="wait"),
    _answer("forged choice", "That is not one of the choices.", answer="\x00"),
    _answer("a choice that looks like a format", "Stand them down, keep them until a day", answer="%(x)s"),
    _answer("to sign for a danger", "Somebody could come to harm", about=_in_danger, answer="sign", why="fine"),
    _answer("without a version", CHANGED, "next door", answer="sign", why="next door", version=""),
    _answer("version of yesterday", CHANGED, "next door", answer="sign", why="next door", version="0"),
    _kind("no name", "“Name” needs an answer.", name=""),
    _kind("name too long", "“Name” is too long", "G" * 61, name="G" * 61),
    _kind("forged job model", "“What is asked about such a job” has an answer", job_model="auth.user"),
    _kind("no helpers wanted", "“Helpers wanted” can't be less than 1.", places="0"),
    _kind(
        "question without its list",
        "Say what there is to choose from",
        "Size?",
        **{"question-0-label": "Size?", "question-0-kind": "choice"},
    ),
    _kind(
        "list for a question in words",
        "Choose “one of a list”, or take the list away.",
        "Aldi, Lidl",
        **{"question-0-label": "Which shop?", "question-0-kind": "text", "question-0-choices": "Aldi, Lidl"},
    ),
    _kind(
        "list without a question",
        "Say what is asked, or take its list away.",
        "Aldi, Lidl",
        **{"question-0-label": "", "question-0-kind": "choice", "question-0-choices": "Aldi, Lidl"},
    ),
    _kind(
        "list of too many",
        "At most 30 to choose from",
        "31",
        **{
            "question-0-label": "How many?",
            "question-0-kind": "choice",
            "question-0-choices": ", ".join(map(str, range(1, 32))),
        },
    ),
    _kind("name of another kind", "Another kind of job has this name.", "shopping", name="shopping"),
    _switch("no number of miles", "is not kept yet. What is wrong stands beside it.", "near", miles="near"),
    _switch("more miles than the earth has", "is not kept yet.", "1e9", miles="1e9"),
    _switch("without a version", CHANGED, version="", miles="2"),
    Case(
        "change_task_type: somebody was faster",
        _change_late,
        "This has changed since you opened it: Leroy changed “Messages”",
        (SCRIPT, "Gardening"),
    ),
    _weights("heavier than all", "has an answer that is not on the list any more.", **{"weight-buddy": "99"}),
    _pin("nowhere on the earth", "Paste two numbers, as a map shows them", "95, 2", place="95, 2"),
    _pin("words", "Paste two numbers, as a map shows them", "by the church", place="by the church"),
]
