"""System checks: what a deployer or a developer can get wrong, said at start with what to do about it.

Errors stop the site. What is right for a first look but not for people's data is said by
``check --deploy`` only.
"""

from __future__ import annotations

import difflib
import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004  Django's own name
from django.db import connections
from django.shortcuts import resolve_url
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import NoReverseMatch, Resolver404, URLPattern, URLResolver, resolve

from community_help import conf
from community_help.access.routes import Guard
from community_help.exceptions import CommunityHelpError
from community_help.fields import seal
from community_help.matching.criterion import load as load_criteria
from community_help.matching.preference import load_preferences
from community_help.notifications.notifiers.loading import problems as notifier_problems
from community_help.people.geocoding import load_geocoder
from community_help.privacy import registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: Loggers of Django's own that write down, at DEBUG, the values of a page or of a statement.
TALKATIVE = ("django.db.backends", "django.template")

#: Answers whether PostgreSQL compiles statements that it takes for long ones.
COMPILES = "SELECT pg_jit_available()"

_ID = "community_help"
_SETTING = "COMMUNITY_HELP"


@register(_ID)
def check_settings(**_kwargs: Any) -> list[CheckMessage]:
    """E001: an unknown key, or not a dict. E002: no time zones. E003 to E006, E009, E010: a value of no use."""
    given = _given()
    if given is None:
        return [Error(f"{_SETTING} is not a dict.", hint="Write COMMUNITY_HELP = {…}.", id=f"{_ID}.E001")]
    found: list[CheckMessage] = [_unknown_key(key) for key in given if key not in conf.SETTINGS]
    if not settings.USE_TZ:
        message = "USE_TZ is off: the times of jobs and of disclosure would be wrong for an hour twice a year."
        found.append(Error(message, hint="Set USE_TZ = True.", id=f"{_ID}.E002"))
    return found + _unusable_values()


def _given() -> dict[str, Any] | None:
    """The setting as the site wrote it; ``None`` where it is not a dict at all."""
    given = getattr(settings, _SETTING, {})
    return given if isinstance(given, dict) else None


def _unknown_key(key: object) -> Error:
    near = difflib.get_close_matches(str(key).upper(), conf.SETTINGS, n=1, cutoff=0.5)
    hint = f"Did you mean «{near[0]}»?" if near else f"There are: {', '.join(sorted(conf.SETTINGS))}."
    return Error(f"{_SETTING} has the unknown key «{key}».", hint=hint, id=f"{_ID}.E001")


def _unusable_values() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    try:
        load_criteria()
    except CommunityHelpError as error:
        hint = "Give dotted paths of subclasses of community_help.matching.Criterion; splice defaults.CRITERIA."
        found.append(Error(str(error), hint=hint, id=f"{_ID}.E003"))
    try:
        load_preferences()
    except CommunityHelpError as error:
        hint = "Give dotted paths of subclasses of community_help.matching.Preference; splice defaults.PREFERENCES."
        found.append(Error(str(error), hint=hint, id=f"{_ID}.E009"))
    try:
        load_geocoder()
    except CommunityHelpError as error:
        hint = "Give the dotted path of a subclass of community_help.people.geocoding.Geocoder, or take the key out."
        found.append(Error(str(error), hint=hint, id=f"{_ID}.E010"))
    hint = 'Write {"alias": {"BACKEND": "dotted.path", "OPTIONS": {…}}}.'
    found += [Error(problem, hint=hint, id=f"{_ID}.E004") for problem in notifier_problems()]
    try:
        seal("a trial")
    except (CommunityHelpError, ValueError, TypeError) as error:
        hint = "Install the extra «crypto» and give keys made by cryptography.fernet.Fernet.generate_key()."
        message = f"{_SETTING}['ENCRYPTION_KEYS'] can't be used: {error}"
        found.append(Error(message, hint=hint, id=f"{_ID}.E005"))
    try:
        get_template(conf.get("BASE_TEMPLATE"))
    except TemplateDoesNotExist as error:
        message = f"{_SETTING}['BASE_TEMPLATE'] names the template «{error}», which is not found."
        hint = "Name a template of yours that has the blocks of community_help/layouts/base.html."
        found.append(Error(message, hint=hint, id=f"{_ID}.E006"))
    return found


@register(_ID)
def check_privacy(**_kwargs: Any) -> list[CheckMessage]:
    """E007: a field that nobody has classified, or a name that is no field of the class that names it."""
    hint = "Name it in the model's privacy = classify(…): how sensitive it is, what it is for, how long it is kept."
    found: list[CheckMessage] = [
        Error(f"The field {name} is not classified for privacy.", hint=hint, id=f"{_ID}.E007")
        for name in registry.unclassified()
    ]
    found += [
        Error(f"{name} is classified for privacy, but there is no such field.", hint="Mend the name.", id=f"{_ID}.E007")
        for name in registry.misnamed()
    ]
    hint = "public_fields names fields of the job model itself; what it does not name is private."
    found += [
        Error(f"public_fields names {name}, but there is no such field.", hint=hint, id=f"{_ID}.E007")
        for name in registry.unknown_public_fields()
    ]
    return found


@register(_ID)
def check_routes(**_kwargs: Any) -> list[CheckMessage]:
    """E008: a route of the package without a rule."""
    hint = "Make it with community_help.access.routes.guarded."
    return [
        Error(f"The route «{route}» has no rule.", hint=hint, id=f"{_ID}.E008")
        for route in unguarded_routes(import_module("community_help.urls").urlpatterns)
    ]


def unguarded_routes(patterns: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """The routes whose views do not carry the guard that only ``guarded`` gives them."""
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from unguarded_routes(pattern.url_patterns, route)
        elif not isinstance(getattr(pattern.callback, "guard", None), Guard):
            yield route


@register(_ID, deploy=True)
def check_keys(**_kwargs: Any) -> list[CheckMessage]:
    """W001: no key of its own for the number search. W002: contact details are not encrypted."""
    if _given() is None:
        return []
    found: list[CheckMessage] = []
    if not conf.get("HASH_KEY"):
        message = f"{_SETTING}['HASH_KEY'] is not set: changing SECRET_KEY makes the search for phone numbers forget."
        hint = "Set it to 50 random characters, before the first number is typed in, and keep it."
        found.append(Warning(message, hint=hint, id=f"{_ID}.W001"))
    if not conf.get("ENCRYPTION_KEYS"):
        message = f"{_SETTING}['ENCRYPTION_KEYS'] is not set: addresses and health notes stand in the database as text."
        hint = "Install the extra «crypto» and set one key made by cryptography.fernet.Fernet.generate_key()."
        found.append(Warning(message, hint=hint, id=f"{_ID}.W002"))
    return found


@register(_ID, deploy=True)
def check_queue(**_kwargs: Any) -> list[CheckMessage]:
    """W003: the queue takes a task for lost while it still runs. W004: it makes up for every day it was off."""
    if not apps.is_installed("django_q"):
        return []
    cluster: dict[str, Any] = getattr(settings, "Q_CLUSTER", {})
    timeout, retry = cluster.get("timeout"), cluster.get("retry", 60)
    found: list[CheckMessage] = []
    if not timeout or retry <= timeout:
        message = "Q_CLUSTER: retry is not longer than timeout, so that the same task runs twice at once."
        found.append(Warning(message, hint='For example "timeout": 120, "retry": 180.', id=f"{_ID}.W003"))
    if cluster.get("catch_up", True):
        message = "Q_CLUSTER: catch_up is on: after five days off, five digests are made at once."
        found.append(Warning(message, hint='Set "catch_up": False.', id=f"{_ID}.W004"))
    return found


@register(_ID, deploy=True)
def check_login(**_kwargs: Any) -> Sequence[CheckMessage]:
    """W005: who is not signed in is sent to a page that does not exist."""
    try:
        address = resolve_url(settings.LOGIN_URL)
        if not address.startswith(("http://", "https://", "//")):
            resolve(address.split("?")[0])
    except (NoReverseMatch, Resolver404):
        message = f"LOGIN_URL is «{settings.LOGIN_URL}», a page that this site does not have."
        hint = "Include django.contrib.auth.urls or those of your sign-in app, and name its page in LOGIN_URL."
        return [Warning(message, hint=hint, id=f"{_ID}.W005")]
    return []


@register(_ID, deploy=True)
def check_logging(**_kwargs: Any) -> list[CheckMessage]:
    """W006: what people's pages and statements hold would stand in the log."""
    hint = 'Give it "level": "INFO" in LOGGING.'
    return [
        Warning(f"The logger {name} is on at DEBUG: it writes down people's details.", hint=hint, id=f"{_ID}.W006")
        for name in TALKATIVE
        if logging.getLogger(name).isEnabledFor(logging.DEBUG)
    ]


@register(_ID, Tags.database, deploy=True)
def check_database(*, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """W007: PostgreSQL compiles what takes less time than the compiling. Asked with ``--database`` only."""
    hint = 'Set "OPTIONS": {"options": "-c jit=off"} for it in DATABASES, or ALTER DATABASE … SET jit = off.'
    return [
        Warning(f"The database «{alias}» has jit on: the call screen waits longer for it.", hint=hint, id=f"{_ID}.W007")
        for alias in databases or ()
        if _compiles(alias)
    ]


def _compiles(alias: str) -> bool:
    if connections[alias].vendor != "postgresql":
        return False
    with connections[alias].cursor() as cursor:
        cursor.execute(COMPILES)
        return bool(cursor.fetchone()[0])
