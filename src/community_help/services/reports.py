"""What the helper says afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q

from community_help.exceptions import IllegalTransition
from community_help.jobs.offer import Offer, Report
from community_help.lifecycle.machine import NOW, OfferChange, Story, allowed, allowed_offer, fresh, move, retried
from community_help.lifecycle.table import Action, JobState, OfferState
from community_help.services._moving import ask_policy, drop_calls, on_behalf_of, refuse_control_characters, tell
from community_help.services.jobs import filled_state

if TYPE_CHECKING:
    from community_help.people.person import Person


@retried
def make_report(offer: Offer, *, actor: Person, outcome: str, note: str = "", minutes: int | None = None) -> Report:
    """Say how it went, once. When every helper on the job has, it is reported, and free places lapse.

    :param outcome: a value of :class:`~community_help.jobs.offer.Outcome`
    :param minutes: how long it took; ``None`` when not said

    Raises ``ValidationError`` by field, and ``IllegalTransition`` for a second report.
    """
    job = fresh(offer.job)
    offer = Offer.objects.select_related("helper__person").get(pk=offer.pk)
    offer.job = job
    ask_policy(actor, Action.MAKE_REPORT, offer)
    allowed(job, Action.MAKE_REPORT)
    allowed_offer(offer, Action.MAKE_REPORT)
    if offer.reported_at is not None:
        raise IllegalTransition(Action.MAKE_REPORT, JobState.REPORTED, JobState.REPORTED.label)
    refuse_control_characters({"note": note})
    report = Report(offer=offer, outcome=outcome, note=note, minutes=minutes, made_by=actor)
    report.clean_fields()
    try:
        with transaction.atomic():
            report.save(force_insert=True)
    except IntegrityError as error:
        raise IllegalTransition(Action.MAKE_REPORT, JobState.REPORTED, JobState.REPORTED.label) from error
    changes = [OfferChange(Q(pk=offer.pk), {"reported_at": NOW})]
    state, values = filled_state(job, but=offer)
    if state == JobState.REPORTED:
        values |= {"places": job.places_filled}
        changes.append(OfferChange(Q(state=OfferState.OFFERED), {"state": OfferState.NOT_NEEDED, "ended_at": NOW}))
    else:
        state = job.state
    event = move(
        job,
        Action.MAKE_REPORT,
        to=state,
        values=values,
        offers=changes,
        story=Story(actor=actor, offer=offer, on_behalf_of=on_behalf_of(offer, actor)),
    )
    drop_calls(event, {"offer_id": offer.pk})
    tell(event)
    return report
