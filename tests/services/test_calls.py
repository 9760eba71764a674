from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from community_help.exceptions import NotAllowed, StaleTransition
from community_help.jobs.call import Call
from community_help.lifecycle.event import Event
from community_help.services import calls
from community_help.testing import factories as make

pytestmark = pytest.mark.django_db


def test_save_call_keeps_the_form_sealed_until_it_is_finished() -> None:
    ama = make.make_coordinator()
    call = calls.start_call(actor=ama)
    typed = {"who": "0117 496 0187", "skills": ["1", "2"]}
    call = calls.save_call(call, actor=ama, form=typed, saved=0)
    assert (calls.read_form(call), call.saved) == (typed, 1)
    call = calls.finish_call(call, actor=ama)
    assert (call.form, calls.read_form(call), call.ended_at is not None) == ("", {}, True)


def test_save_call_from_a_second_window_says_so_and_loses_nothing() -> None:
    ama = make.make_coordinator()
    call = calls.start_call(actor=ama)
    calls.save_call(call, actor=ama, form={"who": "first"}, saved=0)
    with pytest.raises(StaleTransition, match="saved in another window"):
        calls.save_call(call, actor=ama, form={"who": "second"}, saved=0)
    assert calls.read_form(Call.objects.get()) == {"who": "first"}


def test_save_call_after_it_was_finished_says_so() -> None:
    ama = make.make_coordinator()
    call = calls.finish_call(calls.start_call(actor=ama), actor=ama)
    with pytest.raises(StaleTransition, match="was finished"):
        calls.save_call(call, actor=ama, form={}, saved=0)


def test_save_call_of_far_too_much_is_refused() -> None:
    ama = make.make_coordinator()
    call = calls.start_call(actor=ama)
    with pytest.raises(ValidationError, match="more text"):
        calls.save_call(call, actor=ama, form={"who": "x" * 60_000}, saved=0)


def test_choose_requester_is_kept_with_the_call() -> None:
    ama, doreen = make.make_coordinator(), make.make_requester()
    call = calls.choose_requester(calls.start_call(actor=ama), actor=ama, requester=doreen)
    assert call.requester == doreen
    assert calls.choose_requester(call, actor=ama, requester=None).requester is None


def test_finish_call_twice_is_finishing_once() -> None:
    ama, doreen = make.make_coordinator(), make.make_requester()
    call = calls.choose_requester(calls.start_call(actor=ama), actor=ama, requester=doreen)
    first = calls.finish_call(call, actor=ama)
    again = calls.finish_call(call, actor=ama)
    assert first.ended_at == again.ended_at
    assert Event.objects.get(kind="finish_call").person == doreen.person


def test_call_of_somebody_else_is_not_ones_own() -> None:
    call = calls.start_call(actor=make.make_coordinator())
    leroy = make.make_coordinator()
    with pytest.raises(NotAllowed):
        calls.save_call(call, actor=leroy, form={}, saved=0)
    with pytest.raises(NotAllowed):
        calls.finish_call(call, actor=leroy)
    with pytest.raises(NotAllowed):
        calls.start_call(actor=make.make_helper().person)
