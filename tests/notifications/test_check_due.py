"""A check that is due again: who hears of it, and what the mail says and does not say."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from community_help.people.person import Person
from community_help.people.roles import Role
from community_help.services import people
from community_help.services.clock import tick
from community_help.services.safeguarding import record_check, revoke_check
from community_help.testing import factories as make
from tests.notifications.scene import address, heard, rows, settle

if TYPE_CHECKING:
    from community_help.notifications.notifiers.locmem import Sent
    from community_help.people.profiles import Helper
    from community_help.safeguarding.background_checks import Check

DAY = timedelta(days=1)


def due(helper: Helper, days: int = 20) -> Check:
    return make.make_check(helper, make.make_check_level("Enhanced DBS"), recheck_on=timezone.localdate() + days * DAY)


def test_helper_and_who_reaches_them_are_told_once(outbox: list[Sent]) -> None:
    filwood, knowle = make.make_area("Filwood"), make.make_area("Knowle")
    tom = make.make_helper("Tom Aldous", areas=[filwood])
    everywhere, here = make.make_coordinator(), make.make_coordinator(areas=[filwood, knowle])
    make.make_coordinator(areas=[knowle])
    make.grant_directly(make.make_person(), Role.SAFEGUARDING_LEAD)
    gone = make.make_coordinator()
    gone.role_grants.update(until=timezone.now())
    due(tom)
    for _again in range(2):
        tick()
        settle()
    assert heard(outbox) == {
        ("check_due", address(tom)),
        ("helper_check_due", address(everywhere)),
        ("helper_check_due", address(here)),
    }


def test_helper_without_an_area_is_in_reach_of_every_coordinator(outbox: list[Sent]) -> None:
    tom, here = make.make_helper(), make.make_coordinator(areas=[make.make_area()])
    make.make_coordinator(areas=[])
    due(tom)
    tick()
    settle()
    assert heard(outbox) == {("check_due", address(tom)), ("helper_check_due", address(here))}


def test_coordinator_who_helps_is_told_of_their_own_check_as_a_helper_only(outbox: list[Sent]) -> None:
    both = make.make_helper()
    make.grant_directly(both.person, Role.COORDINATOR)
    due(both)
    tick()
    settle()
    assert heard(outbox) == {("check_due", address(both))}


def test_mails_name_neither_the_helper_nor_the_check(outbox: list[Sent]) -> None:
    make.make_coordinator("Ama Mensah")
    due(make.make_helper("Canarina Songbird"))
    tick()
    settle()
    for message, _address in outbox:
        everything = f"{message.subject} {message.text} {message.html}"
        assert "DBS" not in everything
        assert ("Canarina" in everything) == (message.kind == "check_due")
        assert "Songbird" not in everything


@pytest.mark.parametrize("change", ["renewed", "revoked", "left"])
def test_what_is_no_longer_true_is_not_sent(outbox: list[Sent], change: str) -> None:
    tom, ama = make.make_helper(), make.make_coordinator()
    check = due(tom)
    tick()
    if change == "renewed":
        record_check(tom, actor=ama, level=check.level, issued_on=timezone.localdate())
    elif change == "revoked":
        revoke_check(check, actor=ama, why="a new entry")
    else:
        people.retire_helper(tom, actor=ama)
    settle()
    assert heard(outbox) == set()
    assert {reason for _kind, _state, reason in rows(state="skipped")} == {"the check is not due any more"}


def test_older_reminder_gives_way_to_a_nearer_one(outbox: list[Sent]) -> None:
    tom = make.make_helper()
    due(tom)
    tick()
    settle(limit=1)  # the fan-out alone
    tick(timezone.now() + 15 * DAY)
    settle()
    assert heard(outbox) == {("check_due", address(tom))}
    assert ("check_due", "skipped", "somebody was reminded again since") in rows()


def test_coordinator_who_is_none_any_more_is_not_told(outbox: list[Sent]) -> None:
    tom, ama = make.make_helper(), make.make_coordinator()
    due(tom)
    tick()
    settle(limit=1)
    Person.objects.get(pk=ama.pk).role_grants.all().delete()
    settle()
    assert heard(outbox) == {("check_due", address(tom))}
    assert ("helper_check_due", "skipped", "is no longer a co-ordinator of the helper's areas") in rows()
