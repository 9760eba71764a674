"""A background check on the days of the job."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from community_help.jobs.job import Job, Timing
from community_help.matching import Moment, Need
from community_help.matching.criteria.check_level import HoldsCheck
from community_help.safeguarding.background_checks import CheckDecision, CheckLevel
from community_help.testing.criteria import assert_keeps_contract
from community_help.testing.factories import make_check, make_check_level, make_helper, make_job
from tests.matching.asking import passes, reason, today

if TYPE_CHECKING:
    from community_help.people.profiles import Helper

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
YEARS = timedelta(days=800)


@pytest.fixture
def enhanced() -> CheckLevel:
    return make_check_level("Enhanced DBS")


def job_on(level: CheckLevel, first: date, last: date | None = None) -> Job:
    """A job that lasts from the one day to the other, both of them in it."""
    return make_job(
        check_level=level,
        timing=Timing.BETWEEN,
        earliest=datetime(first.year, first.month, first.day, tzinfo=LONDON),
        latest=datetime.combine((last or first) + DAY, datetime.min.time(), tzinfo=LONDON),
    )


def checked(level: CheckLevel, **fields: Any) -> Helper:
    helper = make_helper()
    make_check(helper, level, **fields)
    return helper


def test_check_keeps_the_contract(enhanced: CheckLevel) -> None:
    basic = make_check_level("Basic DBS")
    enhanced.includes.add(basic)
    soon = today() + 30 * DAY
    jobs = [
        make_job(),
        make_job(check_level=basic),
        make_job(check_level=enhanced),
        job_on(basic, soon),
        job_on(enhanced, soon, soon + 5 * DAY),
    ]
    helpers = [make_helper(), checked(basic), checked(enhanced), checked(enhanced, recheck_on=soon)]
    assert_keeps_contract(HoldsCheck, jobs=jobs, helpers=helpers)


def test_check_that_nobody_asked_for_is_not_needed() -> None:
    job, helper = make_job(), make_helper()
    assert passes(HoldsCheck, job, helper) is True
    assert reason("check_level", job, helper) == "needs no check"


def test_check_of_another_level_does_not_do(enhanced: CheckLevel) -> None:
    job, helper = make_job(check_level=enhanced), checked(make_check_level("Basic DBS"))
    assert passes(HoldsCheck, job, helper) is False
    assert reason("check_level", job, helper) == "has no Enhanced DBS"


def test_check_that_includes_the_one_needed_does_and_not_the_other_way(enhanced: CheckLevel) -> None:
    basic = make_check_level("Basic DBS")
    enhanced.includes.add(basic)
    assert passes(HoldsCheck, make_job(check_level=basic), checked(enhanced)) is True
    assert passes(HoldsCheck, make_job(check_level=enhanced), checked(basic)) is False


@pytest.mark.parametrize("decision", [CheckDecision.PENDING, CheckDecision.REFUSED])
def test_check_that_is_not_accepted_does_not_count(enhanced: CheckLevel, decision: CheckDecision) -> None:
    job, helper = make_job(check_level=enhanced), checked(enhanced, decision=decision)
    assert passes(HoldsCheck, job, helper) is False
    assert reason("check_level", job, helper) == "has no Enhanced DBS"


def test_check_that_was_revoked_does_not_count(enhanced: CheckLevel) -> None:
    job, helper = make_job(check_level=enhanced), checked(enhanced, revoked_at=timezone.now())
    assert passes(HoldsCheck, job, helper) is False
    assert reason("check_level", job, helper) == "has no Enhanced DBS"


@pytest.mark.parametrize(("issued", "expected"), [(-1, True), (0, True), (1, False)])
def test_check_counts_from_the_day_it_was_issued(enhanced: CheckLevel, issued: int, expected: bool) -> None:
    begins = today() + 10 * DAY
    helper = checked(enhanced, issued_on=begins + issued * DAY, recheck_on=None)
    assert passes(HoldsCheck, job_on(enhanced, begins, begins + 3 * DAY), helper) is expected


@pytest.mark.parametrize(("due", "expected"), [(-1, False), (0, True), (1, True)])
def test_check_counts_until_the_end_of_the_day_it_is_due_again(enhanced: CheckLevel, due: int, expected: bool) -> None:
    begins = today() + 10 * DAY
    ends = begins + 3 * DAY
    helper = checked(enhanced, recheck_on=ends + due * DAY)
    assert passes(HoldsCheck, job_on(enhanced, begins, ends), helper) is expected


@pytest.mark.parametrize(
    ("issued", "due", "expected"), [(0, 1, True), (-1, 0, True), (1, 2, False), (-2, -1, False), (0, None, True)]
)
def test_check_for_a_job_without_a_time_must_hold_today(
    enhanced: CheckLevel, issued: int, due: int | None, expected: bool
) -> None:
    now = today()
    helper = checked(enhanced, issued_on=now + issued * DAY, recheck_on=None if due is None else now + due * DAY)
    assert passes(HoldsCheck, make_job(check_level=enhanced), helper) is expected


@pytest.mark.parametrize(("issued", "due", "expected"), [(0, 5, True), (1, 6, False), (-9, 4, False)])
def test_check_for_a_job_by_a_day_must_hold_from_today(
    enhanced: CheckLevel, issued: int, due: int, expected: bool
) -> None:
    now = today()
    latest = datetime.combine(now + 5 * DAY, datetime.min.time(), tzinfo=LONDON) + timedelta(hours=12)
    job = make_job(check_level=enhanced, timing=Timing.BY, latest=latest)
    helper = checked(enhanced, issued_on=now + issued * DAY, recheck_on=now + due * DAY)
    assert passes(HoldsCheck, job, helper) is expected


@pytest.mark.parametrize(("due", "expected"), [(-1, False), (0, True)])
def test_check_for_a_job_that_is_late_must_hold_today_still(enhanced: CheckLevel, due: int, expected: bool) -> None:
    job = job_on(enhanced, today() - 9 * DAY, today() - 5 * DAY)
    assert passes(HoldsCheck, job, checked(enhanced, recheck_on=today() + due * DAY)) is expected


@pytest.mark.parametrize(("issued", "expected"), [(-9, True), (-2, True), (0, True), (1, False)])
@pytest.mark.parametrize("ends", [-5, 4], ids=["late", "running"])
def test_check_issued_since_a_job_began_counts(enhanced: CheckLevel, ends: int, issued: int, expected: bool) -> None:
    job = job_on(enhanced, today() - 9 * DAY, today() + ends * DAY)
    assert passes(HoldsCheck, job, checked(enhanced, issued_on=today() + issued * DAY, recheck_on=None)) is expected


@pytest.mark.parametrize(("due", "expected"), [(3, False), (4, True)])
def test_check_issued_since_a_job_began_must_hold_to_its_end(enhanced: CheckLevel, due: int, expected: bool) -> None:
    job = job_on(enhanced, today() - 9 * DAY, today() + 4 * DAY)
    assert passes(HoldsCheck, job, checked(enhanced, issued_on=today(), recheck_on=today() + due * DAY)) is expected


@pytest.mark.parametrize(
    ("issued", "due", "expected"),
    [
        (date(2048, 2, 28), date(2048, 2, 29), True),
        (date(2048, 2, 29), date(2048, 3, 1), True),
        (date(2048, 2, 27), date(2048, 2, 28), False),
        (date(2048, 3, 1), date(2049, 3, 1), False),
    ],
)
def test_check_for_a_job_on_the_leap_day(enhanced: CheckLevel, issued: date, due: date, expected: bool) -> None:
    helper = checked(enhanced, issued_on=issued, recheck_on=due)
    assert passes(HoldsCheck, job_on(enhanced, date(2048, 2, 29)), helper) is expected


@pytest.mark.parametrize("issued", [3, 2, 1], ids=["a day between them", "no day between them", "a day of both"])
def test_two_checks_do_not_add_up(enhanced: CheckLevel, issued: int) -> None:
    begins = today() + 10 * DAY
    job = job_on(enhanced, begins, begins + 3 * DAY)
    helper = checked(enhanced, recheck_on=begins + DAY)
    make_check(helper, enhanced, issued_on=begins + issued * DAY, recheck_on=None)
    assert passes(HoldsCheck, job, helper) is False
    make_check(helper, enhanced, issued_on=begins, recheck_on=None)
    assert passes(HoldsCheck, job, helper) is True


def test_check_that_two_rows_prove_finds_the_helper_once(enhanced: CheckLevel) -> None:
    helper = checked(enhanced)
    make_check(helper, enhanced)
    asked = HoldsCheck(Moment.of())
    found = type(helper).objects.filter(asked.helpers_for(Need(check_level=enhanced)))
    assert list(found) == [helper]


class TestReasons:
    """What the criterion says, on a day that does not move."""

    @pytest.fixture(autouse=True)
    def _on_the_tenth_of_may(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 5, 10, 12, tzinfo=LONDON))

    @pytest.mark.parametrize(
        ("issued", "due", "because"),
        [
            (date(2025, 1, 1), date(2028, 1, 1), "holds Enhanced DBS"),
            (date(2025, 1, 1), None, "holds Enhanced DBS"),
            (date(2025, 1, 1), date(2026, 5, 3), "Enhanced DBS ended on 3 May"),
            (date(2024, 1, 1), date(2025, 5, 3), "Enhanced DBS ended on 3 May 2025"),
            (date(2025, 1, 1), date(2026, 5, 10), "Enhanced DBS ends on 10 May, before this job does"),
            (date(2025, 1, 1), date(2026, 6, 2), "Enhanced DBS ends on 2 June, before this job does"),
            (date(2026, 6, 2), None, "Enhanced DBS begins only on 2 June"),
        ],
    )
    def test_reason_for_a_job_in_june(self, enhanced: CheckLevel, issued: date, due: date | None, because: str) -> None:
        helper = checked(enhanced, issued_on=issued, recheck_on=due)
        job = job_on(enhanced, date(2026, 6, 1), date(2026, 6, 3))
        assert reason("check_level", job, helper) == because

    @pytest.mark.parametrize(
        ("issued", "due", "because"),
        [
            (date(2026, 5, 9), date(2026, 5, 12), "holds Enhanced DBS"),
            (date(2026, 5, 10), None, "holds Enhanced DBS"),
            (date(2026, 5, 11), None, "Enhanced DBS begins only on 11 May"),
            (date(2026, 5, 4), date(2026, 5, 11), "Enhanced DBS ends on 11 May, before this job does"),
            (date(2026, 5, 4), date(2026, 5, 9), "Enhanced DBS ended on 9 May"),
        ],
    )
    def test_reason_for_a_job_that_has_begun(
        self, enhanced: CheckLevel, issued: date, due: date | None, because: str
    ) -> None:
        helper = checked(enhanced, issued_on=issued, recheck_on=due)
        assert reason("check_level", job_on(enhanced, date(2026, 5, 1), date(2026, 5, 12)), helper) == because

    def test_reason_for_a_job_that_is_late(self, enhanced: CheckLevel) -> None:
        job = job_on(enhanced, date(2026, 5, 1), date(2026, 5, 3))
        helper = checked(enhanced, issued_on=date(2026, 5, 4), recheck_on=date(2026, 5, 9))
        assert reason("check_level", job, helper) == "Enhanced DBS ended on 9 May"
        make_check(helper, enhanced, issued_on=date(2026, 5, 10), recheck_on=None)
        assert reason("check_level", job, helper) == "holds Enhanced DBS"

    def test_reason_names_the_check_that_ended_last(self, enhanced: CheckLevel) -> None:
        helper = checked(enhanced, issued_on=date(2020, 1, 1), recheck_on=date(2023, 5, 3))
        make_check(helper, enhanced, issued_on=date(2023, 1, 1), recheck_on=date(2026, 5, 4))
        assert reason("check_level", make_job(check_level=enhanced), helper) == "Enhanced DBS ended on 4 May"
