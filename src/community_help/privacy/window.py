"""From when to when a ratified helper may read the requester's details."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from community_help.jobs.job import Timing
from community_help.jobs.slots import end_of
from community_help.lifecycle.table import OfferState
from community_help.people.profiles import HelperState, NeverPair
from community_help.safeguarding.background_checks import Check

if TYPE_CHECKING:
    from community_help.jobs.job import Job
    from community_help.jobs.offer import Offer
    from community_help.people.community import Community

_DISCLOSING = (OfferState.RATIFIED, OfferState.COMPLETED)
#: A pause says «ask me nothing new»: what was promised before is still to be done.
_IN_GOOD_STANDING = (HelperState.APPROVED, HelperState.PAUSED)
_TIMED = (Timing.AT, Timing.BETWEEN, Timing.ON)


@dataclass(frozen=True)
class Window:
    """When details are shown: from ``opens`` until just before ``closes``. Both ``None``: not at all.

    ``is_open`` is the answer for the moment that was asked about. It may be false between the two,
    where safeguarding has shut the window; nobody is told why.
    """

    opens: datetime | None
    closes: datetime | None
    is_open: bool


SHUT = Window(None, None, is_open=False)


def window_of(offer: Offer, *, community: Community, now: datetime) -> Window:
    """The window of one offer as it stands in the objects given: read them fresh before you decide by it.

    It opens when the ratification can no longer be undone, or some days ahead of the job's start,
    whichever is later. It closes some hours after the helper's report, or after the job's end if nobody
    reports; a job without an end closes some days after ratification. A report that comes after the
    window has shut does not open it again. A co-ordinator may have opened it again until a moment.
    """
    if offer.state not in _DISCLOSING or offer.ratified_at is None:
        return SHUT
    times = _Times(offer.job, community)
    opens = offer.ratified_at + timedelta(seconds=community.undo_seconds)
    start = offer.job.earliest if offer.job.timing in _TIMED else None
    if start is not None:
        opens = max(opens, start - times.before)
    closes = _unreported_close(offer.job, offer.ratified_at, times)
    if offer.reported_at is not None and offer.reported_at < closes:
        closes = offer.reported_at + times.after_report
    if offer.reopened_until is not None:
        closes = max(closes, offer.reopened_until)
    if offer.shut_at is not None:
        closes = min(closes, offer.shut_at)
    return Window(opens, closes, is_open=opens <= now < closes and _is_safe(offer, community=community, now=now))


class _Times:
    """The community's times of disclosure, or the task type's own where it has them."""

    def __init__(self, job: Job, community: Community) -> None:
        def chosen(name: str) -> int:
            own: int | None = getattr(job.task_type, name)
            everywhere: int = getattr(community, name)
            return everywhere if own is None else own

        self.before = timedelta(days=chosen("disclosure_days_before"))
        self.after_report = timedelta(hours=chosen("disclosure_hours_after_report"))
        self.after_end = timedelta(hours=chosen("disclosure_hours_after_end"))
        self.untimed = timedelta(days=chosen("disclosure_days_untimed"))


def _unreported_close(job: Job, ratified_at: datetime, times: _Times) -> datetime:
    end = end_of(job.timing, job.earliest, job.latest, job.minutes)
    if end is None:
        return ratified_at + times.untimed
    return end + times.after_end


def _is_safe(offer: Offer, *, community: Community, now: datetime) -> bool:
    """Whether no safeguarding criterion fails today: standing, never-pair and the check that the job needs."""
    if offer.helper.state not in _IN_GOOD_STANDING:
        return False
    if NeverPair.objects.between(offer.helper_id, offer.requester_id).exists():
        return False
    if offer.job.check_level_id is None:
        return True
    today = timezone.localdate(now, community.zone)
    valid = Check.objects.valid_on(today, today).proving(offer.job.check_level_id)
    return valid.filter(helper=offer.helper_id).exists()
