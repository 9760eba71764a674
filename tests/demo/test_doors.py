"""Only somebody on this machine, and only while developing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from example_project.demo.doors import on_this_machine

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper


@on_this_machine
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


def look(**where: str) -> int:
    request = RequestFactory().get("/", **where)
    request.user = AnonymousUser()
    try:
        return page(request).status_code
    except Http404:
        return 404


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.10", "::1"])
def test_door_from_loopback_is_open(settings: SettingsWrapper, address: str) -> None:
    settings.DEBUG = True
    assert look(REMOTE_ADDR=address) == 200


@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.1", "2001:db8::1", "0.0.0.0", "", "unix:"])
def test_door_from_elsewhere_does_not_exist(settings: SettingsWrapper, address: str) -> None:
    settings.DEBUG = True
    assert look(REMOTE_ADDR=address) == 404


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"])
def test_door_through_a_proxy_does_not_exist(settings: SettingsWrapper, header: str) -> None:
    settings.DEBUG = True
    assert look(REMOTE_ADDR="127.0.0.1", **{header: "127.0.0.1"}) == 404


def test_door_with_debug_off_does_not_exist(settings: SettingsWrapper) -> None:
    settings.DEBUG = False
    assert look(REMOTE_ADDR="127.0.0.1") == 404
