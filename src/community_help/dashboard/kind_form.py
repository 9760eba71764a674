"""The questions about one kind of job, for a community that sets itself up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.dashboard.job_form import MOST_PLACES, URGENCIES
from community_help.dashboard.plain_form import Paragraph, PlainForm, Words
from community_help.jobs.registry import job_models
from community_help.jobs.task_type import Ratification, TaskType, Tile
from community_help.people.community import Skill
from community_help.safeguarding.background_checks import CheckLevel

_LONGEST = 4000
#: Drawings that mean a kind of job, and what they show.
ICONS = (
    ("basket2-fill", gettext_lazy("a basket")),
    ("capsule", gettext_lazy("a capsule")),
    ("car-front-fill", gettext_lazy("a car")),
    ("cup-hot-fill", gettext_lazy("a cup")),
    ("dog", gettext_lazy("a dog")),
    ("envelope-paper-fill", gettext_lazy("a letter")),
    ("flower1", gettext_lazy("a flower")),
    ("book-fill", gettext_lazy("a book")),
    ("tools", gettext_lazy("tools")),
    ("laptop", gettext_lazy("a computer")),
    ("telephone-fill", gettext_lazy("a telephone")),
    ("person-walking", gettext_lazy("somebody walking")),
    ("house-door-fill", gettext_lazy("a house")),
    ("chat-left-text-fill", gettext_lazy("a conversation")),
    ("heart-fill", gettext_lazy("a heart")),
    ("star-fill", gettext_lazy("a star")),
)
#: How long details stay, where a kind of job differs from the community.
TIMES = (
    "disclosure_days_before",
    "disclosure_hours_after_report",
    "disclosure_hours_after_end",
    "disclosure_days_untimed",
)
_MOST_HOURS = 24 * 365


class KindForm(PlainForm):
    """One kind of job. ``values`` is what the services take."""

    name = Words(label=gettext_lazy("Name"), max_length=60)
    icon = forms.ChoiceField(label=gettext_lazy("Drawing"))
    tile = forms.ChoiceField(label=gettext_lazy("Colour"))
    job_model = forms.ChoiceField(
        label=gettext_lazy("What is asked about such a job"),
        help_text=gettext_lazy("Each form has questions of its own. Jobs that are made already keep theirs."),
    )
    script = Paragraph(
        label=gettext_lazy("What to ask the caller"),
        max_length=_LONGEST,
        required=False,
        rows=2,
        help_text=gettext_lazy("Shown to whoever takes the call"),
    )
    public_template = Paragraph(
        label=gettext_lazy("Text that helpers see, to begin from"), max_length=2000, required=False, rows=2
    )
    private_template = Paragraph(
        label=gettext_lazy("Text that only the ratified helper sees, to begin from"),
        max_length=_LONGEST,
        required=False,
        rows=2,
        help_text=gettext_lazy("A line that ends in a colon is a question: it goes away where nobody answers it"),
    )
    safety_rules = Paragraph(
        label=gettext_lazy("Rules about money and safety"), max_length=_LONGEST, required=False, rows=2
    )
    check_level = forms.ChoiceField(label=gettext_lazy("Check needed"), required=False)
    check_reason = Words(
        label=gettext_lazy("Why that check"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Asking for more than the role allows is an offence"),
    )
    default_skills = forms.MultipleChoiceField(
        label=gettext_lazy("The helper needs, to begin with"), required=False, widget=forms.CheckboxSelectMultiple
    )
    places = forms.IntegerField(label=gettext_lazy("Helpers wanted"), min_value=1, max_value=MOST_PLACES)
    urgency = forms.ChoiceField(label=gettext_lazy("How soon, to begin with"), choices=URGENCIES)
    ratification = forms.ChoiceField(label=gettext_lazy("Who says yes to an offer"))
    by_phone = forms.BooleanField(
        label=gettext_lazy("Done by phone: the place does not matter"),
        required=False,
    )
    disclosure_days_before = forms.IntegerField(
        label=gettext_lazy("Days before the job"), required=False, min_value=0, max_value=365
    )
    disclosure_hours_after_report = forms.IntegerField(
        label=gettext_lazy("Hours after the report"), required=False, min_value=0, max_value=_MOST_HOURS
    )
    disclosure_hours_after_end = forms.IntegerField(
        label=gettext_lazy("Hours after the end, without a report"), required=False, min_value=0, max_value=_MOST_HOURS
    )
    disclosure_days_untimed = forms.IntegerField(
        label=gettext_lazy("Days, where there is no time"), required=False, min_value=1, max_value=365
    )

    def __init__(self, *args: Any, kind: TaskType | None = None, **kwargs: Any) -> None:
        """:param kind: the one that is changed; none for a new one"""
        kwargs["initial"] = beginning(kind or TaskType())
        super().__init__(*args, **kwargs)
        self.levels = {str(level.pk): level for level in CheckLevel.objects.all()}
        self.skills = {str(skill.pk): skill for skill in Skill.objects.filter(active=True)}
        if kind is not None:
            self.skills |= {str(skill.pk): skill for skill in kind.default_skills.all()}
        self.offer("icon", _with_own(ICONS, kind.icon if kind else ""))
        self.offer("tile", Tile.choices)
        self.offer("job_model", [(label, model._meta.verbose_name or label) for label, model in job_models().items()])
        self.offer("check_level", [("", _("None")), *((key, level.name) for key, level in self.levels.items())])
        self.offer("default_skills", [(key, skill.name) for key, skill in self.skills.items()])
        self.offer("ratification", Ratification.choices)

    def clean_check_level(self) -> CheckLevel | None:
        """The level itself."""
        return self.levels.get(self.cleaned_data["check_level"])

    def clean_default_skills(self) -> list[Skill]:
        """The skills themselves."""
        return [self.skills[key] for key in self.cleaned_data["default_skills"]]

    @property
    def values(self) -> dict[str, Any]:
        """Fields of the kind of job. Only after cleaning without errors."""
        return dict(self.cleaned_data)

    @property
    def times(self) -> list[forms.BoundField]:
        """How long details stay."""
        return [self[name] for name in TIMES]


def beginning(kind: TaskType) -> dict[str, Any]:
    """The answers as the kind of job has them now."""
    skills = [str(skill.pk) for skill in kind.default_skills.all()] if kind.pk else []
    same = (name for name in KindForm.base_fields if name not in {"check_level", "default_skills"})
    level = str(kind.check_level_id or "")
    return {**{name: getattr(kind, name) for name in same}, "check_level": level, "default_skills": skills}


def _with_own(choices: tuple[tuple[str, Any], ...], own: str) -> list[tuple[str, Any]]:
    """The choices, with the one that there is already: a site may have set one that is not among ours."""
    known = {key for key, _label in choices}
    return [*choices, *([(own, own)] if own and own not in known else [])]
