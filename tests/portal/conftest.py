"""A helper who is signed in, and the neighbourhood that they see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from community_help.testing import factories as make

if TYPE_CHECKING:
    from collections.abc import Callable

    from community_help.jobs.task_type import TaskType
    from community_help.people.community import Area
    from community_help.people.person import Person
    from community_help.people.profiles import Helper


@pytest.fixture
def area(db: None) -> Area:
    return make.make_area("Filwood")


@pytest.fixture
def shopping(db: None) -> TaskType:
    return make.make_task_type("Shopping")


@pytest.fixture
def helper(area: Area, shopping: TaskType) -> Helper:
    """Tom does shopping in Filwood."""
    return make.make_helper("Tom Aldous", areas=[area], task_types=[shopping])


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
def tom(helper: Helper, sign_in: Callable[[Person], Client]) -> Client:
    """Tom's browser."""
    return sign_in(helper.person)
