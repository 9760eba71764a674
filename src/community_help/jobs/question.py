"""Questions that a community adds to a kind of job, and what was answered about one job."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_help.fields import EncryptedText, Keep, classify
from community_help.jobs.job import Job
from community_help.jobs.task_type import TaskType

if TYPE_CHECKING:
    from collections.abc import Iterable

#: The longest answer in words, and how large a number may be.
LONGEST = 1000
_LARGEST = Decimal(10) ** 9

_PREFIX = "question_"


class AnswerKind(models.TextChoices):
    """What an answer looks like."""

    TEXT = "text", gettext_lazy("words")
    NUMBER = "number", gettext_lazy("a number")
    CHOICE = "choice", gettext_lazy("one of a list")
    YES_NO = "yes_no", gettext_lazy("yes or no")
    DATE = "date", gettext_lazy("a date")


class Question(models.Model):
    """One question about jobs of a kind. ``choices`` are the answers of a list, in their order.

    ``public`` lets every helper who is asked read the answer; else only the ratified one does. One that is not asked
    any more keeps its answers.
    """

    task_type = models.ForeignKey(TaskType, models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(gettext_lazy("question"), max_length=120)
    kind = models.CharField(gettext_lazy("answered by"), max_length=8, choices=AnswerKind, default=AnswerKind.TEXT)
    choices = models.JSONField(gettext_lazy("list"), default=list, blank=True)
    public = models.BooleanField(gettext_lazy("every helper who is asked sees it"), default=False)
    required = models.BooleanField(gettext_lazy("must be answered"), default=False)
    active = models.BooleanField(default=True)

    privacy = classify(
        keep=Keep.WITH_COMMUNITY,
        public=("label", "kind", "choices", "order"),
        internal=("id", "task_type", "public", "required", "active"),
    )

    class Meta:
        verbose_name = gettext_lazy("question")
        verbose_name_plural = gettext_lazy("questions")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def name(self) -> str:
        """Under which its answer stands among a job's values."""
        return f"{_PREFIX}{self.pk}"

    def checked(self, given: object) -> str:
        """An answer as it is kept; "" for none.

        :param given: a string, number, date, bool or ``None``

        Raises ``ValidationError`` in plain words.
        """
        if given is None or given == "":
            if self.required:
                raise ValidationError(_("“%(question)s” needs an answer.") % {"question": self.label}, code="required")
            return ""
        check = {
            AnswerKind.NUMBER: _number,
            AnswerKind.YES_NO: _yes_or_no,
            AnswerKind.DATE: _date,
        }.get(AnswerKind(self.kind), _text)
        try:
            kept = check(given)
        except (ValueError, InvalidOperation) as error:
            message = _("“%(question)s” can't be answered so.") % {"question": self.label}
            raise ValidationError(message, code="invalid") from error
        if self.kind == AnswerKind.CHOICE and kept not in self.choices:
            message = _("“%(question)s” has an answer that is not on the list any more. Choose again.")
            raise ValidationError(message % {"question": self.label}, code="invalid_choice")
        return kept

    def readable(self, kept: str) -> str:
        """A kept answer, as people read it."""
        if self.kind == AnswerKind.YES_NO:
            return _("yes") if kept == "yes" else _("no")
        if self.kind == AnswerKind.DATE:
            return date_format(date.fromisoformat(kept), "j F Y")
        return str(localize(Decimal(kept))) if self.kind == AnswerKind.NUMBER else kept


class Answer(models.Model):
    """What was answered about one job. ``public`` is as the question was then: what was said in private stays so."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    text = EncryptedText(gettext_lazy("answer"), max_length=LONGEST)
    public = models.BooleanField(default=False)

    privacy = classify(
        keep=Keep.WITH_JOB,
        internal=("id", "job", "question", "public"),
        special={"text": gettext_lazy("to tell the ratified helper what is wanted")},
    )

    class Meta:
        verbose_name = gettext_lazy("answer")
        verbose_name_plural = gettext_lazy("answers")
        ordering = ["question__order", "question"]
        constraints = [models.UniqueConstraint(fields=["job", "question"], name="ch_answer_once")]

    def __str__(self) -> str:
        return f"answer of job {self.job_id} to question {self.question_id}"

    @property
    def readable(self) -> str:
        """As people read it."""
        return self.question.readable(self.text)


def is_answer(name: str) -> bool:
    """Whether a name among a job's values is that of a question."""
    return name.startswith(_PREFIX)


def public_answers(jobs: Iterable[Job]) -> dict[int, list[tuple[str, str]]]:
    """The job's primary key → (question, answer) of what every helper who is asked may read. One query."""
    shown: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = Answer.objects.filter(job__in=[job.pk for job in jobs], public=True, question__public=True)
    for answer in rows.select_related("question"):
        shown[answer.job_id].append((answer.question.label, answer.readable))
    return shown


def private_answers(job: Job) -> list[Answer]:
    """What only the ratified helper reads. Called behind the door of ``privacy.disclosure``."""
    rows = Answer.objects.filter(job=job.pk).exclude(public=True, question__public=True)
    return list(rows.select_related("question"))


def _text(given: object) -> str:
    text = str(given).strip()
    if len(text) > LONGEST:
        raise ValueError("too long")
    return text


def _number(given: object) -> str:
    number = Decimal(str(given).strip())
    if not number.is_finite() or abs(number) >= _LARGEST:
        raise ValueError("no such number")
    return f"{number.normalize():f}"


def _yes_or_no(given: Any) -> str:
    answers = {True: "yes", False: "no", "yes": "yes", "no": "no"}
    if given not in answers:
        raise ValueError("neither yes nor no")
    return answers[given]


def _date(given: object) -> str:
    return (given if isinstance(given, date) else date.fromisoformat(str(given))).isoformat()
