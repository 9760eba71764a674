"""Database URLs, as the tests, the proofs and the private PostgreSQL hand them to one another."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

DATABASE_URL = "COMMUNITY_HELP_DATABASE_URL"


def database_from_url(url: str) -> dict[str, Any]:
    """Read a URL as one entry of Django's ``DATABASES``.

    ``postgresql://user:password@host:port/name?host=/socket/folder`` and ``sqlite:////absolute/file`` are known.
    SQLite is set up so that writers wait for one another: immediate transactions, write-ahead log, 20 seconds.

    Raises ValueError on any other scheme.
    """
    parts = urlsplit(url)
    if parts.scheme in {"postgres", "postgresql"}:
        socket_folder = parse_qs(parts.query).get("host", [""])[0]
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.removeprefix("/")) or "postgres",
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": socket_folder or parts.hostname or "",
            "PORT": str(parts.port or ""),
        }
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path.removeprefix("/")),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL;",
            },
        }
    raise ValueError(f"{parts.scheme or 'no scheme'} in a database URL: postgresql or sqlite is meant")
