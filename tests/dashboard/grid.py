"""What the tests of the grid of kinds of job do again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from community_help.jobs.task_type import TaskType
from workshop.bad_input_grid import KIND

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

GRID = "/help/desk/kinds/"


def url(name: str, kind: TaskType, *more: str) -> str:
    return reverse(f"community_help:{name}", args=[kind.uuid, *more])


def choose(office: Client, kind: TaskType, slug: str, *, on: bool, **typed: Any) -> HttpResponse:
    version = TaskType.objects.get(pk=kind.pk).version
    return office.post(
        url("choose_criterion", kind, slug), {"version": version, "on": "yes" if on else "no", **typed}, follow=True
    )


def answers(kind: TaskType | None = None, **changed: Any) -> dict[str, Any]:
    """What the form of a kind of job sends."""
    return {**KIND, **({"version": kind.version} if kind else {}), **changed}
