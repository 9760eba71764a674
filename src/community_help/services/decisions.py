"""What a co-ordinator decides about somebody who does not fit any more."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from community_help import matching
from community_help.exceptions import StaleTransition
from community_help.jobs.decision import STANDING, Decision, DecisionAnswer, DecisionState
from community_help.jobs.job import Job
from community_help.jobs.waiver import Waiver
from community_help.lifecycle.machine import Story, record, retried
from community_help.lifecycle.table import OfferState
from community_help.people.community import Community
from community_help.people.profiles import Buddy
from community_help.services._moving import ask_policy, refuse_control_characters
from community_help.services.buddies import end_buddies
from community_help.services.offers import decline_offer, stand_down_offer
from community_help.services.ripple import lock

if TYPE_CHECKING:
    from datetime import date

    from community_help.lifecycle.event import Event
    from community_help.people.person import Person

#: How long somebody may be kept without anybody looking again.
LONGEST = timedelta(days=366)
#: When what waits about a job without a day is looked at again: its helper sees no details meanwhile.
LOOK_AGAIN = timedelta(days=3)

_STATES = {
    DecisionAnswer.STAND_DOWN: DecisionState.STOOD_DOWN,
    DecisionAnswer.WAIT: DecisionState.WAITS,
    DecisionAnswer.KEEP_UNTIL: DecisionState.KEPT,
    DecisionAnswer.SIGN: DecisionState.SIGNED,
}
#: Answers that nobody gives without a reason.
_NEED_A_REASON = frozenset({DecisionAnswer.STAND_DOWN, DecisionAnswer.SIGN})


@retried
def answer_decision(
    decision: Decision,
    *,
    actor: Person,
    answer: str,
    why: str = "",
    until: date | None = None,
    version: int | None = None,
) -> Event:
    """Decide about an offer, or a pair of buddies, that does not fit any more. Never about oneself.

    Where safety is at stake there is «stand down» and «wait» only, whoever asks, and details stay shut until the
    criterion holds again. What waits about an offer comes back to the desk on the day before the job, on the next day
    where that is over, and after ``LOOK_AGAIN`` where the job has no day.

    :param answer: a value of :class:`~community_help.jobs.decision.DecisionAnswer`. «Stand down» declines an offer that
        nobody has accepted, and ends a pair. «Sign» waives the criterion for this opening, where it can be.
    :param why: the reason; needed to stand down and to sign
    :param until: the day on which it comes back, for «keep until»
    :param version: that of the decision, as it was read

    Raises ``ValidationError`` by name, :class:`StaleTransition` where somebody was faster.
    """
    lock([decision.helper_id])
    decision = _fresh(decision, version)
    ask_policy(actor, "answer_decision", decision)
    refuse_control_characters({"why": why})
    if answer not in decision.answers:
        raise ValidationError({"answer": _not_among(decision)})
    if answer in _NEED_A_REASON and not why.strip():
        raise ValidationError({"why": _("Say why, in a few words.")})
    back = _comes_back(decision, answer, until)
    if answer == DecisionAnswer.STAND_DOWN:
        event = _stand_down(decision, actor=actor, why=why)
    else:
        if answer == DecisionAnswer.SIGN:
            _waive(decision, actor=actor, why=why)
        event = _tell(decision, answer, actor=actor, why=why)
    given: dict[str, Any] = {
        "state": _STATES[DecisionAnswer(answer)],
        "until": back,
        "answered_by": actor,
        "answered_at": event.at,
        "why": why.strip(),
        "settled_at": None if _STATES[DecisionAnswer(answer)] in STANDING else event.at,
        "version": F("version") + 1,
    }
    if not Decision.objects.filter(pk=decision.pk, version=decision.version).update(**given):
        raise _somebody_was_faster(Decision.objects.select_related("answered_by").get(pk=decision.pk))
    return event


def _fresh(decision: Decision, version: int | None) -> Decision:
    """The decision as it is now, if it is still one and is the one that was read."""
    found = Decision.objects.about_something().filter(pk=decision.pk)
    now = found.select_related("offer__job", "offer__helper__person", "helper__person", "answered_by").first()
    if now is None:
        raise StaleTransition
    if now.state not in STANDING or (version is not None and now.version != version):
        raise _somebody_was_faster(now)
    return now


def _somebody_was_faster(decision: Decision) -> StaleTransition:
    if decision.state == DecisionState.RESOLVED:
        return StaleTransition(_("it fits again, and nothing is left to decide"), decision.settled_at)
    if decision.answered_by is None:
        return StaleTransition()
    words = _("%(who)s has decided: %(what)s") % {
        "who": decision.answered_by.known_as,
        "what": decision.get_state_display(),
    }
    return StaleTransition(words, decision.answered_at)


def _not_among(decision: Decision) -> str:
    if decision.safeguarding:
        return _("Somebody could come to harm: stand them down, or wait until it is renewed.")
    if DecisionAnswer.SIGN not in decision.answers:
        return _("Decline the offer, or keep it until a day: it can’t be ratified while this does not hold.")
    return _("Stand them down, keep them until a day, or keep them and sign for it.")


def _comes_back(decision: Decision, answer: str, until: date | None) -> datetime | None:
    """When it is on the desk again: the beginning of a local day."""
    zone = Community.current().zone
    today = timezone.localdate(timezone=zone)
    day = None
    if answer == DecisionAnswer.KEEP_UNTIL:
        if until is None:
            raise ValidationError({"until": _("Say until which day.")})
        if until <= today:
            raise ValidationError({"until": _("Choose a day that is still to come.")})
        if until > today + LONGEST:
            raise ValidationError({"until": _("That is more than a year away. Check the year.")})
        day = until
    elif answer == DecisionAnswer.WAIT and decision.offer is not None:
        wanted = decision.offer.job.first_day or decision.offer.job.last_day
        before = wanted - timedelta(days=1) if wanted is not None else today + LOOK_AGAIN
        day = max(before, today + timedelta(days=1))
    return datetime.combine(day, time.min, zone) if day is not None else None


def _stand_down(decision: Decision, *, actor: Person, why: str) -> Event:
    if decision.offer is None:
        pair = Buddy.objects.select_related("helper__person").get(
            helper=decision.helper_id, requester=decision.requester_id
        )
        return end_buddies(pair, actor=actor, why=why)
    verb = decline_offer if decision.offer.state == OfferState.OFFERED else stand_down_offer
    return verb(decision.offer, actor=actor, why=why)


def _waive(decision: Decision, *, actor: Person, why: str) -> None:
    """From now on matching lets the helper pass too, where it may: an offer that waits can be ratified."""
    if decision.offer is None:
        return
    job = Job.objects.get(pk=decision.offer.job_id)
    verdicts = {verdict.slug: verdict for verdict in matching.explain(job, decision.helper).failed}
    verdict = verdicts.get(decision.criterion)
    if verdict is not None and verdict.can_be_waived:
        Waiver.objects.get_or_create(
            job_id=job.pk,
            opening=job.opening,
            helper=decision.helper,
            criterion=decision.criterion,
            defaults={"why": why.strip(), "made_by": actor},
        )


def _tell(decision: Decision, answer: str, *, actor: Person, why: str) -> Event:
    story = Story(actor=actor, person=decision.helper.person, offer=decision.offer, why=why.strip())
    job = decision.offer.job if decision.offer is not None else None
    return record("answer_decision", story, job=job, to_state=_STATES[DecisionAnswer(answer)])
