"""The models and the migrations agree, on every Django and whatever the site's default auto field."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import django
import pytest
from django.core.management import call_command
from django.db import connection

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper


@pytest.mark.django_db
@pytest.mark.parametrize("auto_field", ["django.db.models.AutoField", "django.db.models.BigAutoField"])
def test_makemigrations_finds_nothing_to_do(settings: SettingsWrapper, auto_field: str) -> None:
    settings.DEFAULT_AUTO_FIELD = auto_field
    output = io.StringIO()
    call_command("makemigrations", "community_help", check=True, dry_run=True, stdout=output)
    assert output.getvalue().strip() == "No changes detected in app 'community_help'"


@pytest.mark.skipif("TOX_ENV_NAME" not in os.environ, reason="only tox promises a cell")
def test_cell_is_what_its_name_says() -> None:
    name = os.environ["TOX_ENV_NAME"]
    vendor = {"postgresql": "postgres"}.get(connection.vendor, connection.vendor)
    assert f"django{django.VERSION[0]}{django.VERSION[1]}-{vendor}" in name
