"""A clock that can be set back, so that the services themselves tell the stories of this morning and yesterday."""

from __future__ import annotations

import contextlib
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any
from unittest import mock

if TYPE_CHECKING:
    from collections.abc import Iterator

_real = datetime


class _IsADateTime(type):
    """What was made by the real class is one of ours as well."""

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, _real)


@contextlib.contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Let ``timezone.now()`` answer ``moment``, for services and for the defaults of fields alike.

    Fields hold on to the function itself, so the class that it asks is what is replaced. For the seed alone: it runs in
    one thread of a program that serves nobody yet.
    """

    class Stopped(datetime, metaclass=_IsADateTime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return moment.astimezone(tz)

    with mock.patch("django.utils.timezone.datetime", Stopped):
        yield
