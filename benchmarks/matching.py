"""Helpers for a job, jobs for a helper, and supply while typing, against hand-written SQL for the same answers."""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from typing import Any

from benchmarks import _rig, _town

ROUNDS = 60
BEST = 5
WHICH = ("44", "1200", "11000", "750000")


def measure() -> _rig.Figures:
    """Each at each size; the answers must be the same every time."""
    figures: _rig.Figures = {}
    for name in WHICH:
        _town.build(_town.SIZES[name])
        figures |= {f"{what} at {name}": figure for what, figure in _at_this_size(_town.SIZES[name]).items()}
        _town.empty()
    return figures


def _at_this_size(size: _town.Size) -> _rig.Figures:
    from benchmarks import _by_hand  # noqa: PLC0415  Django is set up by now
    from community_help import matching  # noqa: PLC0415  the same
    from community_help.jobs.job import Job  # noqa: PLC0415  the same
    from community_help.people.profiles import Helper  # noqa: PLC0415  the same

    chance = random.Random(20_200_323)
    job_ids = [chance.randint(1, size.open_jobs) for _ in range(ROUNDS)]
    helper_ids = [chance.randint(1, size.helpers) for _ in range(ROUNDS)]
    jobs = {job.pk: job for job in Job.objects.for_lists().select_related("check_level").filter(pk__in=job_ids)}
    helpers = Helper.objects.in_bulk(helper_ids)
    saved = {pk: _by_hand.Asked.of(job) for pk, job in jobs.items()}
    typed = {pk: _by_hand.Asked.of(job, saved=False) for pk, job in jobs.items()}
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
            jobs_for, lambda number: _by_hand.jobs_for(helper_ids[number]), rounds=ROUNDS
        ),
        "supply while typing": _rig.side_by_side(
            supply, lambda number: _by_hand.supply(typed[job_ids[number]], most=BEST), rounds=ROUNDS
        ),
    }


if __name__ == "__main__":
    sys.exit(_rig.main(measure))
