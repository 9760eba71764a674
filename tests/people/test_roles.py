from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from community_help.people.community import Community, validate_time_zone
from community_help.people.person import Person
from community_help.people.roles import Role, RoleGrant, coordinator_areas, has_role
from community_help.testing import factories as make

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [(-1, None, True), (-2, -1, False), (1, None, False), (-1, 1, True), (0, None, True), (-1, 0, False)],
)
def test_role_holds_from_until(since: int, until: int | None, *, holds: bool) -> None:
    person, now = make.make_person(), timezone.now()
    RoleGrant.objects.create(
        person=person,
        role=Role.COORDINATOR,
        since=now + timedelta(hours=since),
        until=None if until is None else now + timedelta(hours=until),
    )
    assert has_role(person, Role.COORDINATOR, now=now) is holds
    assert has_role(person, Role.ADMINISTRATOR, now=now) is False


def test_roles_are_asked_once_for_a_person(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    person = Person.objects.get(pk=make.make_coordinator(areas=[make.make_area()]).pk)
    with django_assert_num_queries(2):
        for _ in range(3):
            assert has_role(person, Role.COORDINATOR)
            assert len(coordinator_areas(person) or ()) == 1


def test_coordinator_areas_of_two_grants_add_up() -> None:
    one, two = make.make_area(), make.make_area()
    person = make.make_person()
    assert coordinator_areas(person) == set()
    person = Person.objects.get(pk=person.pk)
    make.grant_directly(person, Role.COORDINATOR, areas=[one])
    make.grant_directly(person, Role.COORDINATOR, areas=[two])
    make.grant_directly(person, Role.SAFEGUARDING_LEAD)
    assert coordinator_areas(person) == {one.pk, two.pk}
    person = Person.objects.get(pk=person.pk)
    make.grant_directly(person, Role.COORDINATOR)
    assert coordinator_areas(person) is None


def test_community_is_made_when_it_is_missing_and_only_once() -> None:
    first = Community.current()
    assert Community.current() == first
    assert Community.objects.count() == 1
    assert str(first) == "Community help"
    assert first.zone.key == "Europe/London"


@pytest.mark.parametrize("name", ["Europe/Knowle", "", "../etc/passwd", "x" * 64])
def test_time_zone_that_does_not_exist(name: str) -> None:
    with pytest.raises(ValidationError, match="not a time zone"):
        validate_time_zone(name)
