"""Answers to a community's own questions: they stand among a job's values, and in a table of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from community_help.jobs.question import Answer, Question, is_answer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from community_help.jobs.job import Job
    from community_help.jobs.task_type import TaskType


def without_answers(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the job itself."""
    return {name: value for name, value in values.items() if not is_answer(name)}


def checked_answers(task_type: TaskType, values: Mapping[str, Any], *, job: Job | None = None) -> dict[Question, str]:
    """The answers among a job's values, as they are kept.

    :param job: the one that has answered before: what it does not change stays, and stands even where the question
        would not take it any more. Without it every question wants its answer.

    Raises ``ValidationError`` by name; also for a question that this kind of job does not ask.
    """
    questions = {question.name: question for question in task_type.questions.filter(active=True)}
    errors: dict[str, Any] = {name: "?" for name in values if is_answer(name) and name not in questions}
    before = kept_answers(job) if job is not None and not questions.keys().isdisjoint(values) else {}
    answers = {}
    for name, question in questions.items():
        if name in before and values.get(name) == before[name][0]:
            continue
        if name in values or job is None:
            try:
                answers[question] = question.checked(values.get(name))
            except ValidationError as error:
                errors[name] = error
    if errors:
        raise ValidationError(errors)
    return answers


def kept_answers(job: Job) -> dict[str, list[Any]]:
    """What is answered now, by name, and whether in public: what an undo writes back."""
    rows = job.answers.select_related("question")
    return {answer.question.name: [answer.text, answer.public] for answer in rows}


def write_answers(job: Job, answers: Mapping[Question, str]) -> None:
    """Keep the answers; an empty one is taken away. One that stays the same stays as public as it was."""
    before = kept_answers(job)
    for question, text in answers.items():
        if not text:
            Answer.objects.filter(job_id=job.pk, question=question).delete()
        elif before.get(question.name, [""])[0] != text:
            new = {"text": text, "public": question.public}
            Answer.objects.update_or_create(job_id=job.pk, question=question, defaults=new)


def put_answers_back(job: Job, kept: Mapping[str, Sequence[Any]]) -> None:
    """Make the answers what they were."""
    Answer.objects.filter(job_id=job.pk).delete()
    questions = {question.name: question for question in Question.objects.filter(task_type=job.task_type_id)}
    Answer.objects.bulk_create(
        Answer(job_id=job.pk, question=questions[name], text=text, public=public)
        for name, (text, public) in kept.items()
    )
