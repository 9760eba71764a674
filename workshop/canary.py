"""Canaries: details of a requester that nobody can mistake, and a net that catches everything that leaves the site.

A story goes through HTTP from the call to its end. At each stage every kind of actor walks through every page that
they, or anybody else, has a link to. Pages, headers, addresses, mails, log records, queue payloads and the tables
themselves are searched. A canary may be seen in one page only: an answer to a co-ordinator, or to the ratified helper
in the window, **in whose very request the access log took down that this detail was read**; and in the screen of an
open call, to whom it belongs.
"""

from __future__ import annotations

import contextlib
import html
import logging
import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from functools import cached_property
from html.parser import HTMLParser
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote_plus, urljoin, urlsplit

from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from community_help.checks import TALKATIVE
from community_help.privacy.access_log import AccessLog, Door

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from community_help.people.person import Person

#: Everything begins here, for everybody.
SEEDS = (
    "/",
    "/help/",
    "/help/desk/",
    "/help/desk/jobs/",
    "/help/desk/calls/",
    "/help/jobs/",
    "/help/jobs/mine/",
    "/admin/",
)
#: What is counted, as it is searched.
SEARCHED = ("pages", "mails", "logs", "payloads", "rows")
#: Kinds of actor by what they may come to see.
COORDINATOR, RATIFIED = "co-ordinator", "ratified helper"
_MOST_PAGES = 400
_OURS = ("", "testserver")
#: What a phone does with a detail that it was rightly shown: the page's own text is searched for these.
_NOT_OURS = ("tel:", "sms:", "geo:", "#")
#: Not walked into: files, accounts (they hold no details), and the door, to which every page has another address.
_NOT_PAGES = ("/static/", "/accounts/", *(f"/admin/{name}/" for name in ("auth", "login", "logout", "password_change")))
_ADMIN = "/admin/"


@dataclass(frozen=True)
class Canary:
    """One detail: what was typed, and under which name the access log knows it.

    ``known_to`` are kinds of actor in whose pages it may stand without a row in the log: a name is no contact detail,
    and yet no helper needs it before they are ratified. It is not sealed in the tables.
    """

    name: str
    typed: str
    logged_as: str
    known_to: frozenset[str] = frozenset()

    @property
    def pattern(self) -> str:
        """A regular expression for it, however it is written: 0117 496 0123 is +441174960123 and (0117) 496-0123."""
        if self.name.endswith("phone"):
            return r"[\s().-]{0,2}".join(self.typed.replace(" ", "").removeprefix("0"))
        return r"\s*".join(re.escape(word) for word in self.typed.split())


class Leak(NamedTuple):
    """A canary where none may be."""

    stage: str
    who: str
    where: str
    canary: str


@dataclass
class Browser:
    """One kind of actor with a browser; ``person`` is ``None`` for accounts and visitors without one."""

    kind: str
    person: Person | None = None
    client: Client = field(default_factory=Client)


@dataclass
class Net:
    """What has been caught, and what may be seen now."""

    canaries: list[Canary]
    #: Visit every list in every order, and what is for sending only, again and again.
    thorough: bool = True
    stage: str = ""
    window_is_open: bool = False
    open_call: str = ""
    leaks: set[Leak] = field(default_factory=set)
    #: (stage, kind of actor, canary) of what was rightly seen.
    seen: set[tuple[str, str, str]] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SEARCHED, 0))
    addresses: set[str] = field(default_factory=lambda: set(SEEDS))
    #: Addresses that answer no GET to whoever may use them.
    for_sending: set[str] = field(default_factory=set)

    # Pages

    def get(self, browser: Browser, address: str) -> Any:
        """Ask for a page, and search the answer."""
        return self._ask(browser, "get", address, {})

    def post(self, browser: Browser, address: str, /, **answers: Any) -> Any:
        """Send a form, and search the answer."""
        return self._ask(browser, "post", address, answers)

    def _ask(self, browser: Browser, method: str, address: str, answers: dict[str, Any]) -> Any:
        last = AccessLog.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        response = getattr(browser.client, method)(address, answers)
        self.counts["pages"] += 1
        read = {
            name
            for row in AccessLog.objects.filter(pk__gt=last, actor=browser.person).exclude(door=Door.SEARCH)
            for name in row.fields
        }
        self.never(browser.kind, f"address {address}", address)
        self.never(
            browser.kind, f"headers of {address}", f"{sorted(response.headers.items())!r} {response.cookies.output()}"
        )
        text = "" if response.streaming else response.content.decode(errors="replace")
        for canary in self._found(text):
            if self._may_see(browser.kind, canary, address, read):
                self.seen.add((self.stage, browser.kind, canary.name))
            else:
                self._leak(browser.kind, f"{method} {address}", canary)
        self.addresses |= self._links(browser.kind, address, text, response)
        return response

    def _may_see(self, kind: str, canary: Canary, address: str, read: set[str]) -> bool:
        if kind == COORDINATOR and self.open_call and address.startswith(f"/help/desk/calls/{self.open_call}/"):
            return True
        if kind in canary.known_to:
            return True
        if canary.logged_as not in read:
            return False
        return kind == COORDINATOR or (kind == RATIFIED and self.window_is_open and canary.name != "warnings")

    def _links(self, kind: str, address: str, text: str, response: Any) -> set[str]:
        found = _Links.of(text) if "html" in response.headers.get("Content-Type", "") else set()
        if "Location" in response.headers:
            found.add(response.headers["Location"])
        for link in found:
            self.never(kind, f"link in {address}", link)
        here = (urlsplit(urljoin(address, link)) for link in found)
        local = {link._replace(scheme="", netloc="", fragment="").geturl() for link in here if link.netloc in _OURS}
        local = {link.partition("?")[0] if link.startswith(_ADMIN) else link for link in local}  # it has a sort for all
        return {link for link in local if link.startswith("/") and not link.startswith(_NOT_PAGES)}

    def walk(self, browsers: Iterable[Browser]) -> None:
        """Each of them visits every address that anybody has met, and those that they meet on the way."""
        for browser in browsers:
            visited: set[str] = set()
            while (left := sorted(self._worth_a_visit() - visited)) and len(visited) < _MOST_PAGES:
                for address in left:
                    visited.add(address)
                    if self.get(browser, address).status_code == HTTPStatus.METHOD_NOT_ALLOWED:
                        self.for_sending.add(address)

    def _worth_a_visit(self) -> set[str]:
        if self.thorough:
            return self.addresses
        return {address for address in self.addresses - self.for_sending if "?" not in address}

    # What leaves by other ways

    def never(self, who: str, where: str, text: str) -> None:
        """Search a text in which no canary may be at all."""
        for canary in self._found(text):
            self._leak(who, where, canary)

    def mails(self) -> int:
        """Search the mails that have gone out, as they are on the wire and as they are read; then forget them."""
        sent, mail.outbox[:] = list(mail.outbox), []
        for letter in sent:
            wire = letter.message().as_bytes()
            message = message_from_bytes(wire, policy=policy.default)
            parts = [str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text"]
            headers = [f"{name}: {value}" for name, value in message.items()]
            self.never("mail", f"«{letter.subject}»", "\n".join([wire.decode(errors="replace"), *headers, *parts]))
        self.counts["mails"] += len(sent)
        return len(sent)

    def payloads(self) -> None:
        """Search what lies in the queue, signed and opened; then empty it."""
        for row in OrmQ.objects.all():
            self.never("queue", "payload", f"{row.payload}\n{SignedPackage.loads(row.payload)!r}")
            self.counts["payloads"] += 1
        OrmQ.objects.all().delete()

    def tables(self) -> None:
        """Search every table as it is stored: with keys set, nothing may be there to read."""
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  a name of the database's
                for row in cursor.fetchall():
                    self.counts["rows"] += 1
                    for canary in self._found(repr(row)):
                        if not canary.known_to:
                            self._leak("database", table, canary)

    @contextlib.contextmanager
    def logs(self) -> Iterator[None]:
        """Search every record of every logger, at every level, while this lasts.

        Two loggers of Django's own are heard from INFO on: at DEBUG they write down whatever a page or a
        statement holds. Where a site has turned that on, a system check (W006) says so.
        """
        catcher = _Catcher(self)
        loggers = [
            logging.getLogger(),
            *(it for it in logging.root.manager.loggerDict.values() if isinstance(it, logging.Logger)),
        ]
        before = [(logger, logger.handlers, logger.level, logger.disabled, logger.propagate) for logger in loggers]
        for logger in loggers:
            logger.handlers = [catcher]
            logger.setLevel(logging.INFO if logger.name in TALKATIVE else 1)
            logger.disabled, logger.propagate = False, False
        try:
            yield
        finally:
            for logger, handlers, level, disabled, propagate in before:
                logger.handlers = handlers
                logger.setLevel(level)
                logger.disabled, logger.propagate = disabled, propagate

    def _found(self, text: str) -> list[Canary]:
        """The canaries that a text shows, quoted for HTML or for an address as well."""
        forms = {text}
        forms |= {html.unescape(text)} if "&" in text else set()
        forms |= {unquote_plus(text)} if "%" in text or "+" in text else set()
        names = {match.lastgroup for form in forms for match in self._any.finditer(form)}
        return [canary for canary in self.canaries if canary.name in names]

    @cached_property
    def _any(self) -> re.Pattern[str]:
        patterns = (f"(?P<{canary.name}>{canary.pattern})" for canary in self.canaries)
        return re.compile("|".join(patterns), re.IGNORECASE)

    def _leak(self, who: str, where: str, canary: Canary) -> None:
        self.leaks.add(Leak(self.stage, who, where, canary.name))


class _Catcher(logging.Handler):
    """Hands each record to the net: its words, their parts, and an error's whole story."""

    def __init__(self, net: Net) -> None:
        super().__init__(level=1)
        self.net = net

    def emit(self, record: logging.LogRecord) -> None:
        told = f"{self.format(record)} {record.args!r} {sorted(record.__dict__.items(), key=str)!r}"
        self.net.counts["logs"] += 1
        self.net.never("log", record.name, told)


class _Links(HTMLParser):
    """Whatever in a page looks like an address of the site, in whichever attribute it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    @classmethod
    def of(cls, text: str) -> set[str]:
        reader = cls()
        reader.feed(text)
        return reader.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  the base class's
        for name, value in attrs:
            leads_somewhere = name in {"href", "src", "action", "formaction"} or (value or "").startswith("/")
            if value and leads_somewhere and not value.startswith(_NOT_OURS):
                self.found.add(value)


def login(person_or_account: Any) -> Client:
    """A browser in which the account is signed in."""
    client = Client()
    account = getattr(person_or_account, "user", person_or_account)
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client
