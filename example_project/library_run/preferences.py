"""Who has been to the library for somebody knows the shelves, the desk and the card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, Exists, FloatField, OuterRef, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.jobs.offer import Offer
from community_help.matching import Preference
from example_project.library_run.models import LibraryRunJob

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from community_help.matching import Need
    from community_help.people.profiles import Helper

NOBODY = Value(0.0, output_field=FloatField())


class KnowsTheLibrary(Preference):
    """The helper has done and reported a library run. Of other kinds of job it says nothing."""

    slug = "knows_the_library"
    label = gettext_lazy("has done a library run")
    weight = 2

    def score(self, need: Need) -> Combinable:
        if need.task_type is None or need.task_type.job_model != LibraryRunJob._meta.label_lower:
            return NOBODY
        runs = LibraryRunJob.objects.non_polymorphic().values("pk")
        done = Offer.objects.filter(helper=OuterRef("pk"), job__in=runs, reported_at__isnull=False)
        return Case(When(Exists(done), then=Value(1.0)), default=NOBODY)

    def because(self, need: Need, helper: Helper, score: float) -> str:
        return _("has done a library run") if score else ""
