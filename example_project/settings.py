"""Settings to develop with, and those of the demo. Never of a site that people rely on: see settings_production."""

from __future__ import annotations

import os

import django

from example_project.settings_shared import *  # noqa: F403  the way in which Django's settings are shared
from example_project.settings_shared import INSTALLED_APPS, VAR
from workshop.databases import DATABASE_URL, database_from_url

DEBUG = True
SECRET_KEY = "only-for-the-demo-and-for-development"  # noqa: S105  it protects nothing: no real person is in the demo
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
INSTALLED_APPS = [*INSTALLED_APPS, "example_project.demo"]

VAR.mkdir(exist_ok=True)
DATABASES = {"default": database_from_url(os.environ.get(DATABASE_URL) or f"sqlite:///{VAR / 'demo.sqlite3'}")}

COMMUNITY_HELP = {
    "BASE_URL": os.environ.get("COMMUNITY_HELP_BASE_URL", "http://127.0.0.1:8000"),
}

DEFAULT_FROM_EMAIL = "Knowle West Helps <help@knowlewest.example>"
MAIL_FOLDER = VAR / "mail"
_MAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
if django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": _MAIL_BACKEND, "OPTIONS": {"file_path": MAIL_FOLDER}}}
else:
    EMAIL_BACKEND = _MAIL_BACKEND
    EMAIL_FILE_PATH = MAIL_FOLDER

WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
