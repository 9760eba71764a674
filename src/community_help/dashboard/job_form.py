"""The questions about one job: those of every job, and those that its job model adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.dashboard.job_times import TimesForm, times_of
from community_help.dashboard.plain_form import Paragraph, Words
from community_help.dashboard.questions import ONLY_THE_RATIFIED, question_field
from community_help.jobs.job import Timing
from community_help.jobs.question import is_answer
from community_help.jobs.registry import job_model_of, own_fields
from community_help.jobs.task_type import TaskType, Urgency
from community_help.people.community import Area, Skill

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from community_help.jobs.job import Job

#: In fewer words than the model's, so that they fit beside others.
URGENCIES = (
    (Urgency.CRITICAL, gettext_lazy("Critical: danger")),
    (Urgency.URGENT, gettext_lazy("Urgent: today")),
    (Urgency.SOON, gettext_lazy("Soon")),
    (Urgency.WHENEVER, gettext_lazy("Whenever it suits")),
)
#: The longest private text that a job takes.
LONGEST = 4000
MOST_PLACES = 20
MOST_MINUTES = 24 * 60


class JobForm(TimesForm):
    """What is wanted, for one kind of job. ``values`` and ``skills`` are what the services take."""

    title = Words(
        label=gettext_lazy("Title"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Helpers see this: no names"),
    )
    public_details = Paragraph(
        label=gettext_lazy("What helpers should know"),
        max_length=2000,
        required=False,
        rows=2,
        help_text=gettext_lazy("Every helper who is asked sees this: no name, number or address"),
    )
    private_details = Paragraph(
        label=gettext_lazy("Anything else for the helper who comes"),
        max_length=LONGEST,
        required=False,
        rows=2,
        help_text=ONLY_THE_RATIFIED,
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes needed"), required=False, min_value=1, max_value=MOST_MINUTES, help_text=""
    )
    skills = forms.MultipleChoiceField(
        label=gettext_lazy("The helper needs"), required=False, widget=forms.CheckboxSelectMultiple
    )
    area = forms.ChoiceField(label=gettext_lazy("Where"), required=False)
    urgency = forms.ChoiceField(label=gettext_lazy("How soon"), choices=URGENCIES)
    places = forms.IntegerField(label=gettext_lazy("Helpers wanted"), min_value=1, max_value=MOST_PLACES)

    def __init__(self, *args: Any, task_type: TaskType, home: Area | None = None, **kwargs: Any) -> None:
        """:param task_type: the kind of job; :param home: the requester's area, which no answer about the area means"""
        super().__init__(*args, **kwargs)
        self.task_type, self.home = task_type, home
        self.all_skills = {str(skill.pk): skill for skill in Skill.objects.filter(active=True)}
        self.all_areas = {str(area.pk): area for area in Area.objects.filter(active=True)}
        if self.was is not None:
            self.all_skills |= {str(skill.pk): skill for skill in self.was.skills.all()}
            self.all_areas.setdefault(str(self.was.area_id), self.was.area)
        nowhere = _("At home, %(area)s") % {"area": home.name} if home else _("At home")
        areas = [(key, area.name) for key, area in self.all_areas.items()]
        self.fields["area"].required = self.was is not None
        self.offer("area", areas if self.was is not None else [("", nowhere), *areas])
        self.offer("skills", [(key, skill.name) for key, skill in self.all_skills.items()])
        model = job_model_of(task_type)
        private = set(model.private_field_names())
        self.own_names = own_fields(model)
        for question in task_type.questions.filter(active=True):
            self.fields[question.name] = question_field(question, also=self._answered_before(question.name))
        for name in self.own_names:
            self.fields[name] = _question(own_field(model, name), private=name in private)
            if choices := getattr(self.fields[name], "choices", None):
                self.offer(name, choices)
        self.own_names += [name for name in self.fields if is_answer(name)]

    def _answered_before(self, name: str) -> str:
        """What a job that exists has answered, or what was sent as that."""
        if self.was is None:
            return ""
        answers: Mapping[str, Any] = self.data if self.is_bound else self.initial
        return str(answers.get(name, ""))

    @property
    def own(self) -> list[forms.BoundField]:
        """The questions that the job model adds, in its order, then the community's."""
        return [self[name] for name in self.own_names]

    def clean_area(self) -> Area | None:
        """The area itself; ``None`` where it is the requester's home, which is not known yet."""
        return self.all_areas.get(self.cleaned_data["area"], self.home)

    def clean_public_details(self) -> str:
        """What was said, without the lines of the template that nobody has answered."""
        return _answered(self.cleaned_data["public_details"], self.task_type.public_template)

    def clean_private_details(self) -> str:
        """The same of what only the ratified helper sees."""
        return _answered(self.cleaned_data["private_details"], self.task_type.private_template)

    def clean_skills(self) -> list[Skill]:
        """The skills themselves."""
        return [self.all_skills[key] for key in self.cleaned_data["skills"]]

    @property
    def values(self) -> dict[str, Any]:
        """Fields of the job and of its job model, as the services take them. Only after cleaning without errors."""
        cleaned = self.cleaned_data
        same = ("public_details", "private_details", "urgency", "minutes", "places", *self.own_names)
        answers = {name: cleaned[name] for name in same}
        return {"title": cleaned["title"] or self.task_type.name, **self.times, **answers}

    @property
    def need(self) -> dict[str, Any]:
        """What matching reads, as far as it has been answered. Works with errors too."""
        self.is_valid()
        known: dict[str, Any] = {
            name: self.cleaned_data[name] for name in ("skills", "area", "places") if name in self.cleaned_data
        }
        return {"task_type": self.task_type, "job": self._unsaved_job(), **known, **self.times}

    def _unsaved_job(self) -> Job:
        """The job that the answers would make, for criteria that read fields of its model."""
        named = (name for name in self.own_names if name in self.cleaned_data and not is_answer(name))
        own = {name: self.cleaned_data[name] for name in named}
        return job_model_of(self.task_type)(task_type=self.task_type, **own)


def _answered(text: str, template: str) -> str:
    questions = {line.strip() for line in template.splitlines() if line.strip().endswith(":")}
    lines = [line for line in text.splitlines() if line.strip() not in questions]
    return text if len(lines) == len(text.splitlines()) else "\n".join(lines).strip()


def own_field(model: type[Job], name: str) -> models.Field[Any, Any]:
    """A field that a job model adds."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{name} of {model.__name__} is not a field of its own")
    return field


def _question(field: models.Field[Any, Any], *, private: bool) -> forms.Field:
    """The question for one field of a job model. Text takes no unseen characters and has an end."""
    if isinstance(field, models.TextField):
        longest = field.max_length or LONGEST
        begin: Any = Paragraph(rows=2, required=not field.blank, label=field.verbose_name, max_length=longest)
    elif isinstance(field, models.CharField) and not field.choices:
        begin = Words(required=not field.blank, label=field.verbose_name, max_length=field.max_length)
    else:
        begin = field.formfield()
    begin.label = capfirst(begin.label)
    begin.help_text = begin.help_text or field.help_text or (ONLY_THE_RATIFIED if private else "")
    question: forms.Field = begin
    return question


def beginning(task_type: TaskType) -> dict[str, list[str]]:
    """How the questions about a job of this kind begin, as a browser would send them."""
    answers: dict[str, Any] = {
        "public_details": task_type.public_template,
        "private_details": task_type.private_template,
        "timing": Timing.BETWEEN,
        "urgency": task_type.urgency,
        "places": task_type.places,
        "skills": [skill.pk for skill in task_type.default_skills.all()],
    }
    model = job_model_of(task_type)
    for name in own_fields(model):
        answers[name] = own_field(model, name).get_default()
    return as_sent(answers)


def answers_of(job: Job, details: Mapping[str, Any], *, zone: ZoneInfo) -> dict[str, Any]:
    """How the questions begin for a job that exists.

    :param job: the real instance; :param details: its private fields, by name, as disclosure gave them
    """
    own = {name: getattr(job, name) for name in own_fields(type(job)) if name in job.public_fields}
    base = {name: getattr(job, name) for name in ("title", "public_details", "minutes", "urgency", "places")}
    lists: dict[str, Any] = {"area": str(job.area_id), "skills": [str(skill.pk) for skill in job.skills.all()]}
    public = job.answers.filter(public=True, question__public=True).select_related("question")
    asked = {answer.question.name: answer.text for answer in public}
    return {**base, **lists, **own, **asked, **details, **times_of(job, zone=zone)}


def as_sent(answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """Python values as the texts that a browser would send: a ticked box is «on», an empty one is not sent."""
    sent = {}
    for name, value in answers.items():
        if value is True:
            sent[name] = ["on"]
        elif isinstance(value, list | tuple):
            sent[name] = [str(each) for each in value]
        elif value is not False and value is not None:
            sent[name] = [str(value)]
    return sent
