"""Each system check finds what it is for, says what to do, and is silent about the rest."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.checks import CheckMessage, run_checks
from django.db import connection, connections
from django.http import HttpResponse
from django.urls import include, path

from community_help import checks, conf, urls
from community_help.access.routes import guarded
from community_help.fields import Keep, classify
from community_help.jobs.bundled import ShoppingJob

if TYPE_CHECKING:
    from django.http import HttpRequest
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db

KEY = "2K9dSxW2Zk1yJ0m6h7mJq0oR2v8w3XyT5uZ1aBcDeFg="


def found(*, deploy: bool = False) -> dict[str, CheckMessage]:
    """The checks' messages by id, without the package's prefix."""
    messages = run_checks(tags=["community_help"], include_deployment_checks=deploy)
    return {str(message.id).removeprefix("community_help."): message for message in messages}


def only(code: str, *, deploy: bool = False) -> CheckMessage:
    messages = found(deploy=deploy)
    assert list(messages) == [code]
    assert messages[code].hint
    return messages[code]


def a_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def test_checks_of_this_site_are_silent() -> None:
    assert found() == {}


def test_every_check_is_documented() -> None:
    source = Path(checks.__file__).read_text()
    page = (Path(__file__).parents[1] / "docs" / "reference" / "checks.md").read_text()
    made = set(re.findall(r"\{_ID\}\.([EW]\d{3})", source))
    assert len(made) == 17
    assert made == set(re.findall(r"`community_help\.([EW]\d{3})`", page))


def test_checks_of_a_site_without_the_setting_are_silent(settings: SettingsWrapper) -> None:
    del settings.COMMUNITY_HELP
    assert found() == {}


@pytest.fixture
def ready(settings: SettingsWrapper) -> SettingsWrapper:
    settings.COMMUNITY_HELP = {"HASH_KEY": "x" * 50, "ENCRYPTION_KEYS": [KEY]}
    return settings


def test_checks_of_a_site_made_ready_are_silent_at_deployment_too(ready: SettingsWrapper) -> None:
    assert found(deploy=True) == {}


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("BASE_TEMPLAET", "Did you mean «BASE_TEMPLATE»?"),
        ("criteria", "Did you mean «CRITERIA»?"),
        ("NOTIFIER", "Did you mean «NOTIFIERS»?"),
        ("COLOUR", f"There are: {', '.join(sorted(conf.SETTINGS))}."),
        (7, f"There are: {', '.join(sorted(conf.SETTINGS))}."),
    ],
)
def test_e001_names_an_unknown_key(settings: SettingsWrapper, key: object, hint: str) -> None:
    settings.COMMUNITY_HELP = {key: "x"}
    message = only("E001")
    assert message.msg == f"COMMUNITY_HELP has the unknown key «{key}»."
    assert message.hint == hint


@pytest.mark.parametrize("value", [None, ["BASE_URL"], "BASE_URL"])
def test_e001_says_that_the_setting_is_no_dict(settings: SettingsWrapper, value: Any) -> None:
    settings.COMMUNITY_HELP = value
    assert only("E001", deploy=True).msg == "COMMUNITY_HELP is not a dict."


def test_e002_asks_for_time_zones(settings: SettingsWrapper) -> None:
    settings.USE_TZ = False
    assert only("E002").hint == "Set USE_TZ = True."


@pytest.mark.parametrize("path", ["mysite.Missing", "community_help.jobs.job.Job"])
def test_e003_names_a_criterion_that_can_not_be_used(settings: SettingsWrapper, path: str) -> None:
    settings.COMMUNITY_HELP = {"CRITERIA": [path]}
    assert path in only("E003").msg


@pytest.mark.parametrize("path", ["mysite.Missing", "community_help.jobs.job.Job"])
def test_e010_names_a_geocoder_that_can_not_be_used(settings: SettingsWrapper, path: str) -> None:
    settings.COMMUNITY_HELP = {"GEOCODER": path}
    assert path in only("E010").msg


@pytest.mark.parametrize("path", ["mysite.Missing", "community_help.jobs.job.Job"])
def test_e009_names_a_preference_that_can_not_be_used(settings: SettingsWrapper, path: str) -> None:
    settings.COMMUNITY_HELP = {"PREFERENCES": [path]}
    assert path in only("E009").msg


@pytest.mark.parametrize(
    "entry",
    [{"BACKEND": "mysite.Missing"}, {"OPTIONS": {}}, "smtp", {"BACKEND": "community_help.jobs.job.Job"}],
)
def test_e004_names_a_notifier_that_can_not_be_used(settings: SettingsWrapper, entry: Any) -> None:
    settings.COMMUNITY_HELP = {"NOTIFIERS": {"pigeon": entry}}
    assert "pigeon" in only("E004").msg


@pytest.mark.parametrize("keys", [["short"], [7], "not a list of keys"])
def test_e005_says_that_a_key_can_not_be_used(settings: SettingsWrapper, keys: Any) -> None:
    settings.COMMUNITY_HELP = {"ENCRYPTION_KEYS": keys}
    assert "ENCRYPTION_KEYS" in only("E005").msg


def test_e006_names_a_base_template_that_is_not_there(settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {"BASE_TEMPLATE": "mysite/bass.html"}
    assert "mysite/bass.html" in only("E006").msg


def test_e007_names_a_field_that_nobody_has_classified(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {name: value for name, value in ShoppingJob.privacy.items() if name != "payment"}
    monkeypatch.setattr(ShoppingJob, "privacy", known)
    assert only("E007").msg == "The field community_help.ShoppingJob.payment is not classified for privacy."


def test_e007_names_a_classification_without_a_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ShoppingJob, "privacy", ShoppingJob.privacy | classify(keep=Keep.WITH_JOB, public=("paymant",)))
    assert "ShoppingJob.paymant" in only("E007").msg


def test_e007_names_a_public_field_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ShoppingJob, "public_fields", ("private_details",))
    assert "ShoppingJob.private_details" in only("E007").msg


def test_e008_names_each_route_without_a_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    open_doors = [path("secrets/", include(([path("<int:pk>/", a_page)], "community_help"))), path("hello/", a_page)]
    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, *open_doors])
    messages = run_checks(tags=["community_help"])
    assert [message.msg for message in messages] == [
        "The route «secrets/<int:pk>/» has no rule.",
        "The route «hello/» has no rule.",
    ]
    assert {message.id for message in messages} == {"community_help.E008"}


def test_unguarded_routes_do_not_believe_a_forged_guard() -> None:
    def forged(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    forged.guard = "use_desk"  # type: ignore[attr-defined]
    locked = guarded("desk/", a_page, action="use_desk", name="desk")
    assert list(checks.unguarded_routes([locked, path("forged/", forged)])) == ["forged/"]


def test_w001_asks_for_a_key_of_its_own(ready: SettingsWrapper) -> None:
    ready.COMMUNITY_HELP = {"ENCRYPTION_KEYS": [KEY]}
    assert "HASH_KEY" in only("W001", deploy=True).msg


def test_w002_says_that_nothing_is_encrypted(ready: SettingsWrapper) -> None:
    ready.COMMUNITY_HELP = {"HASH_KEY": "x" * 50}
    assert "ENCRYPTION_KEYS" in only("W002", deploy=True).msg


@pytest.mark.parametrize("wrong", [{"retry": 30}, {"retry": 20}, {"timeout": None}, {"timeout": 90, "retry": 60}])
def test_w003_says_that_retry_is_too_short(ready: SettingsWrapper, wrong: dict[str, Any]) -> None:
    ready.Q_CLUSTER = {**ready.Q_CLUSTER, **wrong}
    only("W003", deploy=True)


def test_w004_says_that_the_queue_catches_up(ready: SettingsWrapper) -> None:
    ready.Q_CLUSTER = {name: value for name, value in ready.Q_CLUSTER.items() if name != "catch_up"}
    only("W004", deploy=True)


def test_queue_is_not_asked_about_where_there_is_none(ready: SettingsWrapper, monkeypatch: pytest.MonkeyPatch) -> None:
    del ready.Q_CLUSTER
    assert set(found(deploy=True)) == {"W003", "W004"}
    monkeypatch.setattr(checks.apps, "is_installed", lambda name: name != "django_q")
    assert found(deploy=True) == {}


@pytest.mark.parametrize("address", ["/nowhere/", "no_such_page"])
def test_w005_says_that_the_login_is_nowhere(ready: SettingsWrapper, address: str) -> None:
    ready.LOGIN_URL = address
    assert address in only("W005", deploy=True).msg


@pytest.mark.parametrize("address", ["/accounts/login/?from=help", "login", "https://id.example/login"])
def test_w005_takes_a_login_that_is_somewhere(ready: SettingsWrapper, address: str) -> None:
    ready.LOGIN_URL = address
    assert found(deploy=True) == {}


@pytest.mark.parametrize("name", checks.TALKATIVE)
def test_w006_names_a_logger_that_writes_down_details(ready: SettingsWrapper, name: str) -> None:
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.DEBUG)
    try:
        assert name in only("W006", deploy=True).msg
    finally:
        logger.setLevel(before)


def test_database_that_compiles_what_is_short_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def of(vendor: str, answer: str) -> list[CheckMessage]:
        monkeypatch.setattr(checks, "COMPILES", answer)
        monkeypatch.setattr(connections["default"], "vendor", vendor)
        return checks.check_database(databases=["default"])

    [message] = of("postgresql", "SELECT 1")
    assert (message.id, "«default» has jit on" in message.msg) == ("community_help.W007", True)
    assert of("postgresql", "SELECT 0") == of("sqlite", "no SQL at all") == checks.check_database() == []


@pytest.mark.postgresql
def test_database_is_asked_whether_it_compiles() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET jit = off")
        assert checks.check_database(databases=["default"]) == []
        cursor.execute("SET jit = on")
        cursor.execute("SELECT pg_jit_available()")  # no where the server was built without it
        [compiles] = cursor.fetchone()
    assert bool(checks.check_database(databases=["default"])) == compiles
