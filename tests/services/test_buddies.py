"""Buddies: made and ended by a co-ordinator, never of two who are kept apart."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from community_help.exceptions import NotAllowed
from community_help.lifecycle.event import Event
from community_help.matching import best
from community_help.people.profiles import Buddy, Helper, NeverPair
from community_help.people.roles import Role
from community_help.services.buddies import end_buddies, make_buddies
from community_help.testing import factories as make

pytestmark = pytest.mark.django_db


def test_make_buddies_twice_is_one_pair_and_one_event() -> None:
    actor, helper, requester = make.make_coordinator(), make.make_helper(), make.make_requester()
    first = make_buddies(helper, requester, actor=actor)
    assert make_buddies(helper, requester, actor=actor) == first
    assert (first.made_by, Buddy.objects.count()) == (actor, 1)
    assert Event.objects.filter(kind="make_buddies", person=helper.person).count() == 1


def test_make_buddies_of_two_who_are_kept_apart_or_one_is_refused() -> None:
    actor, helper, requester = make.make_coordinator(), make.make_helper(), make.make_requester()
    NeverPair.objects.create(helper=helper, requester=requester)
    with pytest.raises(ValidationError, match="These two are kept apart"):
        make_buddies(helper, requester, actor=actor)
    both = Helper.objects.create(person=make.make_requester().person)
    with pytest.raises(ValidationError, match="Nobody is their own buddy"):
        make_buddies(both, both.person.requester, actor=actor)
    assert Buddy.objects.count() == 0


def test_end_buddies_takes_the_pair_away_and_tells_why() -> None:
    actor = make.make_coordinator()
    pair = make_buddies(make.make_helper(), make.make_requester(), actor=actor)
    end_buddies(pair, actor=actor, why="moved away")
    assert Buddy.objects.count() == 0
    assert Event.objects.get(kind="end_buddies").why == "moved away"


def test_nobody_makes_themselves_a_buddy() -> None:
    helper = make.make_helper()
    make.grant_directly(helper.person, Role.COORDINATOR)
    with pytest.raises(NotAllowed):
        make_buddies(helper, make.make_requester(), actor=helper.person)


def test_buddies_are_a_coordinators_alone() -> None:
    helper, requester = make.make_helper(), make.make_requester()
    for actor in (helper.person, requester.person):
        with pytest.raises(NotAllowed):
            make_buddies(helper, requester, actor=actor)


def test_buddy_is_asked_first_and_the_reason_is_said() -> None:
    job = make.make_open_job()
    helpers = [make.make_matching_helper(job) for _ in range(3)]
    make_buddies(helpers[1], job.requester, actor=make.make_coordinator())
    first, *_others = best(job, most=3)
    assert first.helper == helpers[1]
    assert first.reasons[0] == "is their buddy"
