"""Every template compiles, and none needs a hole in a strict content security policy or a file of somebody else."""

from __future__ import annotations

import re

import pytest
from django.template.loader import get_template

from tests.house.paths import PACKAGE, ROOT, files, relative

TEMPLATES = PACKAGE / "templates"
MAIL = ("email", "mail")  # no policy there: mail programs read styles in the markup only
FORBIDDEN = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*application/(?:ld\+)?json)", re.IGNORECASE),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: link": re.compile(r"javascript:", re.IGNORECASE),
    "a file from another site": re.compile(
        r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE
    ),
}


def breaches(source: str) -> list[str]:
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(source)]


def test_templates_are_fit_for_a_strict_policy() -> None:
    pages = [
        path
        for folder in (PACKAGE, ROOT / "example_project")
        for path in files(folder, suffixes={".html"})
        if not set(MAIL) & set(path.parts)
    ]
    found = {relative(path): breaches(path.read_text()) for path in pages}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("<p class='x' style='color: red'>", "an inline style"),
        ("<style>p{}</style>", "a style element"),
        ("<script>go()</script>", "an inline script"),
        ("<script type='module'>go()</script>", "an inline script"),
        ("<button\n  onclick='go()'>", "an event handler"),
        ("<a href='javascript:go()'>", "a javascript: link"),
        ("<script src='//cdn.example/x.js'></script>", "a file from another site"),
        ("<link rel='stylesheet' href='https://cdn.example/x.css'>", "a file from another site"),
    ],
)
def test_planted_hole_is_caught(source: str, name: str) -> None:
    assert breaches(source) == [name]


@pytest.mark.parametrize(
    "source",
    [
        "<script src='{% static \"x.js\" %}' defer></script>",
        "<a href='https://example.org'>",
        "<p data-on='x'>one=1</p>",
    ],
)
def test_innocent_markup_is_let_pass(source: str) -> None:
    assert breaches(source) == []


def test_templates_compile() -> None:
    names = [path.relative_to(TEMPLATES).as_posix() for path in files(TEMPLATES, suffixes={".html", ".txt"})]
    assert names != []
    for name in names:
        get_template(name)
