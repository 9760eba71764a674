"""What a co-ordinator compares: one card for each helper who has offered or is on the job."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Count, Max
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community_help import matching
from community_help.access.scopes import visible_to
from community_help.dashboard.panels import offer_panels
from community_help.jobs.offer import Offer
from community_help.lifecycle.table import OfferState
from community_help.people.profiles import Buddy
from community_help.safeguarding.background_checks import Check, CheckQuerySet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from community_help.dashboard.clock import Clock
    from community_help.dashboard.decision_cards import DecisionCard
    from community_help.dashboard.panels import Panel, Typed
    from community_help.jobs.job import Job
    from community_help.matching import Need, Verdict
    from community_help.people.person import Person

_TAKEN_ON = (OfferState.RATIFIED, OfferState.COMPLETED)


@dataclass(frozen=True)
class Card:
    """One offer, with the facts to weigh it by.

    :param together: how many jobs these two have had; :param best: whom to ask first
    :param is_buddy: of this requester
    :param stands_in_the_way: why this helper may not be ratified now
    """

    offer: Offer
    person: Person
    facts: list[tuple[str, str]]
    together: int = 0
    best: bool = False
    stands_in_the_way: list[str] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    is_buddy: bool = False
    decisions: list[DecisionCard] = field(default_factory=list)


@dataclass(frozen=True)
class _Known:
    """What is known of all the helpers at once: helper id → …"""

    together: Mapping[int, tuple[int, datetime | None]]
    this_week: dict[int, int]
    checks: dict[int, list[Check]]


def waiting_cards(job: Job, offers: Sequence[Offer], need: Need, actor: Person, *, clock: Clock) -> list[Card]:
    """The offers to choose from; who has helped this requester most often comes first."""
    known = _known(job, offers, actor, clock=clock)
    explained = matching.explain_each(need, [offer.helper for offer in offers])
    cards = []
    for offer in offers:
        reasons = explained[offer.helper_id]
        facts = [*_facts(job, offer, known, clock=clock), (_("Why asked"), capfirst("; ".join(reasons.reasons)))]
        overlooked = [each for each in reasons.verdicts if each.waived_by is not None and not each.holds]
        facts += [(_("Though"), f"{capfirst(each.because)}: {anyway_words(each)}") for each in overlooked]
        count = known.together.get(offer.helper_id, (0, None))[0]
        failed = [verdict.because or str(verdict.label) for verdict in reasons.failed]
        cards.append(Card(offer, offer.helper.person, facts, together=count, stands_in_the_way=failed))
    cards.sort(key=lambda card: (bool(card.stands_in_the_way), -card.together, card.offer.made_at))
    return [replace(card, best=number == 0 and not card.stands_in_the_way) for number, card in enumerate(cards)]


def anyway_words(verdict: Verdict) -> str:
    """Who had them asked all the same; "" where nobody did."""
    if verdict.waived_by is None:
        return ""
    return _("asked anyway by %(name)s") % {"name": verdict.waived_by or _("somebody who is gone")}


def on_it_cards(job: Job, offers: Sequence[Offer], actor: Person, typed: Typed, *, clock: Clock) -> list[Card]:
    """The helpers who are on the job, with what can be done about each."""
    known = _known(job, offers, actor, clock=clock)
    pairs = Buddy.objects.filter(requester=job.requester_id, helper__in=[offer.helper_id for offer in offers])
    buddies = set(pairs.values_list("helper", flat=True))
    return [
        Card(
            offer,
            offer.helper.person,
            _facts(job, offer, known, clock=clock),
            panels=[] if offer.reported_at else offer_panels(offer, typed),
            is_buddy=offer.helper_id in buddies,
        )
        for offer in offers
    ]


def _known(job: Job, offers: Sequence[Offer], actor: Person, *, clock: Clock) -> _Known:
    helpers = [offer.helper_id for offer in offers]
    today = clock.today
    monday = datetime.combine(today - timedelta(days=today.weekday()), time.min, clock.zone)
    taken_on = Offer.objects.filter(helper__in=helpers, state__in=_TAKEN_ON).exclude(job_id=job.pk).order_by()
    here: Any = taken_on.filter(requester_id=job.requester_id)
    together = here.values_list("helper").annotate(Count("pk"), Max("ratified_at"))
    week: Any = taken_on.filter(ratified_at__gte=monday).values_list("helper").annotate(Count("pk"))
    checks: dict[int, list[Check]] = {}
    seen = cast("CheckQuerySet", visible_to(actor, Check).filter(helper__in=helpers))
    for check in seen.valid_on(today, today).select_related("level"):
        checks.setdefault(check.helper_id, []).append(check)
    return _Known({row[0]: (row[1], row[2]) for row in together}, dict(week), checks)


def _facts(job: Job, offer: Offer, known: _Known, *, clock: Clock) -> list[tuple[str, str]]:
    with_them = _("First time together")
    if offer.helper_id in known.together:
        count, last = known.together[offer.helper_id]
        words = ngettext("%(n)d job, last %(day)s", "%(n)d jobs, last %(day)s", count)
        with_them = words % {"n": count, "day": clock.day(last) if last else ""}
    week = known.this_week.get(offer.helper_id, 0)
    load = ngettext("%(n)d job taken on", "%(n)d jobs taken on", week) % {"n": week}
    return [
        (_("With %(name)s") % {"name": job.requester.person.known_as}, with_them),
        (_("This week"), load if week else _("Nothing else taken on")),
        (_("Check"), "; ".join(_check_words(check) for check in known.checks.get(offer.helper_id, [])) or _("None")),
    ]


def _check_words(check: Check) -> str:
    if check.recheck_on is None:
        return check.level.name
    return _("%(level)s, to %(day)s") % {"level": check.level.name, "day": date_format(check.recheck_on, "j F Y")}
