"""What the wheel brings into a site: the whole package, and nothing of the workshop."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

import community_help
from tests.house.paths import ROOT
from workshop import vendor

NAME = "django-community-help"
PACKAGE = ROOT / "src" / "community_help"
INFO = f"{NAME.replace('-', '_')}-{metadata.version(NAME)}.dist-info"
BY_THE_INSTALLER = {"INSTALLER", "REQUESTED", "direct_url.json"}


def is_editable() -> bool:
    return '"editable": true' in (metadata.distribution(NAME).read_text("direct_url.json") or "")


pytestmark = pytest.mark.skipif(is_editable(), reason="installed editable: there is no wheel to look at, tox has one")


@pytest.fixture
def installed() -> set[str]:
    """Every file that the wheel has brought."""
    files = [file.as_posix() for file in metadata.files(NAME) or []]
    return {name for name in files if "__pycache__" not in name and Path(name).name not in BY_THE_INSTALLER}


def test_package_is_met_where_it_was_installed() -> None:
    assert Path(community_help.__file__).is_relative_to(str(metadata.distribution(NAME).locate_file("")))
    assert ROOT / "src" not in Path(community_help.__file__).parents


def test_wheel_holds_the_package_and_its_papers(installed: set[str]) -> None:
    assert {name.split("/")[0] for name in installed} == {"community_help", INFO}


def test_wheel_holds_every_file_of_the_package_and_no_other(installed: set[str]) -> None:
    written = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in installed if name.startswith("community_help/")} == written


@pytest.mark.parametrize(
    "name",
    [
        "py.typed",
        "migrations/0001_initial.py",
        "templates/community_help/layouts/base.html",
        "templates/community_help/email/layout.txt",
        "static/community_help/desk.js",
        "static/community_help/sprite.svg",
        "static/community_help/mail/strip.png",
        "static/community_help/vendor/atkinson-latin.woff2",
        "management/commands/community_help_worker.py",
        "testing/factories.py",
    ],
)
def test_wheel_brings_what_a_site_needs(installed: set[str], name: str) -> None:
    assert f"community_help/{name}" in installed


def test_wheel_brings_our_licence_and_those_of_others(installed: set[str]) -> None:
    theirs = {f"src/community_help/static/community_help/{entry['file']}" for entry in vendor.manifest()}
    wanted = {"LICENSE", *(name for name in theirs if name.endswith("LICENSE"))}
    prefix = f"{INFO}/licenses/"
    assert {name.removeprefix(prefix) for name in installed if name.startswith(prefix)} == wanted


def test_wheel_says_what_it_needs() -> None:
    told = metadata.metadata(NAME)
    assert (told["Requires-Python"], told["License-Expression"]) == (">=3.11", "BSD-3-Clause")
    needed = {line for line in metadata.requires(NAME) or [] if "extra ==" not in line}
    assert {line for line in needed if line.lower().startswith("django>")} == {"django>=5.2"}
    extras = {"postgres", "api", "push", "calendar", "spreadsheets", "crypto", "auth", "demo", "postcodes", "all"}
    assert set(told.get_all("Provides-Extra") or []) == extras
