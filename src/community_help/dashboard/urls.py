"""The routes of the desk; ``community_help.urls`` mounts them, and each names its rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from community_help.access.routes import guarded
from community_help.dashboard import calls, decisions, desk, jobs, offers, supply, undelivered

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponseBase
    from django.urls import URLPattern


def _about(route: str, view: Callable[..., HttpResponseBase], action: str, *, name: str = "") -> URLPattern:
    """A page about one thing: the guard asks for the desk, the service for the thing itself."""
    return guarded(route, view, action=action, name=name or action, surface="use_desk")


def _done_to(route: str, view: Callable[..., HttpResponseBase], action: str, *, name: str = "") -> URLPattern:
    """What only a form does; who opens its address is led to the page of the call or the job, else to the desk."""
    begins = {"desk/calls/<": "view_call", "desk/jobs/<": "view_job"}
    looked_at = next((page for begin, page in begins.items() if route.startswith(begin)), "desk")
    return guarded(route, view, action=action, name=name or action, surface="use_desk", looked_at=looked_at)


urlpatterns = [
    guarded("desk/", desk.desk, action="use_desk", name="desk"),
    guarded("desk/jobs/", jobs.list_jobs, action="list_jobs", name="list_jobs"),
    guarded("desk/calls/", calls.take_call, action="take_call", name="take_call"),
    _about("desk/calls/<uuid:uuid>/", calls.view_call, "view_call"),
    _done_to("desk/calls/<uuid:uuid>/save/", calls.save_call, "save_call"),
    _done_to("desk/calls/<uuid:uuid>/requester/", calls.choose_requester, "choose_requester"),
    _done_to("desk/calls/<uuid:uuid>/finish/", calls.finish_call, "finish_call"),
    _about("desk/jobs/<uuid:uuid>/", jobs.view_job, "view_job"),
    _about("desk/jobs/<uuid:uuid>/supply/", supply.view_supply, "view_job", name="view_supply"),
    _done_to("desk/jobs/<uuid:uuid>/publish/", jobs.publish_job, "publish_job"),
    _done_to("desk/jobs/<uuid:uuid>/discard/", jobs.discard_job, "discard_job"),
    _about("desk/jobs/<uuid:uuid>/change/", jobs.change_job, "change_job"),
    _done_to("desk/jobs/<uuid:uuid>/hand-over/", jobs.hand_over_job, "hand_over_job"),
    _done_to("desk/jobs/<uuid:uuid>/cancel/", jobs.cancel_job, "cancel_job"),
    _done_to("desk/jobs/<uuid:uuid>/close/", jobs.close_job, "close_job"),
    _done_to("desk/jobs/<uuid:uuid>/reopen/", jobs.reopen_job, "reopen_job"),
    _done_to("desk/jobs/<uuid:uuid>/offer/", offers.offer_for, "make_offer", name="offer_for"),
    _done_to("desk/jobs/<uuid:uuid>/pin/", offers.pin_person, "pin_person"),
    _done_to("desk/jobs/<uuid:uuid>/reveal/<uuid:person>/", offers.reveal_person, "reveal_person"),
    _done_to("desk/jobs/<uuid:uuid>/ask/<uuid:person>/", offers.ask_anyway, "ask_anyway"),
    _done_to("desk/offers/<uuid:uuid>/ratify/", offers.ratify_offer, "ratify_offer"),
    _done_to("desk/offers/<uuid:uuid>/decline/", offers.decline_offer, "decline_offer"),
    _done_to("desk/offers/<uuid:uuid>/stand-down/", offers.stand_down_offer, "stand_down_offer"),
    _done_to("desk/offers/<uuid:uuid>/no-show/", offers.record_no_show, "record_no_show"),
    _done_to("desk/offers/<uuid:uuid>/release/", offers.release_for, "release_offer", name="release_for"),
    _done_to("desk/offers/<uuid:uuid>/withdraw/", offers.withdraw_for, "withdraw_offer", name="withdraw_for"),
    _done_to("desk/offers/<uuid:uuid>/contact/", offers.contact_for, "note_contact", name="contact_for"),
    _done_to("desk/offers/<uuid:uuid>/confirm/", offers.confirm_for, "confirm_offer", name="confirm_for"),
    _done_to("desk/offers/<uuid:uuid>/buddies/", offers.make_buddies, "make_buddies"),
    _done_to("desk/offers/<uuid:uuid>/buddies/end/", offers.end_buddies, "end_buddies"),
    _done_to("desk/offers/<uuid:uuid>/report/", offers.report_for, "make_report", name="report_for"),
    _done_to("desk/decisions/<uuid:uuid>/answer/", decisions.answer_decision, "answer_decision"),
    _done_to("desk/messages/<uuid:key>/retry/", undelivered.retry_notification, "retry_notification"),
    _done_to("desk/call-backs/<int:pk>/", offers.record_call_back, "record_call_back"),
    _done_to("desk/undo/<int:event>/", jobs.undo, "undo"),
]
