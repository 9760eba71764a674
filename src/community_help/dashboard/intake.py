"""What is typed during a call, and how it becomes a requester and a job: both at once, or neither."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from community_help.dashboard.caller_form import CallerForm, SearchForm
from community_help.dashboard.job_form import JobForm, beginning
from community_help.dashboard.job_times import PLACES
from community_help.dashboard.plain_form import whole_number
from community_help.jobs.task_type import TaskType
from community_help.services.calls import choose_requester, read_form, save_call
from community_help.services.jobs import create_job, publish_job
from community_help.services.people import register_requester

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.http import HttpRequest

    from community_help.dashboard.clock import Clock
    from community_help.dashboard.plain_form import PlainForm
    from community_help.jobs.call import Call
    from community_help.jobs.job import Job
    from community_help.people.person import Person
    from community_help.people.profiles import Requester

#: Digits of a primary key, at most: a longer number is none of ours.
#: Names that the browser sends for the page's own use.
_NOT_TYPED = frozenset({"csrfmiddlewaretoken", "do", "saved", "person"})
#: Answers about the caller and the search, which outlive one job.
_CALLER = frozenset({"who", "new_person", *CallerForm.base_fields})


@dataclass(frozen=True)
class Typed:
    """The call's form as it stands, right or wrong: name → texts.

    ``asked`` is the kind of job whose questions were on the page, ``task_type`` the one that is picked.
    """

    fields: Mapping[str, list[str]] = field(default_factory=dict)

    @classmethod
    def kept(cls, call: Call) -> Self:
        """As it was saved last."""
        form = read_form(call)
        return cls({name: list(value) if isinstance(value, list) else [str(value)] for name, value in form.items()})

    @classmethod
    def posted(cls, request: HttpRequest, kept: Typed, *, clock: Clock) -> Self:
        """As the browser sends it, with what was kept of questions that are not on its page."""
        sent = {name: values for name, values in request.POST.lists() if name not in _NOT_TYPED}
        on_page = set(_CALLER) if "new_person" in sent else {"who"}
        asked = _kind(sent.get("asked"))
        if asked is not None:
            on_page |= set(JobForm(task_type=asked, clock=clock).fields)
        hidden = {name: values for name, values in kept.fields.items() if name not in on_page | {"asked", "new_person"}}
        return cls({**hidden, **sent}).beginning_after(asked)

    def beginning_after(self, asked: TaskType | None) -> Self:
        """Where another kind of job was picked, its texts come in the place of those that nobody has touched."""
        picked = self.task_type
        if picked is None or picked == asked:
            return self
        before = beginning(asked) if asked else {}
        fields = dict(self.fields)
        for name, values in beginning(picked).items():
            if _as_typed(fields.get(name, [])) in ([], before.get(name)):
                fields[name] = values
        return type(self)({**fields, "asked": [str(picked.pk)]})

    @property
    def data(self) -> MultiValueDict[str, str]:
        """As forms read it."""
        return MultiValueDict({name: list(values) for name, values in self.fields.items()})

    @property
    def task_type(self) -> TaskType | None:
        """The kind of job that is picked, where it exists and is in use."""
        return _kind(self.fields.get("task_type"))

    @property
    def is_new_person(self) -> bool:
        """Whether the questions about somebody new are on the page."""
        return bool(self.fields.get("new_person"))

    @property
    def who(self) -> str:
        """What was typed into the search."""
        return next(iter(self.fields.get("who", [])), "")

    @property
    def window(self) -> str:
        """Which window sent it: a page has a token of its own, so that its own saves are no quarrel with it."""
        return next(iter(self.fields.get("window", [])), "")

    @property
    def has_job(self) -> bool:
        """Whether anything about a job is waiting to be published or kept."""
        return bool(self.fields.get("task_type"))

    def with_values(self, **values: str) -> Self:
        """The same with these answers; an empty one is taken away."""
        changed = {name: [value] for name, value in values.items() if value}
        return type(self)({name: texts for name, texts in self.fields.items() if name not in values} | changed)

    def without_job(self) -> Self:
        """What stays when a job has been made of the rest."""
        return type(self)({"who": self.fields["who"]} if self.fields.get("who") else {})


def _as_typed(values: list[str]) -> list[str]:
    """A browser sends each end of a line as two characters."""
    return ["\n".join(value.splitlines()) for value in values]


def _kind(sent: list[str] | None) -> TaskType | None:
    key = whole_number((sent or [""])[0])
    return None if key is None else TaskType.objects.filter(pk=key, active=True).first()


@dataclass(frozen=True)
class Forms:
    """The call's questions: the search, those about somebody new, and those about the job that is picked."""

    search: SearchForm
    caller: CallerForm | None
    job: JobForm | None

    @classmethod
    def of(cls, typed: Typed, call: Call, *, clock: Clock, checked: bool = False) -> Self:
        """Build them from what was typed.

        :param checked: say what is missing or wrong; otherwise not a word
        """
        data = typed.data
        caller = None
        if call.requester is None and typed.is_new_person:
            caller = CallerForm(data) if checked else CallerForm.as_typed(data)
        job = None
        if typed.task_type is not None:
            home = call.requester.area if call.requester else caller and caller.home
            about: dict[str, Any] = {"task_type": typed.task_type, "home": home, "clock": clock}
            job = JobForm(data, **about) if checked else JobForm.as_typed(data, **about)
        search = SearchForm(data) if checked else SearchForm.as_typed(data)
        return cls(search, caller, job)

    @property
    def all(self) -> list[PlainForm]:
        """Those that are on the page, in its order."""
        return [form for form in (self.search, self.caller, self.job) if form is not None]

    def are_valid(self) -> bool:
        """Check every question that is on the page, so that all errors show at once."""
        return all([form.is_valid() for form in self.all])  # noqa: C419  every one of them


def take_down(call: Call, typed: Typed, forms: Forms, *, actor: Person, saved: int, publish: bool) -> Job | None:
    """Make what was typed into a requester, where it is somebody new, and a job; all of it or nothing.

    :param forms: checked; what a service refuses is added to their errors, and the answer is ``None``
    :param saved: how many saves of the call the sender had seen

    Raises ``StaleTransition`` when the call was saved elsewhere in between, or made into this job already.
    """
    if forms.job is None or not forms.are_valid():
        return None
    try:
        with transaction.atomic():
            call = save_call(call, actor=actor, form=typed.without_job().fields, saved=saved)
            requester = call.requester
            if requester is None and forms.caller is not None:
                with _errors_to(forms.caller, {"area": "home_area"}):
                    requester = register_requester(actor=actor, **forms.caller.values)
                call = choose_requester(call, actor=actor, requester=requester)
            with _errors_to(forms.job, PLACES):
                return _make_job(requester, call, forms.job, actor=actor, publish=publish)
    except ValidationError:
        return None


def _make_job(requester: Requester | None, call: Call, form: JobForm, *, actor: Person, publish: bool) -> Job:
    area = form.cleaned_data["area"]
    if requester is None:
        raise ValidationError(_("Say first who is calling: find them, or choose “Somebody new”."))
    if area is None:
        raise ValidationError({"area": _("Say where it is: we don't know the area of their home.")})
    job = create_job(
        requester,
        actor=actor,
        task_type=form.task_type,
        area=area,
        values=form.values,
        skills=form.cleaned_data["skills"],
        call=call,
    )
    if publish:
        publish_job(job, actor=actor, version=job.version)
    return job


@contextmanager
def _errors_to(form: PlainForm, places: Mapping[str, str]) -> Iterator[None]:
    """What a service refuses in here is shown in this form; it still undoes the transaction."""
    try:
        yield
    except ValidationError as error:
        form.add_service_errors(error, places)
        raise
