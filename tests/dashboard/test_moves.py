"""A move that the service refuses comes back on the job's page, beside the question that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from django.core.exceptions import ValidationError
from django.http import QueryDict

from community_help.dashboard.moves import attempt
from community_help.dashboard.panels import cancel_form
from community_help.testing import factories as make

if TYPE_CHECKING:
    from django.test import RequestFactory

    from community_help.people.person import Person


def test_refusal_of_the_service_stands_beside_its_question(rf: RequestFactory, ama: Person) -> None:
    def move() -> NoReturn:
        raise ValidationError({"why": "Say it in other words.", "latest": "That time is past."})

    request = rf.post("/")
    request.actor, request.user = ama, ama.user
    form = cancel_form(QueryDict("why=Her+niece+came"))
    response = attempt(request, make.make_open_job(), move, said="", key="cancel", form=form)
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count("Say it in other words.") == 2
    assert page.count("That time is past.") == 1
    assert "Her niece came" in page
