"""The whole table: who may do what. Asked through :mod:`community_help.access.policy` only.

Roles are granted to people, never to accounts: superusers and staff get nothing for free.
"""

from __future__ import annotations

from typing import Any

from rules.permissions import add_perm
from rules.predicates import always_allow, always_deny

from community_help.access.predicates import (
    administers,
    asked_for_it,
    coordinates,
    coordinates_there,
    did_it,
    fits,
    has_nobody_yet,
    has_offered,
    helps,
    is_a_kind_of_job,
    is_about_a_person,
    is_approved,
    is_kept_apart,
    is_oneself,
    is_open,
    is_submitted,
    is_the_helper,
    leads_data_protection,
    leads_safeguarding,
    took_the_call,
    was_asked,
)

PREFIX = "community_help."

#: What may be asked without an object: the surfaces, and what begins something new.
WITHOUT_OBJECT: dict[str, Any] = {
    "see_health": always_allow,  # nothing about anybody
    "home": coordinates | helps | administers,
    "use_desk": coordinates,
    "use_portal": helps,
    "list_jobs": coordinates,
    "take_call": coordinates,
    "search_people": coordinates,
    "register_requester": coordinates,
    "register_helper": coordinates,
    "grant_role": administers,
    "change_community": administers,
    "list_task_types": administers,
    "make_task_type": administers,
    "view_access_log": leads_data_protection | leads_safeguarding,
}

_by_the_helper = helps & is_the_helper
_may_be_asked = (is_open | was_asked) & fits
_keeps_safe = (leads_safeguarding & is_about_a_person) | coordinates_there

#: What is always about something: no object is no.
ABOUT_AN_OBJECT: dict[str, Any] = {
    # jobs
    "view_job": coordinates_there,
    "create_job": coordinates_there | (asked_for_it & is_submitted),
    "discard_job": coordinates_there,
    "publish_job": coordinates_there,
    "change_job": coordinates_there | (asked_for_it & is_submitted),
    "hand_over_job": coordinates_there,
    "close_job": coordinates_there,
    "reopen_job": coordinates_there,
    "cancel_job": coordinates_there | (asked_for_it & has_nobody_yet),
    "expire_job": always_deny,  # the clock's alone
    "undo": did_it & (coordinates_there | asked_for_it),
    # offers: of an offer in the making the service asks whether it fits, and says which need does not
    "view_open_job": ((helps & has_offered) | _may_be_asked) & ~is_kept_apart,
    "make_offer": (is_approved & is_the_helper) | (is_approved & is_open & fits) | coordinates_there,
    "answer_ask": _by_the_helper | _may_be_asked | coordinates_there,
    "ask_anyway": coordinates_there & ~is_the_helper,
    "view_offer": _by_the_helper,
    "confirm_offer": _by_the_helper | coordinates_there,
    "withdraw_offer": _by_the_helper | coordinates_there,
    "note_contact": _by_the_helper | coordinates_there,
    "release_offer": _by_the_helper | coordinates_there,
    "make_report": _by_the_helper | coordinates_there,
    "decline_offer": coordinates_there,
    "ratify_offer": coordinates_there & ~is_the_helper,
    "stand_down_offer": coordinates_there,
    "record_no_show": coordinates_there,
    "reopen_window": coordinates_there & ~is_the_helper,
    "answer_decision": coordinates_there & ~is_the_helper,
    # calls
    "view_call": coordinates & took_the_call,
    "save_call": coordinates & took_the_call,
    "choose_requester": coordinates & took_the_call,
    "finish_call": coordinates & took_the_call,
    "record_call_back": coordinates_there,
    # messages
    "retry_notification": coordinates_there,
    # people
    "reveal_person": coordinates_there,
    "add_requester": coordinates_there,
    "change_contact": coordinates_there | is_oneself,
    "approve_helper": coordinates_there & ~is_the_helper,
    "suspend_helper": _keeps_safe & ~is_the_helper,
    "pause_helper": coordinates_there | _by_the_helper,
    "retire_helper": coordinates_there | _by_the_helper,
    "change_helper": coordinates_there | _by_the_helper,
    "change_availability": coordinates_there | _by_the_helper,
    "change_being_asked": coordinates_there | _by_the_helper,
    "make_buddies": coordinates_there & ~is_the_helper,
    "end_buddies": coordinates_there,
    "pin_person": coordinates_there,
    "pin_area": coordinates_there,
    # what the community decides
    "change_task_type": administers & is_a_kind_of_job,
    # safeguarding
    "record_check": _keeps_safe & ~is_the_helper,
    "revoke_check": _keeps_safe & ~is_the_helper,
    "never_pair": _keeps_safe,
}

for _name, _rule in {**WITHOUT_OBJECT, **ABOUT_AN_OBJECT}.items():
    add_perm(PREFIX + _name, _rule)  # type: ignore[no-untyped-call]  # rules ships no types
