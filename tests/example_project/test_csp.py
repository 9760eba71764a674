"""The example site's policy is as strict on Django 5.2 as it is where Django brings its own middleware."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse

from example_project.csp import ContentSecurityPolicyMiddleware
from example_project.settings_shared import SECURE_CSP

if TYPE_CHECKING:
    from django.test import RequestFactory
    from pytest_django.fixtures import SettingsWrapper

POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def test_middleware_sends_the_policy(rf: RequestFactory, settings: SettingsWrapper) -> None:
    settings.SECURE_CSP = SECURE_CSP
    response = ContentSecurityPolicyMiddleware(lambda _request: HttpResponse())(rf.get("/"))
    assert response["Content-Security-Policy"] == POLICY


def test_middleware_leaves_a_policy_of_the_views_own(rf: RequestFactory, settings: SettingsWrapper) -> None:
    settings.SECURE_CSP = SECURE_CSP
    own = HttpResponse(headers={"Content-Security-Policy": "sandbox"})
    assert ContentSecurityPolicyMiddleware(lambda _request: own)(rf.get("/"))["Content-Security-Policy"] == "sandbox"
