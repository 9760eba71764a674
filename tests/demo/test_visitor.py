"""The plain browser of the smoke test sends what a browser sends."""

from __future__ import annotations

import pytest

from example_project.demo.visitor import Page, UnexpectedPageError, read_forms

PAGE = """
<form method="post" action="/sign-out/"><input type="hidden" name="token" value="a"><button>Sign out</button></form>
<input name="who" form="call" value="0117">
<form id="call" method="post" action="/save/">
  <input type="hidden" name="token" value="b"><input type="checkbox" name="skills" value="1" checked>
  <input type="checkbox" name="skills" value="2"><input type="radio" name="kind" value="x">
  <input type="checkbox" name="plain" checked><input type="submit" name="never" value="never">
  <select name="area"><option value="">none</option><option value="7" selected>Filwood</option></select>
  <select name="first"><option value="1">one</option><option value="2">two</option></select>
  <textarea name="note">
two
lines &amp; more</textarea>
  <button name="do" value="publish">Publish <b>now</b></button>
</form>
<button form="call" name="do" value="find" formaction="/find/" aria-label="Look: ">Find</button>
"""


def page() -> Page:
    return Page("http://site/page/", 200, PAGE, read_forms(PAGE, "http://site/page/"))


def test_form_sends_what_is_filled_in() -> None:
    form, pressed = page().form("/save/", "Publish now")
    assert form.filled({}) == [
        ("token", "b"),
        ("skills", "1"),
        ("plain", "on"),
        ("area", "7"),
        ("first", "1"),
        ("note", "two\nlines & more"),
        ("who", "0117"),
    ]
    assert (pressed.name, pressed.value, pressed.action) == ("do", "publish", "")


def test_form_with_answers_sends_them_instead() -> None:
    form, _pressed = page().form("/save/", "Publish")
    sent = form.filled({"skills": ["2", "3"], "note": "mine", "kind": "x"})
    assert [value for name, value in sent if name in {"skills", "note", "kind"}] == ["2", "3", "mine", "x"]


def test_button_elsewhere_belongs_to_the_form_that_it_names() -> None:
    _form, pressed = page().form("/save/", "Look: Find")
    assert (pressed.value, pressed.action) == ("find", "/find/")


def test_form_is_found_by_its_button() -> None:
    form, _pressed = page().form("", "Publish")
    assert form.action == "/save/"


def test_page_without_the_button_says_so() -> None:
    with pytest.raises(UnexpectedPageError, match="no button «Dance»"):
        page().form("/save/", "Dance")
