-- Puts messages into inboxes. The counter rises in the same transaction, under the lock of the run's row, so that positions are commit order. op: whose task's result it
-- is, if it is one. verdict: 0 accepted, 1 duplicate, 2 closed, 3 not found.
CREATE FUNCTION {schema}.post_messages(
    _key bigint[], _run_id text[], _id text[], _kind integer[], _name text[], _payload bytea[], _op integer[])
RETURNS TABLE(ord integer, verdict integer, key bigint, status smallint, phase smallint) LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    now_us constant bigint := {schema}.clock();
    runs bigint[];
BEGIN
    SELECT array_agg(CASE WHEN a.key <> 0 THEN a.key ELSE (SELECT r.key FROM {schema}.run r WHERE r.id = a.run_id) END ORDER BY a.ord) INTO runs
    FROM unnest(_key, _run_id) WITH ORDINALITY AS a(key, run_id, ord);
    PERFORM 1 FROM {schema}.run r WHERE r.key = ANY(runs) ORDER BY r.key FOR UPDATE;
    -- A signal that an ended run never read was accepted all the same. A blocked or paused run keeps sleeping, unless an operator wakes it.
    RETURN QUERY
    WITH judged AS (
        SELECT a.ord::integer AS ord, a.run, a.id, a.kind, a.name, a.payload, a.op, r.key, r.status, r.phase, r.inbox,
            EXISTS (SELECT 1 FROM {schema}.message m WHERE m.run = a.run AND m.id = a.id)
                OR row_number() OVER (PARTITION BY a.run, a.id ORDER BY a.ord) > 1 AS known
        FROM unnest(runs, _id, _kind, _name, _payload, _op) WITH ORDINALITY AS a(run, id, kind, name, payload, op, ord)
        LEFT JOIN LATERAL (SELECT r.key, r.status, r.phase, r.inbox FROM {schema}.run r WHERE r.key = a.run) AS r ON true),
    accepted AS (
        SELECT j.*, j.inbox + row_number() OVER (PARTITION BY j.run ORDER BY j.ord) AS pos FROM judged j WHERE j.key IS NOT NULL AND j.status < 10 AND NOT j.known),
    counted AS (
        UPDATE {schema}.run r SET inbox = r.inbox + m.count, updated_at = now_us,
            due_at = CASE WHEN r.status IN (3, 4) AND NOT m.wakes THEN r.due_at ELSE least(r.due_at, now_us) END
        FROM (SELECT a.run, count(*) AS count, bool_or(a.kind IN (3, 4, 5)) AS wakes FROM accepted a GROUP BY a.run) AS m WHERE r.key = m.run),
    stored AS (
        INSERT INTO {schema}.message(run, pos, at, kind, op, id, name, payload) SELECT a.run, a.pos, now_us, a.kind, a.op, a.id, a.name, a.payload FROM accepted a)
    SELECT j.ord, CASE WHEN j.key IS NULL THEN 3 WHEN j.status >= 10 THEN CASE WHEN j.known AND j.kind = 1 THEN 1 ELSE 2 END WHEN j.known THEN 1 ELSE 0 END,
        j.key, j.status, j.phase
    FROM judged j ORDER BY j.ord;
END
$$;

-- Reopens a closed run by an operator's message; answers what it was before.
CREATE FUNCTION {schema}.reopen_run(_key bigint, _run_id text, _id text, _kind integer, _name text, _payload bytea, _seen_events integer)
RETURNS TABLE(verdict integer, key bigint, status smallint, phase smallint) LANGUAGE plpgsql VOLATILE AS
$$
#variable_conflict use_column
DECLARE
    now_us constant bigint := {schema}.clock();
    before record;
    answer integer;
BEGIN
    SELECT r.key, r.status, r.phase, r.events INTO before FROM {schema}.run r
    WHERE r.key = CASE WHEN _key <> 0 THEN _key ELSE (SELECT i.key FROM {schema}.run i WHERE i.id = _run_id) END FOR UPDATE;
    answer := CASE
        WHEN before.key IS NULL THEN 3
        -- A live run has been reopened already; its history knows the message even when the inbox does not hold it any more.
        WHEN before.status < 10 THEN 1
        WHEN before.status = 10 THEN 2
        -- A late copy of an order that was carried out before the run closed again.
        WHEN EXISTS (SELECT 1 FROM {schema}.message m WHERE m.run = before.key AND m.id = _id) OR (_seen_events <> 0 AND _seen_events <> before.events) THEN 1
        ELSE 0 END;
    IF answer = 0 THEN
        UPDATE {schema}.run r SET inbox = r.inbox + 1, status = 0, phase = 0, due_at = now_us, closed_at = 9223372036854775807, result = '', failure = '', crashes = 0,
            updated_at = now_us WHERE r.key = before.key;
        -- What its end had let go on, and orders that came too late for it, belong to the life that is over.
        DELETE FROM {schema}.message m WHERE m.run = before.key AND m.kind IN (3, 4);
        DELETE FROM {schema}.task t WHERE t.run = before.key;
        INSERT INTO {schema}.message(run, pos, at, kind, id, name, payload)
        SELECT r.key, r.inbox, now_us, _kind, _id, _name, _payload FROM {schema}.run r WHERE r.key = before.key;
    END IF;
    RETURN QUERY SELECT answer, before.key, before.status, before.phase;
END
$$;
