"""A buddy is asked before everybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, Exists, FloatField, OuterRef, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.matching.preference import Preference
from community_help.people.profiles import Buddy

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from community_help.matching.need import Need
    from community_help.people.profiles import Helper


class IsBuddy(Preference):
    """The helper is the requester's buddy: their known and trusted one. A requester may have several."""

    slug = "buddy"
    label = gettext_lazy("is their buddy")
    weight = 10

    def score(self, need: Need) -> Combinable:
        if need.requester_id is None:
            return Value(0.0, output_field=FloatField())
        pairs = Buddy.objects.filter(helper=OuterRef("pk"), requester=need.requester_id)
        return Case(When(Exists(pairs), then=Value(1.0)), default=Value(0.0), output_field=FloatField())

    def because(self, need: Need, helper: Helper, score: float) -> str:
        return _("is their buddy") if score else ""
