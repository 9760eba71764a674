"""Where something changes that eligibility rests on, what was agreed because of it is asked about again.

Whatever fails becomes a decision on the desk, and what holds again settles it. Where safety is at stake, disclosure
is shut, and opened, in the same transaction.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils import timezone

from community_help import matching
from community_help.jobs.decision import STANDING, Decision, DecisionState
from community_help.jobs.job import Job
from community_help.jobs.offer import Offer
from community_help.lifecycle.machine import Story, record
from community_help.lifecycle.table import GOING_ON
from community_help.people.community import Community
from community_help.people.profiles import Buddy, Helper

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from django.db.models import QuerySet

    from community_help.jobs.offer import OfferQuerySet
    from community_help.lifecycle.event import Event
    from community_help.matching import Explanation, Verdict

#: What an answer leaves on the row, as it is when it is open again.
_UNANSWERED: dict[str, Any] = {"until": None, "answered_by": None, "answered_at": None, "why": ""}


@dataclass
class Rippled:
    """What came of asking: offers whose disclosure was shut or opened, decisions that were opened or settled."""

    shut: int = 0
    opened: int = 0
    asked: int = 0
    settled: int = 0


@dataclass
class _Subject:
    """What is asked about: an offer and its job, or a pair of buddies."""

    helper: Helper
    requester_id: int
    offer: Offer | None = None
    job: Job | None = None
    standing: dict[str, Decision] = field(default_factory=dict)
    signed: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    @property
    def opening(self) -> int:
        return self.job.opening if self.job is not None else 0


def ask_again(helper: Helper, *, event: Event | None) -> Rippled:
    """Ask about each live offer and each buddy of this helper; call it last in the transaction of what has changed.

    :param event: what has changed; ``None`` where it is the calendar that has
    """
    lock([helper.pk])
    community = Community.current()
    done = _ask_about(Offer.objects.live().filter(helper=helper.pk), event, community)
    now = event.at if event is not None else timezone.now()
    pairs = [
        _Subject(pair.helper, pair.requester_id)
        for pair in Buddy.objects.filter(helper=helper.pk).select_related("helper__person")
    ]
    _load_standing(pairs, Decision.objects.filter(helper=helper.pk, offer=None))
    for pair in pairs:
        need = matching.Need(requester_id=pair.requester_id)
        _settle(pair, matching.explain(need, pair.helper, community=community), event, now, done)
    return done


def ask_about(offers: OfferQuerySet, *, event: Event | None) -> Rippled:
    """Ask about those of the offers that are live, as :func:`ask_again`: where it is the job that has changed."""
    lock(offers.live().order_by().values_list("helper", flat=True))
    return _ask_about(offers.live(), event, Community.current())


def lock(helpers: Iterable[int]) -> None:
    """Let nobody else change what eligibility of these helpers rests on until the transaction ends.

    Who holds it sees what others have written, and they will see what it writes: of two changes that each alone
    would be fine, the second notices. Taken before a job's row where both are, so that no two wait for each other.

    :param helpers: primary keys
    """
    rows = Helper.objects.select_for_update(no_key=True).filter(pk__in=list(helpers)).order_by("pk")
    list(rows.values_list("pk", flat=True))


def _ask_about(offers: QuerySet[Offer], event: Event | None, community: Community) -> Rippled:
    done = Rippled()
    now = event.at if event is not None else timezone.now()
    live = list(offers.select_related("helper__person").defer("note", "safe_word"))
    # Of their own models: a site's criterion may read fields of its own.
    pks = {offer.job_id for offer in live}
    found = Job.objects.filter(pk__in=pks).select_related("task_type", "area", "check_level")
    jobs = list(found.prefetch_related("skills"))
    by_pk = {job.pk: job for job in jobs}
    asked = [(offer, _Subject(offer.helper, offer.requester_id, offer, by_pk[offer.job_id])) for offer in live]
    _load_standing([subject for _offer, subject in asked], Decision.objects.filter(offer__in=live))
    for job in jobs:
        on_it = [(offer, subject) for offer, subject in asked if offer.job_id == job.pk]
        explained = matching.explain_each(job, [offer.helper for offer, _subject in on_it], community=community)
        for offer, subject in on_it:
            explanation = explained[offer.helper_id]
            _shut_or_open(offer, explanation, now, done)
            if job.state in GOING_ON and offer.reported_at is None:
                _settle(subject, explanation, event, now, done)
    return done


def _load_standing(subjects: Iterable[_Subject], decisions: QuerySet[Decision]) -> None:
    by_key = {(subject.offer.pk if subject.offer else None, subject.requester_id): subject for subject in subjects}
    if not by_key:
        return
    for row in decisions.filter(state__in=[*STANDING, DecisionState.SIGNED]):
        subject = by_key.get((row.offer_id, row.requester_id))
        if subject is None:
            continue
        if row.state != DecisionState.SIGNED:
            subject.standing[row.criterion] = row
        elif row.opening == subject.opening:
            subject.signed[row.criterion].append(row.pk)


def _shut_or_open(offer: Offer, explanation: Explanation, now: datetime, done: Rippled) -> None:
    unsafe = any(verdict.shuts for verdict in explanation.verdicts)
    row = Offer.objects.filter(pk=offer.pk)
    if unsafe and offer.shut_at is None:
        done.shut += row.filter(shut_at__isnull=True).update(shut_at=now)
    elif not unsafe and offer.shut_at is not None:
        done.opened += row.update(shut_at=None)


def _settle(subject: _Subject, explanation: Explanation, event: Event | None, now: datetime, done: Rippled) -> None:
    """Open a decision for each verdict that fails now, and settle those that hold again.

    A signature holds for its opening. A pair of buddies has none: there it lapses with what it was given for, and the
    next time somebody is asked again.
    """
    failing = {
        verdict.slug: verdict for verdict in explanation.failed if verdict.ripples and not _is_signed(subject, verdict)
    }
    for slug, verdict in failing.items():
        standing = subject.standing.get(slug)
        if standing is None:
            _open(subject, verdict, event, now)
            done.asked += 1
        elif standing.safeguarding != verdict.shuts or standing.opening != subject.opening:
            done.asked += _ask_anew(standing, subject, verdict, event, now)
        elif standing.because != verdict.because:
            Decision.objects.filter(pk=standing.pk).update(because=verdict.because)
    settled = {"state": DecisionState.RESOLVED, "settled_at": now, "version": F("version") + 1}
    held = [row.pk for slug, row in subject.standing.items() if slug not in failing]
    if held:
        done.settled += Decision.objects.standing().filter(pk__in=held).update(**settled)
    holding = (verdict.slug for verdict in explanation.verdicts if verdict.holds)
    lapsed = [pk for slug in holding for pk in subject.signed.get(slug, ())]
    if lapsed and subject.offer is None:
        Decision.objects.filter(pk__in=lapsed, state=DecisionState.SIGNED).update(**settled)


def _is_signed(subject: _Subject, verdict: Verdict) -> bool:
    """Whether somebody has put their name to it in this opening. Where safety is at stake nobody can."""
    return verdict.slug in subject.signed and not verdict.shuts


def _open(subject: _Subject, verdict: Verdict, event: Event | None, now: datetime) -> None:
    _tell(subject, event, now)
    Decision.objects.create(
        offer=subject.offer,
        helper=subject.helper,
        requester_id=subject.requester_id,
        opening=subject.opening,
        criterion=verdict.slug,
        safeguarding=verdict.shuts,
        can_be_waived=verdict.can_be_waived,
        because=verdict.because,
        since=now,
        event=event,
    )


def _ask_anew(standing: Decision, subject: _Subject, verdict: Verdict, event: Event | None, now: datetime) -> int:
    """What was decided was decided of something else: another opening, or what was no danger and is one now."""
    values: Mapping[str, Any] = {
        **_UNANSWERED,
        "state": DecisionState.OPEN,
        "opening": subject.opening,
        "safeguarding": verdict.shuts,
        "can_be_waived": verdict.can_be_waived,
        "because": verdict.because,
        "since": now,
        "event": event,
        "version": F("version") + 1,
    }
    if standing.state != DecisionState.OPEN:
        _tell(subject, event, now)
    return Decision.objects.standing().filter(pk=standing.pk).update(**values)


def _tell(subject: _Subject, event: Event | None, now: datetime) -> None:
    """The story of the job says that there is something to decide, and the verb that led to it."""
    story = Story(rule=event.kind if event else "clock", offer=subject.offer, person=subject.helper.person)
    record("open_decision", story, at=now, job=subject.job)
