"""What a community decides for itself, beside its kinds of job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from community_help.exceptions import StaleTransition
from community_help.lifecycle.event import Event
from community_help.lifecycle.machine import Story, record
from community_help.matching.preference import load_preferences
from community_help.matching.rank import weight_of
from community_help.people.community import Community
from community_help.plain_times import sentence
from community_help.services._moving import ask_policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from community_help.people.person import Person

#: The most that a preference can count.
HEAVIEST = 10


@transaction.atomic
def change_weights(*, actor: Person, weights: Mapping[str, int], seen: int | None = None) -> Event | None:
    """Say how much each preference counts when somebody is to be asked first; what is not named stays.

    :param weights: slug → from 0, not at all, to ``HEAVIEST``
    :param seen: the id of the last change that the actor saw; 0 where there was none yet
    :returns: what the story tells; ``None`` where nothing is different

    Raises ``ValidationError`` by slug, and ``StaleTransition`` where somebody was faster.
    """
    ask_policy(actor, "change_community", None)
    preferences = {preference.slug: preference for preference in load_preferences()}
    errors = {slug: _("There is no such preference.") for slug in weights if slug not in preferences}
    wrong = _("Give a whole number from 0 to %(most)d.") % {"most": HEAVIEST}
    errors |= {slug: wrong for slug, weight in weights.items() if weight not in range(HEAVIEST + 1)}
    if errors:
        raise ValidationError(errors)
    community = Community.objects.select_for_update().get(pk=Community.current().pk)
    last = weights_changes().first()
    if seen is not None and last is not None and last.pk != seen:
        raise _somebody_was_faster(last)
    were = {slug: weight_of(preferences[slug], community) for slug in weights}
    changed = {slug: weight for slug, weight in weights.items() if weight != were[slug]}
    if not changed:
        return None
    said = [f"{sentence(str(preferences[slug].label))}: {were[slug]} → {weight}" for slug, weight in changed.items()]
    community.preference_weights = {**community.preference_weights, **changed}
    community.save(update_fields=["preference_weights"])
    return record("change_weights", Story(actor=actor, why="; ".join(said)))


def weights_changes() -> QuerySet[Event]:
    """The history of the weights with who made it, the latest first."""
    return Event.objects.filter(kind="change_weights").select_related("actor").order_by("-pk")


def _somebody_was_faster(last: Event) -> StaleTransition:
    if last.actor is None:
        return StaleTransition()
    return StaleTransition(_("%(who)s changed whom to ask first") % {"who": last.actor.known_as}, last.at)
