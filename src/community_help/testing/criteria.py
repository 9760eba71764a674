"""The contract of a criterion, as a test that a community runs on its own.

::

    @pytest.mark.django_db
    def test_language_keeps_the_contract():
        assert_keeps_contract(SpeaksLanguage, jobs=[in_somali, in_english], helpers=[asha, tom])
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from community_help.exceptions import ConfigurationError
from community_help.jobs.job import Job
from community_help.loading import require_usable
from community_help.matching.criterion import SETTING, Criterion
from community_help.matching.engine import plainly
from community_help.matching.moment import Moment
from community_help.matching.need import Need
from community_help.matching.own_fields import with_own_fields
from community_help.people.profiles import Helper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.db.models import QuerySet


def assert_keeps_contract(
    criterion: type[Criterion],
    *,
    jobs: Iterable[Job],
    helpers: Iterable[Helper],
    options: Mapping[str, Any] | None = None,
) -> None:
    """Assert that a criterion keeps every promise of :class:`~community_help.matching.Criterion`.

    It declares itself; it answers both questions with a condition that finds everybody once, and asks the database
    nothing while it builds one; both answers agree for every pair, whatever the objects hold that were read earlier;
    it works for a job that is not saved yet and for the base row of a list, and gives the same answer as for the job
    itself; it says why in words, without a query.

    :param jobs: saved jobs, in any state; their needs and the helpers should differ in what the criterion looks at
    :param helpers: saved helpers, of whom some pass and some fail
    :param options: what a community fills in for the kind of job, as a browser sends the whole form; by default
        nothing, and what stands at first is asked about

    Raises ``AssertionError`` with the broken promise in plain words; also where no pair passes or none fails,
    because such rows prove nothing.
    """
    try:
        name = getattr(criterion, "__qualname__", repr(criterion))
        require_usable(criterion, Criterion, name, setting=SETTING)  # type: ignore[type-abstract]  # as there
    except ConfigurationError as error:
        raise AssertionError(str(error)) from error
    chosen = _chosen(criterion, options or {})
    trial = _Trial(criterion(Moment.of(), chosen), [job.pk for job in jobs], [helper.pk for helper in helpers])
    trial.both_directions_agree()
    trial.works_on_base_rows()
    trial.works_unsaved()
    trial.says_why()
    trial.rows_prove_something()


def _chosen(criterion: type[Criterion], options: Mapping[str, Any]) -> dict[str, Any]:
    """The options, cleaned by the criterion's own form."""
    name = criterion.__qualname__
    if criterion.options_form is None:
        if options:
            raise AssertionError(f"{name}: it has no options_form, and takes no options.")
        return {}
    at_first = criterion.initial_options()
    if empty := [
        each for each, field in criterion.option_fields().items() if field.required and at_first[each] is None
    ]:
        raise AssertionError(
            f"{name}: nothing stands at first for {', '.join(empty)}: give the field an initial value."
        )
    if not options:
        return {}
    form = criterion.options_form(options)
    if not form.is_valid():
        raise AssertionError(f"{name}: its form refuses these options: {form.errors.as_json()}.")
    return form.cleaned_data


class _Trial:
    """One criterion, with some jobs and helpers to ask it about."""

    def __init__(self, asked: Criterion, job_ids: list[int], helper_ids: list[int]) -> None:
        self.asked = asked
        # Fresh objects: what a test has already loaded would hide a query.
        self.jobs: dict[int, Job] = {job.pk: job for job in Job.objects.filter(pk__in=job_ids)}
        self.helpers = {helper.pk: helper for helper in Helper.objects.filter(pk__in=helper_ids)}
        self.needs = {pk: Need.of(job) for pk, job in self.jobs.items()}
        self.pairs = {(pk, passing) for pk, need in self.needs.items() for passing in self._passing(need, "a need")}

    def both_directions_agree(self) -> None:
        others = set()
        for helper in self.helpers.values():
            suiting = self._suiting(helper, "helper")
            if suiting != self._suiting(Helper(pk=helper.pk), "a helper of whom only the key is known"):
                self._fail("jobs_for(helper) reads the object, which may be old: begin from helper.pk")
            others |= {(pk, helper.pk) for pk in suiting}
        for job_id, helper_id in sorted(self.pairs ^ others):
            passes = ["jobs_for", "helpers_for"][(job_id, helper_id) in self.pairs]
            self._fail(
                f"the two directions disagree about «{self.jobs[job_id]}» and {self.helpers[helper_id]}: "
                f"only {passes} lets the pair pass"
            )

    def works_on_base_rows(self) -> None:
        for row in Job.objects.non_polymorphic().filter(pk__in=self.jobs):
            [need] = with_own_fields([replace(self.needs[row.pk], job=row)], [self.asked])
            if self._passing(need, "the need of a base row") != self._helpers_of(row.pk):
                self._fail(
                    f"«{row}» has other helpers when it comes from a list, as a base row: "
                    "name its job model in own_fields_of"
                )

    def works_unsaved(self) -> None:
        self._passing(Need(), "a need of which nothing is known")
        for pk, need in self.needs.items():
            self._passing(replace(need, job=None), "a need without a job")
            twin = copy(self.jobs[pk])
            twin.pk = twin.id = None
            twin._state.adding = True
            passing = self._passing(replace(need, job=twin), "the need of a job that is not saved")
            if passing != self._helpers_of(pk):
                self._fail(f"«{self.jobs[pk]}» has other helpers before it is saved than after")

    def says_why(self) -> None:
        for pk, need in self.needs.items():
            self._quietly("ripples(need)", partial(self.asked.ripples, need))
            self._words("asks(need)", partial(self.asked.asks, need))
            facts: Any = self._quietly("facts(need)", partial(self.asked.facts, need))
            for row in self._asked("facts(need)", partial(self._with_facts, facts)):
                holds = (pk, row.pk) in self.pairs
                self._words(f"because(need, helper, {holds})", partial(self.asked.because, need, row, holds))
                for what in ("shuts", "tells"):
                    self._quietly(f"{what}(need, helper)", partial(getattr(self.asked, what), need, row))

    def rows_prove_something(self) -> None:
        everything = len(self.jobs) * len(self.helpers)
        if len(self.pairs) in {0, everything}:
            self._fail(
                f"{len(self.pairs)} of {everything} pairs pass, and these rows prove nothing: "
                "give it jobs and helpers of which some pass and some fail"
            )

    def _helpers_of(self, job_id: int) -> set[int]:
        return {helper_id for each, helper_id in self.pairs if each == job_id}

    def _passing(self, need: Need, what: str) -> set[int]:
        what = f"helpers_for({what})"
        condition = self._condition(what, partial(self.asked.helpers_for, need))
        return self._found_once(what, Helper.objects.filter(pk__in=self.helpers), condition)

    def _suiting(self, helper: Helper, what: str) -> set[int]:
        what = f"jobs_for({what})"
        condition = self._condition(what, partial(self.asked.jobs_for, helper))
        return self._found_once(what, plainly(Job.objects.non_polymorphic().filter(pk__in=self.jobs)), condition)

    def _found_once(self, what: str, rows: QuerySet[Any], condition: Q) -> set[int]:
        found = self._asked(what, lambda: list(rows.filter(condition).order_by().values_list("pk", flat=True)))
        if len(found) > len(set(found)):
            self._fail(f"{what} finds the same row twice: write Q(pk__in=<subquery>), not a condition that joins")
        return set(found)

    def _with_facts(self, facts: Any) -> list[Any]:
        return list(Helper.objects.select_related("person").annotate(**facts).filter(pk__in=self.helpers))

    def _asked(self, what: str, ask: Callable[[], list[Any]]) -> list[Any]:
        try:
            return ask()
        except Exception as error:
            raise AssertionError(f"{self._name}: {what} can't be asked of the database: {error}") from error

    def _condition(self, what: str, build: Callable[[], Q]) -> Q:
        condition = self._quietly(what, build)
        if not isinstance(condition, Q):
            self._fail(f"{what} answers with {type(condition).__name__}, not with a condition (Q)")
        return condition

    def _words(self, what: str, say: Callable[[], str]) -> None:
        words = self._quietly(what, say)
        if not (isinstance(words, str) and words.strip()):
            self._fail(f"{what} answers with {words!r}, not with words")

    def _quietly(self, what: str, build: Callable[[], Any]) -> Any:
        with CaptureQueriesContext(connection) as queries:
            try:
                answer = build()
            except Exception as error:
                raise AssertionError(f"{self._name}: {what} fails: {type(error).__name__}: {error}") from error
        if queries.captured_queries:
            self._fail(f"{what} asks the database: {queries.captured_queries[0]['sql']}")
        return answer

    @property
    def _name(self) -> str:
        return type(self.asked).__qualname__

    def _fail(self, what: str) -> NoReturn:
        raise AssertionError(f"{self._name}: {what}.")
