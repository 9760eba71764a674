"""The layouts, in our own base and in that of a site which knows nothing of us."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import Context, Engine, Template
from django.template.loaders.locmem import Loader

OURS = "community_help/layouts/base.html"
FOREIGN = (
    "<html><head><title>{% block title %}{% endblock %}</title>{% block head_extra %}{% endblock %}</head>"
    "<body>the site's own<main>{% block main %}{% endblock %}</main>{% block scripts %}{% endblock %}</body></html>"
)
LAYOUTS = ("desk", "pocket", "plain")


def page(layout: str, base: str, **context: Any) -> str:
    source = f'{{% extends "community_help/layouts/{layout}.html" %}}{{% block page %}}the page itself{{% endblock %}}'
    shared = {
        "base_template": Template(FOREIGN) if base == "foreign" else base,
        "community": SimpleNamespace(name="Knowle West Helps"),
        "actor": SimpleNamespace(name="Ama Mensah", face="ama"),
    }
    return Template(source).render(Context(shared | context))


@pytest.mark.parametrize("base", [OURS, "foreign"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_page_is_whole_in_any_base(layout: str, base: str) -> None:
    html = page(layout, base, messages=[Message(constants.SUCCESS, "Saved")])
    assert html.count("the page itself") == 1
    assert html.count("Knowle West Helps</title>") == 1
    assert html.count("community_help/theme.css") == 1
    assert html.count('class="ch-brand"') == 1
    assert html.count("Saved") == 1
    assert html.count("<main") == 1


@pytest.mark.parametrize("layout", LAYOUTS)
def test_page_in_our_base_has_one_skip_link_to_main(layout: str) -> None:
    html = page(layout, OURS)
    assert (html.count('href="#main"'), html.count('id="main"')) == (1, 1)


def test_desk_masthead_stands_before_main_in_our_base() -> None:
    html = page("desk", OURS)
    assert html.index("ch-masthead") < html.index("<main")


def test_desk_masthead_stands_in_main_of_a_base_without_that_block() -> None:
    html = page("desk", "foreign")
    assert html.index("ch-masthead") > html.index("<main")


def test_desk_title_begins_with_the_count() -> None:
    assert "<title>(12) Desk · Knowle West Helps</title>" in page("desk", OURS, desk_count=12)


def test_desk_title_without_a_count() -> None:
    assert "<title>Desk · Knowle West Helps</title>" in page("desk", OURS, desk_count=0)


def test_account_of_nobody_is_left_out() -> None:
    assert "ch-account" not in page("desk", OURS, actor=None)


def test_once_forgets_between_pages() -> None:
    loader = (Loader, {"part.html": "x"})
    engine = Engine(
        loaders=[(f"{loader[0].__module__}.{loader[0].__qualname__}", loader[1])],
        libraries={"community_help": "community_help.templatetags.community_help"},
    )
    template = engine.from_string('{% load community_help %}{% once "part.html" %}{% once "part.html" %}')
    assert [template.render(Context()), template.render(Context())] == ["x", "x"]
