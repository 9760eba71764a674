"""The tags and the elements that they render."""

from __future__ import annotations

import re
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateDoesNotExist
from django.test import RequestFactory

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 3, 3, 9, 42, tzinfo=LONDON)
TOM = SimpleNamespace(name="Tom Aldous", face="tom")
SHOPPING = SimpleNamespace(tile="shopping", icon="basket2-fill")


def render(source: str, **context: Any) -> str:
    return Template("{% load community_help %}" + source).render(Context({"zone": LONDON, "now": NOW} | context))


class JobForm(forms.Form):
    what = forms.CharField(
        label="Shopping list",
        help_text="Only the helper you ratify sees this",
        widget=forms.Textarea(attrs={"class": "wide", "autocomplete": "off"}),
        error_messages={"required": "Write down what to buy"},
    )
    day = forms.ChoiceField(label="Day", choices=[("t", "Today")])
    needs = forms.MultipleChoiceField(
        label="The helper needs", widget=forms.CheckboxSelectMultiple, choices=[("car", "a car"), ("dbs", "a check")]
    )
    told = forms.BooleanField(label="Read aloud", help_text="All of it")
    version = forms.IntegerField(widget=forms.HiddenInput)


def test_element_sees_only_what_it_is_given() -> None:
    assert "leaked" not in render('{% element "tag" label="Open" %}', icon="leaked", kind="leaked")


def test_element_shares_who_reads_and_when() -> None:
    items = [SimpleNamespace(at=NOW, text="Tom offered")]
    html = render('{% element "story" items=items %}', items=items)
    assert "Today" in html
    assert ">09:42</time>" in html


def test_element_unknown_is_an_error() -> None:
    with pytest.raises(TemplateDoesNotExist, match=r"elements/nothing\.html"):
        render('{% element "nothing" %}')


def test_elementblock_passes_markup_as_slot() -> None:
    html = render('{% elementblock "dock" %} <b>{{ word }}</b> {% endelementblock %}', word="<i>")
    assert "<b>&lt;i&gt;</b>" in html


def test_element_escapes_what_people_typed() -> None:
    html = render('{% element "offer" person=person words=words %}', person=TOM, words="<script>")
    assert "&lt;script&gt;" in html
    assert "<script>" not in html


def test_icon_names_a_symbol_of_the_sprite() -> None:
    assert render('{% icon "check-lg" "is-forth" %}') == (
        '<svg class="ch-icon is-forth" aria-hidden="true">'
        '<use href="/static/community_help/sprite.svg#i-check-lg"/></svg>'
    )


@pytest.mark.parametrize(
    ("name", "letters"), [("Ama Mensah", "AM"), ("Jo", "J"), ("maría del Mar ruiz", "MR"), ("", "")]
)
def test_initials(name: str, letters: str) -> None:
    assert render("{{ name|initials }}", name=name) == letters


def test_face_drawn() -> None:
    html = render('{% element "face" person=person size="lg" %}', person=TOM)
    assert 'class="ch-face ch-face-lg"' in html
    assert "faces.svg#f-tom" in html


def test_face_without_a_drawing_shows_initials() -> None:
    html = render('{% element "face" person=person %}', person=SimpleNamespace(name="Tom Aldous", face=""))
    assert ">TA</span>" in html


def test_when_begins_a_sentence() -> None:
    job = SimpleNamespace(timing="by", earliest=None, latest=NOW.replace(hour=12, minute=30))
    assert render("{% when job %}", job=job) == "By 12:30 today"


def test_when_without_a_clock_of_its_own_uses_the_present(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/London"
    job = SimpleNamespace(timing="at", earliest=datetime.now(tz=LONDON).replace(hour=23, minute=5), latest=None)
    html = Template("{% load community_help %}{% when job %}").render(Context({"job": job}))
    assert html == "Today, 23:05"


def test_ago_clock_and_day() -> None:
    assert render("{% ago at %}, {% clock at %}, {% day at %}", at=NOW.replace(hour=9, minute=2)) == (
        "40 min ago, 09:02, Today"
    )


def test_duration() -> None:
    assert render("{{ 40|duration }}") == "about 40 minutes"


def test_field_ties_hint_and_error_to_the_control() -> None:
    html = render('{% element "field" field=form.what %}', form=JobForm({}))
    assert 'aria-describedby="id_what_helptext id_what_error"' in html
    assert 'id="id_what_helptext"' in html
    assert 'id="id_what_error"' in html
    assert 'class="form-control wide"' in html
    assert 'autocomplete="off"' in html
    assert 'aria-invalid="true"' in html


def test_field_without_hint_or_error_is_described_by_nothing() -> None:
    assert "aria-describedby" not in render('{% element "field" field=form.day %}', form=JobForm())


def test_field_of_choices_is_a_group() -> None:
    html = render('{% element "field" field=form.needs %}', form=JobForm({"needs": ["car"]}))
    assert '<fieldset class="ch-field" id="id_needs"' in html
    assert '<legend class="form-label">The helper needs</legend>' in html
    assert html.count('class="ch-need"') == 2
    assert html.count("checked") == 1


def test_field_of_one_box_has_its_label_behind_it() -> None:
    html = render('{% element "field" field=form.told %}', form=JobForm())
    assert html.index("<input") < html.index("Read aloud")
    assert 'for="id_told"' in html


def test_field_select_has_our_arrow() -> None:
    assert 'class="form-select"' in render('{% element "field" field=form.day %}', form=JobForm())


def test_field_hidden_is_only_itself() -> None:
    html = render('{% element "field" field=form.version %}', form=JobForm())
    assert html.strip() == '<input type="hidden" name="version" id="id_version">'


def test_field_picks_show_the_tile_of_each_kind() -> None:
    class Value(str):
        __slots__ = ("instance",)

    value = Value("1")
    value.instance = SHOPPING

    class KindForm(forms.Form):
        kind = forms.ChoiceField(choices=[(value, "Shopping"), ("2", "Other")], widget=forms.RadioSelect)

    html = render('{% element "field" field=form.kind pick=True %}', form=KindForm({"kind": "1"}))
    assert '<label class="ch-pick" data-type="shopping">' in html
    assert "#i-basket2-fill" in html
    assert '<label class="ch-pick">' in html


def test_form_errors_link_to_each_question() -> None:
    form = JobForm({"version": "x"})
    form.add_error(None, "Somebody was faster")
    html = render('{% element "form_errors" form=form %}', form=form)
    assert "Somebody was faster" in html
    assert '<a href="#id_what">Shopping list: Write down what to buy</a>' in html
    assert '<a href="#id_needs">' in html
    assert "#id_version" not in html
    assert 'tabindex="-1" autofocus' in html


def test_form_errors_are_silent_when_nothing_is_wrong() -> None:
    assert render('{% element "form_errors" form=form %}', form=JobForm()).strip() == ""


def test_row_action_says_which_row_it_is_of() -> None:
    html = render('{% element "row" kind=kind title="Shopping for Doreen" url="/j/1" action="Ratify" %}', kind=SHOPPING)
    assert 'Ratify<span class="visually-hidden">: Shopping for Doreen</span>' in html


def test_facts_leave_out_what_is_not_known() -> None:
    items = [("When", "Today", "in an hour"), ("Where", "")]
    html = render('{% element "facts" items=items %}', items=items)
    assert "<dd>Today<small>in an hour</small></dd>" in html
    assert "Where" not in html


def test_story_names_each_day_once() -> None:
    times = (NOW, NOW.replace(hour=8), NOW.replace(day=2))
    items = [SimpleNamespace(at=instant, text="x") for instant in times]
    html = render('{% element "story" items=items %}', items=items)
    assert (html.count("Today"), html.count("Yesterday")) == (1, 1)


def test_undo_posts_with_a_token_and_its_time() -> None:
    html = render('{% element "undo" label="Closed" url="/undo" until=until %}', until=NOW, csrf_token="T" * 64)
    assert 'method="post" action="/undo"' in html
    until = re.search(r'data-ch-undo-until="([^"]+)"', html)
    assert until is not None
    assert datetime.fromisoformat(until[1]) == NOW
    assert "csrfmiddlewaretoken" in html


def test_pagination_keeps_the_query() -> None:
    request = RequestFactory().get("/jobs", {"state": "open", "page": "2"})
    page = Paginator(range(9), 3).get_page(2)
    html = render('{% element "pagination" page=page %}', page=page, request=request)
    assert "?state=open&amp;page=3" in html
    assert '<span aria-current="page">2</span>' in html
    assert "4 to 6 of 9" in html


def test_pagination_of_one_page_is_nothing() -> None:
    page = Paginator(range(3), 3).get_page(1)
    assert render('{% element "pagination" page=page %}', page=page).strip() == ""
