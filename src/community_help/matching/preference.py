"""A preference: a reason to ask one eligible helper before another, as a figure in SQL."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from community_help import conf
from community_help.loading import load_class, unusable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models.expressions import Combinable
    from django_stubs_ext import StrOrPromise

    from community_help.matching.moment import Moment
    from community_help.matching.need import Need
    from community_help.people.profiles import Helper

SETTING = "PREFERENCES"


class Preference(ABC):
    """Base class of preferences. A site names its own in ``COMMUNITY_HELP["PREFERENCES"]``.

    A preference is soft: it never keeps anybody from being asked, it only says who comes first. An instance lives
    for one question; ``moment`` is when it is asked.
    """

    #: The attributes that each must give.
    mandatory: ClassVar[tuple[str, ...]] = ("slug", "label")

    #: **Mandatory.** A short name, unique among the site's preferences. A community gives it a weight under this name.
    slug: ClassVar[str] = ""

    #: **Mandatory.** What is preferred, as in a list of weights: ``_("has helped them before")``.
    label: ClassVar[StrOrPromise] = ""

    #: Optional, default 1. How much it counts where the community has not said: from 0, not at all, to 10.
    weight: ClassVar[int] = 1

    def __init__(self, moment: Moment) -> None:
        """Made by the engine.

        :param moment: when the question is asked
        """
        self.moment = moment

    @abstractmethod
    def score(self, need: Need) -> Combinable:
        """**Mandatory.** A float from 0 to 1 over ``Helper``, never null: 1 for whom to ask first.

        Builds and asks nothing: no query runs here.
        """

    def because(self, need: Need, helper: Helper, score: float) -> str:  # noqa: ARG002  for those who override it
        """Optional. Why they come early, in one plain phrase without a full stop; "" where it is not worth saying.

        :param helper: with its person
        :param score: what :meth:`score` came to
        """
        return ""


def load_preferences(paths: Sequence[str] | None = None) -> list[type[Preference]]:
    """The preferences' classes, in their order.

    :param paths: dotted paths; by default those of ``COMMUNITY_HELP["PREFERENCES"]``

    Raises :class:`~community_help.exceptions.ConfigurationError`, with the path in it, where one can't be used.
    """
    classes: dict[str, type[Preference]] = {}
    for path in conf.get(SETTING) if paths is None else paths:
        made = load_class(path, Preference, setting=SETTING)  # type: ignore[type-abstract]  # a base to ask about
        if made.slug in classes:
            why = f"its slug «{made.slug}» is also that of {classes[made.slug].__qualname__}"
            raise unusable(path, why, setting=SETTING)
        classes[made.slug] = made
    return list(classes.values())
