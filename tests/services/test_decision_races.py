"""Two people decide at once, and two changes of which each alone would be fine."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from django.db import connections
from django.utils import timezone

from community_help.exceptions import CommunityHelpError
from community_help.jobs.decision import Decision, DecisionAnswer
from community_help.jobs.offer import Offer
from community_help.lifecycle.event import Event
from community_help.services import clock, offers, people, safeguarding
from community_help.services.change import change_job
from community_help.services.decisions import answer_decision
from community_help.testing import factories as make
from tests.services.test_ripple import Town

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 5


def at_once(*moves: Callable[[], object]) -> Counter[str]:
    """Do all of these at one moment; how each ended."""
    start, ends = threading.Barrier(len(moves)), list[str]()

    def run(move: Callable[[], object]) -> None:
        start.wait()
        try:
            move()
            ends.append("done")
        except CommunityHelpError as error:
            ends.append(type(error).__name__)
        except Exception as error:  # noqa: BLE001  a deadlock, say: the test names it
            ends.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(move,)) for move in moves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(ends)


@pytest.mark.parametrize("answer", [DecisionAnswer.SIGN, DecisionAnswer.STAND_DOWN])
def test_answer_decision_twice_at_once_counts_once(answer: str) -> None:
    town = Town()
    town.ratify()
    people.change_helper(town.tom, actor=town.ama, areas=[])
    row, others = Decision.objects.get(), [make.make_coordinator() for _ in range(6)]
    ends = at_once(
        *(
            lambda actor=actor: answer_decision(row, actor=actor, answer=answer, why="it is next door", version=1)
            for actor in others
        )
    )
    assert ends == {"done": 1, "StaleTransition": 5}
    assert Event.objects.filter(kind__in=["answer_decision", "stand_down_offer"]).count() == 1


def test_two_checks_revoked_at_once_leave_a_decision() -> None:
    for _round in range(ROUNDS):
        town = Town()
        town.ratify()
        checks = [town.check, make.make_check(town.tom, town.level)]
        ends = at_once(*(partial(safeguarding.revoke_check, one, actor=town.ama, why="a new entry") for one in checks))
        assert ends == {"done": 2}
        assert (town.found(), town.is_shut()) == ({"check_level": ("open", True)}, True)
        Decision.objects.all().delete()


def test_ratify_offer_and_a_change_at_once_never_miss_each_other() -> None:
    for _round in range(ROUNDS):
        town = Town()
        ends = at_once(
            lambda town=town: offers.ratify_offer(town.offer, actor=town.ama),
            lambda town=town: people.change_helper(town.tom, actor=town.tom.person, areas=[]),
        )
        assert ends in ({"done": 2}, {"done": 1, "NotEligible": 1})
        assert town.found() == {"area": ("open", False)}
        Decision.objects.all().delete()


def test_offer_and_a_suspension_at_once_never_miss_each_other() -> None:
    for _round in range(ROUNDS):
        town = Town()
        Offer.objects.all().delete()
        ends = at_once(
            lambda town=town: offers.make_offer(town.job, helper=town.tom, actor=town.ama),
            lambda town=town: people.suspend_helper(town.tom, actor=town.ama, why="a complaint"),
        )
        made = Offer.objects.count()
        assert ends == ({"done": 2} if made else {"done": 1, "NotEligible": 1})
        assert len(town.found()) == made
        Decision.objects.all().delete()


def test_job_and_helper_changed_at_once_wait_for_each_other_without_a_deadlock() -> None:
    for _round in range(ROUNDS):
        town = Town()
        knowle = make.make_area("Knowle")
        people.change_helper(town.tom, actor=town.ama, areas=[town.job.area, knowle])
        ends = at_once(
            lambda town=town, knowle=knowle: change_job(town.job, actor=town.ama, values={"area": knowle}),
            lambda town=town: people.change_helper(town.tom, actor=town.tom.person, areas=[town.job.area]),
            lambda town=town: offers.ratify_offer(town.offer, actor=town.ama),
        )
        assert set(ends) <= {"done", "NotEligible", "StaleTransition"}
        assert town.found()["area"] == ("open", False)
        Decision.objects.all().delete()


def test_two_clocks_ask_and_remind_once() -> None:
    town = Town()
    town.ratify()
    make.make_check(make.make_helper(), town.level, recheck_on=timezone.localdate() + timedelta(days=20))
    town.tom.checks.update(recheck_on=timezone.localdate() - timedelta(days=1))
    assert at_once(clock.tick, clock.tick, clock.tick) == {"done": 3}
    assert (Decision.objects.count(), Event.objects.filter(kind="remind_of_check").count()) == (1, 1)
