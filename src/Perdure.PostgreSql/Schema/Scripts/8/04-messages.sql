-- As before, and a run that nobody has ever taken is ended whatever its queue says: whoever orders it to stop makes it expire at once.
CREATE OR REPLACE FUNCTION {schema}.post_messages_limited(
    _key bigint[], _run_id text[], _id text[], _kind integer[], _name text[], _payload bytea[], _limit integer)
RETURNS TABLE(ord integer, verdict integer, key bigint, status smallint, phase smallint) LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    now_us constant bigint := {schema}.clock();
    runs bigint[];
    found_before bigint[];
BEGIN
    LOOP
        SELECT array_agg({schema}.live_of(CASE WHEN a.key <> 0 THEN a.key ELSE (SELECT r.key FROM {schema}.run r WHERE r.id = a.run_id) END) ORDER BY a.ord) INTO runs
        FROM unnest(_key, _run_id) WITH ORDINALITY AS a(key, run_id, ord);
        PERFORM 1 FROM {schema}.run r WHERE r.key = ANY(runs) ORDER BY r.key FOR UPDATE;
        -- One that was continued while its lock was waited for has a successor by now.
        EXIT WHEN NOT EXISTS (SELECT 1 FROM {schema}.run r WHERE r.key = ANY(runs) AND r.status = 16) OR runs IS NOT DISTINCT FROM found_before;
        found_before := runs;
    END LOOP;
    -- A signal that an ended run never read was accepted all the same. A blocked or paused run keeps sleeping, unless an operator wakes it.
    RETURN QUERY
    WITH judged AS (
        SELECT a.ord::integer AS ord, a.run, a.id, a.kind, a.name, a.payload, r.key, r.status, r.phase, r.inbox, r.signals,
            EXISTS (SELECT 1 FROM {schema}.message m WHERE m.run = a.run AND m.id = a.id) AS stored,
            row_number() OVER (PARTITION BY a.run, a.id ORDER BY a.ord) > 1 AS repeated
        FROM unnest(runs, _id, _kind, _name, _payload) WITH ORDINALITY AS a(run, id, kind, name, payload, ord)
        LEFT JOIN LATERAL (SELECT r.key, r.status, r.phase, r.inbox, r.signals FROM {schema}.run r WHERE r.key = a.run) AS r ON true),
    fresh AS (
        SELECT j.*, row_number() OVER (PARTITION BY j.run, j.kind = 1 ORDER BY j.ord) AS place FROM judged j
        WHERE j.key IS NOT NULL AND j.status < 10 AND NOT j.stored AND NOT j.repeated),
    accepted AS (
        SELECT f.*, f.inbox + row_number() OVER (PARTITION BY f.run ORDER BY f.ord) AS pos FROM fresh f WHERE f.kind <> 1 OR f.signals + f.place <= _limit),
    counted AS (
        UPDATE {schema}.run r SET inbox = r.inbox + m.count, signals = r.signals + m.signals, updated_at = now_us,
            due_at = CASE WHEN r.status IN (3, 4) AND NOT m.wakes THEN r.due_at ELSE least(r.due_at, now_us) END,
            start_deadline = CASE WHEN r.status = 0 AND r.term = 0 AND m.stops THEN least(r.start_deadline, now_us) ELSE r.start_deadline END
        FROM (SELECT a.run, count(*) AS count, count(*) FILTER (WHERE a.kind = 1) AS signals, bool_or(a.kind IN (3, 4, 5)) AS wakes, bool_or(a.kind IN (3, 4)) AS stops FROM accepted a GROUP BY a.run) AS m
        WHERE r.key = m.run),
    stored AS (
        INSERT INTO {schema}.message(run, pos, at, kind, id, name, payload) SELECT a.run, a.pos, now_us, a.kind, a.id, a.name, a.payload FROM accepted a)
    SELECT j.ord,
        CASE WHEN j.key IS NULL THEN 3
            WHEN j.status >= 10 THEN CASE WHEN j.stored AND j.kind = 1 THEN 1 ELSE 2 END
            WHEN j.stored THEN 1
            WHEN NOT EXISTS (SELECT 1 FROM accepted a WHERE a.run = j.run AND a.id = j.id) THEN 4
            WHEN j.repeated THEN 1 ELSE 0 END,
        j.key, j.status, j.phase
    FROM judged j ORDER BY j.ord;
END
$$;
