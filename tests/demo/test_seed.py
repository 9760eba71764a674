"""The community that the demo begins with: as many people and jobs as promised, whole, and the same each time."""

from __future__ import annotations

import re
from datetime import timedelta
from math import inf
from typing import TYPE_CHECKING, Any

import pytest
from django.db.models import Count, F, Max, Q
from django.utils import timezone

from community_help import matching
from community_help.jobs.call_back import STILL_OWED, CallBack
from community_help.jobs.decision import Decision, DecisionState
from community_help.jobs.job import Job
from community_help.jobs.offer import Ask, Offer, Outcome, Report
from community_help.jobs.task_type import ALERTING
from community_help.lifecycle.event import Event
from community_help.lifecycle.table import JobState, OfferState
from community_help.notifications.notification import Notification, NotificationState
from community_help.people.person import Person
from community_help.people.profiles import Buddy, Helper, HelperState, Requester
from community_help.people.roles import Role, RoleGrant
from community_help.privacy.disclosure import address_for, reveal_many, search
from community_help.safeguarding.background_checks import Check
from community_help.services.places import look_up_places
from example_project.demo.seed.cast import UNKNOWN_NUMBER
from example_project.demo.seed.history import WEEKS
from example_project.library_run.models import LibraryRunJob

if TYPE_CHECKING:
    from tests.demo.conftest import Community

pytestmark = pytest.mark.django_db

DRAMA = re.compile(r"(0117 496 0\d{3}|07700 900\d{3})")
UNREAL_POSTCODE = re.compile(r"BS\d+ \d[CIKMOV]{2}")


def ama() -> Person:
    return Person.objects.get(name="Ama Mensah")


def test_seed_makes_as_many_people_and_jobs_as_promised(community: Community) -> None:
    counts = {
        "co-ordinators": RoleGrant.objects.filter(role=Role.COORDINATOR).count(),
        "helpers": Helper.objects.count(),
        "requesters": Requester.objects.count(),
        "jobs": Job.objects.non_polymorphic().count(),
    }
    assert counts == {"co-ordinators": 4, "helpers": 44, "requesters": 120, "jobs": 300}


def test_seed_on_another_day_makes_the_same(community: Community, seeded_on_another_day: Community) -> None:
    assert community.names == seeded_on_another_day.names
    assert community.jobs == seeded_on_another_day.jobs
    assert community.offers == seeded_on_another_day.offers


def test_seed_has_every_state(community: Community) -> None:
    assert set(Job.objects.non_polymorphic().values_list("state", flat=True)) == set(JobState.values)
    assert set(Offer.objects.values_list("state", flat=True)) == set(OfferState.values)
    assert set(Helper.objects.values_list("state", flat=True)) == set(HelperState.values)
    assert set(Report.objects.values_list("outcome", flat=True)) >= {Outcome.DONE, Outcome.PARTLY, Outcome.WORRIED}


def test_jobs_are_of_the_last_weeks(community: Community) -> None:
    oldest = timezone.now() - timedelta(weeks=WEEKS, days=1)
    made = Job.objects.non_polymorphic().filter(created_at__gt=oldest, created_at__lte=timezone.now())
    assert made.count() == 300


def test_most_jobs_are_closed_and_lifts_and_shopping_lead(community: Community) -> None:
    jobs = Job.objects.non_polymorphic()
    assert 180 <= jobs.filter(state=JobState.CLOSED).count() <= 230
    kinds = list(jobs.values("task_type__slug").annotate(n=Count("pk")).order_by("-n"))
    assert kinds[0]["task_type__slug"] == "lift"
    assert 0.27 <= kinds[0]["n"] / 300 <= 0.74


def test_story_of_each_job_ends_where_the_job_is(community: Community) -> None:
    last = {
        event.job_id: (event.version, event.to_state, event.opening)
        for event in Event.objects.filter(job__isnull=False)
        .exclude(kind__in=["answer_ask", "record_call_back", "escalate_job"])
        .order_by("at", "pk")
    }
    jobs = Job.objects.non_polymorphic().values_list("pk", "version", "state", "opening")
    assert last == {pk: (version, state, opening) for pk, version, state, opening in jobs}


def test_places_are_filled_by_those_who_are_on_the_job(community: Community) -> None:
    on_it = Count("offers", filter=Q(offers__state__in=[OfferState.RATIFIED, OfferState.COMPLETED]))
    jobs = Job.objects.non_polymorphic().exclude(state=JobState.CANCELLED).annotate(on_it=on_it)
    assert list(jobs.exclude(places_filled=F("on_it"))) == []


def test_nothing_happens_before_its_time(community: Community) -> None:
    now = timezone.now()
    assert Event.objects.filter(at__gt=now).count() == 0
    assert Ask.objects.filter(answered_at__lt=F("asked_at")).count() == 0
    assert Offer.objects.filter(Q(ratified_at__lt=F("made_at")) | Q(contacted_at__lt=F("ratified_at"))).count() == 0
    assert Report.objects.filter(made_at__lt=F("offer__ratified_at")).count() == 0
    assert Job.objects.non_polymorphic().filter(closed_at__lt=F("reported_at")).count() == 0


def test_only_who_fits_has_offered(community: Community) -> None:
    waiting = Offer.objects.waiting().select_related("job", "helper")
    assert [offer for offer in waiting if not matching.matches(Job.objects.get(pk=offer.job_id), offer.helper)] == []
    assert waiting.count() == 4


def test_desk_has_something_of_everything_to_do(community: Community) -> None:
    jobs, now = Job.objects.non_polymorphic(), timezone.now()
    urgent = jobs.filter(state=JobState.OPEN, urgency__in=ALERTING).exclude(offers__state=OfferState.OFFERED)
    overdue = jobs.filter(state__in=[JobState.OPEN, JobState.ASSIGNED], latest__lt=now)
    calls = CallBack.objects.filter(outcome__in=STILL_OWED, due_at__lte=now)
    assert {str(job.requester) for job in urgent} == {"Winston Clarke", "Ivy Coombs"}
    assert overdue.count() == 2
    assert calls.count() == 4
    assert jobs.filter(state=JobState.REPORTED).count() == 4


def test_desk_has_one_decision_and_two_pairs_of_buddies(community: Community) -> None:
    [decision] = Decision.objects.all()
    assert decision.offer is not None
    assert (decision.helper.person.name, decision.criterion, decision.state, decision.because) == (
        "Priya Nair",
        "available",
        DecisionState.OPEN,
        "is away then",
    )
    live = Offer.objects.live().exclude(pk=decision.offer.pk).select_related("helper")
    to_come = live.filter(reported_at__isnull=True, job__latest__gt=timezone.now())
    away = [offer for offer in to_come if any("away" in why for why in failed(offer))]
    assert away == []
    pairs = Buddy.objects.values_list("helper__person__name", "requester__person__name").order_by("pk")
    assert list(pairs) == [("Tom Aldous", "Doreen Pascoe"), ("Fatima Yusuf", "Maureen Hobbs")]


def failed(offer: Offer) -> list[str]:
    verdicts = matching.explain(Job.objects.get(pk=offer.job_id), offer.helper).failed
    return [verdict.because for verdict in verdicts]


def test_library_run_in_somali_is_for_those_who_speak_it(community: Community) -> None:
    runs = LibraryRunJob.objects.select_related("requester__person").order_by("requester__person__name")
    told = [(run.requester.person.name, run.language, run.state) for run in runs]
    assert told == [
        ("Abdi Warsame", "somali", JobState.OPEN),
        ("Doreen Pascoe", "", JobState.ASSIGNED),
        ("Sheila Gunter", "", JobState.CLOSED),
    ]
    fit = matching.helpers_for(runs[0]).values_list("person__name", flat=True)
    near = [
        miss.helper.person.name for miss in matching.near_misses(runs[0], most=9) if miss.verdict.slug == "language"
    ]
    assert sorted(fit) == ["Hodan Ali"]
    assert near == ["Joanna Kowalska", "Nadia Karim", "Priya Nair", "Tom Aldous"]


def test_regular_has_a_usual_helper(community: Community) -> None:
    together = Offer.objects.filter(requester__person__name="Doreen Pascoe", state=OfferState.COMPLETED)
    by = dict(together.values_list("helper__person__name").annotate(n=Count("pk")))
    assert by["Tom Aldous"] >= 3


def test_helpers_are_as_different_as_in_life(community: Community) -> None:
    helpers = Helper.objects.select_related("person")
    assert sum(not address_for(helper.person, "email") for helper in helpers) == 6
    today = timezone.localdate()
    last = Check.objects.values("helper").annotate(due=Max("recheck_on"))
    assert last.filter(due__lt=today).exists()
    assert last.filter(due__gte=today, due__lt=today + timedelta(days=30)).exists()


def test_details_are_invented_beyond_doubt(community: Community) -> None:
    people = list(Person.objects.all())
    details = reveal_many(people, ["phone", "email", "postcode"], actor=ama(), why="a test").values()
    assert [each["phone"] for each in details if not DRAMA.fullmatch(each["phone"])] == []
    assert [each["email"] for each in details if not re.fullmatch(r"([a-z.]+@example\.org)?", each["email"])] == []
    postcodes = [each["postcode"] for each in details if each["postcode"]]
    assert len(postcodes) == len([who for who in people if hasattr(who, "helper") or hasattr(who, "requester")])
    assert [code for code in postcodes if not UNREAL_POSTCODE.fullmatch(code)] == []


def test_places_are_those_that_the_worker_finds(community: Community) -> None:
    def places() -> list[Any]:
        columns = ("pk", "latitude", "longitude", "rough")
        return [list(model.objects.order_by("pk").values_list(*columns)) for model in (Helper, Requester, Job)]

    before = places()
    somebody = Q(helper__isnull=False) | Q(requester__isnull=False)
    assert look_up_places(most=1000, seconds=inf) == (Person.objects.filter(somebody).count(), 0, 0)
    assert places() == before


def test_two_who_live_together_share_a_number(community: Community) -> None:
    people = list(Person.objects.filter(requester__isnull=False))
    phones = [each["phone"] for each in reveal_many(people, ["phone"], actor=ama(), why="a test").values()]
    assert len(phones) - len(set(phones)) == 1


def test_number_for_new_callers_is_nobodys(community: Community) -> None:
    assert search(UNKNOWN_NUMBER, actor=ama()) == []


def test_mails_have_gone_out_without_details(community: Community) -> None:
    people = list(Person.objects.filter(requester__isnull=False))
    details = reveal_many(people, ["phone", "address", "access_notes"], actor=ama(), why="a test").values()
    secret = {text for each in details for text in each.values() if text}
    assert len(community.mails) > 40
    assert [mail for mail in community.mails if any(text in mail for text in secret)] == []


def test_outbox_is_empty(community: Community) -> None:
    left = Notification.objects.filter(state__in=[NotificationState.WAITING, NotificationState.DEAD])
    assert list(left) == []
