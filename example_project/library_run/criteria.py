"""Somebody who speaks no English is helped by somebody who speaks their language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.matching import Criterion
from community_help.people.profiles import Helper
from example_project.library_run.models import LibraryRunJob

if TYPE_CHECKING:
    from community_help.matching import Need

_Has = Helper.skills.through


class SpeaksLanguage(Criterion):
    """The helper speaks the language that the job asks for. Languages are skills: helpers say which they have."""

    slug = "language"
    label = gettext_lazy("speaks the language asked for")
    own_fields_of = (LibraryRunJob,)

    def helpers_for(self, need: Need) -> Q:
        if not isinstance(need.job, LibraryRunJob) or not need.job.language:
            return Q()
        return Q(pk__in=_Has.objects.filter(skill__slug=need.job.language).values("helper_id"))

    def jobs_for(self, helper: Helper) -> Q:
        spoken = _Has.objects.filter(helper_id=helper.pk).values("skill__slug")
        asking = LibraryRunJob.objects.non_polymorphic().exclude(language="")
        return ~Q(pk__in=asking.exclude(language__in=spoken).values("pk"))

    def asks(self, need: Need) -> str:
        if not isinstance(need.job, LibraryRunJob) or not need.job.language:
            return _("needs no other language")
        return _("speaks %(language)s") % {"language": need.job.get_language_display()}

    def tells(self, need: Need, helper: Helper) -> bool:
        return isinstance(need.job, LibraryRunJob) and bool(need.job.language)

    def because(self, need: Need, helper: Helper, holds: bool) -> str:
        if holds or not isinstance(need.job, LibraryRunJob):
            return self.asks(need)
        return _("does not speak %(language)s") % {"language": need.job.get_language_display()}
