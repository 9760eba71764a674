"""The site that the suite runs on.

``COMMUNITY_HELP_DATABASE_URL`` names the database (``python -m workshop.postgres -- pytest`` sets it); without it
the suite makes an SQLite file of its own in a temporary folder. A file, not memory: live servers, workers and
threads then meet real connections and real locks.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import django

from workshop.databases import DATABASE_URL, database_from_url


def _own_sqlite() -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="community-help-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    database = database_from_url(f"sqlite:///{folder / 'site.sqlite3'}")
    # Nobody needs the test database after a power cut: not waiting for the disk makes the suite far faster.
    database["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
    database["TEST"] = {"NAME": str(folder / "test.sqlite3")}
    return database


def _database() -> dict[str, Any]:
    url = os.environ.get(DATABASE_URL)
    if not url:
        return _own_sqlite()
    database = database_from_url(url)
    # Two runs may share one server: each has a test database of its own.
    database["TEST"] = {"NAME": f"test_community_help_{os.getpid()}"}
    return database


SECRET_KEY = "only-for-tests"
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "polymorphic",
    "django_q",
    "community_help",
    "example_project.library_run",  # a job model of a site's own
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "tests.settings.csp.StrictPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "DIRS": [Path(__file__).parent / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
]
ROOT_URLCONF = "tests.settings.urls"
DATABASES = {"default": _database()}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick; nobody's password is kept
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/help/"
STATIC_URL = "/static/"
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
Q_CLUSTER = {
    "name": "community_help_tests",
    "orm": "default",
    "workers": 1,
    "timeout": 30,
    "retry": 60,
    "max_attempts": 1,
    "catch_up": False,
    "poll": 0.2,
}
COMMUNITY_HELP: dict[str, Any] = {"BASE_URL": "https://help.example"}

if django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
else:
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = "help@community.example"
