"""Helpers for a job, jobs for a helper, and supply while typing, against hand-written SQL for the same answers.

On the private PostgreSQL, and a village and a town on SQLite as well.
"""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from typing import Any

from benchmarks import _rig, _town

ROUNDS = 60
BEST = 5
WHICH = ("44", "1200", "11000", "750000")
ON_SQLITE = ("44", "11000")
BARS: dict[str, dict[str, float]] = {
    "helpers for a job at 750000": {"bar": 1.25},
    "jobs for a helper at 750000": {"bar": 1.25},
    "supply while typing at 11000": {"bar_seconds": 0.060},
    "supply while typing at 750000": {"bar": 3},
}
SMALL, LARGE, GROWTH = "11000", "750000", 3
#: At this size once more, with one kind of job that asks who lives near.
TWO_SORTS, NEAR_KIND = "11000", 1


def measure() -> _rig.Figures:
    """Each at each size; the answers must be the same every time."""
    figures: _rig.Figures = {}
    for name in WHICH:
        size = _town.SIZES[name]
        _town.build(size)
        _town.settle()
        figures |= {f"{what} at {name}": figure for what, figure in at_this_size(size).items()}
        if name in ON_SQLITE:
            with _town.on_sqlite():
                figures |= {f"{what} at {name} on SQLite": figure for what, figure in at_this_size(size).items()}
        if name == TWO_SORTS:
            _town.ask_who_lives_near(NEAR_KIND)
            asked = at_this_size(size, near_kind=NEAR_KIND)
            figures |= {f"{what} at {name}, one kind asks who is near": figure for what, figure in asked.items()}
        _town.empty()
    for name in BARS.keys() & figures.keys():
        figures[name] |= BARS[name]
    if SMALL in WHICH and LARGE in WHICH:
        for what in ("helpers for a job", "jobs for a helper"):
            growth = _growth(figures[f"{what} at {SMALL}"], figures[f"{what} at {LARGE}"])
            figures[f"growth of {what} from {SMALL} to {LARGE}"] = growth
    return figures


def _growth(small: dict[str, Any], large: dict[str, Any]) -> dict[str, Any]:
    """How many times as long it takes of many helpers as of few."""
    return {
        "ours": large["ours"],
        "reference": small["ours"],
        "ratio": large["ours"] / small["ours"],
        "same_answer": small["same_answer"] and large["same_answer"],
        "bar": GROWTH,
    }


def at_this_size(size: _town.Size, *, near_kind: int = 0) -> _rig.Figures:
    """The three questions, of the town of this size that the current database holds.

    :param near_kind: the kind of job that asks who lives near; 0 for none
    """
    from benchmarks import _by_hand  # noqa: PLC0415  Django is set up by now
    from community_help import matching  # noqa: PLC0415  the same
    from community_help.jobs.job import Job  # noqa: PLC0415  the same
    from community_help.people.profiles import Helper  # noqa: PLC0415  the same

    chance = random.Random(20_200_323)
    job_ids = [chance.randint(1, size.open_jobs) for _ in range(ROUNDS)]
    helper_ids = [chance.randint(1, size.helpers) for _ in range(ROUNDS)]
    jobs = {job.pk: job for job in Job.objects.for_lists().select_related("check_level").filter(pk__in=job_ids)}
    helpers = Helper.objects.in_bulk(helper_ids)
    saved = {pk: _by_hand.Asked.of(job, near_kind=near_kind) for pk, job in jobs.items()}
    typed = {pk: _by_hand.Asked.of(job, saved=False, near_kind=near_kind) for pk, job in jobs.items()}
    needs = {pk: replace(matching.Need.of(job), job=None) for pk, job in jobs.items()}

    def helpers_for(number: int) -> list[int]:
        return sorted(matching.helpers_for(jobs[job_ids[number]]).values_list("pk", flat=True))

    def jobs_for(number: int) -> list[int]:
        return sorted(matching.jobs_for(helpers[helper_ids[number]]).values_list("pk", flat=True))

    def supply(number: int) -> tuple[int, dict[str, int], list[int]]:
        found = matching.outlook(needs[job_ids[number]], most=BEST)
        lost: dict[str, Any] = {cost.slug: cost.lost for cost in found.supply.costs}
        asked = typed[job_ids[number]].conditions
        assert not any(number for slug, number in lost.items() if slug not in asked)
        return found.supply.count, {slug: lost[slug] for slug in asked}, [one.helper.pk for one in found.best]

    return {
        "helpers for a job": _rig.side_by_side(
            helpers_for, lambda number: _by_hand.helpers_for(saved[job_ids[number]]), rounds=ROUNDS
        ),
        "jobs for a helper": _rig.side_by_side(
            jobs_for, lambda number: _by_hand.jobs_for(helper_ids[number], near_kind=near_kind), rounds=ROUNDS
        ),
        "supply while typing": _rig.side_by_side(
            supply, lambda number: _by_hand.supply(typed[job_ids[number]], most=BEST), rounds=ROUNDS
        ),
    }


if __name__ == "__main__":
    sys.exit(_rig.main(measure))
