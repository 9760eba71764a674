"""Classes that a site names in a setting: imported, and looked at before anybody uses them."""

from __future__ import annotations

import inspect
from typing import TypeVar

from django.utils.module_loading import import_string

from community_help.exceptions import ConfigurationError

Named = TypeVar("Named")


def load_class(path: str, base: type[Named], *, setting: str) -> type[Named]:
    """The class behind a dotted path.

    Raises :class:`~community_help.exceptions.ConfigurationError`, with setting and path in it, where there is none
    or it can't be used.
    """
    try:
        made = import_string(path)
    except ImportError as error:
        raise unusable(path, str(error), setting=setting) from error
    return require_usable(made, base, path, setting=setting)


def require_usable(made: object, base: type[Named], path: str, *, setting: str) -> type[Named]:
    """The class itself, where it is one of that base and declares what is mandatory: methods, and what its base names.

    ``base.mandatory`` are the attributes that must not be empty, where it has any. Raises as :func:`load_class`.
    """
    if not (inspect.isclass(made) and issubclass(made, base)):
        raise unusable(path, f"it is not a subclass of {_public_name(base)}", setting=setting)
    if inspect.isabstract(made):
        missing: frozenset[str] = getattr(made, "__abstractmethods__", frozenset())
        raise unusable(path, f"it does not define {', '.join(sorted(missing))}", setting=setting)
    mandatory: tuple[str, ...] = getattr(base, "mandatory", ())
    if not all(getattr(made, name, "") for name in mandatory):
        raise unusable(path, f"it needs a {' and a '.join(mandatory)}", setting=setting)
    return made


def _public_name(base: type) -> str:
    """Where a site imports the base class from: the room, not the file in it."""
    return f"{base.__module__.rpartition('.')[0]}.{base.__qualname__}"


def unusable(path: str, why: str, *, setting: str) -> ConfigurationError:
    """What is wrong with a path, to be raised."""
    return ConfigurationError(f"COMMUNITY_HELP['{setting}']: {path} can't be used: {why}.")
