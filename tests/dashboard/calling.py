"""A call as a browser would go through it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from community_help.jobs.call import Call
from community_help.privacy.disclosure import reveal
from community_help.services.calls import start_call

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from community_help.jobs.task_type import TaskType
    from community_help.people.community import Area
    from community_help.people.person import Person

#: Somebody new, as typed.
NEW = {
    "new_person": "yes",
    "name": "Mary O’Leary",
    "phone": "0117 496 0555",
    "address": "7 Throgmorton Road",
    "postcode": "BS4 1AA",
    "access_notes": "Ring twice",
    "consent_how": "read aloud on the phone",
}


class Browser:
    """One window on one call: it knows what the page told it, and sends it back with what is typed."""

    def __init__(self, client: Client, actor: Person, *, window: str = "first") -> None:
        self.client, self.window = client, window
        self.call = start_call(actor=actor)
        self.seen = 0

    def url(self, name: str) -> str:
        return reverse(f"community_help:{name}", args=[self.call.uuid])

    def fresh(self) -> Call:
        return Call.objects.get(pk=self.call.pk)

    def look(self) -> HttpResponse:
        self.seen = self.fresh().saved
        return self.client.get(self.url("view_call"))

    def send(self, typed: dict[str, Any], *, to: str = "save_call", do: str = "", **more: Any) -> HttpResponse:
        hidden = {"saved": self.seen, "window": self.window, "do": do}
        response = self.client.post(self.url(to), {**hidden, **typed}, **more)
        self.seen = self.fresh().saved
        return response

    def find(self, who: str, *, do: str = "search") -> HttpResponse:
        """Search, and follow to the page that answers."""
        return self.client.get(self.send({"who": who}, do=do).headers["Location"])


def about(task_type: TaskType, **answers: Any) -> dict[str, Any]:
    """A job as typed: wanted tomorrow afternoon, with the questions of its kind on the page."""
    tomorrow = (timezone.now() + timedelta(days=1)).date().isoformat()
    begin = {
        "task_type": task_type.pk,
        "asked": task_type.pk,
        "timing": "between",
        "day": tomorrow,
        "from_time": "14:00",
        "until_time": "17:00",
        "urgency": "soon",
        "places": "1",
        "shopping_list": "a small brown loaf",
        "payment": "cash",
    }
    return begin | answers


def new_person(area: Area, **answers: str) -> dict[str, str]:
    """Somebody new, who lives there."""
    return {**NEW, "home_area": str(area.pk), **answers}


def details_of(person: Person, actor: Person) -> dict[str, str]:
    return reveal(person, ["phone", "address", "postcode", "access_notes"], actor=actor, why="a test")
