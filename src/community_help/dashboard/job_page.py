"""Everything about one job on one page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from django.shortcuts import get_object_or_404
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community_help import matching
from community_help.access.scopes import jobs_coordinated_by, visible_to
from community_help.dashboard.clock import Clock
from community_help.dashboard.decision_cards import ON_JOB, decision_cards
from community_help.dashboard.desk_page import actor_of, desk_page
from community_help.dashboard.desk_rows import call_row, heading, in_words
from community_help.dashboard.job_form import own_field
from community_help.dashboard.offer_cards import on_it_cards, waiting_cards
from community_help.dashboard.panels import (
    OFFER_FOR,
    ask_anyway_panel,
    call_panel,
    can,
    gone,
    job_panels,
    left_over,
    offer_for_form,
    problems_of,
)
from community_help.dashboard.queue import calls_owed, with_people
from community_help.dashboard.story import story_of, told_about
from community_help.jobs.decision import Decision, DecisionQuerySet
from community_help.jobs.offer import Ask, AskAnswer, Offer, Report
from community_help.jobs.question import public_answers
from community_help.lifecycle.table import LIVE, Action, JobState, OfferState
from community_help.matching import Need
from community_help.people.community import Community
from community_help.people.profiles import Helper

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from community_help.dashboard.decision_cards import DecisionCard
    from community_help.dashboard.offer_cards import Card
    from community_help.dashboard.plain_form import PlainForm
    from community_help.jobs.job import Job
    from community_help.people.person import Person

#: Most helpers to choose from for an offer that was made on the phone.
MOST_HELPERS = 200
_MOST_CANDIDATES = 12
_MOST_CARDS = 12
_MOST_NEAR = 8

#: State → kind of tag and icon.
_TAGS = {
    JobState.DRAFT: ("", "pencil-fill"),
    JobState.SUBMITTED: ("notice", "envelope-fill"),
    JobState.OPEN: ("notice", "people-fill"),
    JobState.ASSIGNED: ("good", "check-lg"),
    JobState.REPORTED: ("notice", "clipboard-check-fill"),
    JobState.CLOSED: ("good", "check-lg"),
}


@dataclass(frozen=True)
class Shown:
    """Details that were asked for: shown on this page once, and logged."""

    person: Person
    details: Sequence[tuple[str, str]]


def find_job(actor: Person, uuid: UUID) -> Job:
    """The job as its own job model, with its people; not there is the same as not theirs."""
    related = ("task_type", "area", "requester__person", "requester__area", "owner", "check_level")
    job: Job = get_object_or_404(jobs_coordinated_by(actor).select_related(*related), uuid=uuid)
    return job


def candidates(need: Need, job: Job) -> Any:
    """The helpers who may be asked and have not offered, by name, with their people."""
    offered = Offer.objects.filter(job_id=job.pk, state__in=LIVE).values("helper")
    return matching.helpers_for(need).exclude(pk__in=offered).select_related("person").order_by("person__name", "pk")


def job_page(
    request: HttpRequest,
    job: Job,
    *,
    typed: Mapping[str, PlainForm] | None = None,
    problem: str = "",
    shown: Shown | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a job.

    :param typed: forms that were sent and not right, by the key of their panel
    :param problem: what stood in the way, in one sentence
    """
    actor = actor_of(request)
    community, forms = Community.current(), typed or {}
    clock = Clock.of(community)
    offers = list(job.offers.filter(state__in=LIVE).select_related("helper__person", "report"))
    waiting = [offer for offer in offers if offer.state == OfferState.OFFERED][:_MOST_CARDS]
    on_it = [offer for offer in offers if offer.state == OfferState.RATIFIED]
    need = Need.of(job, zone=clock.zone)
    cards = waiting_cards(job, waiting, need, actor, clock=clock)
    calls = list(calls_owed(actor, now=clock.now + timedelta(seconds=community.undo_seconds)).filter(job_id=job.pk))
    on_it_now = on_it_cards(job, on_it, actor, forms, clock=clock)
    panels = job_panels(job, forms, clock=clock)
    call_panels = [call_panel(call, forms) for call in calls]
    by_offer = _decisions(actor, job, forms, clock)
    cards, on_it_now = (
        [replace(card, decisions=by_offer.get(card.offer.pk, [])) for card in group] for group in (cards, on_it_now)
    )
    of_offers = [panel for card in on_it_now for panel in card.panels]
    of_decisions = [panel for found in by_offer.values() for card in found for panel in card.panels]
    who_could = _who_could(job, need, forms, actor)
    of_near = [panel for _miss, panel in who_could.get("near_misses", ())]
    on_page = {panel.key for panel in [*panels, *call_panels, *of_offers, *of_decisions, *of_near]}
    not_here = gone(forms, on_page | ({OFFER_FOR} if job.state == JobState.OPEN else set()))
    context = {
        "section": "jobs",
        "job": job,
        "heading": heading(job),
        "tag": _tag(job, waiting),
        "facts": _facts(job, need, clock),
        "cards": cards,
        "on_it": on_it_now,
        "offers_title": _offers_title(job, waiting),
        "then": _then(job, cards, community),
        "reports": Report.objects.filter(offer__job_id=job.pk).select_related("offer__helper__person"),
        "calls": [
            {"row": call_row(call, clock), "call": call, "panel": panel}
            for call, panel in zip(calls, call_panels, strict=True)
        ],
        "panels": panels,
        "left_over": left_over(not_here),
        "can_change": can(job, Action.CHANGE_JOB),
        "can_publish": can(job, Action.PUBLISH_JOB),
        "can_discard": can(job, Action.DISCARD_JOB),
        "can_close": can(job, Action.CLOSE_JOB),
        "story": story_of(job, reader=actor),
        "told": told_about(job),
        "problem": problem or problems_of(not_here),
        "shown": shown,
        **who_could,
    }
    return desk_page(request, "community_help/dashboard/job.html", context, status=status)


def _decisions(actor: Person, job: Job, typed: Mapping[str, PlainForm], clock: Clock) -> dict[int, list[DecisionCard]]:
    """Offer → what is to be decided about it, and what was decided for a while."""
    rows = cast("DecisionQuerySet", visible_to(actor, Decision)).standing().about_something().filter(offer__job=job.pk)
    found: dict[int, list[DecisionCard]] = {}
    for row in with_people(rows).order_by("-safeguarding", "since", "pk"):
        found.setdefault(row.offer_id or 0, []).extend(decision_cards([row], typed, page=ON_JOB, clock=clock))
    return found


def _who_could(job: Job, need: Need, typed: Mapping[str, PlainForm], actor: Person) -> dict[str, Any]:
    if job.state != JobState.OPEN:
        return {}
    # About those who have offered there is a card.
    offered = set(Offer.objects.live().filter(job_id=job.pk).values_list("helper", flat=True))
    best = matching.best(need, most=MOST_HELPERS, but=offered)
    asked = Ask.objects.filter(job_id=job.pk, opening=job.opening)
    answers: dict[int, str] = {ask.helper_id: ask.get_answer_display() for ask in asked}
    said_no = {ask.helper_id for ask in asked if ask.answer != AskAnswer.NONE}
    best.sort(key=lambda one: one.helper.pk in said_no)
    reached = visible_to(actor, Helper)
    near = matching.near_misses(need, most=_MOST_NEAR + 1, among=reached.exclude(pk__in=offered))
    are_all = len(near) <= _MOST_NEAR
    if not are_all:
        near.remove(max(near, key=lambda miss: miss.helper.pk))  # who is here longest stays
    shown = [one.helper.pk for one in best[:_MOST_CANDIDATES]]
    return {
        "explained": set(reached.filter(pk__in=shown).values_list("pk", flat=True)),
        "candidates": [(one, answers.get(one.helper.pk, "")) for one in best[:_MOST_CANDIDATES]],
        "candidates_more": max(0, len(best) - _MOST_CANDIDATES),
        "offer_for": typed.get(OFFER_FOR) or offer_for_form(_by_name(one.helper for one in best)),
        "near_misses_more": not are_all,
        "near_misses": [(miss, ask_anyway_panel(job, miss, typed)) for miss in near],
    }


def _by_name(helpers: Iterable[Helper]) -> list[Helper]:
    return sorted(helpers, key=lambda helper: (helper.person.name, helper.pk))


def _tag(job: Job, waiting: Sequence[Offer]) -> tuple[str, str, str]:
    kind, icon = _TAGS.get(JobState(job.state), ("", "x-lg"))
    label = str(JobState(job.state).label).capitalize()
    if waiting:
        count = len(waiting)
        label = ngettext("Open, %(n)d offer to look at", "Open, %(n)d offers to look at", count) % {"n": count}
    return label, kind, icon


def _facts(job: Job, need: Need, clock: Clock) -> list[tuple[str, str, str]]:
    needs = [skill.name for skill in need.skills]
    if job.check_level:
        needs.insert(0, job.check_level.name)
    own = []
    for name in job.public_fields:
        value = getattr(job, f"get_{name}_display", lambda name=name: getattr(job, name))()
        label = str(own_field(type(job), name).verbose_name)
        if value is True:
            own.append(label)
        elif value not in {None, "", False}:
            own.append(f"{label}: {value}")
    own += [f"{label}: {value}" for label, value in public_answers([job]).get(job.pk, [])]
    helpers = ngettext("%(n)s helper", "%(n)s helpers", job.places) % {"n": in_words(job.places)}
    return [
        (_("When"), clock.when(job), str(job.get_urgency_display()).capitalize()),
        (_("Where"), job.area.name, _("by phone, the place does not matter") if job.task_type.by_phone else ""),
        (_("Needs"), ", ".join(needs) or _("Nothing special"), helpers),
        (_("What"), job.public_details or job.title, capfirst("; ".join(own))),
    ]


def _offers_title(job: Job, waiting: Sequence[Offer]) -> str:
    if waiting:
        count = len(waiting)
        return ngettext("%(n)s person has offered", "%(n)s people have offered", count) % {"n": in_words(count)}
    return _("Nobody has offered yet") if job.state == JobState.OPEN else ""


def _then(job: Job, cards: Sequence[Card], community: Community) -> dict[str, str] | None:
    """What happens when the first of them is ratified, told beforehand."""
    best = next((card for card in cards if not card.stands_in_the_way), None)
    if best is None:
        return None
    hours = job.task_type.disclosure_hours_after_report
    hours = community.disclosure_hours_after_report if hours is None else hours
    name, requester = best.person.known_as, job.requester.person.known_as
    sees = ngettext(
        "they see %(who)s’s number and address until %(n)d hour after their report",
        "they see %(who)s’s number and address until %(n)d hours after their report",
        hours,
    )
    parts = [sees % {"who": requester, "n": hours}]
    others = [card.person.known_as for card in cards if card is not best]
    if others and job.places_free == 1:
        parts.append(ngettext("%(who)s is thanked", "%(who)s are thanked", len(others)) % {"who": ", ".join(others)})
    parts.append(_("a call to %(who)s with the safe word joins the desk") % {"who": requester})
    undo = _("You can undo for %(n)d seconds.") % {"n": community.undo_seconds}
    return {"title": _("When you ratify %(name)s:") % {"name": name}, "text": f"{'; '.join(parts)}. {undo}"}
