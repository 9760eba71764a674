"""Every door has a lock."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.http import Http404, HttpResponse
from django.urls import URLResolver, include, path, reverse
from django.views.debug import SafeExceptionReporterFilter

from community_help import urls
from community_help.access import policy
from community_help.access.routes import Guard, guarded
from community_help.checks import unguarded_routes
from community_help.exceptions import (
    AlreadyOffered,
    ConfigurationError,
    NotAllowed,
    NotDisclosed,
    UnknownAction,
)
from community_help.testing.factories import make_coordinator, make_helper, make_person
from tests.access.cast import make_superuser

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db


def who(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"here is {getattr(request, 'actor', 'no actor')}")


def refuses(request: HttpRequest, kind: str) -> HttpResponse:
    raise {"allowed": NotAllowed("view_job"), "disclosed": NotDisclosed(), "other": AlreadyOffered()}[kind]


def is_gone(request: HttpRequest) -> HttpResponse:
    raise Http404


app_name = "community_help"
urlpatterns = [
    path(
        "help/",
        include(
            (
                [
                    guarded("desk/", who, action="use_desk", name="desk"),
                    guarded("job/", who, action="view_job", name="view_job", surface="use_desk"),
                    guarded("welcome/", who, action="home", name="welcome", anonymous=True),
                    guarded("refuses/<kind>/", refuses, action="use_desk", name="refuses"),
                    guarded("gone/", is_gone, action="use_desk", name="gone"),
                ],
                "community_help",
            )
        ),
    ),
    path("accounts/login/", who, name="login"),
]


@pytest.fixture
def site(settings: SettingsWrapper) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def desk(client: Client, site: None) -> Client:
    client.force_login(make_coordinator("Ama Mensah").user)
    return client


def test_guarded_sends_who_is_not_signed_in_to_the_login_and_back(client: Client, site: None) -> None:
    answer = client.get("/help/desk/?page=2")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/help/desk/%3Fpage%3D2")


def test_guarded_does_not_come_back_to_an_action(client: Client, site: None) -> None:
    answer = client.post("/help/desk/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")


def test_guarded_gives_the_view_its_actor(desk: Client) -> None:
    assert desk.get("/help/desk/").content == b"here is Ama Mensah"


@pytest.mark.parametrize("page", ["/help/desk/", "/help/job/"])
def test_guarded_does_not_exist_for_who_may_not(client: Client, site: None, page: str) -> None:
    for account in (make_helper().person.user, make_person().user, make_superuser()):
        client.force_login(account)
        assert client.get(page).status_code == 404


def test_guarded_asks_the_surface_of_an_object_action(desk: Client) -> None:
    assert desk.get("/help/job/").status_code == 200


def test_guarded_anonymous_lets_everybody_in(client: Client, site: None) -> None:
    assert client.get("/help/welcome/").content == b"here is None"
    client.force_login(make_person("Pat Example").user)
    assert client.get("/help/welcome/").content == b"here is Pat Example"


@pytest.mark.parametrize("kind", ["allowed", "disclosed"])
def test_guarded_answers_a_refusal_as_if_nothing_were_there(desk: Client, kind: str) -> None:
    refused, gone = desk.get(f"/help/refuses/{kind}/"), desk.get("/help/gone/")
    assert refused.status_code == gone.status_code == 404
    assert refused.content == gone.content


def test_guarded_lets_other_errors_through(desk: Client) -> None:
    with pytest.raises(AlreadyOffered):
        desk.get("/help/refuses/other/")


def test_guarded_keeps_answers_out_of_caches_and_addresses_out_of_other_sites(desk: Client) -> None:
    answer = desk.get("/help/desk/")
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "same-origin")


def test_guarded_keeps_what_was_sent_out_of_reports_of_errors(desk: Client) -> None:
    request = desk.post("/help/desk/", {"phone": "0117 496 0187"}).wsgi_request
    quoted = SafeExceptionReporterFilter().get_post_parameters(request)
    assert quoted.getlist("phone") == [SafeExceptionReporterFilter.cleansed_substitute]


def test_guarded_under_login_required_middleware(client: Client, site: None, settings: SettingsWrapper) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.contrib.auth.middleware.LoginRequiredMiddleware"]
    assert client.get("/help/welcome/").status_code == 200
    assert client.get("/help/desk/").status_code == 302


def test_guarded_costs_little(desk: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(5):  # session, account, person with profiles, grants, their areas
        desk.get("/help/desk/")


def test_guarded_refuses_an_action_that_is_not_in_the_table() -> None:
    with pytest.raises(UnknownAction, match="use_dsek"):
        guarded("desk/", who, action="use_dsek", name="desk")


def test_guarded_refuses_an_object_action_without_a_surface() -> None:
    with pytest.raises(ConfigurationError, match="surface"):
        guarded("job/", who, action="view_job", name="view_job")


@pytest.mark.parametrize("surface", ["view_job", "use_dsek"])
def test_guarded_refuses_a_surface_that_is_none(surface: str) -> None:
    with pytest.raises(ConfigurationError, match=surface):
        guarded("job/", who, action="view_job", name="view_job", surface=surface)


def test_guarded_carries_its_rule() -> None:
    pattern: Any = guarded("job/", who, action="view_job", name="view_job", surface="use_desk")
    assert pattern.callback.guard == Guard("view_job", "use_desk", anonymous=False)
    assert pattern.callback.__name__ == "who"


# The package's own routes


def routes_of(patterns: Any) -> list[Any]:
    found = []
    for pattern in patterns:
        found += routes_of(pattern.url_patterns) if isinstance(pattern, URLResolver) else [pattern]
    return found


ROUTES = routes_of(urls.urlpatterns)


def address_of(pattern: Any) -> str:
    names = pattern.pattern.converters
    values = {name: uuid.uuid4() if "UUID" in type(kind).__name__ else 1 for name, kind in names.items()}
    return reverse(f"community_help:{pattern.name}", kwargs=values)


def test_every_route_has_a_rule() -> None:
    assert list(unguarded_routes(urls.urlpatterns)) == []
    assert len(ROUTES) > 20


def test_every_route_asks_for_an_action_of_the_table() -> None:
    assert [pattern.name for pattern in ROUTES if not policy.known(pattern.callback.guard.action)] == []


def test_no_route_is_open_to_everybody_but_those_that_tell_nothing() -> None:
    assert {pattern.name for pattern in ROUTES if pattern.callback.guard.anonymous} == {"see_health"}


GUARDED = [pattern for pattern in ROUTES if pattern.name != "see_health"]


@pytest.mark.parametrize("pattern", GUARDED, ids=lambda pattern: pattern.name)
def test_route_sends_who_is_not_signed_in_to_the_login(client: Client, pattern: Any) -> None:
    for ask in (client.get, client.post):
        answer = ask(address_of(pattern))
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("pattern", GUARDED, ids=lambda pattern: pattern.name)
def test_route_does_not_exist_for_who_has_no_role(client: Client, pattern: Any) -> None:
    for account in (make_person().user, make_superuser()):
        client.force_login(account)
        assert client.get(address_of(pattern)).status_code == 404
        assert client.post(address_of(pattern)).status_code == 404
