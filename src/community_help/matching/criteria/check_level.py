"""Where a job needs a background check, only helpers are asked who hold it on its days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.matching.criterion import Criterion
from community_help.matching.sql import Condition
from community_help.safeguarding.background_checks import Check, CheckDecision

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.db.models.expressions import Combinable

    from community_help.matching.need import Need
    from community_help.people.profiles import Helper

# As Check.objects.valid_on(first, last).proving(check_level): in SQL, because it is asked of each job of a list.
_HOLDS = """({check_level} IS NULL OR EXISTS (
    SELECT 1 FROM community_help_check held
    WHERE held.helper_id = {helper} AND held.decision = {accepted} AND held.revoked_at IS NULL
    AND held.issued_on <= {first} AND (held.recheck_on IS NULL OR held.recheck_on >= {last})
    AND (held.level_id = {check_level} OR EXISTS (
        SELECT 1 FROM community_help_checklevel_includes proven
        WHERE proven.from_checklevel_id = held.level_id AND proven.to_checklevel_id = {check_level}
    ))
))"""
_PARTS = {
    "accepted": f"'{CheckDecision.ACCEPTED}'",
    "first": "{greatest}(COALESCE({first_day}, {today}), {today})",
    "last": "{greatest}(COALESCE({last_day}, {first}), {first})",
}


class HoldsCheck(Criterion):
    """The helper holds the check, or one that includes it, on every day of the job that is still to come.

    Accepted, not revoked, issued by the first of these days, and not due again before the last one is over. Help
    can come today at the earliest: of a job that has begun its first day is today, and of one that has no time of
    its own, or is late and still open, today is all there is. One check must hold on all of these days: two that
    follow each other do not add up, even where they leave no day between them.
    """

    slug = "check_level"
    label = gettext_lazy("holds the check needed")
    safeguarding = True

    def helpers_for(self, need: Need) -> Q:
        if need.check_level is None:
            return Q()
        held = Check.objects.valid_on(*self._days(need)).proving(need.check_level.pk)
        return Q(pk__in=held.values("helper_id"))

    def jobs_for(self, helper: Helper) -> Q:
        columns = {name: name for name in ("check_level", "first_day", "last_day")}
        values = {"helper": helper.pk, "today": self.today}
        return Q(Condition(_HOLDS, parts=_PARTS, columns=columns, values=values))

    def asks(self, need: Need) -> str:
        if need.check_level is None:
            return _("needs no check")
        return _("needs %(level)s") % {"level": need.check_level.name}

    def facts(self, need: Need) -> Mapping[str, Combinable]:
        if need.check_level is None:
            return {}
        first, last = self._days(need)
        accepted = Check.objects.proving(need.check_level.pk).filter(
            helper_id=OuterRef("pk"), decision=CheckDecision.ACCEPTED, revoked_at__isnull=True
        )
        ended = accepted.filter(issued_on__lte=first, recheck_on__lt=last).order_by("-recheck_on")
        to_come = accepted.filter(issued_on__gt=first).order_by("issued_on")
        return {
            "check_level_until": Subquery(ended.values("recheck_on")[:1]),
            "check_level_from": Subquery(to_come.values("issued_on")[:1]),
        }

    def because(self, need: Need, helper: Helper, holds: bool) -> str:
        if need.check_level is None:
            return self.asks(need)
        read = vars(helper)
        until: date | None = read["check_level_until"]
        since: date | None = read["check_level_from"]
        words: dict[str, Any] = {"level": need.check_level.name}
        if holds:
            return _("holds %(level)s") % words
        if since is not None:
            return _("%(level)s begins only on %(day)s") % {**words, "day": self._said(since)}
        if until is None:
            return _("has no %(level)s") % words
        words["day"] = self._said(until)
        if until < self.today:
            return _("%(level)s ended on %(day)s") % words
        return _("%(level)s ends on %(day)s, before this job does") % words

    def _days(self, need: Need) -> tuple[date, date]:
        """The first and the last day on which the check must hold."""
        first = max(need.first_day or self.today, self.today)
        return first, max(need.last_day or first, first)

    def _said(self, day: date) -> str:
        return date_format(day, "j F" if day.year == self.today.year else "j F Y")
