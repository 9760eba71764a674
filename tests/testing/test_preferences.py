"""The contract test of preferences: good ones pass, and what is wrong with a bad one is said."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db.models import Case, FloatField, Value, When
from django.utils import timezone

from community_help.jobs.job import Job
from community_help.jobs.offer import Ask
from community_help.lifecycle.table import OfferState
from community_help.matching import Preference
from community_help.matching.preference import load_preferences
from community_help.people.profiles import Buddy, Helper
from community_help.testing.factories import make_helper, make_job, make_offer_row, make_open_job
from community_help.testing.preferences import assert_keeps_contract

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from community_help.matching import Need

pytestmark = pytest.mark.django_db


class Keen(Preference):
    """Good, and the begin of those that break one promise each."""

    slug = "keen"
    label = "wants alerts"

    def score(self, need: Need) -> Combinable:
        return Case(When(wants_alerts=True, then=Value(1.0)), default=Value(0.0), output_field=FloatField())


class TooMuch(Keen):
    def score(self, need: Need) -> Combinable:
        return Value(2.0)


class Nothing(Keen):
    def score(self, need: Need) -> Combinable:
        return Case(When(wants_alerts=True, then=Value(1.0)), output_field=FloatField())


class AsksWhileBuilding(Keen):
    def score(self, need: Need) -> Combinable:
        return Value(float(Helper.objects.exists()))


class NeedsAJob(Keen):
    def score(self, need: Need) -> Combinable:
        return Value(float(need.job.places))  # type: ignore[union-attr]


class NoSuchColumn(Keen):
    def score(self, need: Need) -> Combinable:
        return Case(When(is_keen=True, then=Value(1.0)), default=Value(0.0), output_field=FloatField())


class AllAlike(Keen):
    def score(self, need: Need) -> Combinable:
        return Value(0.5)


class SaysByAsking(Keen):
    def because(self, need: Need, helper: Helper, score: float) -> str:
        return f"covers {helper.areas.count()} areas"


class SaysNoWords(Keen):
    def because(self, need: Need, helper: Helper, score: float) -> Any:
        return None


class Nameless(Keen):
    slug = ""


@pytest.fixture
def rows() -> dict[str, Any]:
    """Somebody whom the requester knows and who is busy, somebody who was asked yesterday, a stranger, a timid one."""
    job = make_job()
    known, asked, stranger, timid = (make_helper() for _ in range(4))
    make_offer_row(
        make_open_job(requester=job.requester), known, state=OfferState.COMPLETED, reported_at=timezone.now()
    )
    make_offer_row(make_open_job(), known)
    yesterday = timezone.now() - timedelta(days=1)
    Ask.objects.create(job_id=make_open_job().pk, helper=asked, opening=1, step="alert", asked_at=yesterday)
    Helper.objects.filter(pk=timid.pk).update(wants_alerts=False, latitude=51.42, longitude=-2.596)
    Helper.objects.filter(pk=known.pk).update(latitude=51.46, longitude=-2.596)
    Job.objects.filter(pk=job.pk).update(latitude=51.421, longitude=-2.596)
    job.refresh_from_db()
    Buddy.objects.create(helper=known, requester=job.requester)
    return {"jobs": [job, make_job()], "helpers": [known, asked, stranger, timid]}


@pytest.mark.parametrize("good", [Keen, *load_preferences()])
def test_contract_of_a_good_preference(good: type[Preference], rows: dict[str, Any]) -> None:
    assert_keeps_contract(good, **rows)


@pytest.mark.parametrize(
    ("bad", "promise"),
    [
        (TooMuch, "scores 2.0, which is no float from 0 to 1"),
        (Nothing, "scores None, which is no float from 0 to 1"),
        (AsksWhileBuilding, r"score\(need\) asks the database: SELECT"),
        (NeedsAJob, r"score\(need\) fails: AttributeError"),
        (NoSuchColumn, "can't be asked of the database: Cannot resolve keyword 'is_keen'"),
        (AllAlike, "all pairs score the same, and these rows prove nothing"),
        (SaysByAsking, r"because\(need, helper, score\) asks the database: SELECT"),
        (SaysNoWords, r"because\(need, helper, score\) answers with None, not with words"),
        (Nameless, "Nameless can't be used: it needs a slug and a label"),
        (Preference, "Preference can't be used: it does not define score"),
        (Helper, "Helper can't be used: it is not a subclass"),
    ],
)
def test_contract_of_a_preference_that_breaks_one_promise(bad: Any, promise: str, rows: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match=promise):
        assert_keeps_contract(bad, **rows)
