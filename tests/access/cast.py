"""The people of a small story, one for each kind of actor, and the things that they act on."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from community_help.access.actors import actor_of
from community_help.jobs.call import Call
from community_help.jobs.call_back import CallBack, CallBackReason
from community_help.jobs.decision import Decision
from community_help.jobs.offer import Ask, Offer
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import JobState, OfferState
from community_help.people.profiles import Buddy, Helper, HelperState, NeverPair, Requester
from community_help.people.roles import Role
from community_help.testing.factories import (
    grant_directly,
    make_area,
    make_check,
    make_check_level,
    make_coordinator,
    make_helper,
    make_job,
    make_matching_helper,
    make_offer_row,
    make_open_job,
    make_person,
    make_requester,
    make_task_type,
    make_user,
)

if TYPE_CHECKING:
    from community_help.people.community import Area
    from community_help.people.person import Person


@dataclass
class Cast:
    """Who is there. Each name is a kind of actor of the matrix; ``None`` is nobody."""

    anonymous: None = None
    superuser: Person | None = None
    nobody: Person = field(default_factory=make_person)
    applied: Person = field(default_factory=make_person)
    approved: Person = field(default_factory=make_person)
    ratified: Person = field(default_factory=make_person)
    suspended: Person = field(default_factory=make_person)
    requester: Person = field(default_factory=make_person)
    all_areas: Person = field(default_factory=make_coordinator)
    this_area: Person = field(default_factory=make_person)
    other_area: Person = field(default_factory=make_person)
    no_area: Person = field(default_factory=make_person)
    was_coordinator: Person = field(default_factory=make_person)
    safeguarding_lead: Person = field(default_factory=make_person)
    data_protection_lead: Person = field(default_factory=make_person)
    administrator: Person = field(default_factory=make_person)

    def kinds(self) -> list[str]:
        """Their names, in order."""
        return [kind.name for kind in fields(self)]


@dataclass
class Things:
    """What is acted on: an open job in «this area», and what hangs on it."""

    area: Area
    elsewhere: Area
    draft: Any
    submitted: Any
    job: Any
    offer: Offer
    ratified_offer: Offer
    ask: Ask
    requester: Requester
    helper: Helper
    event: Event
    call: Call
    call_back: CallBack
    check: Any
    never_pair: NeverPair
    task_type: Any
    buddy: Buddy
    decision: Decision
    decision_of_buddies: Decision


def make_story() -> tuple[Cast, Things]:
    """Make everybody and everything."""
    area, elsewhere = make_area("Filwood"), make_area("Totterdown")
    task_type = make_task_type()
    somebody = make_requester(area=area, account=True)
    common = {"requester": somebody, "task_type": task_type, "area": area}
    job = make_open_job(**common, places=2)
    approved, ratified = make_matching_helper(job), make_matching_helper(job)
    suspended = make_matching_helper(job, state=HelperState.SUSPENDED)
    cast = Cast(
        superuser=actor_of(make_superuser()),
        applied=make_helper(state=HelperState.APPLIED, areas=[area], task_types=[task_type]).person,
        approved=approved.person,
        ratified=ratified.person,
        suspended=suspended.person,
        requester=somebody.person,
    )
    grant_directly(cast.this_area, Role.COORDINATOR, areas=[area])
    grant_directly(cast.other_area, Role.COORDINATOR, areas=[elsewhere])
    grant_directly(cast.no_area, Role.COORDINATOR, areas=[])
    ended = grant_directly(cast.was_coordinator, Role.COORDINATOR)
    ended.until = timezone.now() - timedelta(seconds=1)
    ended.save()
    grant_directly(cast.safeguarding_lead, Role.SAFEGUARDING_LEAD)
    grant_directly(cast.data_protection_lead, Role.DATA_PROTECTION_LEAD)
    grant_directly(cast.administrator, Role.ADMINISTRATOR)
    event = Event.objects.create(kind="publish_job", job_id=job.pk, actor=cast.this_area)
    waiting = make_offer_row(job, make_matching_helper(job))
    about_it = {"opening": 1, "criterion": "area", "because": "does not cover Filwood"}
    things = Things(
        area=area,
        elsewhere=elsewhere,
        draft=make_job(**common),
        submitted=make_job(**common, state=JobState.SUBMITTED),
        job=job,
        offer=waiting,
        decision=Decision.objects.create(offer=waiting, helper=waiting.helper, requester=somebody, **about_it),
        decision_of_buddies=Decision.objects.create(helper=approved, requester=somebody, **about_it),
        ratified_offer=make_offer_row(
            job, ratified, state=OfferState.RATIFIED, ratified_at=timezone.now() - timedelta(minutes=1)
        ),
        ask=Ask.objects.create(job_id=job.pk, opening=1, helper=approved, step="alert"),
        requester=somebody,
        helper=approved,
        event=event,
        call=Call.objects.create(taken_by=cast.this_area),
        call_back=CallBack.objects.create(requester=somebody, event=event, reason=CallBackReason.CHANGED),
        check=make_check(approved, make_check_level()),
        task_type=task_type,
        buddy=Buddy.objects.create(helper=approved, requester=somebody, made_by=cast.this_area),
        never_pair=NeverPair.objects.create(helper=approved, requester=somebody, made_by=cast.this_area),
    )
    things.never_pair.delete()  # an object to ask about; as a row it would keep the two apart
    things.never_pair.pk = None
    return cast, things


def make_superuser() -> Any:
    """An account that Django's own permissions never refuse; no person belongs to it."""
    account = make_user()
    model = get_user_model()
    model._default_manager.filter(pk=account.pk).update(is_superuser=True, is_staff=True)
    return model._default_manager.get(pk=account.pk)
