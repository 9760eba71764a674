"""The routes by which a community sets up its kinds of job: an administrator's, whoever sits at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from community_help.access.routes import guarded
from community_help.dashboard import kinds

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponseBase
    from django.urls import URLPattern

_GRID = "list_task_types"


def _done_to(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
    """What only a form of the grid does; who opens its address is led to the grid."""
    return guarded(route, view, action="change_task_type", name=name, surface=_GRID, looked_at=_GRID)


urlpatterns = [
    guarded("desk/kinds/", kinds.list_task_types, action=_GRID, name=_GRID),
    guarded("desk/kinds/new/", kinds.make_task_type, action="make_task_type", name="make_task_type"),
    guarded(
        "desk/kinds/<uuid:uuid>/",
        kinds.change_task_type,
        action="change_task_type",
        name="change_task_type",
        surface=_GRID,
    ),
    _done_to("desk/kinds/<uuid:uuid>/asks/<slug:slug>/", kinds.choose_criterion, "choose_criterion"),
    _done_to("desk/kinds/<uuid:uuid>/order/", kinds.order_task_type, "order_task_type"),
    _done_to("desk/kinds/<uuid:uuid>/retire/", kinds.retire_task_type, "retire_task_type"),
    guarded(
        "desk/kinds/weights/",
        kinds.change_weights,
        action="change_community",
        name="change_weights",
        surface=_GRID,
        looked_at=_GRID,
    ),
    _done_to("desk/kinds/changes/<int:pk>/undo/", kinds.undo_task_type_change, "undo_task_type_change"),
]
