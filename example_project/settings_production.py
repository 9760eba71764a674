"""Settings of a site that people rely on. Everything secret or local comes from the environment; see compose.yaml.

A secret may also be read from a file: ``COMMUNITY_HELP_SECRET_KEY_FILE=/run/secrets/key``.
"""

from __future__ import annotations

import os
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured

from example_project.settings_shared import *  # noqa: F403  the way in which Django's settings are shared
from example_project.settings_shared import COMMUNITY_HELP


def _given(name: str, default: str | None = None) -> str:
    """The value of an environment variable, or of the file that ``<name>_FILE`` names.

    Raises ``ImproperlyConfigured`` when there is neither, nor a default.
    """
    if file := os.environ.get(f"{name}_FILE"):
        return Path(file).read_text(encoding="utf-8").strip()
    value = os.environ.get(name) or default
    if value is None:
        raise ImproperlyConfigured(f"Set the environment variable {name}, or {name}_FILE to the path of a file.")
    return value


def _list(name: str, default: str | None = None) -> list[str]:
    """The same, of a list with commas."""
    return [part.strip() for part in _given(name, default).split(",") if part.strip()]


DEBUG = False
SECRET_KEY = _given("COMMUNITY_HELP_SECRET_KEY")
SECRET_KEY_FALLBACKS = _list("COMMUNITY_HELP_SECRET_KEY_FALLBACKS", "")
BASE_URL = _given("COMMUNITY_HELP_BASE_URL").rstrip("/")
ALLOWED_HOSTS = _list("COMMUNITY_HELP_HOSTS")
CSRF_TRUSTED_ORIGINS = [BASE_URL]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": _given("COMMUNITY_HELP_DB_HOST"),
        "PORT": _given("COMMUNITY_HELP_DB_PORT", "5432"),
        "NAME": _given("COMMUNITY_HELP_DB_NAME", "community_help"),
        "USER": _given("COMMUNITY_HELP_DB_USER", "community_help"),
        "PASSWORD": _given("COMMUNITY_HELP_DB_PASSWORD"),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c jit=off"},  # compiling takes longer than what matching asks
    }
}

COMMUNITY_HELP = {
    **COMMUNITY_HELP,
    "BASE_URL": BASE_URL,
    "HASH_KEY": _given("COMMUNITY_HELP_HASH_KEY"),
    "ENCRYPTION_KEYS": _list("COMMUNITY_HELP_ENCRYPTION_KEYS"),
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# The web server is behind a proxy that speaks https with the world and says so in this header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = int(_given("COMMUNITY_HELP_HSTS_SECONDS", "3600"))
SECURE_HSTS_INCLUDE_SUBDOMAINS = False  # the community's other sites are not ours to decide about
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CSRF_COOKIE_SECURE = True
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # subdomains and preloading: as above

DEFAULT_FROM_EMAIL = _given("COMMUNITY_HELP_FROM_EMAIL")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
_MAIL = {
    "host": _given("COMMUNITY_HELP_MAIL_HOST"),
    "port": int(_given("COMMUNITY_HELP_MAIL_PORT", "587")),
    "username": _given("COMMUNITY_HELP_MAIL_USER", ""),
    "password": _given("COMMUNITY_HELP_MAIL_PASSWORD", ""),
    "use_tls": _given("COMMUNITY_HELP_MAIL_TLS", "1") == "1",
    "timeout": 10,  # without one a server that hangs would block the worker for ever
}
if django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": _MAIL}}
else:
    EMAIL_HOST = _MAIL["host"]
    EMAIL_PORT = _MAIL["port"]
    EMAIL_HOST_USER = _MAIL["username"]
    EMAIL_HOST_PASSWORD = _MAIL["password"]
    EMAIL_USE_TLS = _MAIL["use_tls"]
    EMAIL_TIMEOUT = _MAIL["timeout"]

# Paths hold uuids and nothing else; bodies and contact details are never logged.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
