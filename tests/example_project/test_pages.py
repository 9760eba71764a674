"""The example site's own pages, through the whole of Django, as a visitor meets them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from community_help.testing import factories as make
from example_project import settings_shared

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(settings: SettingsWrapper) -> None:
    settings.ROOT_URLCONF = "example_project.urls"
    settings.TEMPLATES = settings_shared.TEMPLATES
    settings.DEBUG = False


def test_what_is_not_there_and_what_is_not_yours_are_one_page() -> None:
    client = Client()
    client.force_login(make.make_helper("Tom Aldous").person.user)
    other = make.make_offer_row(make.make_open_job())
    answers = [
        client.get(url)
        for url in (
            "/nowhere/",
            reverse("community_help:view_offer", args=[uuid4()]),
            reverse("community_help:view_offer", args=[other.uuid]),
            reverse("community_help:view_job", args=[other.job.uuid]),
        )
    ]
    assert {answer.status_code for answer in answers} == {404}
    pages = [re.sub(r'value="\w{64}"', "", answer.content.decode()) for answer in answers]  # but for the token
    assert "There is nothing here for you" in pages[0]
    assert pages[1] == pages[2] == pages[3]
