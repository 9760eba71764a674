"""From the setting to the notifiers: read at each use, nothing is cached."""

from __future__ import annotations

from typing import Any

from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from community_help import conf
from community_help.exceptions import ConfigurationError
from community_help.notifications.notifiers.notifier import Notifier

_KEYS = {"BACKEND", "OPTIONS"}


def load() -> list[Notifier]:
    """Make the notifiers of ``COMMUNITY_HELP["NOTIFIERS"]``, in their order.

    Raises :class:`~community_help.exceptions.ConfigurationError`, which names the alias.
    """
    return [_make(alias, entry) for alias, entry in conf.get("NOTIFIERS").items()]


def problems() -> list[str]:
    """What is wrong with the setting, one sentence for each alias: for the system check."""
    found = []
    for alias, entry in conf.get("NOTIFIERS").items():
        try:
            _make(alias, entry)
        except ConfigurationError as error:
            found.append(str(error))
    return found


def _make(alias: str, entry: Any) -> Notifier:
    where = f"COMMUNITY_HELP['NOTIFIERS'][{alias!r}]"
    if not isinstance(entry, dict) or "BACKEND" not in entry or set(entry) - _KEYS:
        raise ConfigurationError(
            _("%(where)s must be a dict with BACKEND and, if you like, OPTIONS.") % {"where": where}
        )
    try:
        backend = import_string(entry["BACKEND"])
    except ImportError as error:
        message = _("%(where)s names the backend %(path)s, which can't be imported: %(error)s.")
        raise ConfigurationError(message % {"where": where, "path": entry["BACKEND"], "error": error}) from error
    if not (isinstance(backend, type) and issubclass(backend, Notifier)):
        message = _("%(where)s names %(path)s, which is not a Notifier.")
        raise ConfigurationError(message % {"where": where, "path": entry["BACKEND"]})
    return backend(alias, entry.get("OPTIONS"))
