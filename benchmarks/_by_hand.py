"""The same questions in hand-written SQL: what the engine is measured against.

Complete for the package's own criteria and preferences as they are at first, of jobs that need one skill at most:
every timing, levels that include others, waivers; and one kind of job asks who lives near. What is not asked of a job
is left out of its statement, as a hand would leave it out; its days, minutes, levels and its place are in it as plain
values. In the words of PostgreSQL: what SQLite (3.39 or later) calls otherwise is in a list, and put in at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import cos, degrees, radians
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from benchmarks._town import MILES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from community_help.jobs.job import Job

_DAYS = 14
_DAY = timedelta(days=1)
_WHOLE_DAY = 24 * 60
_EARTH, _MILE = 6_371_008.8, 1_609.344
_METRES = MILES * _MILE
#: Degrees from south to north; a little more than it is.
_BAND = degrees(_METRES / _EARTH) * 1.001
#: So many days ago, and what who was asked since then is worth.
_RESTED = ((1, 0.0), (3, 0.2), (7, 0.4), (14, 0.6), (30, 0.8))
#: Those that somebody may overlook.
_WAIVABLE = ("willing", "area", "radius", "skills", "available", "load")
_BEGIN = "greatest(coalesce(j.first_day, %(today)s), %(today)s)"
#: Word by word, the longest first.
_IN_SQLITE = {
    f"{_BEGIN} + {_DAYS}": f"date({_BEGIN}, '{_DAYS} days')",
    "greatest(": "max(",
    "least(": "min(",
    "bool_or(": "max(",
}
_IN_HAND = """SELECT count(*) FROM community_help_offer o JOIN community_help_job k ON k.id = o.job_id
        WHERE o.helper_id = h.person_id AND o.state IN ('offered', 'ratified') AND o.reported_at IS NULL
        AND k.state IN ('open', 'assigned') AND o.job_id IS DISTINCT FROM %(job)s"""
_AWAY = """EXISTS (SELECT 1 FROM community_help_away w WHERE w.helper_id = h.person_id
        AND w.first_day <= {first} AND (w.last_day IS NULL OR w.last_day >= {last}))"""
_HAS_HOURS = "EXISTS (SELECT 1 FROM community_help_freehours f WHERE f.helper_id = h.person_id)"
_THEN = """f.weekday = {weekday} AND
        least(f.to_minute, {to_minute}) - greatest(f.from_minute, {from_minute}) >= {needed}"""
_NAMES = ("day", "weekday", "from_minute", "to_minute", "needed")
_OF_ROW = {name: f"s.{name}" for name in _NAMES}
_PLAIN = {name: f"%({name})s" for name in _NAMES}
_FREE = f"EXISTS (SELECT 1 FROM community_help_freehours f WHERE f.helper_id = h.person_id AND {_THEN})"
_LONG_ENOUGH = "{to_minute} - {from_minute} >= {needed}"
_FITS = f"({_LONG_ENOUGH} AND NOT {_AWAY.format(first='{day}', last='{day}')} AND (NOT {_HAS_HOURS} OR {_FREE}))"
_SPANS = """(SELECT column1 AS day, column2 AS weekday, column3 AS from_minute, column4 AS to_minute, column5 AS needed
        FROM (VALUES {rows}) v) s"""
_DISTANCE = f"""{2 * _EARTH} * asin(sqrt(power(sin(radians({{row}}.latitude - {{latitude}}) / 2), 2)
        + cos(radians({{row}}.latitude)) * cos(radians({{latitude}}))
        * power(sin(radians({{row}}.longitude - {{longitude}}) / 2), 2)))"""
_FAR = _DISTANCE.format(row="h", latitude="%(latitude)s", longitude="%(longitude)s")
_CONDITIONS = {
    "approved": "h.state = 'approved'",
    "never_pair": """NOT EXISTS (SELECT 1 FROM community_help_neverpair n
        WHERE n.helper_id = h.person_id AND n.requester_id = %(requester)s)""",
    "not_oneself": "h.person_id <> %(requester)s",
    "not_this_one": """NOT EXISTS (SELECT 1 FROM community_help_ask a WHERE a.helper_id = h.person_id
        AND a.job_id = %(job)s AND a.opening = %(opening)s AND a.answer = 'not_this_one')""",
    "check_level": """EXISTS (SELECT 1 FROM community_help_check c WHERE c.helper_id = h.person_id
        AND c.level_id IN ({levels}) AND c.decision = 'accepted' AND c.revoked_at IS NULL
        AND c.issued_on <= %(first)s AND (c.recheck_on IS NULL OR c.recheck_on >= %(last)s))""",
    "willing": """EXISTS (SELECT 1 FROM community_help_helper_task_types ht
        WHERE ht.helper_id = h.person_id AND ht.tasktype_id = %(kind)s)""",
    "area": """EXISTS (SELECT 1 FROM community_help_helper_areas ha
        WHERE ha.helper_id = h.person_id AND ha.area_id = %(area)s)""",
    "radius": f"""(h.latitude BETWEEN %(south)s AND %(north)s AND h.longitude BETWEEN %(west)s AND %(east)s
        AND {_FAR} <= {_METRES})""",
    "skills": """EXISTS (SELECT 1 FROM community_help_helper_skills hs
        WHERE hs.helper_id = h.person_id AND hs.skill_id = %(skill)s)""",
    "load": f"(h.most_jobs IS NULL OR h.most_jobs > ({_IN_HAND}))",
}
# Of a whole nation it is quicker to find all who can't, once, than to look each helper up.
_OF_ALL = {
    "available": f"""NOT {_AWAY.format(first="%(day)s", last="%(day)s")} AND NOT EXISTS (
        SELECT 1 FROM (SELECT f.helper_id FROM community_help_freehours f GROUP BY f.helper_id
            HAVING NOT bool_or({_THEN.format(**_PLAIN)})) never WHERE never.helper_id = h.person_id)""",
    "load": """h.most_jobs IS DISTINCT FROM 0 AND NOT EXISTS (
        SELECT 1 FROM (SELECT o.helper_id, count(*) AS number
            FROM community_help_offer o JOIN community_help_job k ON k.id = o.job_id
            WHERE o.state IN ('offered', 'ratified') AND o.reported_at IS NULL AND k.state IN ('open', 'assigned')
            AND o.job_id IS DISTINCT FROM %(job)s GROUP BY o.helper_id) busy
        WHERE busy.helper_id = h.person_id AND busy.number >= h.most_jobs)""",
}
_JOBS_FOR = f"""
SELECT j.id
FROM community_help_job j
CROSS JOIN (SELECT h.person_id, h.state, h.most_jobs, h.latitude, h.longitude, (SELECT count(*)
                FROM community_help_offer o JOIN community_help_job k ON k.id = o.job_id
                WHERE o.helper_id = h.person_id AND o.state IN ('offered', 'ratified') AND o.reported_at IS NULL
                  AND k.state IN ('open', 'assigned')) AS in_hand
            FROM community_help_helper h WHERE h.person_id = %(helper)s) h
WHERE {{jobs}} AND j.state = 'open' AND h.state = 'approved' AND j.requester_id <> %(helper)s
  AND NOT EXISTS (SELECT 1 FROM community_help_neverpair n
                  WHERE n.helper_id = %(helper)s AND n.requester_id = j.requester_id)
  AND NOT EXISTS (SELECT 1 FROM community_help_ask a WHERE a.helper_id = %(helper)s AND a.job_id = j.id
                  AND a.opening = j.opening AND a.answer = 'not_this_one')
  AND (j.check_level_id IS NULL OR EXISTS (SELECT 1 FROM community_help_check c WHERE c.helper_id = %(helper)s
        AND (c.level_id = j.check_level_id OR EXISTS (SELECT 1 FROM community_help_checklevel_includes i
             WHERE i.from_checklevel_id = c.level_id AND i.to_checklevel_id = j.check_level_id))
        AND c.decision = 'accepted' AND c.revoked_at IS NULL AND c.issued_on <= {_BEGIN}
        AND (c.recheck_on IS NULL OR c.recheck_on >= greatest(coalesce(j.last_day, %(today)s), {_BEGIN}))))
  AND (EXISTS (SELECT 1 FROM community_help_helper_areas ha WHERE ha.helper_id = %(helper)s
               AND ha.area_id = j.area_id){{or_area}})
  AND {{near_enough}} AND (EXISTS (SELECT 1 FROM community_help_helper_task_types ht WHERE ht.helper_id = %(helper)s
               AND ht.tasktype_id = j.task_type_id){{or_willing}})
  AND (NOT EXISTS (SELECT 1 FROM community_help_job_skills js WHERE js.job_id = j.id AND js.skill_id NOT IN (
            SELECT hs.skill_id FROM community_help_helper_skills hs WHERE hs.helper_id = %(helper)s)){{or_skills}})
  AND (h.most_jobs IS NULL OR h.most_jobs > h.in_hand - CAST(EXISTS (SELECT 1 FROM community_help_offer o
                  WHERE o.helper_id = %(helper)s AND o.job_id = j.id AND o.state IN ('offered', 'ratified')
                    AND o.reported_at IS NULL) AS integer){{or_load}})
  AND (CASE
        WHEN j.timing = 'flexible' THEN NOT {_AWAY.format(first="%(today)s", last="%(last_day)s")}
        WHEN j.timing = 'asap' OR j.latest <= %(now)s THEN EXISTS (SELECT 1 FROM {{soon}} WHERE {{fits}})
        WHEN j.timing = 'at' THEN EXISTS (SELECT 1 FROM {{slots}} s)
            AND NOT EXISTS (SELECT 1 FROM {{slots}} s WHERE NOT {{fits}})
        ELSE EXISTS (SELECT 1 FROM {{slots}} s WHERE {{fits}})
      END{{or_available}})
"""
_SOON = "(%(today)s, %(weekday)s, %(minute)s, 1440, 1), (%(tomorrow)s, %(next_weekday)s, 0, 1440, 1)"
_NEAR_ENOUGH = f"""(j.task_type_id <> {{kind}} OR (j.latitude BETWEEN h.latitude - {_BAND} AND h.latitude + {_BAND}
        AND {_DISTANCE.format(row="j", latitude="h.latitude", longitude="h.longitude")} <= {_METRES}){{or_radius}})"""
_SLOTS = f"""(SELECT t.date AS day, t.weekday, t.begins AS from_minute, t.to_minute,
        CASE WHEN j.timing = 'at' THEN t.to_minute - t.begins
             ELSE least(coalesce(j.minutes, 1), max(t.to_minute - t.begins) OVER ()) END AS needed
    FROM (SELECT *, CASE WHEN date = %(today)s THEN greatest(from_minute, %(minute)s) ELSE from_minute END AS begins
          FROM community_help_jobslot WHERE job_id = j.id AND date >= %(today)s
          AND date < {_BEGIN} + {_DAYS}) t WHERE t.begins < t.to_minute)"""
_ANYWAY = " OR EXISTS (SELECT 1 FROM community_help_waiver v WHERE v.helper_id = %(helper)s AND v.job_id = j.id"
_ANYWAY += " AND v.opening = j.opening AND v.criterion = '{slug}')"
_RANKED = f"""
SELECT s.*, p.*
FROM (SELECT h.person_id,
        CAST(least((SELECT count(*) FROM community_help_offer o WHERE o.helper_id = h.person_id
            AND o.requester_id = %(requester)s AND o.reported_at IS NOT NULL), 5) AS double precision) / 5 AS helped,
        (SELECT CAST(CASE {" ".join(f"WHEN max(a.asked_at) > %(days_{days})s THEN {worth}" for days, worth in _RESTED)}
            ELSE 1.0 END AS double precision) FROM community_help_ask a WHERE a.helper_id = h.person_id) AS rested,
        CAST(1.0 AS double precision) / CAST(({_IN_HAND}) + 1 AS double precision) AS light,
        coalesce({_MILE} / ({_FAR} + {_MILE}), 0.0) AS nearest,
        {_HAS_HOURS} AS has_hours
    FROM community_help_helper h WHERE h.person_id IN ({{fitting}})) s
JOIN community_help_person p ON p.id = s.person_id
ORDER BY s.helped * 5.0 + s.rested * 3.0 + s.light * 2.0 + s.nearest * 1.0 DESC, s.person_id LIMIT %(most)s
"""
_JOINS = {
    "willing": ("helper_task_types", "tasktype_id", "kind"),
    "area": ("helper_areas", "area_id", "area"),
    "skills": ("helper_skills", "skill_id", "skill"),
}


@dataclass(frozen=True)
class Asked:
    """What a job needs, as a hand would put it into a statement. ``job`` is ``None`` where it is not saved."""

    conditions: dict[str, str]
    values: dict[str, Any]
    one_span: bool

    @classmethod
    def of(cls, job: Job, *, saved: bool = True, near_kind: int = 0) -> Asked:
        """With everything that is read of the job: nothing more is read of it later."""
        now = timezone.now()
        today, minute = now.date(), now.hour * 60 + now.minute
        first = max(job.first_day or today, today)
        skills = list(job.skills.values_list("pk", flat=True))
        assert len(skills) <= 1
        levels: list[int] = []
        if job.check_level:
            levels = [job.check_level.pk, *job.check_level.included_in.values_list("pk", flat=True)]
        values = {
            "job": job.pk if saved else None,
            "opening": job.opening,
            "requester": job.requester_id,
            "first": first,
            "last": max(job.last_day or first, first),
            "kind": job.task_type_id,
            "area": job.area_id,
            "skill": skills[0] if skills else None,
            **{f"days_{days}": now - days * _DAY for days, _worth in _RESTED},
            **_around(job),
        }
        conditions = dict(_CONDITIONS)
        conditions["check_level"] = conditions["check_level"].format(levels=", ".join(map(str, levels)))
        near = job.task_type_id == near_kind
        for slug, asked in (("not_this_one", saved), ("check_level", levels), ("skills", skills), ("radius", near)):
            if not asked:
                del conditions[slug]
        spans = _spans(job, now=now, today=today, minute=minute)
        conditions["available"] = _available(job, spans, values, now=now, today=today)
        return cls(conditions, values, one_span=spans is not None and len(spans) == 1)


def _around(job: Job) -> dict[str, float]:
    """Where the job is, and the box that holds the circle around it: each job of the town has a place."""
    place = job.position
    assert place is not None
    across = _BAND / cos(radians(place.latitude))
    return {
        "latitude": place.latitude,
        "longitude": place.longitude,
        "south": place.latitude - _BAND,
        "north": place.latitude + _BAND,
        "west": place.longitude - across,
        "east": place.longitude + across,
    }


def _spans(job: Job, *, now: datetime, today: date, minute: int) -> list[tuple[Any, ...]] | None:
    """Day, weekday, from, to, needed; ``None`` for any time."""
    if job.timing == "flexible":
        return None
    over = job.latest is not None and job.latest <= now
    if job.timing == "asap" or over:
        soon = today + _DAY
        return [(today, today.weekday(), minute, _WHOLE_DAY, 1), (soon, soon.weekday(), 0, _WHOLE_DAY, 1)]
    end = max(job.first_day or today, today) + _DAYS * _DAY
    left = []
    for slot in job.slots.filter(date__gte=today, date__lt=end):
        begins = max(slot.from_minute, minute) if slot.date == today else slot.from_minute
        if begins < slot.to_minute:
            left.append((slot.date, slot.weekday, begins, slot.to_minute))
    least = min(job.minutes or 1, max((ends - begins for _day, _weekday, begins, ends in left), default=0))
    found = ((*span, span[3] - span[2] if job.timing == "at" else least) for span in left)
    return [span for span in found if span[3] - span[2] >= span[4]]


def _available(
    job: Job, spans: list[tuple[Any, ...]] | None, values: dict[str, Any], *, now: datetime, today: date
) -> str:
    if spans is None:
        values |= {"today": today, "last_day": today + (_DAYS - 1) * _DAY}
        return f"NOT {_AWAY.format(first='%(today)s', last='%(last_day)s')}"
    if len(spans) == 1:
        values |= dict(zip(_NAMES, spans[0], strict=True))
        return _FITS.format(**_PLAIN)
    rows = []
    for number, span in enumerate(spans):
        values |= {f"{name}_{number}": value for name, value in zip(_NAMES, span, strict=True)}
        rows.append("(" + ", ".join(f"%({name}_{number})s" for name in _NAMES) + ")")
    table = _SPANS.format(rows=", ".join(rows))
    fits = _FITS.format(**_OF_ROW)
    if job.timing == "at" and not (job.latest is not None and job.latest <= now):
        return f"NOT EXISTS (SELECT 1 FROM {table} WHERE NOT {fits})"
    return f"EXISTS (SELECT 1 FROM {table} WHERE {fits})"


def helpers_for(asked: Asked) -> list[int]:
    """Primary keys, in order."""
    overlooking = " AND ".join(
        f"({condition} OR EXISTS (SELECT 1 FROM community_help_waiver v WHERE v.helper_id = h.person_id"
        f" AND v.job_id = %(job)s AND v.opening = %(opening)s AND v.criterion = '{slug}'))"
        if slug in _WAIVABLE
        else condition
        for slug, condition in asked.conditions.items()
    )
    statement = f"""{_strictly(asked)} UNION SELECT h.person_id FROM community_help_helper h WHERE h.person_id IN (
        SELECT v.helper_id FROM community_help_waiver v WHERE v.job_id = %(job)s AND v.opening = %(opening)s)
        AND {overlooking}"""
    return sorted(row[0] for row in _asked(statement, asked.values))


def jobs_for(helper: int, *, near_kind: int = 0) -> list[int]:
    """Primary keys, in order."""
    now = timezone.now()
    today, tomorrow = now.date(), now.date() + _DAY
    values = {
        "helper": helper,
        "now": now,
        "today": today,
        "weekday": today.weekday(),
        "minute": now.hour * 60 + now.minute,
        "tomorrow": tomorrow,
        "next_weekday": tomorrow.weekday(),
        "last_day": today + (_DAYS - 1) * _DAY,
    }
    parts = {"fits": _FITS.format(**_OF_ROW), "soon": _SPANS.format(rows=_SOON), "slots": _SLOTS}
    near = _NEAR_ENOUGH.format(kind=near_kind, or_radius="{or_radius}") if near_kind else "true"
    jobs = _JOBS_FOR.replace("{near_enough}", near)
    strictly = jobs.format(jobs="true", **parts, **{f"or_{slug}": "" for slug in _WAIVABLE})
    some = """j.id IN (SELECT v.job_id FROM community_help_waiver v JOIN community_help_job w ON w.id = v.job_id
        WHERE v.helper_id = %(helper)s AND w.state = 'open' AND v.opening = w.opening)"""
    overlooking = jobs.format(jobs=some, **parts, **{f"or_{slug}": _ANYWAY.format(slug=slug) for slug in _WAIVABLE})
    return sorted(row[0] for row in _asked(f"{strictly} UNION {overlooking}", values))


def supply(asked: Asked, *, most: int) -> tuple[int, dict[str, int], list[int]]:
    """How many; slug → how many more without it; the best. Of a job that is not saved."""
    others = {slug: condition for slug, condition in asked.conditions.items() if slug != "area"}
    near = f"""SELECT {", ".join(others.values())}, count(*)
        FROM community_help_helper h JOIN community_help_helper_areas ha
            ON ha.helper_id = h.person_id AND ha.area_id = %(area)s
        GROUP BY {", ".join(str(number) for number in range(1, len(others) + 1))}"""
    count, lost = 0, dict.fromkeys(asked.conditions, 0)
    for *answers, number in _asked(near, asked.values):
        failed = [slug for slug, holds in zip(others, answers, strict=True) if not holds]
        if not failed:
            count = number
        elif len(failed) == 1:
            lost[failed[0]] += number
    of_all = others | {slug: text for slug, text in _OF_ALL.items() if slug == "load" or asked.one_span}
    ((everywhere,),) = _asked(_strictly(Asked(of_all, asked.values, asked.one_span), "count(*)"), asked.values)
    lost["area"] = everywhere - count
    ranked = _asked(_RANKED.format(fitting=_strictly(asked)), {**asked.values, "most": most})
    return count, lost, [row[0] for row in ranked]


def _strictly(asked: Asked, what: str = "h.person_id") -> str:
    """Those who meet all conditions; a pair of helper and area, kind or skill is there once, so joins are safe."""
    joins = " ".join(
        f"JOIN community_help_{table} {slug} ON {slug}.helper_id = h.person_id AND {slug}.{column} = %({name})s"
        for slug, (table, column, name) in _JOINS.items()
        if slug in asked.conditions
    )
    where = " AND ".join(condition for slug, condition in asked.conditions.items() if slug not in _JOINS)
    return f"SELECT {what} FROM community_help_helper h {joins} WHERE {where}"


def _asked(statement: str, values: dict[str, Any]) -> Iterable[tuple[Any, ...]]:
    if connection.vendor == "sqlite":
        for word, other in _IN_SQLITE.items():
            statement = statement.replace(word, other)
    with connection.cursor() as cursor:
        cursor.execute(statement, {name: _adapted(value) for name, value in values.items()})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _adapted(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
