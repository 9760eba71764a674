"""Every move about one helper's answer to a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from community_help import matching
from community_help.exceptions import AlreadyOffered, IllegalTransition, NotEligible, StaleTransition
from community_help.jobs.call_back import CallBackReason
from community_help.jobs.offer import Ask, AskAnswer, Offer
from community_help.jobs.safe_words import new_safe_word
from community_help.jobs.task_type import Ratification
from community_help.lifecycle.machine import (
    NOW,
    OfferChange,
    Story,
    allowed,
    allowed_offer,
    fresh,
    move,
    record,
    retried,
)
from community_help.lifecycle.table import Action, JobState, OfferState
from community_help.services._moving import (
    ask_policy,
    drop_calls,
    on_behalf_of,
    owe_call,
    refuse_control_characters,
    tell,
)
from community_help.services.ripple import lock

if TYPE_CHECKING:
    from community_help.jobs.job import Job
    from community_help.lifecycle.event import Event
    from community_help.people.person import Person
    from community_help.people.profiles import Helper


@retried
def make_offer(job: Job, *, helper: Helper, actor: Person, note: str = "", opening: int | None = None) -> Offer:
    """A helper who matches now says «I can do it».

    Where the kind of job needs nobody's yes, the offer is ratified by that rule at once.

    :param note: for the co-ordinator, at most 500 characters
    :param opening: the one that the helper has read; another by now is a :class:`StaleTransition`

    Raises :class:`NotEligible` with the reasons, :class:`AlreadyOffered`, ``IllegalTransition``.
    """
    job = fresh(job)
    _refuse_another_opening(job, opening)
    offer = Offer(
        job_id=job.pk, helper=helper, requester_id=job.requester_id, opening=job.opening, note=note, made_by=actor
    )
    ask_policy(actor, Action.MAKE_OFFER, offer)
    refuse_control_characters({"note": note})
    allowed(job, Action.MAKE_OFFER)
    if Offer.objects.live().filter(job_id=job.pk, helper=helper).exists():
        raise AlreadyOffered
    lock([helper.pk])
    _refuse_ineligible(job, helper, themselves=actor.pk == helper.pk)
    offer.clean_fields()
    try:
        with transaction.atomic():
            offer.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyOffered from error
    story = Story(actor=actor, offer=offer, on_behalf_of=on_behalf_of(offer, actor))
    event = move(job, Action.MAKE_OFFER, condition=Q(places_filled__lt=F("places")), story=story)
    _note_answer(job, helper, AskAnswer.OFFERED)
    if job.task_type.ratification == Ratification.AUTOMATIC:
        ratify_offer(offer, actor=None, rule="task_type")
        offer.refresh_from_db()
    else:
        tell(event)
    return offer


@retried
def withdraw_offer(offer: Offer, *, actor: Person) -> Event:
    """The helper takes back an offer that nobody has answered."""
    job, offer = _fresh_pair(offer, Action.WITHDRAW_OFFER, actor)
    event = move(
        job,
        Action.WITHDRAW_OFFER,
        offers=[_ends(offer, OfferState.WITHDRAWN)],
        story=Story(actor=actor, offer=offer, on_behalf_of=on_behalf_of(offer, actor)),
    )
    tell(event)
    return event


@retried
def decline_offer(offer: Offer, *, actor: Person, why: str = "", version: int | None = None) -> Event:
    """Say no, kindly: the helper is thanked. ``why`` is for co-ordinators only."""
    job, offer = _fresh_pair(offer, Action.DECLINE_OFFER, actor, version=version)
    refuse_control_characters({"why": why})
    story = Story(actor=actor, offer=offer, why=why)
    event = move(job, Action.DECLINE_OFFER, offers=[_ends(offer, OfferState.DECLINED)], story=story)
    tell(event)
    return event


@retried
def ratify_offer(offer: Offer, *, actor: Person | None, version: int | None = None, rule: str = "") -> Event:
    """Say yes. With the last place the job is assigned and the others who wait are not needed.

    The details are disclosed to this helper when it can no longer be undone; the requester is owed a
    call with the name and the safe word.

    :param rule: what ratified it where no co-ordinator did; recorded on the offer

    Raises :class:`NotEligible` when the helper does not match any more.
    """
    job, offer = _fresh_pair(offer, Action.RATIFY_OFFER, actor, version=version, rule=rule)
    lock([offer.helper_id])
    _refuse_ineligible(job, offer.helper)
    if offer.unconfirmed_since is not None:
        name = offer.helper.person.known_as
        raise NotEligible([_("%(name)s has not said yes to the change yet") % {"name": name}])
    filled = job.places_filled + 1
    last = filled == job.places
    yes = {
        "state": OfferState.RATIFIED,
        "ratified_at": NOW,
        "ratified_by_id": actor.pk if actor else None,
        "ratified_rule": rule,
        "safe_word": new_safe_word(),
    }
    if offer.shut_at is not None:  # what had failed while it waited holds again: it was asked just now
        yes["shut_at"] = None
    changes = [OfferChange(Q(pk=offer.pk), yes)]
    values: dict[str, object] = {"places_filled": filled}
    to: str = JobState.OPEN
    if last:
        others = Q(state=OfferState.OFFERED) & ~Q(pk=offer.pk)
        changes.append(OfferChange(others, {"state": OfferState.NOT_NEEDED, "ended_at": NOW}))
        to = JobState.ASSIGNED
    event = move(
        job,
        Action.RATIFY_OFFER,
        to=to,
        values=values,
        condition=Q(places_filled__lt=F("places")),
        offers=changes,
        story=Story(actor=actor, rule=rule, offer=offer),
    )
    owe_call(event, job, CallBackReason.WHO_IS_COMING, offer=offer)
    tell(event)
    return event


@retried
def note_contact(offer: Offer, *, actor: Person) -> Event:
    """The helper has spoken with the requester."""
    job, offer = _fresh_pair(offer, Action.NOTE_CONTACT, actor)
    _refuse_reported(offer, Action.NOTE_CONTACT)
    event = move(
        job,
        Action.NOTE_CONTACT,
        offers=[OfferChange(Q(pk=offer.pk), {"contacted_at": offer.contacted_at or NOW})],
        story=Story(actor=actor, offer=offer, on_behalf_of=on_behalf_of(offer, actor)),
    )
    tell(event)
    return event


@retried
def release_offer(offer: Offer, *, actor: Person, why: str) -> Event:
    """The helper can't come after all: the place is free again, and others are asked at once."""
    return _vacate(offer, Action.RELEASE_OFFER, OfferState.RELEASED, actor=actor, why=why)


@retried
def stand_down_offer(offer: Offer, *, actor: Person, why: str, version: int | None = None) -> Event:
    """A co-ordinator takes the helper off the job: disclosure is shut at once."""
    return _vacate(offer, Action.STAND_DOWN_OFFER, OfferState.STOOD_DOWN, actor=actor, why=why, version=version)


@retried
def record_no_show(offer: Offer, *, actor: Person, why: str, version: int | None = None) -> Event:
    """The helper did not come: the place is free again, and others are asked at once."""
    return _vacate(offer, Action.RECORD_NO_SHOW, OfferState.NO_SHOW, actor=actor, why=why, version=version)


@transaction.atomic
def confirm_offer(offer: Offer, *, actor: Person, opening: int | None = None) -> Event:
    """«Still yes», after the job had changed. Saying it twice is saying it once.

    :param opening: the one that was read; a change since then must be read too (:class:`StaleTransition`)
    """
    offer = Offer.objects.select_related("helper__person", "job").get(pk=offer.pk)
    ask_policy(actor, "confirm_offer", offer)
    _refuse_another_opening(offer.job, opening)
    if not Offer.objects.live().filter(pk=offer.pk).update(unconfirmed_since=None):
        raise IllegalTransition("confirm_offer", offer.state, offer.get_state_display())
    story = Story(actor=actor, offer=offer, on_behalf_of=on_behalf_of(offer, actor))
    return record("confirm_offer", story, job=offer.job)


@transaction.atomic
def answer_ask(job: Job, *, helper: Helper, actor: Person, answer: str) -> Event:
    """«Not this one» or «not now», asked or not: the helper hears no more of this opening.

    :param answer: a value of :class:`~community_help.jobs.offer.AskAnswer` but ``offered`` or ``none``
    """
    job = fresh(job)
    if answer not in {AskAnswer.NOT_THIS_ONE, AskAnswer.NOT_NOW}:
        raise ValidationError({"answer": _("Choose «Not this one» or «Not now».")})
    ask = Ask(job_id=job.pk, helper=helper, opening=job.opening)
    ask_policy(actor, "answer_ask", ask)
    _note_answer(job, helper, AskAnswer(answer), step="looked")
    behalf = helper.person if actor.pk != helper.pk else None
    return record("answer_ask", Story(actor=actor, person=helper.person, on_behalf_of=behalf), job=job)


def _vacate(
    offer: Offer, action: Action, state: OfferState, *, actor: Person, why: str, version: int | None = None
) -> Event:
    job, offer = _fresh_pair(offer, action, actor, version=version)
    _refuse_reported(offer, action)
    if not why.strip():
        raise ValidationError({"why": _("Say why, in a few words.")})
    refuse_control_characters({"why": why})
    event = move(
        job,
        action,
        to=JobState.OPEN,
        values={"places_filled": job.places_filled - 1, "opening": job.opening + 1},
        offers=[_ends(offer, state)],
        story=Story(actor=actor, offer=offer, why=why, on_behalf_of=_behalf(action, offer, actor)),
    )
    drop_calls(event, {"offer_id": offer.pk})
    owe_call(event, job, CallBackReason.NOT_COMING, offer=offer)
    tell(event)
    return event


def _refuse_another_opening(job: Job, opening: int | None) -> None:
    if opening is not None and job.opening != opening:
        raise StaleTransition(_("the job was changed"))


def _behalf(action: Action, offer: Offer, actor: Person) -> Person | None:
    return on_behalf_of(offer, actor) if action == Action.RELEASE_OFFER else None


def _fresh_pair(
    offer: Offer, action: Action, actor: Person | None, *, version: int | None = None, rule: str = ""
) -> tuple[Job, Offer]:
    """The job and the offer as they are now, allowed by policy and table."""
    job = fresh(offer.job, version)
    offer = Offer.objects.select_related("helper__person").get(pk=offer.pk)
    offer.job = job
    ask_policy(actor, action, offer, rule=rule)
    allowed(job, action)
    allowed_offer(offer, action)
    return job, offer


def _ends(offer: Offer, state: OfferState) -> OfferChange:
    return OfferChange(Q(pk=offer.pk), {"state": state, "ended_at": NOW})


def _refuse_reported(offer: Offer, action: Action) -> None:
    if offer.reported_at is not None:
        raise IllegalTransition(action, JobState.REPORTED, JobState.REPORTED.label)


def _refuse_ineligible(job: Job, helper: Helper, *, themselves: bool = False) -> None:
    """:param themselves: the helper says so, and may take their own «not this one» back by it"""
    if not matching.matches(job, helper, without=matching.NOT_THIS_ONE if themselves else ""):
        failed = matching.explain(job, helper).failed
        raise NotEligible([str(verdict.because or verdict.label) for verdict in failed])


def _note_answer(job: Job, helper: Helper, answer: AskAnswer, *, step: str = "looked") -> None:
    Ask.objects.update_or_create(
        job_id=job.pk,
        opening=job.opening,
        helper=helper,
        defaults={"answer": answer, "answered_at": timezone.now()},
        create_defaults={"answer": answer, "answered_at": timezone.now(), "step": step},
    )
