"""How much each reason counts when somebody is to be asked first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community_help.dashboard.plain_form import PlainForm
from community_help.matching.preference import load_preferences
from community_help.matching.rank import weight_of
from community_help.people.community import Community
from community_help.plain_times import sentence
from community_help.services.community import HEAVIEST, weights_changes

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from community_help.lifecycle.event import Event

MOST_EVENTS = 5


class WeightsForm(PlainForm):
    """One question for each preference of the site. ``version`` is that of what it begins from."""

    prefix = "weight"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = weights_changes().first()
        self.version = last.pk if last is not None else 0
        community = Community.current()
        for preference in load_preferences():
            label = sentence(str(preference.label))
            field = forms.TypedChoiceField(label=label, coerce=int, initial=weight_of(preference, community))
            self.fields[preference.slug] = field
            self.offer(preference.slug, [(str(weight), _said(weight)) for weight in range(HEAVIEST + 1)])


def weights_history() -> list[Event]:
    """The latest changes of the weights, with who made them."""
    return list(weights_changes()[:MOST_EVENTS])


def _said(weight: int) -> StrOrPromise:
    if weight == 0:
        return _("does not count")
    return ngettext("counts %(n)d point", "counts %(n)d points", weight) % {"n": weight}
