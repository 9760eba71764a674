"""Who was not asked for a while comes before whom we asked yesterday: nobody waits for ever, nobody is worn out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Case, FloatField, Max, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.jobs.offer import Ask
from community_help.matching.preference import Preference

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from community_help.matching.need import Need
    from community_help.people.profiles import Helper

#: Asked within so many days → score, the shortest first; who was not asked for longer has 1.
STEPS = ((1, 0.0), (3, 0.2), (7, 0.4), (14, 0.6), (30, 0.8))


class LeastRecentlyAsked(Preference):
    """How long ago the helper was asked about another job: a day, three days, one, two, four weeks, or longer."""

    slug = "least_recently_asked"
    label = gettext_lazy("was not asked for a while")
    weight = 3

    def score(self, need: Need) -> Combinable:
        asks = Ask.objects.filter(helper=OuterRef("pk"))
        if need.job is not None and not need.job._state.adding:
            asks = asks.exclude(job=need.job.pk)
        # One look at the last time: a question for each step would be five times as long to build and to answer.
        last = asks.order_by().values("helper").annotate(last=Max("asked_at"))
        steps = [When(last__gt=self.moment.now - timedelta(days=days), then=Value(score)) for days, score in STEPS]
        scored = last.annotate(score=Case(*steps, default=Value(1.0), output_field=FloatField()))
        return Coalesce(Subquery(scored.values("score")), 1.0)

    def because(self, need: Need, helper: Helper, score: float) -> str:
        return _("was not asked for a month") if score >= 1 else ""
