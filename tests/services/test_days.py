"""What changes because a day has come: asked once, made up for when missed, and reminders each once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from community_help.jobs.decision import Decision
from community_help.jobs.offer import Offer
from community_help.lifecycle.event import Event
from community_help.notifications.notification import Notification
from community_help.people.availability import Away
from community_help.people.community import Community
from community_help.people.profiles import Buddy, HelperState
from community_help.safeguarding.background_checks import Check
from community_help.services import buddies, clock, offers, people
from community_help.testing import factories as make
from tests.services.test_ripple import Town, keep_apart, suspend

if TYPE_CHECKING:
    from pytest_django import DjangoAssertMaxNumQueries

    from community_help.people.profiles import Helper

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def today() -> Any:
    return timezone.localdate(timezone=Community.current().zone)


@pytest.fixture
def town() -> Town:
    town = Town()
    town.ratify()
    return town


def test_check_that_ends_shuts_and_is_a_decision_at_once(town: Town) -> None:
    clock.tick()
    Check.objects.update(recheck_on=today() - DAY)
    ticked = clock.tick()
    assert (ticked.shut, ticked.to_decide, town.is_shut()) == (1, 1, True)
    row = Decision.objects.get()
    assert (row.criterion, row.safeguarding, row.event) == ("check_level", True, None)
    assert row.because.startswith("Enhanced DBS ended on ")
    assert Event.objects.get(kind="open_decision").rule == "clock"
    ticked = clock.tick()
    assert (ticked.shut, ticked.to_decide) == (0, 0)


def test_who_goes_away_is_asked_about_once_when_the_day_has_come(town: Town) -> None:
    clock.tick()
    Away.objects.create(helper=town.tom, first_day=today() + DAY, last_day=None)
    assert clock.tick().to_decide == 0
    assert [clock.tick(timezone.now() + DAY).to_decide for _again in range(2)] == [1, 0]
    assert town.found() == {"available": ("open", False)}
    assert Event.objects.filter(kind="ask_again").count() == 2


def test_days_that_nobody_ran_the_clock_are_made_up_for(town: Town) -> None:
    Away.objects.create(helper=town.tom, first_day=today() - 9 * DAY, last_day=None)
    assert clock.tick().to_decide == 1


def test_day_on_which_nothing_changes_costs_little(
    town: Town, django_assert_max_num_queries: DjangoAssertMaxNumQueries
) -> None:
    clock.tick()
    with django_assert_max_num_queries(22):
        clock.tick()


def test_what_stands_is_asked_about_again_each_day(town: Town) -> None:
    people.change_helper(town.tom, actor=town.ama, areas=[])
    town.tom.areas.add(town.job.area)
    assert town.found() == {"area": ("open", False)}
    clock.tick()
    assert town.found() == {}


def test_what_was_shut_before_there_were_decisions_becomes_one(town: Town) -> None:
    town.tom.state = HelperState.SUSPENDED
    town.tom.save()
    Offer.objects.update(shut_at=timezone.now())
    assert clock.tick().to_decide == 1


def test_decisions_about_what_is_over_are_settled_when_it_can_not_be_undone(town: Town) -> None:
    suspend(town)
    offers.stand_down_offer(town.offer, actor=town.ama, why="safety")
    clock.tick()
    assert Decision.objects.get().state == "open"
    clock.tick(timezone.now() + timedelta(seconds=90))
    assert Decision.objects.get().state == "ended"


def test_decisions_about_a_report_or_an_ended_pair_are_settled(town: Town) -> None:
    Buddy.objects.create(helper=town.tom, requester=town.job.requester)
    keep_apart(town)
    assert Decision.objects.standing().count() == 2
    buddies.end_buddies(Buddy.objects.get(), actor=town.ama)
    clock.tick()
    assert Decision.objects.get(offer=None).state == "ended"
    assert Decision.objects.get(offer=town.offer).state == "open"
    Offer.objects.update(reported_at=timezone.now())
    clock.tick()
    assert not Decision.objects.standing().exists()


# Reminders


def held(days: int, **fields: Any) -> Check:
    """A helper's check that is due again in so many days."""
    helper: Helper = fields.pop("helper", None) or make.make_helper()
    level = fields.pop("level", None) or make.make_check_level()
    return make.make_check(helper, level, recheck_on=today() + days * DAY, **fields)


def reminded(check: Check) -> int | None:
    return Check.objects.get(pk=check.pk).reminded_days


@pytest.mark.parametrize(
    ("days", "stage"),
    [(61, None), (60, 60), (45, 60), (31, 60), (30, 30), (8, 30), (7, 7), (1, 7), (0, 7), (-1, None)],
)
def test_check_is_reminded_of_by_the_nearest_of_three(days: int, stage: int | None) -> None:
    check = held(days)
    assert clock.tick().reminded == (stage is not None)
    assert reminded(check) == stage
    assert clock.tick().reminded == 0
    assert Notification.objects.filter(kind="remind_of_check").count() == (stage is not None)


@pytest.mark.slow
def test_check_is_reminded_of_three_times_in_all() -> None:
    check = held(70)
    found = [(days, clock.tick(timezone.now() + days * DAY).reminded) for days in range(80)]
    assert [days for days, count in found if count] == [10, 40, 63]
    assert reminded(check) == 7
    events = Event.objects.filter(kind="remind_of_check")
    assert [(event.person, event.rule) for event in events] == [(check.helper.person, "clock")] * 3


def test_reminders_that_were_missed_are_not_made_up_for() -> None:
    check = held(70)
    assert clock.tick(timezone.now() + 65 * DAY).reminded == 1
    assert reminded(check) == 7


@pytest.mark.parametrize("fields", [{"decision": "refused"}, {"decision": "pending"}, {"revoked_at": timezone.now()}])
def test_check_that_does_not_hold_is_not_reminded_of(fields: dict[str, Any]) -> None:
    held(20, **fields)
    assert clock.tick().reminded == 0


@pytest.mark.parametrize(
    ("state", "count"),
    [(HelperState.LEFT, 0), (HelperState.PAUSED, 1), (HelperState.SUSPENDED, 1), (HelperState.APPLIED, 1)],
)
def test_who_has_left_is_not_reminded(state: HelperState, count: int) -> None:
    held(20, helper=make.make_helper(state=state))
    assert clock.tick().reminded == count


@pytest.mark.parametrize(
    ("later", "count"),
    [
        ({"days": 300}, 0),
        ({"days": 300, "includes": True}, 0),
        ({"recheck_on": None}, 0),
        ({"days": 20}, 1),
        ({"days": 300, "other": True}, 1),
        ({"days": 300, "decision": "refused"}, 1),
        ({"days": 300, "revoked_at": timezone.now()}, 1),
        ({"days": 300, "elsewhere": True}, 1),
    ],
)
def test_check_that_a_later_one_has_taken_the_place_of_is_not_reminded_of(later: dict[str, Any], count: int) -> None:
    level, days = make.make_check_level("Basic DBS"), later.pop("days", 0)
    first = held(20, level=level)
    wider = make.make_check_level("Enhanced DBS", includes=[level] if later.pop("includes", False) else [])
    of_level = wider if wider.includes.exists() or later.pop("other", False) else level
    helper = make.make_helper() if later.pop("elsewhere", False) else first.helper
    make.make_check(helper, of_level, **{"recheck_on": today() + days * DAY, **later})
    assert clock.tick().reminded == count
