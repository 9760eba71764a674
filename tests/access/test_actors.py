"""From the account to the person who acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import AnonymousUser

from community_help.access.actors import actor_of, helper_of
from community_help.people.profiles import HelperState
from community_help.testing.factories import make_helper, make_person, make_requester, make_user

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


def test_actor_of_an_account_is_its_person() -> None:
    person = make_person()
    assert actor_of(person.user) == person


def test_actor_of_nobody_is_nobody() -> None:
    assert actor_of(AnonymousUser()) is None


def test_actor_of_an_account_without_a_person_is_nobody() -> None:
    assert actor_of(make_user()) is None


def test_actor_of_a_closed_account_is_nobody() -> None:
    person = make_person()
    person.user.is_active = False
    assert actor_of(person.user) is None


def test_actor_of_brings_the_profiles_along(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    helper = make_helper()
    stranger = make_person()
    with django_assert_num_queries(2):
        assert helper_of(actor_of(helper.person.user)) == helper
        assert helper_of(actor_of(stranger.user)) is None


def test_helper_of_nobody_is_nobody() -> None:
    assert helper_of(None) is None


def test_helper_of_a_requester_is_nobody() -> None:
    assert helper_of(make_requester().person) is None


@pytest.mark.parametrize(
    ("state", "welcome"),
    [
        (HelperState.APPLIED, True),
        (HelperState.APPROVED, True),
        (HelperState.PAUSED, True),
        (HelperState.SUSPENDED, False),
        (HelperState.LEFT, False),
    ],
)
def test_helper_of_asks_where_the_helper_stands(state: HelperState, welcome: bool) -> None:
    helper = make_helper(state=state)
    assert (helper_of(helper.person) is not None) is welcome
