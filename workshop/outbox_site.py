"""The site of the proof `outbox`: its workers' mail goes to the port that the environment names."""

from __future__ import annotations

import os
from typing import Any

import django

from tests.settings.base import *  # noqa: F403  the suite's site, but for its mail

SMTP_PORT = "COMMUNITY_HELP_PROOF_SMTP_PORT"

_MAIL: Any = {"host": "127.0.0.1", "port": int(os.environ.get(SMTP_PORT, "0"))}
_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
if django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": _BACKEND, "OPTIONS": _MAIL}}
else:
    EMAIL_BACKEND = _BACKEND
    EMAIL_HOST = _MAIL["host"]
    EMAIL_PORT = _MAIL["port"]
COMMUNITY_HELP = {"BASE_URL": "https://help.example"}
