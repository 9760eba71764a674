"""The fixtures of ``tests/conftest.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.smtp import SmtpServer


def make_users(number: int) -> None:
    users = get_user_model()
    have = users.objects.count()
    users.objects.bulk_create([users(username=f"user{n}") for n in range(have, number)])


def test_constant_queries_are_counted(assert_constant_queries: Callable[..., int]) -> None:
    page = lambda: [user.username for user in get_user_model().objects.all()]  # noqa: E731
    assert assert_constant_queries(make_users, page, large=30) == 1


def test_constant_queries_fail_when_each_row_costs_one(assert_constant_queries: Callable[..., int]) -> None:
    page = lambda: [list(user.groups.all()) for user in get_user_model().objects.all()]  # noqa: E731
    with pytest.raises(pytest.fail.Exception, match="4 queries for 3 rows, 31 for 30"):
        assert_constant_queries(make_users, page, large=30)


def test_smtp_server_keeps_what_the_site_sends(smtp_server: SmtpServer) -> None:
    mail = EmailMultiAlternatives("Café", "plain – text", "desk@example.org", ["ama@example.org"])
    mail.attach_alternative("<p>html</p>", "text/html")
    assert mail.send() == 1
    [received] = smtp_server.to("ama@example.org")
    assert received.sender == "desk@example.org"
    assert received.message["Subject"] == "Café"
    assert received.text.strip() == "plain – text"
    assert received.html.strip() == "<p>html</p>"
    assert smtp_server.to("else@example.org") == []
