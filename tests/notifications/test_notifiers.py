"""The bundled notifiers, and how the setting makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from community_help import conf, defaults
from community_help.exceptions import ConfigurationError
from community_help.notifications.notifiers.console import ConsoleNotifier
from community_help.notifications.notifiers.dummy import DummyNotifier
from community_help.notifications.notifiers.email import EmailNotifier
from community_help.notifications.notifiers.loading import load, problems
from community_help.notifications.notifiers.locmem import LocmemNotifier
from community_help.notifications.notifiers.notifier import Message, Notifier, Receipt
from community_help.people.person import Person
from community_help.testing import factories as make
from community_help.testing.notifiers import assert_notifier_keeps_contract, make_message

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

BUNDLED = "community_help.notifications.notifiers"
HERE = "tests.notifications.test_notifiers"


class ByPhone(Notifier):
    """Reaches people by their number, as a text message would."""

    channel = "phone"

    def send(self, message: Message, address: str) -> Receipt:
        return Receipt(detail="rung")


class Chatty(ByPhone):
    def send(self, message: Message, address: str) -> Receipt:
        return Receipt(detail=f"rung {address}")


class Mute(ByPhone):
    def send(self, message: Message, address: str) -> Any:
        return None


class Writing(ByPhone):
    def send(self, message: Message, address: str) -> Receipt:
        Person.objects.filter(pk=1).update(face="rung")
        return Receipt()


class Everywhere(ByPhone):
    def address_for(self, person: Person) -> str:
        return "+441174960000"


class Nowhere(ByPhone):
    def address_for(self, person: Person) -> str:
        return ""


class Careless(ByPhone):
    def __init__(self, alias: str, options: Any = None) -> None:
        super().__init__(alias)


class Curt(ByPhone):
    def __init__(self, alias: str, options: Any = None) -> None:
        if options:
            raise ConfigurationError("no")
        super().__init__(alias)


@pytest.fixture
def people(db: None) -> dict[str, Person]:
    return {"reached": make.make_person(), "not_reached": make.make_person(contact={})}


@pytest.mark.parametrize(
    "backend",
    [f"{BUNDLED}.console.ConsoleNotifier", f"{BUNDLED}.dummy.DummyNotifier", f"{BUNDLED}.locmem.LocmemNotifier"],
)
def test_bundled_notifiers_keep_the_contract(backend: str, people: dict[str, Person]) -> None:
    assert len(assert_notifier_keeps_contract(backend, **people)) == 3


def test_notifier_of_a_site_keeps_the_contract(people: dict[str, Person]) -> None:
    assert assert_notifier_keeps_contract(f"{HERE}.ByPhone", **people) == [Receipt(detail="rung")] * 3


@pytest.mark.parametrize(
    ("name", "promise"),
    [
        ("Chatty", "must not repeat the address"),
        ("Mute", "must answer a Receipt"),
        ("Writing", "must write nothing"),
        ("Everywhere", "must answer '' for a person"),
        ("Nowhere", "must answer a text"),
        ("Careless", "must be a ConfigurationError"),
        ("Curt", "must be named, with the alias"),
    ],
)
def test_broken_promise_is_caught(name: str, promise: str, people: dict[str, Person]) -> None:
    with pytest.raises(AssertionError, match=promise):
        assert_notifier_keeps_contract(f"{HERE}.{name}", **people)


def test_console_shows_what_its_reader_would_see(capsys: pytest.CaptureFixture[str]) -> None:
    message = make_message()
    ConsoleNotifier("console").send(message, "tom@example.org")
    shown = capsys.readouterr().out
    assert shown.startswith(
        f"To: tom@example.org\nSubject: {message.subject}\nKey: {message.key}\n\nCan you help? ☎\n---"
    )


def test_locmem_keeps_message_and_address() -> None:
    LocmemNotifier.outbox.clear()
    message = make_message()
    assert LocmemNotifier("locmem").send(message, "tom@example.org").provider_id == "locmem-1"
    assert LocmemNotifier.outbox == [(message, "tom@example.org")]
    LocmemNotifier.outbox.clear()


def test_dummy_says_that_nothing_was_sent() -> None:
    assert DummyNotifier("dummy").send(make_message(), "tom@example.org").detail == "dummy: nothing was sent"


def test_base_class_can_not_send() -> None:
    with pytest.raises(NotImplementedError):
        Notifier("mine").send(make_message(), "tom@example.org")


def use(settings: SettingsWrapper, entries: dict[str, Any]) -> None:
    settings.COMMUNITY_HELP = {"NOTIFIERS": entries}


def test_load_makes_e_mail_by_default(settings: SettingsWrapper) -> None:
    settings.COMMUNITY_HELP = {}
    [notifier] = load()
    assert isinstance(notifier, EmailNotifier)
    assert notifier.alias == "email"
    assert conf.get("NOTIFIERS") is defaults.NOTIFIERS


def test_load_keeps_the_order_and_gives_options(settings: SettingsWrapper) -> None:
    email = {"BACKEND": f"{BUNDLED}.email.EmailNotifier", "OPTIONS": {"from_email": "a@help.example"}}
    use(settings, {"second": {"BACKEND": f"{BUNDLED}.dummy.DummyNotifier"}, "first": email})
    second, first = load()
    assert (second.alias, first.alias) == ("second", "first")
    assert first.options == {"from_email": "a@help.example"}
    assert problems() == []


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("a.b.C", "must be a dict with BACKEND"),
        ({}, "must be a dict with BACKEND"),
        ({"BACKEND": "a.b.C", "OPTION": {}}, "must be a dict with BACKEND"),
        ({"BACKEND": "no.such.Thing"}, "no.such.Thing"),
        ({"BACKEND": "community_help.conf.get"}, "not a Notifier"),
        ({"BACKEND": "community_help.people.person.Person"}, "not a Notifier"),
        ({"BACKEND": f"{BUNDLED}.dummy.DummyNotifier", "OPTIONS": {"speed": 1}}, "does not take the options speed"),
        ({"BACKEND": f"{BUNDLED}.email.EmailNotifier", "OPTIONS": {"form_email": ""}}, "it takes: from_email"),
    ],
)
def test_load_names_the_alias_of_what_is_wrong(settings: SettingsWrapper, entry: Any, words: str) -> None:
    use(settings, {"mine": entry, "good": {"BACKEND": f"{BUNDLED}.dummy.DummyNotifier"}})
    with pytest.raises(ConfigurationError, match="'mine'") as caught:
        load()
    assert words in str(caught.value)
    assert problems() == [str(caught.value)]
