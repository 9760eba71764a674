"""The contract of a preference, as a test that a community runs on its own.

::

    @pytest.mark.django_db
    def test_nearest_first_keeps_the_contract():
        assert_keeps_contract(NearestFirst, jobs=[near, far], helpers=[asha, tom])
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from django.db import connection
from django.test.utils import CaptureQueriesContext

from community_help.exceptions import ConfigurationError
from community_help.jobs.job import Job
from community_help.loading import require_usable
from community_help.matching.moment import Moment
from community_help.matching.need import Need
from community_help.matching.preference import SETTING, Preference
from community_help.people.profiles import Helper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def assert_keeps_contract(preference: type[Preference], *, jobs: Iterable[Job], helpers: Iterable[Helper]) -> None:
    """Assert that a preference keeps every promise of :class:`~community_help.matching.Preference`.

    It declares itself; its score is an expression and no query, a number from 0 to 1 for every pair, also for a need
    of which nothing is known yet; it says why in words, without a query.

    :param jobs: saved jobs; they and the helpers should differ in what the preference looks at
    :param helpers: saved helpers

    Raises ``AssertionError`` with the broken promise in plain words; also where all pairs score the same, because
    such rows prove nothing.
    """
    name = getattr(preference, "__qualname__", repr(preference))
    try:
        require_usable(preference, Preference, name, setting=SETTING)  # type: ignore[type-abstract]  # a base to ask about
    except ConfigurationError as error:
        raise AssertionError(str(error)) from error
    asked = preference(Moment.of())
    needs = [Need.of(job) for job in Job.objects.filter(pk__in=[job.pk for job in jobs])]
    ids = [helper.pk for helper in helpers]
    scores = {score for need in needs for score in _scores(asked, need, ids)}
    for need in (Need(), *(replace(need, job=None) for need in needs)):
        _scores(asked, need, ids)
    if len(scores) < 2:
        _fail(asked, "all pairs score the same, and these rows prove nothing: let them differ in what it looks at")


def _scores(asked: Preference, need: Need, ids: list[int]) -> list[float]:
    expression = _quietly(asked, "score(need)", partial(asked.score, need))
    try:
        rows: list[Any] = list(
            Helper.objects.select_related("person").annotate(contract_score=expression).filter(pk__in=ids)
        )
    except Exception as error:
        message = f"{type(asked).__qualname__}: score(need) can't be asked of the database: {error}"
        raise AssertionError(message) from error
    for row in rows:
        score = row.contract_score
        if not (isinstance(score, float) and 0 <= score <= 1):
            _fail(asked, f"{row} scores {score!r}, which is no float from 0 to 1")
        words = _quietly(asked, "because(need, helper, score)", partial(asked.because, need, row, score))
        if not isinstance(words, str):
            _fail(asked, f"because(need, helper, score) answers with {words!r}, not with words")
    return [row.contract_score for row in rows]


def _quietly(asked: Preference, what: str, build: Callable[[], Any]) -> Any:
    with CaptureQueriesContext(connection) as queries:
        try:
            answer = build()
        except Exception as error:
            message = f"{type(asked).__qualname__}: {what} fails: {type(error).__name__}: {error}"
            raise AssertionError(message) from error
    if queries.captured_queries:
        _fail(asked, f"{what} asks the database: {queries.captured_queries[0]['sql']}")
    return answer


def _fail(asked: Preference, what: str) -> NoReturn:
    raise AssertionError(f"{type(asked).__qualname__}: {what}.")
