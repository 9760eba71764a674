"""The texts of a kind of job on the call screen, as a browser sends them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from community_help.jobs.call import Call
from community_help.services.calls import read_form
from community_help.testing import factories as make

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def test_texts_of_several_lines_give_way_to_those_of_another_kind(desk: Client) -> None:
    dog = make.make_task_type("Dog walk", private_template="Where the lead is:\nWhat the dog is afraid of:")
    lift = make.make_task_type("Lift", private_template="Where to be fetched:\nWalking frame:")
    desk.post(reverse("community_help:take_call"))
    call = Call.objects.get()
    url = reverse("community_help:save_call", args=[call.uuid])

    def send(kind: object, asked: object, private: str) -> str:
        call.refresh_from_db()
        typed = {"task_type": kind, "asked": asked, "private_details": private.replace("\n", "\r\n")}
        desk.post(url, {"saved": call.saved, "window": "one", "do": "", **typed})
        kept = read_form(Call.objects.get())["private_details"]
        return "\n".join(kept[0].splitlines())

    assert send(lift.pk, dog.pk, dog.private_template) == lift.private_template
    assert send(dog.pk, lift.pk, "Where to be fetched: the pub\nWalking frame:").startswith(
        "Where to be fetched: the pub"
    )
