"""Two sites that know nothing of the package until it is installed: as ``django-admin startproject`` makes them."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg2

from workshop.databases import DATABASE_URL, database_from_url

if TYPE_CHECKING:
    from collections.abc import Iterator

Answers = list[dict[str, Any]]

AUTO, BIG_AUTO = "django.db.models.AutoField", "django.db.models.BigAutoField"
AUTO_FIELD = "SITE_AUTO_FIELD"
KEY = "b25seSBmb3IgdGhlIHBhcmlzaCwgMzIgYnl0ZXMgb2s="
VISITS = Path(__file__).with_name("visits.py")
#: What of our own surroundings a site must not see: it has settings, a database and a path of its own.
NOT_OF_THE_SITE = {"DJANGO_SETTINGS_MODULE", "PYTHONPATH", DATABASE_URL}

SETTINGS = """
import os
import django

DEBUG = False
ALLOWED_HOSTS = ["testserver"]
SECRET_KEY = "nobody knows these fifty characters but this one test site"
DATABASES = {"default": %(database)r}
DEFAULT_AUTO_FIELD = os.environ["SITE_AUTO_FIELD"]
TEMPLATES[0]["DIRS"] = [BASE_DIR / "templates"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
COMMUNITY_HELP = {
    "BASE_TEMPLATE": "site/with_help.html",
    "BASE_URL": "https://parish.example",
    "HASH_KEY": "and nobody knows these fifty characters either, do they",
    "ENCRYPTION_KEYS": ["%(key)s"],
}
DEFAULT_FROM_EMAIL = "help@parish.example"
_mail = "django.core.mail.backends.filebased.EmailBackend"
if django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": _mail, "OPTIONS": {"file_path": BASE_DIR / "mail"}}}
else:
    EMAIL_BACKEND, EMAIL_FILE_PATH = _mail, BASE_DIR / "mail"
"""

FOUR_BLOCKS = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><title>{% block title %}The parish{% endblock %}</title>
{% block head_extra %}{% endblock %}
</head>
<body>
<main>{% block main %}{% endblock %}</main>
<footer>Kept by the parish, since 1894</footer>
{% block scripts %}{% endblock %}
</body>
</html>
"""

SIGN_IN = '<form method="post">{% csrf_token %}{{ form }}<button>Sign in</button></form>'


@dataclass(frozen=True)
class Kind:
    """What makes one site different from the other."""

    name: str
    auto_field: str
    prefix: str
    sign_in: str
    settings: str
    files: dict[str, str]


OWN_USERS = Kind(
    name="own_users",
    auto_field=AUTO,
    prefix="/neighbours/help/",
    sign_in="/members/sign-in/",
    # No django_q: a site with only the plain worker. No permissions, no name, no number in the user model.
    settings="""
INSTALLED_APPS += ["polymorphic", "community_help", "members"]
AUTH_USER_MODEL = "members.Member"
LOGIN_URL = "sign-in"
""",
    files={
        "members/__init__.py": "",
        "members/models.py": """
import uuid
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

class Member(AbstractBaseUser):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    objects = BaseUserManager()
    USERNAME_FIELD = "email"
""",
        "parish/urls.py": """
from django.contrib.auth.views import LoginView
from django.urls import include, path

urlpatterns = [
    path("members/sign-in/", LoginView.as_view(template_name="site/sign_in.html"), name="sign-in"),
    path("neighbours/help/", include("community_help.urls")),
]
""",
        "templates/site/with_help.html": FOUR_BLOCKS,
        "templates/site/sign_in.html": SIGN_IN,
    },
)

DJANGOS_USERS = Kind(
    name="djangos_users",
    auto_field=BIG_AUTO,
    prefix="/help/",
    sign_in="/accounts/login/",
    # Locks every page that does not say otherwise, and gives each static file its hash.
    settings="""
INSTALLED_APPS += ["polymorphic", "django_q", "community_help"]
MIDDLEWARE += ["django.contrib.auth.middleware.LoginRequiredMiddleware"]
LOGIN_URL = "login"
Q_CLUSTER = {"name": "parish", "orm": "default", "timeout": 120, "retry": 180, "catch_up": False}
STATIC_ROOT = BASE_DIR / "static_files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
""",
    files={
        "parish/urls.py": """
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("django.contrib.auth.urls")),
    path("help/", include("community_help.urls")),
]
""",
        "templates/site/base.html": FOUR_BLOCKS.replace("block main", "block content"),
        "templates/site/with_help.html": '{% extends "site/base.html" %}'
        "{% block content %}{% block main %}{% endblock %}{% endblock %}",
        "templates/registration/login.html": SIGN_IN,
    },
)

KINDS = {kind.name: kind for kind in (OWN_USERS, DJANGOS_USERS)}


@dataclass(frozen=True)
class Site:
    """A site in a folder of its own, with the package in its settings and nothing done yet."""

    kind: Kind
    folder: Path

    def run(self, *arguments: str, auto_field: str = "") -> subprocess.CompletedProcess[str]:
        """Run Python in the site, warnings being errors."""
        environment = {name: value for name, value in os.environ.items() if name not in NOT_OF_THE_SITE}
        return subprocess.run(
            [sys.executable, "-W", "error", *arguments],
            cwd=self.folder,
            env={**environment, AUTO_FIELD: auto_field or self.kind.auto_field},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def manage(self, *arguments: str, auto_field: str = "") -> str:
        """Run a command of the site that must end well; what it wrote."""
        done = self.run("manage.py", *arguments, auto_field=auto_field)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    @cached_property
    def answers(self) -> Answers:
        """What every page answers to everybody: see ``visits.py``, which the site runs."""
        told: Answers = json.loads(self.manage("shell", "--no-imports", "-c", "import visits; visits.tell()"))
        return told

    def mails(self) -> list[str]:
        """What the site has sent; a file holds all of one connection."""
        files = (self.folder / "mail").glob("*.log")
        return [mail for file in files for mail in file.read_text().split("-" * 79) if mail.strip()]


@contextlib.contextmanager
def made(kind: Kind, folder: Path) -> Iterator[Site]:
    """Make a site as its owners would, up to the settings; its database goes when the block ends."""
    folder.mkdir()
    subprocess.run([sys.executable, "-m", "django", "startproject", "parish", folder], check=True)
    with _database(folder) as database:
        settings = folder / "parish" / "settings.py"
        ours = SETTINGS % {"database": database, "key": KEY}
        settings.write_text(settings.read_text() + ours + kind.settings)
        for name, text in kind.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        shutil.copy(VISITS, folder)
        yield Site(kind, folder)


@contextlib.contextmanager
def _database(folder: Path) -> Iterator[dict[str, object]]:
    """A database of the kind that the suite runs on: an SQLite file, or one more on the same PostgreSQL."""
    url = os.environ.get(DATABASE_URL)
    if not url:
        database = database_from_url(f"sqlite:///{folder / 'site.sqlite3'}")
        database["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"  # nobody needs it after a power cut
        yield database
        return
    server = database_from_url(url)
    name = f"parish_{uuid4().hex}"
    login = {"dbname": server["NAME"], "user": server["USER"], "password": server["PASSWORD"], "host": server["HOST"]}
    with contextlib.closing(psycopg2.connect(**login, port=server["PORT"] or None)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(f"CREATE DATABASE {name}")
        try:
            yield {**server, "NAME": name}
        finally:
            cursor.execute(f"DROP DATABASE {name}")
