"""Defaults of the ``COMMUNITY_HELP`` settings, to splice: ``[*defaults.CRITERIA, "mysite.Mine"]``."""

from __future__ import annotations

from typing import Any

BASE_TEMPLATE = "community_help/layouts/base.html"

CRITERIA: tuple[str, ...] = (
    "community_help.matching.criteria.approved.Approved",
    "community_help.matching.criteria.never_pair.NeverPaired",
    "community_help.matching.criteria.not_oneself.NotOneself",
    "community_help.matching.criteria.not_this_one.NotRefused",
    "community_help.matching.criteria.check_level.HoldsCheck",
    "community_help.matching.criteria.willing.Willing",
    "community_help.matching.criteria.area.CoversArea",
    "community_help.matching.criteria.radius.NearEnough",
    "community_help.matching.criteria.skills.HasSkills",
    "community_help.matching.criteria.available.Available",
    "community_help.matching.criteria.load.HasRoom",
)

PREFERENCES: tuple[str, ...] = (
    "community_help.matching.preferences.buddy.IsBuddy",
    "community_help.matching.preferences.helped_before.HelpedBefore",
    "community_help.matching.preferences.rested.LeastRecentlyAsked",
    "community_help.matching.preferences.light_load.LightestLoad",
    "community_help.matching.preferences.nearest.Nearest",
)

GEOCODER = "community_help.people.geocoding.PostcodeTable"

NOTIFIERS: dict[str, dict[str, Any]] = {
    "email": {"BACKEND": "community_help.notifications.notifiers.email.EmailNotifier", "OPTIONS": {}},
}
