"""How a field's content is protected: classification for all, encryption for what must not be read.

Sensitivity of every field of every model is declared beside the fields, with :func:`classify`.
The registry, the export, the erasure and the system check are made from it.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import FieldError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from community_help import conf
from community_help.exceptions import ConfigurationError, UnreadableSecret

try:
    from cryptography.fernet import Fernet, InvalidToken, MultiFernet
except ImportError:  # the extra «crypto» is not installed: plain text, or an error where keys are set
    MultiFernet = None  # type: ignore[assignment,misc]  # checked before each use

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django_stubs_ext import StrOrPromise

    _Text = models.TextField[str, str]
else:
    _Text = models.TextField  # the real class takes no type arguments

_PLAIN = "0:"
_CIPHER = "1:"


class Sensitivity(models.TextChoices):
    """How much harm it does when the wrong person reads a field."""

    PUBLIC = "public", _("public")
    INTERNAL = "internal", _("internal")
    PERSONAL = "personal", _("personal")
    CONTACT = "contact", _("contact details")
    SPECIAL = "special", _("health and other special categories")
    CRIMINAL = "criminal", _("criminal records")


class Keep(models.TextChoices):
    """How long a row's personal content is kept. The purge and the privacy notice read it."""

    WITH_COMMUNITY = "with_community", _("as long as the community runs")
    WITH_PERSON = "with_person", _("until the person leaves, and the time after that which the community chose")
    WITH_JOB = "with_job", _("until the job has ended, and the time after that which the community chose")
    UNDO_TIME = "undo_time", _("until it can no longer be undone")
    WITH_CALL = "with_call", _("until the call is finished, or a day after it was abandoned")
    AS_RECORD = "as_record", _("as long as the law asks for a record")


@dataclass(frozen=True)
class FieldPrivacy:
    """What is known about one field: how sensitive, what for, how long."""

    sensitivity: Sensitivity
    purpose: StrOrPromise
    keep: Keep


def classify(  # one keyword for each sensitivity
    *,
    keep: Keep,
    public: Iterable[str] = (),
    internal: Iterable[str] = (),
    personal: Mapping[str, StrOrPromise] | None = None,
    contact: Mapping[str, StrOrPromise] | None = None,
    special: Mapping[str, StrOrPromise] | None = None,
    criminal: Mapping[str, StrOrPromise] | None = None,
) -> dict[str, FieldPrivacy]:
    """Classify the fields of one model; assign the result to its ``privacy`` attribute.

    :param keep: how long the row's personal content is kept
    :param public: names of fields that anybody may read
    :param internal: names of fields that mean nothing outside the service
    :param personal: field name → what it is for; likewise the other three
    """
    answer = {name: FieldPrivacy(Sensitivity.PUBLIC, _("to run the service"), keep) for name in public}
    answer |= {name: FieldPrivacy(Sensitivity.INTERNAL, _("to run the service"), keep) for name in internal}
    for sensitivity, purposes in (
        (Sensitivity.PERSONAL, personal),
        (Sensitivity.CONTACT, contact),
        (Sensitivity.SPECIAL, special),
        (Sensitivity.CRIMINAL, criminal),
    ):
        for name, purpose in (purposes or {}).items():
            answer[name] = FieldPrivacy(sensitivity, purpose, keep)
    return answer


def keyed_hash(value: str) -> str:
    """A fingerprint of a number or address that can be compared but not reversed without the key.

    The key is ``COMMUNITY_HELP["HASH_KEY"]``; without one it is derived from ``SECRET_KEY``, and a
    system check says that changing ``SECRET_KEY`` then makes the number search forget.
    Returns 32 hexadecimal characters, or "" for "".
    """
    if not value:
        return ""
    key = conf.get("HASH_KEY") or f"community_help.hash:{settings.SECRET_KEY}"
    return hmac.new(key.encode(), value.encode(), hashlib.sha256).hexdigest()[:32]


def _cipher() -> MultiFernet | None:
    keys = conf.get("ENCRYPTION_KEYS")
    if not keys:
        return None
    if MultiFernet is None:
        message = (
            "COMMUNITY_HELP['ENCRYPTION_KEYS'] needs the extra «crypto»: pip install django-community-help[crypto]"
        )
        raise ConfigurationError(message)
    return MultiFernet([Fernet(key) for key in keys])


def seal(text: str) -> str:
    """The text as it is stored: a version prefix, then plain text or, where keys are set, cipher."""
    cipher = _cipher()
    if cipher is None:
        return _PLAIN + text
    return _CIPHER + cipher.encrypt(text.encode()).decode()


def unseal(stored: str) -> str:
    """The text behind a stored value.

    Raises :class:`~community_help.exceptions.UnreadableSecret` when the keys do not open it, or when
    the prefix is not one of ours: it fails closed and never shows what it can't read.
    """
    if stored.startswith(_PLAIN):
        return stored.removeprefix(_PLAIN)
    cipher = _cipher()
    if not stored.startswith(_CIPHER) or cipher is None:
        raise UnreadableSecret("a stored value can't be opened: are ENCRYPTION_KEYS set?")
    try:
        return cipher.decrypt(stored.removeprefix(_CIPHER).encode()).decode()
    except InvalidToken as error:
        raise UnreadableSecret("a stored value can't be opened with these ENCRYPTION_KEYS") from error


class EncryptedText(_Text):
    """Text that is sealed in the database and can be neither searched nor sorted there.

    ``max_length`` counts the characters as typed; it is checked when the model is cleaned.
    An empty text is stored as it is, so that "nothing there" can be seen without a key.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))

    def get_prep_value(self, value: Any) -> Any:
        """Seal what is written."""
        text = super().get_prep_value(value)
        return seal(text) if text else text

    def from_db_value(self, value: str | None, expression: Any, connection: BaseDatabaseWrapper) -> str | None:  # noqa: ARG002  Django's signature
        """Open what is read."""
        return unseal(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Only ``isnull``, and ``exact`` with "": comparing sealed text would silently never match."""
        if lookup_name == "exact":
            return _IsEmpty
        if lookup_name != "isnull":
            message = f"{self.name} is sealed: it can't be looked up with «{lookup_name}»."
            raise FieldError(message)
        return super().get_lookup(lookup_name)


class _IsEmpty(Exact):
    """Equality with the empty text, the one value that is stored as it is."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        if rhs != "":
            raise FieldError("a sealed field can only be compared with an empty text.")
        super().__init__(lhs, rhs)
