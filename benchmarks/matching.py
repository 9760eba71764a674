"""Helpers for a job and jobs for a helper, against hand-written SQL for the same answer."""

from __future__ import annotations

import random
import sys
from typing import Any

from benchmarks import _rig, _town

ROUNDS = 60
WHICH = ("44", "1200", "11000", "750000")

HELPERS_FOR = """
SELECT h.person_id
FROM community_help_helper h
JOIN community_help_helper_areas ha ON ha.helper_id = h.person_id AND ha.area_id = %(area)s
JOIN community_help_helper_task_types ht ON ht.helper_id = h.person_id AND ht.tasktype_id = %(kind)s
{skill}
WHERE h.state = 'approved'
  AND h.person_id <> %(requester)s
  AND NOT EXISTS (SELECT 1 FROM community_help_neverpair n
                  WHERE n.helper_id = h.person_id AND n.requester_id = %(requester)s)
  AND NOT EXISTS (SELECT 1 FROM community_help_ask a WHERE a.helper_id = h.person_id AND a.job_id = %(job)s
                  AND a.opening = %(opening)s AND a.answer = 'not_this_one')
  {check}
  AND (h.most_jobs IS NULL OR h.most_jobs > (
        SELECT count(*) FROM community_help_offer o JOIN community_help_job j ON j.id = o.job_id
        WHERE o.helper_id = h.person_id AND o.state IN ('offered', 'ratified') AND o.reported_at IS NULL
          AND j.state IN ('open', 'assigned') AND o.job_id <> %(job)s))
  AND NOT EXISTS (SELECT 1 FROM community_help_away w WHERE w.helper_id = h.person_id
                  AND w.first_day <= %(day)s AND (w.last_day IS NULL OR w.last_day >= %(day)s))
  AND (NOT EXISTS (SELECT 1 FROM community_help_freehours f WHERE f.helper_id = h.person_id)
       OR EXISTS (SELECT 1 FROM community_help_freehours f WHERE f.helper_id = h.person_id
                  AND f.weekday = %(weekday)s AND least(f.to_minute, 960) - greatest(f.from_minute, 780) >= 60))
"""
SKILL = "JOIN community_help_helper_skills hs ON hs.helper_id = h.person_id AND hs.skill_id = %(skill)s"
CHECK = """AND EXISTS (SELECT 1 FROM community_help_check c WHERE c.helper_id = h.person_id AND c.level_id = %(level)s
                  AND c.decision = 'accepted' AND c.revoked_at IS NULL AND c.issued_on <= %(day)s
                  AND (c.recheck_on IS NULL OR c.recheck_on >= %(day)s))"""
JOBS_FOR = """
SELECT j.id
FROM community_help_job j
JOIN community_help_helper_areas ha ON ha.area_id = j.area_id AND ha.helper_id = %(helper)s
JOIN community_help_helper_task_types ht ON ht.tasktype_id = j.task_type_id AND ht.helper_id = %(helper)s
CROSS JOIN (SELECT h.state, h.most_jobs, (SELECT count(*) FROM community_help_offer o
                JOIN community_help_job k ON k.id = o.job_id
                WHERE o.helper_id = %(helper)s AND o.state IN ('offered', 'ratified') AND o.reported_at IS NULL
                  AND k.state IN ('open', 'assigned')) AS in_hand
            FROM community_help_helper h WHERE h.person_id = %(helper)s) me
WHERE j.state = 'open' AND me.state = 'approved' AND j.requester_id <> %(helper)s
  AND NOT EXISTS (SELECT 1 FROM community_help_neverpair n
                  WHERE n.helper_id = %(helper)s AND n.requester_id = j.requester_id)
  AND NOT EXISTS (SELECT 1 FROM community_help_ask a WHERE a.helper_id = %(helper)s AND a.job_id = j.id
                  AND a.opening = j.opening AND a.answer = 'not_this_one')
  AND NOT EXISTS (SELECT 1 FROM community_help_job_skills js WHERE js.job_id = j.id AND js.skill_id NOT IN (
                  SELECT hs.skill_id FROM community_help_helper_skills hs WHERE hs.helper_id = %(helper)s))
  AND (j.check_level_id IS NULL OR EXISTS (SELECT 1 FROM community_help_check c WHERE c.helper_id = %(helper)s
                  AND c.level_id = j.check_level_id AND c.decision = 'accepted' AND c.revoked_at IS NULL
                  AND c.issued_on <= j.first_day AND (c.recheck_on IS NULL OR c.recheck_on >= j.last_day)))
  AND (me.most_jobs IS NULL OR me.most_jobs > me.in_hand - (EXISTS (SELECT 1 FROM community_help_offer o
                  WHERE o.helper_id = %(helper)s AND o.job_id = j.id AND o.state IN ('offered', 'ratified')
                    AND o.reported_at IS NULL))::int)
  AND EXISTS (SELECT 1 FROM community_help_jobslot s WHERE s.job_id = j.id
        AND NOT EXISTS (SELECT 1 FROM community_help_away w WHERE w.helper_id = %(helper)s
                        AND w.first_day <= s.date AND (w.last_day IS NULL OR w.last_day >= s.date))
        AND (NOT EXISTS (SELECT 1 FROM community_help_freehours f WHERE f.helper_id = %(helper)s)
             OR EXISTS (SELECT 1 FROM community_help_freehours f WHERE f.helper_id = %(helper)s
                        AND f.weekday = s.weekday
                        AND least(f.to_minute, s.to_minute) - greatest(f.from_minute, s.from_minute) >= 60)))
"""


def measure() -> _rig.Figures:
    """Both directions, at each size; the ids must be the same every time."""
    figures: _rig.Figures = {}
    for name in WHICH:
        _town.build(_town.SIZES[name])
        figures |= {f"{what} at {name}": figure for what, figure in _at_this_size(_town.SIZES[name]).items()}
        _town.empty()
    return figures


def _at_this_size(size: _town.Size) -> _rig.Figures:
    from django.db import connection  # noqa: PLC0415  Django is set up by now

    from community_help import matching  # noqa: PLC0415  the same
    from community_help.jobs.job import Job  # noqa: PLC0415  the same
    from community_help.people.profiles import Helper  # noqa: PLC0415  the same

    chance = random.Random(20_200_323)
    job_ids = [chance.randint(1, size.open_jobs) for _ in range(ROUNDS)]
    helper_ids = [chance.randint(1, size.helpers) for _ in range(ROUNDS)]
    jobs = {job.pk: job for job in Job.objects.for_lists().select_related("check_level").filter(pk__in=job_ids)}
    skills: dict[int, list[int]] = {pk: list(job.skills.values_list("pk", flat=True)) for pk, job in jobs.items()}
    helpers = Helper.objects.in_bulk(helper_ids)

    def by_hand(statement: str, values: dict[str, Any]) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return sorted(row[0] for row in cursor.fetchall())

    def helpers_for(number: int) -> list[int]:
        return sorted(matching.helpers_for(jobs[job_ids[number]]).values_list("pk", flat=True))

    def helpers_by_hand(number: int) -> list[int]:
        job = jobs[job_ids[number]]
        needed = skills[job.pk]
        statement = HELPERS_FOR.format(skill=SKILL if needed else "", check=CHECK if job.check_level_id else "")
        assert job.first_day is not None
        values = {
            "area": job.area_id,
            "kind": job.task_type_id,
            "requester": job.requester_id,
            "job": job.pk,
            "opening": job.opening,
            "skill": needed[0] if needed else None,
            "level": job.check_level_id,
            "day": job.first_day,
            "weekday": job.first_day.weekday(),
        }
        return by_hand(statement, values)

    def jobs_for(number: int) -> list[int]:
        return sorted(matching.jobs_for(helpers[helper_ids[number]]).values_list("pk", flat=True))

    def jobs_by_hand(number: int) -> list[int]:
        return by_hand(JOBS_FOR, {"helper": helper_ids[number]})

    return {
        "helpers for a job": _rig.side_by_side(helpers_for, helpers_by_hand, rounds=ROUNDS),
        "jobs for a helper": _rig.side_by_side(jobs_for, jobs_by_hand, rounds=ROUNDS),
    }


if __name__ == "__main__":
    sys.exit(_rig.main(measure))
