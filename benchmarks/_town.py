"""A town of any size, made by PostgreSQL itself: the same for the same seed. SQLite is given a copy.

Each helper covers 2 areas, does 6 of 12 kinds of job and has 6 of 12 skills. There are so many areas that a job
has about as many helpers in a village as in a nation: what grows is the table, not the answer. All kinds of job ask
the same until one is told to ask who lives near.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from uuid import UUID

from workshop.databases import database_from_url

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 0.2020
KINDS, SKILLS, EACH = 12, 12, 6
HELPERS_FOR_AN_AREA = 2_000
#: How near is near, where that is asked.
MILES = 3


@dataclass(frozen=True)
class Size:
    """How many helpers, jobs, and jobs that are open."""

    helpers: int
    jobs: int
    open_jobs: int

    @property
    def areas(self) -> int:
        """Areas of about two thousand helpers each."""
        return max(2, self.helpers * 2 // HELPERS_FOR_AN_AREA)


SIZES = {
    "44": Size(44, 300, 30),
    "1200": Size(1_200, 3_000, 300),
    "11000": Size(11_000, 20_000, 2_000),
    "750000": Size(750_000, 500_000, 100_000),
}

_SQL = Path(__file__).with_name("town.sql")


def build(size: Size) -> None:
    """Fill the empty tables of the current (PostgreSQL) database."""
    from django.contrib.contenttypes.models import ContentType  # noqa: PLC0415  Django is set up by now
    from django.db import connection  # noqa: PLC0415  the same

    from community_help.jobs.bundled import ErrandJob  # noqa: PLC0415  the same
    from community_help.people.community import Community  # noqa: PLC0415  the same

    community = Community.current()
    community.time_zone = "UTC"  # town.sql counts its days and minutes in it
    community.save()

    values = {
        "seed": SEED,
        "areas": size.areas,
        "skills": SKILLS,
        "kinds": KINDS,
        "each": EACH,
        "helpers": size.helpers,
        "requesters": max(20, size.helpers // 2),
        "jobs": size.jobs,
        "open_jobs": size.open_jobs,
        "ctype": ContentType.objects.get_for_model(ErrandJob).pk,
    }
    with connection.cursor() as cursor:
        for statement in _SQL.read_text(encoding="utf-8").format(**values).split(";\n"):
            if statement.strip():
                cursor.execute(statement)
        cursor.execute("ANALYZE")


def settle() -> None:
    """Let PostgreSQL tidy up after the building, as it does by itself where a site has been running for a while."""
    from django.db import connection  # noqa: PLC0415  Django is set up by now

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def ask_who_lives_near(kind: int) -> None:
    """From now on this kind of job is for those who live near, and kinds are of two sorts."""
    from community_help.jobs.task_type import TaskType  # noqa: PLC0415  Django is set up by now

    options = {"radius": {"on": True, "options": {"miles": MILES}}}
    TaskType.objects.filter(pk=kind).update(criteria_options=options)


def empty() -> None:
    """Take everybody away again."""
    from django.apps import apps  # noqa: PLC0415  Django is set up by now
    from django.db import connection  # noqa: PLC0415  the same

    ours = apps.get_app_config("community_help").get_models(include_auto_created=True)
    tables = ", ".join(model._meta.db_table for model in ours)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


@contextmanager
def on_sqlite() -> Iterator[None]:
    """Until the block ends, a copy of the town in a new SQLite file is the current database."""
    from django.core.management import call_command  # noqa: PLC0415  Django is set up by now
    from django.db import connections  # noqa: PLC0415  the same
    from django.db.utils import ConnectionHandler  # noqa: PLC0415  the same

    before = connections["default"]
    with TemporaryDirectory() as folder:
        copy = ConnectionHandler({"default": database_from_url(f"sqlite:///{folder}/town.sqlite3")})["default"]
        connections["default"] = copy
        try:
            call_command("migrate", verbosity=0)
            _fill(copy, before)
            yield
        finally:
            connections["default"] = before
            copy.close()


def _fill(copy: Any, town: Any) -> None:
    """Put the town's rows in the place of those that were made with the tables.

    Django's own too: a job refers to its content type, which has another number in another database.
    """
    from django.apps import apps  # noqa: PLC0415  Django is set up by now
    from django.db import transaction  # noqa: PLC0415  the same

    with transaction.atomic(), copy.cursor() as into, town.cursor() as out:
        models = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]
        for model in models:
            into.execute(f"DELETE FROM {model._meta.db_table}")
        for model in models:
            names = ", ".join(f'"{field.column}"' for field in model._meta.local_concrete_fields)
            marks = ", ".join(["%s"] * len(model._meta.local_concrete_fields))
            out.execute(f"SELECT {names} FROM {model._meta.db_table}")
            rows = ([_stored(value, copy.ops) for value in row] for row in out.fetchall())
            into.executemany(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})", rows)
        into.execute("ANALYZE")


def _stored(value: Any, ops: Any) -> Any:
    """As Django keeps it in SQLite."""
    if isinstance(value, datetime):
        return ops.adapt_datetimefield_value(value)
    if isinstance(value, date | time):
        return str(value)
    return value.hex if isinstance(value, UUID) else value
