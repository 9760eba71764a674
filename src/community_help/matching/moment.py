"""The moment at which matching is asked, on the community's clocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from django.utils import timezone

from community_help.people.community import Community

if TYPE_CHECKING:
    from datetime import date, datetime
    from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Moment:
    """One for each question, so that all criteria speak of the same «now».

    :param now: an instant; :param zone: the community's
    """

    now: datetime
    zone: ZoneInfo

    @classmethod
    def of(cls, community: Community | None = None) -> Self:
        """This moment."""
        return cls(timezone.now(), (community or Community.current()).zone)

    @property
    def today(self) -> date:
        """The day, in the community's zone."""
        return self.now.astimezone(self.zone).date()

    @property
    def minute(self) -> int:
        """Minutes since midnight, on the wall clock."""
        local = self.now.astimezone(self.zone)
        return local.hour * 60 + local.minute
