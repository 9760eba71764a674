"""What a deployer decides is read at each use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from community_help import conf, defaults

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper


def test_get_answers_the_default(settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {}
    assert conf.get("CRITERIA") == defaults.CRITERIA


def test_get_without_the_setting_answers_the_default(settings: SettingsWrapper) -> None:
    del settings.COMMUNITY_HELP
    assert conf.given() == {}
    assert conf.get("BASE_TEMPLATE") == defaults.BASE_TEMPLATE


def test_get_answers_what_is_set_now(settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {"BASE_URL": "https://one.example"}
    assert conf.get("BASE_URL") == "https://one.example"
    settings.COMMUNITY_HELP = {"BASE_URL": "https://two.example"}
    assert conf.get("BASE_URL") == "https://two.example"


def test_get_of_an_empty_value_is_that_value(settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {"CRITERIA": ()}
    assert conf.get("CRITERIA") == ()


def test_get_of_a_name_that_is_no_setting_is_a_bug() -> None:
    with pytest.raises(KeyError):
        conf.get("BASE_TEMPLAET")


def test_given_is_a_copy(settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {"BASE_URL": "https://one.example"}
    conf.given()["BASE_URL"] = "https://two.example"
    assert conf.get("BASE_URL") == "https://one.example"


def test_settings_are_at_most_fifteen() -> None:
    assert len(conf.SETTINGS) <= 15
