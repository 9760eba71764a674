"""What the machine adds to the statements that a move can't do without."""

from __future__ import annotations

import sys
from typing import Any

from benchmarks import _rig

ROUNDS = 200


def measure() -> _rig.Figures:
    """Hand a job over: by the machine, and by the bare UPDATE and INSERT in a transaction."""
    from django.db import connection, transaction  # noqa: PLC0415  Django is set up by now
    from django.utils import timezone  # noqa: PLC0415  the same

    from community_help.jobs.job import Job  # noqa: PLC0415  the same
    from community_help.lifecycle.machine import Story, move  # noqa: PLC0415  the same
    from community_help.testing import factories as make  # noqa: PLC0415  the same

    ama = make.make_coordinator()
    jobs = {name: [make.make_open_job() for _ in range(ROUNDS)] for name in ("ours", "reference")}

    def ours(number: int) -> int:
        job = jobs["ours"][number]
        with transaction.atomic():
            move(job, "hand_over_job", values={"owner_id": ama.pk}, story=Story(actor=ama))
        return int(job.version)

    def reference(number: int) -> int:
        job, now = jobs["reference"][number], timezone.now()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE community_help_job SET version = version + 1, owner_id = %s, changed_at = %s"
                " WHERE id = %s AND state = %s AND version = %s RETURNING version",
                [ama.pk, now, job.pk, "open", job.version],
            )
            version: Any = cursor.fetchone()[0]
            cursor.execute(
                "INSERT INTO community_help_event (kind, at, job_id, actor_id, rule, from_state, to_state, version,"
                " opening, why) VALUES (%s, %s, %s, %s, '', 'open', 'open', %s, 1, '') RETURNING id",
                ["hand_over_job", now, job.pk, ama.pk, version],
            )
        return int(version)

    def versions(name: str) -> set[int]:
        return set(
            Job.objects.non_polymorphic()
            .filter(pk__in=[job.pk for job in jobs[name]])
            .values_list("version", flat=True)
        )

    figure = _rig.side_by_side(ours, reference, rounds=ROUNDS)
    figure["same_answer"] = figure["same_answer"] and versions("ours") == versions("reference") == {2}
    return {"move": figure}


if __name__ == "__main__":
    sys.exit(_rig.main(measure))
