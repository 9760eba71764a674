"""What a community has chosen for a kind of job about each criterion: on or off, and its options.

Kept in ``TaskType.criteria_options``: slug → ``{"on": bool, "options": {name: value}}``. What is not there
stands as the criterion has it at first; what a later version of its form does not take any more is passed over.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from community_help.matching.criterion import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from community_help.jobs.task_type import TaskType
    from community_help.matching.criterion import Criterion
    from community_help.matching.moment import Moment


def criteria_of(
    kind: TaskType | None, moment: Moment, classes: Iterable[type[Criterion]] | None = None
) -> list[Criterion]:
    """The criteria that this kind of job asks, in their order, with the community's options.

    :param classes: the site's, where they have been loaded already
    """
    made = load() if classes is None else classes
    return [criterion(moment, options_of(criterion, kind)) for criterion in made if is_on(criterion, kind)]


def is_on(criterion: type[Criterion], kind: TaskType | None) -> bool:
    """Whether the criterion is asked for this kind of job. Those that can't be waived always are."""
    if not criterion.can_be_waived():
        return True
    if kind is None:
        return criterion.on_at_first
    if criterion.about_place and kind.by_phone:
        return False
    return bool(kind.criteria_options.get(criterion.slug, {}).get("on", criterion.on_at_first))


def options_of(criterion: type[Criterion], kind: TaskType | None) -> dict[str, Any]:
    """What the community has filled in for this kind of job, cleaned."""
    return _cleaned(criterion, kind.criteria_options.get(criterion.slug, {}) if kind is not None else {})


def _cleaned(criterion: type[Criterion], choice: Mapping[str, Any]) -> dict[str, Any]:
    given = choice.get("options", {})
    options = {}
    for name, field in criterion.option_fields().items():
        if name in given:
            try:
                options[name] = field.clean(given[name])
            except ValidationError:
                continue
    return options


def chosen(kind: TaskType, slug: str, *, on: bool, options: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What ``criteria_options`` is when one criterion is switched, with its options as typed.

    :param options: what was sent, as the criterion's form takes it; ``None`` leaves them as they are

    Raises ``ValidationError``: by option, for a criterion that there is not, and where one is switched off that has no
    switch: of that the options alone are chosen.
    """
    criterion = next((each for each in load() if each.slug == slug), None)
    if criterion is None:
        raise ValidationError(_("There is no such criterion."))
    if not criterion.can_be_waived() and not (on and criterion.options_form):
        raise ValidationError(_("This keeps people safe, and has no switch."))
    choice: dict[str, Any] = {**kind.criteria_options.get(slug, {}), "on": on}
    if options is not None and criterion.options_form is not None:
        form = criterion.options_form(options)
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        typed = {name: form.fields[name].prepare_value(value) for name, value in form.cleaned_data.items()}
        choice["options"] = json.loads(json.dumps(typed, cls=DjangoJSONEncoder))  # as it will be read
    choices = {**kind.criteria_options, slug: choice}
    same = _asked_how(criterion, choices) == _asked_how(criterion, kind.criteria_options)
    return kind.criteria_options if same else choices


def _asked_how(criterion: type[Criterion], choices: Mapping[str, Any]) -> tuple[bool, dict[str, Any]]:
    """Whether it is asked, wherever the place matters, and with which options."""
    given = choices.get(criterion.slug, {})
    return bool(given.get("on", criterion.on_at_first)), {**criterion.initial_options(), **_cleaned(criterion, given)}
