"""The addresses of helpers' pages; each names the rule that guards it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from community_help.access.routes import guarded
from community_help.portal import home, jobs, offers

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponseBase
    from django.urls import URLPattern


def _about(route: str, view: Callable[..., HttpResponseBase], action: str) -> URLPattern:
    """A page about one thing, of the same name as its action: the view asks the policy about that thing."""
    return guarded(route, view, action=action, name=action, surface="use_portal")


def _done_to(route: str, view: Callable[..., HttpResponseBase], action: str) -> URLPattern:
    """What only a form does; who opens its address is led to the page of the job or the offer."""
    looked_at = "view_open_job" if route.startswith("jobs/") else "view_offer"
    return guarded(route, view, action=action, name=action, surface="use_portal", looked_at=looked_at)


urlpatterns: list[Any] = [
    guarded("jobs/", home.jobs_for_me, action="use_portal", name="jobs_for_me"),
    guarded("jobs/mine/", home.my_jobs, action="use_portal", name="my_jobs"),
    _about("jobs/<uuid:uuid>/", jobs.view_open_job, "view_open_job"),
    _done_to("jobs/<uuid:uuid>/offer/", jobs.make_offer, "make_offer"),
    _done_to("jobs/<uuid:uuid>/answer/", jobs.answer_ask, "answer_ask"),
    _about("offers/<uuid:uuid>/", offers.view_offer, "view_offer"),
    _done_to("offers/<uuid:uuid>/withdraw/", offers.withdraw_offer, "withdraw_offer"),
    _done_to("offers/<uuid:uuid>/confirm/", offers.confirm_offer, "confirm_offer"),
    _done_to("offers/<uuid:uuid>/contact/", offers.note_contact, "note_contact"),
    _about("offers/<uuid:uuid>/release/", offers.release_offer, "release_offer"),
    _about("offers/<uuid:uuid>/report/", offers.make_report, "make_report"),
]
