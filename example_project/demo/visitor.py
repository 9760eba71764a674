"""Somebody with a very plain browser: pages, links and forms, cookies, no scripts. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, Request, build_opener

if TYPE_CHECKING:
    from collections.abc import Mapping

_VALUELESS = {"checkbox", "radio"}
_NEVER_SENT = {"submit", "button", "reset", "image", "file"}
SECONDS = 20


class UnexpectedPageError(Exception):
    """A page is not what a visitor expects: it has no such form or button."""


@dataclass
class Button:
    """What submits a form, and what it adds to it."""

    label: str = ""
    name: str = ""
    value: str = ""
    action: str = ""


@dataclass
class Form:
    """A form as the page offers it: names and values in their order, and its buttons."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    def button(self, label: str) -> Button | None:
        """The button whose words contain these, if there is one."""
        return next((button for button in self.buttons if label in button.label), None)

    def filled(self, answers: Mapping[str, str | list[str]]) -> list[tuple[str, str]]:
        """What is sent: the answers in place of what the page had under their names, the rest as it is."""
        sent = [(name, value) for name, value in self.fields if name not in answers]
        for name, answer in answers.items():
            sent += [(name, value) for value in ([answer] if isinstance(answer, str) else answer)]
        return sent


@dataclass
class Page:
    """An answer of the site, and what can be done with it."""

    url: str
    status: int
    text: str
    forms: list[Form]
    headers: Mapping[str, str] = field(default_factory=dict)

    def form(self, action: str, button: str) -> tuple[Form, Button]:
        """The first form whose address contains the one and a button of which the other; the button.

        Raises UnexpectedPageError when the page has none.
        """
        for form in self.forms:
            pressed = form.button(button) if action in form.action else None
            if pressed is not None:
                return form, pressed
        raise UnexpectedPageError(f"{self.url} ({self.status}) has no button «{button}» for «{action}»")


class Visitor:
    """One visitor with cookies of their own."""

    def __init__(self, site: str) -> None:
        """:param site: the address of the site, without a slash at the end"""
        self.site = site
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, url: str) -> Page:
        """Look at a page, wherever it sends one on to."""
        return self._open(Request(urljoin(f"{self.site}/", url)))  # noqa: S310  the site is ours

    def submit(self, page: Page, action: str, *, button: str = "", **answers: str | list[str]) -> Page:
        """Answer the form for ``action`` and press its button with these words (default: its first)."""
        form, pressed = page.form(action, button)
        sent = form.filled({**({pressed.name: pressed.value} if pressed.name else {}), **answers})
        target = urljoin(page.url, pressed.action or form.action)
        if form.method == "get":
            return self.get(f"{target}?{urlencode(sent)}")
        data = urlencode(sent).encode()
        return self._open(Request(target, data, headers={"Referer": page.url}))  # noqa: S310  likewise

    def _open(self, request: Request) -> Page:
        try:
            answer = self._opener.open(request, timeout=SECONDS)
        except HTTPError as error:
            answer = error  # a page like any other, with its status
        with answer:
            text = answer.read().decode()
            return Page(answer.url, answer.status, text, read_forms(text, answer.url), dict(answer.headers))


def read_forms(text: str, url: str) -> list[Form]:
    """The forms of a page, with the fields and buttons that stand elsewhere and name their form."""
    reader = _Reader(url)
    reader.feed(text)
    for name, fields, buttons in reader.elsewhere:
        form = reader.by_id.get(name, reader.page)
        form.fields += fields
        form.buttons += buttons
    return reader.forms


class _Reader(HTMLParser):
    """Reads the forms of a page, and what stands elsewhere and names its form by id."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.page = Form(url, "get")  # what belongs to no form ends here
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.elsewhere: list[tuple[str, list[tuple[str, str]], list[Button]]] = []
        self.inside = self.page
        self.words: list[str] | None = None  # of the text area or button that is open
        self.name = ""  # of the text area or select that is open
        self.select_fields: list[tuple[str, str]] = []
        self.first_option = True
        self.open_fields = self.page.fields
        self.open_button = Button()

    def _place(self, attrs: Mapping[str, str]) -> tuple[list[tuple[str, str]], list[Button]]:
        """Where a field or a button belongs."""
        if "form" not in attrs:
            return self.inside.fields, self.inside.buttons
        self.elsewhere.append((attrs["form"], [], []))
        return self.elsewhere[-1][1:]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        handler = getattr(self, f"_start_{tag}", None)
        if handler is not None:
            handler(found)

    def handle_endtag(self, tag: str) -> None:
        text = "".join(self.words or [])
        if tag == "form":
            self.inside = self.page
        elif tag == "textarea" and self.words is not None:
            self.open_fields.append((self.name, text.removeprefix("\n")))
            self.words = None
        elif tag == "button" and self.words is not None:
            self.open_button.label += " ".join(text.split())
            self.words = None

    def handle_data(self, data: str) -> None:
        if self.words is not None:
            self.words.append(data)

    def _start_form(self, attrs: Mapping[str, str]) -> None:
        self.inside = Form(attrs.get("action", ""), attrs.get("method", "get").lower())
        self.forms.append(self.inside)
        self.by_id[attrs.get("id", "")] = self.inside

    def _start_input(self, attrs: Mapping[str, str]) -> None:
        kind = attrs.get("type", "text")
        left_out = kind in _NEVER_SENT or (kind in _VALUELESS and "checked" not in attrs)
        if "name" in attrs and not left_out:
            value = attrs.get("value", "on" if kind in _VALUELESS else "")
            self._place(attrs)[0].append((attrs["name"], value))

    def _start_textarea(self, attrs: Mapping[str, str]) -> None:
        self.name, self.words = attrs.get("name", ""), []
        self.open_fields = self._place(attrs)[0]

    def _start_select(self, attrs: Mapping[str, str]) -> None:
        self.name, self.select_fields = attrs.get("name", ""), self._place(attrs)[0]
        self.first_option = True

    def _start_option(self, attrs: Mapping[str, str]) -> None:
        if self.first_option:  # what a browser sends where none is selected
            self.select_fields.append((self.name, attrs.get("value", "")))
        elif "selected" in attrs:
            self.select_fields[-1] = (self.name, attrs.get("value", ""))
        self.first_option = False

    def _start_button(self, attrs: Mapping[str, str]) -> None:
        self.open_button = Button(
            attrs.get("aria-label", ""), attrs.get("name", ""), attrs.get("value", ""), attrs.get("formaction", "")
        )
        self._place(attrs)[1].append(self.open_button)
        self.words = []
