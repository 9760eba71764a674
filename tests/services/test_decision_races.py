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
from community_help.jobs.task_type import TaskType
from community_help.jobs.waiver import Waiver
from community_help.lifecycle.event import Event
from community_help.people.profiles import Buddy
from community_help.people.roles import Role
from community_help.services import clock, offers, people, safeguarding
from community_help.services.buddies import make_buddies
from community_help.services.change import change_job
from community_help.services.decisions import answer_decision
from community_help.services.task_types import order_task_type
from community_help.services.waivers import ask_anyway
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


def test_ask_anyway_at_once_is_said_once() -> None:
    for _ in range(ROUNDS):
        job = make.make_open_job()
        helper = make.make_helper(task_types=[job.task_type])
        ama = make.make_coordinator()
        move = partial(ask_anyway, job, helper=helper, criterion="area", actor=ama, why="next door")
        assert at_once(*[move] * 4) == {"done": 4}
        assert Waiver.objects.filter(job=job).count() == Event.objects.filter(kind="ask_anyway", job=job).count() == 1


def test_buddies_and_kept_apart_at_once_never_miss_each_other() -> None:
    for _ in range(ROUNDS):
        helper, requester, ama = make.make_helper(), make.make_requester(), make.make_coordinator()
        at_once(
            partial(make_buddies, helper, requester, actor=ama),
            partial(safeguarding.never_pair, helper, requester, actor=ama, reason="a quarrel"),
        )
        are_buddies = Buddy.objects.filter(helper=helper, requester=requester).exists()
        assert Decision.objects.filter(helper=helper, criterion="never_pair").exists() == are_buddies


def test_kinds_of_job_moved_at_once_do_not_wait_for_each_other() -> None:
    admin = make.make_person("Ama Mensah")
    make.grant_directly(admin, Role.ADMINISTRATOR)
    kinds = [make.make_task_type() for _ in range(6)]
    for place in range(ROUNDS):
        moves = [partial(order_task_type, kind, actor=admin, place=place) for kind in kinds]
        assert at_once(*moves) == {"done": len(kinds)}
    assert sorted(TaskType.objects.values_list("order", flat=True)) == list(range(6))
