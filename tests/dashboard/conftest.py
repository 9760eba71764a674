"""A co-ordinator who is signed in, and the neighbourhood that they look after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from community_help.people.roles import Role
from community_help.testing import factories as make

if TYPE_CHECKING:
    from collections.abc import Callable

    from community_help.jobs.task_type import TaskType
    from community_help.people.community import Area
    from community_help.people.person import Person
    from community_help.people.profiles import Requester


@pytest.fixture
def sign_in() -> Callable[[Person], Client]:
    """Sign a person in, in a browser of their own."""

    def as_person(person: Person) -> Client:
        client = Client()
        assert person.user is not None
        client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return as_person


@pytest.fixture
def ama(db: None) -> Person:
    """Ama co-ordinates everywhere."""
    return make.make_coordinator("Ama Mensah")


@pytest.fixture
def desk(ama: Person, sign_in: Callable[[Person], Client]) -> Client:
    """Ama's browser."""
    return sign_in(ama)


@pytest.fixture
def filwood(db: None) -> Area:
    return make.make_area("Filwood")


@pytest.fixture
def shopping(db: None) -> TaskType:
    return make.make_task_type("Shopping", script="How will you pay?")


@pytest.fixture
def doreen(filwood: Area) -> Requester:
    """Doreen lives in Filwood and is hard of hearing."""
    contact = {"phone": "0117 496 0187", "address": "14 Leinster Avenue", "access_notes": "Side gate sticks"}
    return make.make_requester("Doreen Pascoe", area=filwood, warnings="Hard of hearing", contact=contact)


@pytest.fixture
def admin(ama: Person) -> Person:
    make.grant_directly(ama, Role.ADMINISTRATOR)
    return ama


@pytest.fixture
def office(admin: Person, desk: Client) -> Client:
    """An administrator's browser."""
    return desk
