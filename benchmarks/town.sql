-- A town of any size: see _town.py. Person 1 to H are helpers, the next are requesters.

SELECT setseed({seed});

-- Two miles from middle to middle, thirty in a row.
INSERT INTO community_help_area (id, name, slug, "order", active, latitude, longitude, rough)
SELECT n, 'Area ' || n, 'a' || n, 0, true, 51 + n / 30 * 0.03, -3 + n % 30 * 0.045, true
FROM generate_series(1, {areas}) n;

INSERT INTO community_help_skill (id, name, slug, phrase, "order", active)
SELECT n, 'skill ' || n, 's' || n, 'can ' || n, 0, true
FROM generate_series(1, {skills}) n;

-- The first proves the second too.
INSERT INTO community_help_checklevel (id, name, slug, "order")
VALUES (1, 'Enhanced', 'enhanced', 0), (2, 'Basic', 'basic', 1);

INSERT INTO community_help_checklevel_includes (from_checklevel_id, to_checklevel_id)
VALUES (1, 2);

INSERT INTO community_help_tasktype (id, uuid, name, slug, icon, tile, "order", active, job_model, public_template,
  private_template, script, safety_rules, check_reason, by_phone, places, urgency, ratification, version,
  criteria_options)
SELECT n, gen_random_uuid(), 'Kind ' || n, 'k' || n, 'bag', 'errand', n, true, 'community_help.errandjob', '', '',
  '', '', '', false, 1, 'soon', 'coordinator', 1,
  '{{}}'
FROM generate_series(1, {kinds}) n;

INSERT INTO community_help_person (id, uuid, name, known_as, face, language, created_at)
SELECT n, gen_random_uuid(), 'Person ' || n, 'P' || n, '', 'en-gb', now()
FROM generate_series(1, {helpers} + {requesters}) n;

-- Helpers live about an area that they cover, in no order; of a tenth nobody knows where.
INSERT INTO community_help_helper (person_id, state, approved_at, wants_alerts, wants_digest, most_jobs, latitude,
  longitude, rough)
SELECT n, CASE WHEN random() < 0.85 THEN 'approved' ELSE 'paused' END, now(), true, true, CASE WHEN random() < 0.3
  THEN 2 END,
  CASE WHEN n % 10 <> 3 THEN round((a.latitude + random() * 0.06 - 0.03)::numeric, 3) END,
  CASE WHEN n % 10 <> 3 THEN round((a.longitude + random() * 0.09 - 0.045)::numeric, 3) END, false
FROM generate_series(1, {helpers}) n
JOIN community_help_area a ON a.id = 1 + n * 7919::bigint % 1000003 % {areas}
ORDER BY n;

INSERT INTO community_help_helper_areas (helper_id, area_id)
SELECT DISTINCT n, CASE WHEN k = 1 THEN 1 + n * 7919::bigint % 1000003 % {areas} ELSE
  1 + floor(random() * {areas})::int END
FROM generate_series(1, {helpers}) n, generate_series(1, 2) k;

INSERT INTO community_help_helper_task_types (helper_id, tasktype_id)
SELECT n, 1 + (n * 7 + k * 5) % {kinds}
FROM generate_series(1, {helpers}) n, generate_series(1, {each}) k;

INSERT INTO community_help_helper_skills (helper_id, skill_id)
SELECT n, 1 + (n * 11 + n / 13 + k * 5) % {skills}
FROM generate_series(1, {helpers}) n, generate_series(1, {each}) k;

INSERT INTO community_help_check (helper_id, level_id, workforce, barred_adults, barred_children, issued_on,
  reference, seen_on, decision, recheck_on, update_service)
SELECT n, CASE WHEN n % 4 = 0 THEN 2 ELSE 1 END, 'adults', false, false, current_date - 300, '', current_date - 300,
  'accepted', current_date + CASE WHEN n % 20 = 1 THEN 5 ELSE 400 END, false
FROM generate_series(1, {helpers}) n
WHERE random() < 0.6;

-- A third gave hours: three weekdays, mornings or afternoons. Every fiftieth is away.
INSERT INTO community_help_freehours (helper_id, weekday, from_minute, to_minute)
SELECT n, (n + k * 2) % 7, CASE WHEN n % 2 = 0 THEN 540 ELSE 780 END, CASE WHEN n % 2 = 0 THEN 780 ELSE 1080 END
FROM generate_series(1, {helpers}) n, generate_series(1, 3) k
WHERE n % 3 = 0;

INSERT INTO community_help_away (helper_id, first_day, last_day)
SELECT n, current_date - 3, current_date + 20
FROM generate_series(1, {helpers}) n
WHERE n % 50 = 0;

INSERT INTO community_help_requester (person_id, area_id, warnings, trusted, consent_how, since, latitude, longitude,
  rough)
SELECT {helpers} + n, a.id, '', false, '', now(),
  CASE WHEN n % 10 <> 3 THEN round((a.latitude + random() * 0.06 - 0.03)::numeric, 3) END,
  CASE WHEN n % 10 <> 3 THEN round((a.longitude + random() * 0.09 - 0.045)::numeric, 3) END, false
FROM (SELECT n, 1 + floor(random() * {areas})::int AS area FROM generate_series(1, {requesters}) n) r
JOIN community_help_area a ON a.id = r.area
ORDER BY n;

-- Wanted from yesterday, and then at once, to nine days ahead. Of ten jobs four are wanted between two times, one each
-- at a time, by a time, on a day and as soon as possible, and two at any time. They are at the requester's home, or in
-- the middle of the area.
INSERT INTO community_help_job (id, polymorphic_ctype_id, uuid, task_type_id, requester_id, area_id, source, state,
  version, opening, urgency, title, public_details, private_details, check_level_id, places, places_filled, timing,
  earliest, latest, minutes, first_day, last_day, created_at, changed_at, opened_at, reported_at, closed_at,
  latitude, longitude, rough)
SELECT n, {ctype}, gen_random_uuid(), 1 + floor(random() * {kinds})::int, r.person_id, r.area_id, 'call', CASE WHEN
  n <= {open_jobs} THEN 'open' ELSE 'closed' END, 1, 1, 'soon', 'Job ' || n, '', '', CASE WHEN n % 9 = 0 THEN 2
  WHEN n % 3 = 0 THEN 1 END, 1, CASE WHEN n <= {open_jobs} THEN 0 ELSE 1 END, t.timing,
  CASE t.timing WHEN 'between' THEN d + interval '13 hours' WHEN 'at' THEN d + interval '13 hours' WHEN 'on' THEN d END,
  CASE t.timing WHEN 'between' THEN d + interval '16 hours' WHEN 'at' THEN d + interval '13 hours' WHEN 'on' THEN d +
  interval '1 day' WHEN 'by' THEN d + interval '12 hours' END, 60,
  CASE WHEN t.timing IN ('between', 'at', 'on') THEN d::date END,
  CASE WHEN t.timing IN ('between', 'at', 'on', 'by') THEN d::date END,
  now(), now(), now(), CASE WHEN n > {open_jobs} THEN now() END, CASE WHEN n > {open_jobs} THEN now() END,
  coalesce(r.latitude, a.latitude), coalesce(r.longitude, a.longitude), r.latitude IS NULL
FROM (SELECT n, {helpers} + 1 + (n * 17) % {requesters} AS who, date_trunc('day', now()) + (n % 11 - 1) * interval '1
  day' AS d
FROM generate_series(1, {jobs}) n) j
CROSS JOIN LATERAL (SELECT ('{{between,between,between,between,at,by,on,asap,flexible,flexible}}'::text[])[
  1 + n / 6 % 10] AS timing) t
JOIN community_help_requester r ON r.person_id = j.who
JOIN community_help_area a ON a.id = r.area_id
ORDER BY n;

INSERT INTO community_help_errandjob (job_ptr_id, errand_place)
SELECT id, ''
FROM community_help_job;

INSERT INTO community_help_job_skills (job_id, skill_id)
SELECT n, 1 + n % {skills}
FROM generate_series(1, {jobs}) n
WHERE n % 2 = 0;

INSERT INTO community_help_jobslot (job_id, date, weekday, from_minute, to_minute)
SELECT id, day, extract(isodow
FROM day)::int - 1, CASE WHEN timing IN ('between', 'at') THEN 780 ELSE 0 END,
  CASE WHEN timing = 'between' THEN 960 WHEN timing = 'at' THEN 840 WHEN timing = 'by' AND day = last_day THEN 720 ELSE
  1440 END
FROM community_help_job, generate_series(coalesce(first_day, least(current_date, last_day)), last_day, '1 day') day
WHERE state = 'open' AND last_day IS NOT NULL;

INSERT INTO community_help_ask (job_id, opening, helper_id, step, asked_at, answer, answered_at)
SELECT n, 1, 1 + (n * 13 + k * 101) % {helpers}, 'digest', now() - n % 60 * interval '1 day', CASE WHEN k = 1 THEN
  'not_this_one' ELSE 'none' END, CASE WHEN k = 1 THEN now() END
FROM generate_series(1, {jobs}) n, generate_series(1, 3) k;

INSERT INTO community_help_offer (uuid, job_id, helper_id, requester_id, opening, state, note, made_at,
  ratified_rule, ratified_at, reported_at, ended_at, safe_word)
SELECT gen_random_uuid(), id, 1 + (id * 29) % {helpers}, requester_id, 1, CASE WHEN state = 'open' THEN 'offered'
  ELSE 'completed' END, '', now(), '', CASE WHEN state = 'closed' THEN now() END, CASE WHEN state = 'closed' THEN
  now() END, CASE WHEN state = 'closed' THEN now() END, ''
FROM community_help_job
WHERE id % 2 = 0;

INSERT INTO community_help_neverpair (helper_id, requester_id, reason, made_at)
SELECT DISTINCT 1 + (n * 31) % {helpers}, {helpers} + 1 + (n * 37) % {requesters}, '', now()
FROM generate_series(1, {helpers} / 100) n;

-- Of every fifth open job somebody said «ask anyway» of three helpers: of two in spite of all that can be overlooked.
INSERT INTO community_help_waiver (job_id, opening, helper_id, criterion, why, made_at)
SELECT n, 1, 1 + (n * 19 + k * 103) % {helpers}, criterion, '', now()
FROM generate_series(1, {open_jobs}) n, generate_series(1, 3) k,
  unnest('{{area,radius,willing,skills,available,load}}'::text[]) criterion
WHERE n % 5 = 0 AND (k < 3 OR criterion = 'area');
