"""Settings to develop with, and those of the demo. Never of a site that people rely on: see settings_production."""

from __future__ import annotations

import os

import django

from example_project.settings_shared import *  # noqa: F403  the way in which Django's settings are shared
from example_project.settings_shared import COMMUNITY_HELP, INSTALLED_APPS, MIDDLEWARE, Q_CLUSTER, VAR
from workshop.databases import DATABASE_URL, database_from_url

DEBUG = True
SECRET_KEY = "only-for-the-demo-and-for-development"  # noqa: S105  it protects nothing: no real person is in the demo
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
INSTALLED_APPS = [*INSTALLED_APPS, "example_project.demo"]
MIDDLEWARE = [*MIDDLEWARE, "example_project.demo.middleware.NobodyElsesPage"]

LOGIN_URL = "demo:start"  # one click instead of a password
LOGOUT_REDIRECT_URL = "demo:start"
Q_CLUSTER = {**Q_CLUSTER, "log_level": "WARNING"}

VAR.mkdir(exist_ok=True)
DATABASES = {"default": database_from_url(os.environ.get(DATABASE_URL) or f"sqlite:///{VAR / 'demo.sqlite3'}")}

COMMUNITY_HELP = {
    **COMMUNITY_HELP,
    "BASE_URL": os.environ.get("COMMUNITY_HELP_BASE_URL", "http://127.0.0.1:8000"),
}

DEFAULT_FROM_EMAIL = "Knowle West Helps <help@knowlewest.example>"
_MAILBOX = "example_project.demo.mailbox.MailboxBackend"
if django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": _MAILBOX}}
else:
    EMAIL_BACKEND = _MAILBOX

WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
