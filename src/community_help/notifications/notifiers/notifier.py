"""What every notifier is: an address for a person, and a way to carry a message there."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from django.utils.translation import gettext as _

from community_help.exceptions import ConfigurationError
from community_help.privacy import disclosure

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Mapping

    from community_help.people.person import Person


@dataclass(frozen=True)
class Message:
    """One thing to say, rendered for one person. It holds no contact detail of anybody.

    ``key`` is the same however often it is tried, so that a copy can be told from a second message.
    ``site`` is the host name of the site; ``url`` the absolute address that the message leads to.
    """

    key: uuid.UUID
    kind: str
    subject: str
    text: str
    html: str
    url: str
    site: str
    sender: str
    reply_to: str = ""


@dataclass(frozen=True)
class Receipt:
    """What a provider said when it took a message.

    :param provider_id: its id for the message, if it gives one
    :param queued: it has the message, but does not say yet that it will carry it
    :param detail: a few words for the record; never an address
    """

    provider_id: str = ""
    queued: bool = False
    detail: str = ""


class Notifier:
    """The base class of all notifiers, named in ``COMMUNITY_HELP["NOTIFIERS"]`` by dotted path.

    :meth:`send` is the one method that a subclass must write. A notifier is made anew for each round of
    the outbox, used by one thread, and writes no rows: the outbox records what came of it.
    """

    #: The options that it takes, with their defaults. Any other is a ``ConfigurationError``.
    defaults: ClassVar[Mapping[str, Any]] = {}
    #: Which of a person's addresses it uses: "email" or "phone".
    channel: ClassVar[Literal["email", "phone"]] = "email"

    def __init__(self, alias: str, options: Mapping[str, Any] | None = None) -> None:
        """Take the options of one entry of the setting.

        :param alias: its key in the setting, by which errors and deliveries name it

        Raises :class:`~community_help.exceptions.ConfigurationError` for an option that it does not take.
        """
        given = dict(options or {})
        if unknown := sorted(set(given) - set(self.defaults)):
            message = _(
                "COMMUNITY_HELP['NOTIFIERS'][%(alias)r] does not take the options %(unknown)s; it takes: %(known)s."
            )
            known = ", ".join(sorted(self.defaults)) or _("none")
            raise ConfigurationError(message % {"alias": alias, "unknown": ", ".join(unknown), "known": known})
        self.alias = alias
        self.options = {**self.defaults, **given}

    def address_for(self, person: Person) -> str:
        """Where this notifier reaches the person; "" where it does not."""
        return disclosure.address_for(person, self.channel)

    def send(self, message: Message, address: str) -> Receipt:
        """Carry the message.

        Raises :class:`~community_help.exceptions.TemporaryFailure` when it may work later and
        :class:`~community_help.exceptions.PermanentFailure` when it never will; their text goes into the
        record and must name no address. Any other error counts as temporary.
        """
        raise NotImplementedError

    @contextmanager
    def session(self) -> Iterator[None]:
        """Surround a batch of messages; the default does nothing. E-mail keeps one connection."""
        yield
