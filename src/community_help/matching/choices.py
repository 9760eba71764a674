"""What a community has chosen for a task type about each criterion: on or off, and its options.

Kept in ``TaskType.criteria_options``: slug → ``{"on": bool, "options": {name: value}}``. What is not there
stands as the criterion has it at first; what a later version of its form does not take any more is passed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from community_help.matching.criterion import Criterion

    Chosen = Mapping[str, Mapping[str, Any]]


def is_on(criterion: type[Criterion], chosen: Chosen) -> bool:
    """Whether the criterion is asked for a kind of job with these choices. Those that can't be waived always are."""
    if not criterion.can_be_waived():
        return True
    return bool(chosen.get(criterion.slug, {}).get("on", criterion.on_at_first))


def options_of(criterion: type[Criterion], chosen: Chosen) -> dict[str, Any] | None:
    """The criterion's options, cleaned; ``None`` where nothing was chosen."""
    given = chosen.get(criterion.slug, {}).get("options")
    if criterion.options_form is None or not given:
        return None
    options = criterion.initial_options()
    for name, field in criterion.options_form.base_fields.items():
        if name in given:
            try:
                options[name] = field.clean(given[name])
            except ValidationError:
                continue
    return options
