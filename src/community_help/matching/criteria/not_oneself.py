"""Somebody may both help and be helped, but not by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.matching.criterion import Criterion

if TYPE_CHECKING:
    from community_help.matching.need import Need
    from community_help.people.profiles import Helper


class NotOneself(Criterion):
    """The helper is not the person who asked: both profiles have that person's primary key."""

    slug = "not_oneself"
    label = gettext_lazy("is not the one who asked")
    fixed = True

    def helpers_for(self, need: Need) -> Q:
        return Q() if need.requester_id is None else ~Q(pk=need.requester_id)

    def jobs_for(self, helper: Helper) -> Q:
        return ~Q(requester_id=helper.pk)

    def because(self, need: Need, helper: Helper, holds: bool) -> str:
        return str(self.label) if holds else _("is the one who asked")
