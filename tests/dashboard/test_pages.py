"""Where people work, and how they get from one place of it to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from community_help.people.roles import Role
from community_help.testing import factories as make

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from community_help.people.person import Person

pytestmark = pytest.mark.django_db

HOME, DESK, JOBS, KINDS, CALL = "/help/", "/help/desk/", "/help/jobs/", "/help/desk/kinds/", "/help/desk/calls/"


def coordinator() -> Person:
    return make.make_coordinator()


def helper() -> Person:
    return make.make_helper().person


def administrator() -> Person:
    return make.grant_directly(make.make_person(), Role.ADMINISTRATOR).person


def all_of_them() -> Person:
    person = helper()
    make.grant_directly(person, Role.COORDINATOR)
    make.grant_directly(person, Role.ADMINISTRATOR)
    return person


def helper_who_administers() -> Person:
    return make.grant_directly(helper(), Role.ADMINISTRATOR).person


@pytest.mark.parametrize(
    ("who", "home", "others"),
    [
        (coordinator, DESK, set()),
        (helper, JOBS, set()),
        (administrator, KINDS, set()),
        (helper_who_administers, JOBS, {KINDS}),
        (all_of_them, DESK, {JOBS, KINDS}),
    ],
)
def test_everybody_comes_to_where_their_work_is_and_finds_the_rest(
    who: Callable[[], Person], home: str, others: set[str], sign_in: Callable[[Person], Client]
) -> None:
    client = sign_in(who())
    assert client.get(HOME).headers["Location"] == home
    surfaces = {home, *others}
    for surface in surfaces:
        page = client.get(surface)
        assert page.status_code == 200
        for other in {DESK, JOBS, KINDS, CALL}:
            is_theirs = other in surfaces or (other == CALL and DESK in surfaces and surface != JOBS)
            leads_there = f'href="{other}"' in page.content.decode()
            assert leads_there == is_theirs, (surface, other)


def test_who_works_nowhere_has_no_home(sign_in: Callable[[Person], Client]) -> None:
    assert sign_in(make.make_person()).get(HOME).status_code == 404
