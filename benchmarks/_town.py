"""A town of any size, made by the database itself: the same for the same seed.

Each helper covers 2 areas, does 6 of 12 kinds of job and has 6 of 12 skills. There are so many areas that a job
has about as many helpers in a village as in a nation: what grows is the table, not the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SEED = 0.2020
KINDS, SKILLS, EACH = 12, 12, 6
HELPERS_FOR_AN_AREA = 2_000


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


def empty() -> None:
    """Take everybody away again."""
    from django.apps import apps  # noqa: PLC0415  Django is set up by now
    from django.db import connection  # noqa: PLC0415  the same

    tables = [
        model._meta.db_table for model in apps.get_app_config("community_help").get_models(include_auto_created=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
