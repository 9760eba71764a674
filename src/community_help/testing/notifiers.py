"""The contract of a notifier, as a test that a site runs on its own.

::

    @pytest.mark.django_db
    def test_gateway_keeps_the_contract(gateway_on_loopback):
        assert_notifier_keeps_contract(
            "mysite.sms.Gateway", {"url": gateway_on_loopback.url}, reached=tom, not_reached=somebody_without_a_number
        )
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from community_help import conf
from community_help.exceptions import ConfigurationError
from community_help.notifications.notifiers.loading import load
from community_help.notifications.notifiers.notifier import Message, Notifier, Receipt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from community_help.people.person import Person

ALIAS = "under_test"


def make_message(**fields: Any) -> Message:
    """A message as the outbox would give it, with a key of its own; letters that not every machine can write."""
    begin: dict[str, Any] = {
        "key": uuid.uuid4(),
        "kind": "job_alert",
        "subject": "Urgent: Shopping in Inns Court – Zoë’s corner",
        "text": "Can you help? ☎\n",
        "html": "<p>Can you help? ☎</p>",
        "url": "https://help.example/help/jobs/",
        "site": "help.example",
        "sender": "Knowle West Helps – für alle",
    }
    return Message(**{**begin, **fields})


def assert_notifier_keeps_contract(
    backend: str, options: Mapping[str, Any] | None = None, *, reached: Person, not_reached: Person
) -> list[Receipt]:
    """Assert that a notifier keeps every promise of :class:`~community_help.notifications.notifiers.notifier.Notifier`.

    It is made from the setting, and refuses an option that it does not know, by name. It answers an address for a
    person whom it reaches and "" for another. It carries two messages within a session and one without, each with a
    receipt that repeats no address, and writes no rows.

    :param backend: its dotted path; what it sends to must answer while the test runs
    :param reached: somebody whom it has an address for
    :param not_reached: somebody whom it has none for

    Returns the three receipts. Raises ``AssertionError`` with the broken promise in plain words.
    """
    notifier = _made(backend, dict(options or {}))
    _refuses_unknown_options(backend, dict(options or {}))
    if notifier.address_for(not_reached) != "":
        raise AssertionError("address_for() must answer '' for a person whom it does not reach")
    address = notifier.address_for(reached)
    if not address or not isinstance(address, str):
        raise AssertionError("address_for() must answer a text for a person whom it reaches")
    with CaptureQueriesContext(connection) as queries:
        with notifier.session():
            receipts = [notifier.send(make_message(), address) for _ in range(2)]
        receipts.append(notifier.send(make_message(), address))
    if written := [query["sql"] for query in queries if not query["sql"].lstrip().upper().startswith("SELECT")]:
        raise AssertionError(f"send() and session() must write nothing: the outbox does. It ran {written[0]}")
    for receipt in receipts:
        if not isinstance(receipt, Receipt):
            raise AssertionError(f"send() must answer a Receipt, not {receipt!r}")  # noqa: TRY004  a broken promise
        if address in f"{receipt.provider_id} {receipt.detail}":
            raise AssertionError("a Receipt goes into the record: it must not repeat the address")
    return receipts


def _made(backend: str, options: dict[str, Any]) -> Notifier:
    entry = {"BACKEND": backend, "OPTIONS": options}
    with override_settings(COMMUNITY_HELP={**conf.given(), "NOTIFIERS": {ALIAS: entry}}):
        [notifier] = load()
    return notifier


def _refuses_unknown_options(backend: str, options: dict[str, Any]) -> None:
    try:
        _made(backend, {**options, "no_such_option": 1})
    except ConfigurationError as error:
        if ALIAS in str(error) and "no_such_option" in str(error):
            return
        raise AssertionError(f"an option that is not known must be named, with the alias, not: {error}") from error
    raise AssertionError("an option that is not known must be a ConfigurationError")
