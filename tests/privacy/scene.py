"""A ratified helper whose window is open, their requester, a co-ordinator, and what the log says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from community_help.lifecycle.table import OfferState
from community_help.privacy.access_log import AccessLog
from community_help.testing.factories import make_area, make_coordinator, make_offer_row, make_open_job, make_requester

CONTACT = {
    "phone": "0117 496 0123",
    "other_phone": "",
    "email": "doreen@example.org",
    "address": "1 Leinster Avenue",
    "postcode": "BS4 1NL",
    "access_notes": "key under the gnome",
}
NAMES = list(CONTACT)
MINUTE_AGO = timedelta(minutes=1)


class Scene:
    """Who is on stage."""

    def __init__(self, **job: Any) -> None:
        self.area = make_area()
        self.requester = make_requester(area=self.area, warnings="hard of hearing", contact=CONTACT)
        self.job = make_open_job(requester=self.requester, private_details="ring twice", **job)
        self.offer = make_offer_row(self.job, state=OfferState.RATIFIED, ratified_at=timezone.now() - MINUTE_AGO)
        self.helper = self.offer.helper.person
        self.person = self.requester.person
        self.coordinator = make_coordinator()


def logged() -> list[dict[str, Any]]:
    """The access log, oldest row first."""
    rows = AccessLog.objects.order_by("pk")
    return [
        {
            "door": row.door,
            "actor": row.actor,
            "subject": row.subject,
            "fields": row.fields,
            "job": row.job_id,
            "offer": row.offer_id,
            "why": row.why,
        }
        for row in rows
    ]
