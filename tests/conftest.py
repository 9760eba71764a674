"""What every test may ask for."""

from __future__ import annotations

import gc
import os
from datetime import time
from typing import TYPE_CHECKING

import coverage
import django
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models.signals import pre_save
from django.test.utils import CaptureQueriesContext

from community_help.people.community import Community
from tests.smtp import HOST, SmtpServer

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from pytest_django.fixtures import SettingsWrapper

# Tests make objects by the million and keep few: looking through them less often saves 7 % of the suite.
gc.set_threshold(100_000, 20, 100)

BROWSER, RACE, POSTGRESQL, OWN_DATABASE = "browser", "race", "postgresql", "own_database"
NOT_MEASURED = (BROWSER, OWN_DATABASE, "property", "proof")
#: How coverage tells the processes that a test starts what to measure.
_MEASURES_CHILDREN = "COVERAGE_PROCESS_CONFIG"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the browser last, for its event loop is in everybody's way; first what takes longest, so that no core idles.

    Races are left out on SQLite, which lets one writer in at a time: there they would prove nothing; and what only
    PostgreSQL can do. What brings its own database along is left out on PostgreSQL: it does the same in both cells, and
    takes long.
    """
    items.sort(key=_place)
    elsewhere = (OWN_DATABASE,) if connection.vendor == "postgresql" else (RACE, POSTGRESQL)
    left_out = [item for item in items if any(map(item.get_closest_marker, elsewhere))]
    items[:] = [item for item in items if not any(map(item.get_closest_marker, elsewhere))]
    config.hook.pytest_deselected(items=left_out)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Measure no coverage of the browser, whole sites, generated cases and proofs: it nearly doubles what they take.

    What they run through, the other tests do as well.
    """
    measured = coverage.Coverage.current()
    if measured is None or not any(item.get_closest_marker(name) for name in NOT_MEASURED):
        return (yield)
    in_children = os.environ.pop(_MEASURES_CHILDREN, None)
    measured.stop()
    try:
        return (yield)
    finally:
        measured.start()
        if in_children is not None:
            os.environ[_MEASURES_CHILDREN] = in_children


def _place(item: pytest.Item) -> int:
    if item.get_closest_marker(BROWSER):
        return 2
    return 0 if item.get_closest_marker(OWN_DATABASE) else 1


def _statements(request_page: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        request_page()
    return [query["sql"] for query in queries.captured_queries]


@pytest.fixture(scope="session", autouse=True)
def no_quiet_hours() -> Iterator[None]:
    """Tests run at any hour of the day: what is quiet, they say themselves once there is a community."""

    def at_any_hour(instance: Community, **_kwargs: object) -> None:
        if instance._state.adding:
            instance.quiet_from = instance.quiet_until = time(0)

    pre_save.connect(at_any_hour, sender=Community)
    yield
    pre_save.disconnect(at_any_hour, sender=Community)


@pytest.fixture
def assert_constant_queries(db: None) -> Callable[..., int]:
    """Assert that a page costs the same number of queries however many rows it lists.

    ``make_rows(n)`` brings the number of rows **up to** n; ``request_page()`` gets the page. Returns the number of
    queries, so that a test may pin it as well. The page is fetched once before counting, which warms the ContentType
    cache that polymorphic models fill as they meet each class.
    """

    def check(
        make_rows: Callable[[int], object],
        request_page: Callable[[], object],
        *,
        small: int = 3,
        large: int = 300,
    ) -> int:
        for content_type in ContentType.objects.all():
            ContentType.objects.get_for_id(content_type.pk)
        make_rows(small)
        request_page()
        few = _statements(request_page)
        make_rows(large)
        many = _statements(request_page)
        if len(few) != len(many):
            extra = "\n".join(sorted(set(many) - set(few))[:10])
            pytest.fail(f"{len(few)} queries for {small} rows, {len(many)} for {large}; among the new ones:\n{extra}")
        return len(many)

    return check


@pytest.fixture
def smtp_server(settings: SettingsWrapper) -> Iterator[SmtpServer]:
    """Run a real SMTP server on loopback and point the site's mail at it."""
    with SmtpServer() as server:
        backend = "django.core.mail.backends.smtp.EmailBackend"
        if django.VERSION >= (6, 1):
            settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": {"host": HOST, "port": server.port}}}
        else:
            settings.EMAIL_BACKEND = backend
            settings.EMAIL_HOST = HOST
            settings.EMAIL_PORT = server.port
        yield server
