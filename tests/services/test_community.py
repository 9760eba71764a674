"""How much each preference counts is the community's to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError

from community_help.exceptions import NotAllowed, StaleTransition
from community_help.matching import best
from community_help.people.community import Community
from community_help.people.profiles import Buddy
from community_help.people.roles import Role
from community_help.services.community import change_weights
from community_help.testing import factories as make

if TYPE_CHECKING:
    from community_help.people.person import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Person:
    person = make.make_person("Ama Mensah")
    make.grant_directly(person, Role.ADMINISTRATOR)
    return person


def test_change_weights_is_the_order_from_then_on(admin: Person) -> None:
    job = make.make_open_job()
    first, buddy = make.make_matching_helper(job), make.make_matching_helper(job)
    Buddy.objects.create(helper=buddy, requester=job.requester)
    assert [one.helper for one in best(job, most=2)] == [buddy, first]
    event = change_weights(actor=admin, weights={"buddy": 0})
    assert event is not None
    assert (event.actor, event.why) == (admin, "Is their buddy: 10 → 0")
    assert [one.helper for one in best(job, most=2)] == [first, buddy]
    assert change_weights(actor=admin, weights={"buddy": 0, "nearest": 1}) is None
    change_weights(actor=admin, weights={"nearest": 10})
    assert Community.current().preference_weights == {"buddy": 0, "nearest": 10}


def test_change_weights_tells_who_was_faster(admin: Person) -> None:
    first = change_weights(actor=admin, weights={"buddy": 2}, seen=0)
    assert first is not None
    with pytest.raises(StaleTransition, match="changed whom to ask first"):
        change_weights(actor=admin, weights={"buddy": 9}, seen=0)
    assert Community.current().preference_weights == {"buddy": 2}
    assert change_weights(actor=admin, weights={"buddy": 9}, seen=first.pk)


@pytest.mark.parametrize("weights", [{"nothing": 1}, {"buddy": 11}, {"buddy": -1}, {"buddy": "many"}, {"buddy": None}])
def test_change_weights_refuses_by_name(admin: Person, weights: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        change_weights(actor=admin, weights=weights)
    assert set(caught.value.message_dict) == set(weights)
    assert Community.current().preference_weights == {}


def test_change_weights_is_an_administrators() -> None:
    with pytest.raises(NotAllowed):
        change_weights(actor=make.make_coordinator(), weights={"buddy": 1})
