"""The sites, each made once for the whole run: they are slow to make, and the tests only look at them."""

from __future__ import annotations

import contextlib
from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.hosts.sites import KINDS, made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.hosts.sites import Site


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Site]]:
    """Return what makes a site by its name and migrates it."""
    with contextlib.ExitStack() as stack:

        @cache
        def migrated(name: str) -> Site:
            kind = KINDS[name]
            site = stack.enter_context(made(kind, tmp_path_factory.mktemp("sites") / name))
            if "members/models.py" in kind.files:
                site.manage("makemigrations", "members")
            site.manage("migrate", "-v0")
            if "STATIC_ROOT" in kind.settings:
                site.manage("collectstatic", "--noinput", "-v0")
            return site

        yield migrated


@pytest.fixture(params=KINDS)
def site(request: pytest.FixtureRequest, sites: Callable[[str], Site]) -> Site:
    """Each of the sites in turn."""
    return sites(request.param)
