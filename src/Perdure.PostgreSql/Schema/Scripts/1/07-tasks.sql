-- Gives due tasks to a worker, and those of any queue that have waited too long. The last row says when the next one is due or
-- expires (NULL when the lane is dead), and the clock. activities: those that the worker has code for; NULL for all.
CREATE FUNCTION {schema}.claim_tasks(
    _worker bigint, _lane integer, _number bigint, _previous bigint, _queues text[], _free integer[], _activities text[])
RETURNS TABLE(run bigint, op integer, token bigint, run_id text, number bigint, activity text, queue text, close_deadline bigint, crashes integer, options bytea,
    details bytea, input bytea, expired boolean, next_due bigint, now_us bigint) LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_sort = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    now_us constant bigint := {schema}.clock();
    name text := '';
    level integer;
    room integer;
    runs bigint[] := '{}';
    ops integer[] := '{}';
    overdue integer := 0;
    batch record;
    next bigint := 9223372036854775807;
    earliest bigint;
    i integer;
BEGIN
    UPDATE {schema}.lane SET last_group = _number WHERE worker = _worker AND no = _lane AND alive AND last_group = _previous AND barrier < _number;
    IF NOT FOUND THEN
        RETURN QUERY SELECT NULL::bigint, NULL::integer, NULL::bigint, NULL::text, NULL::bigint, NULL::text, NULL::text, NULL::bigint, NULL::integer, NULL::bytea,
            NULL::bytea, NULL::bytea, NULL::boolean, NULL::bigint, now_us;
        RETURN;
    END IF;

    WITH RECURSIVE queues AS (
        (SELECT t.queue FROM {schema}.task t WHERE t.owner = 0 AND t.expires_at IS NOT NULL ORDER BY t.queue LIMIT 1)
        UNION ALL
        SELECT (SELECT t.queue FROM {schema}.task t WHERE t.owner = 0 AND t.expires_at IS NOT NULL AND t.queue > q.queue ORDER BY t.queue LIMIT 1)
        FROM queues q WHERE q.queue IS NOT NULL)
    SELECT coalesce(array_agg(late.run), '{}'), coalesce(array_agg(late.op), '{}') INTO runs, ops FROM (
        SELECT late.run, late.op FROM queues q, LATERAL (
            SELECT t.run, t.op, t.expires_at FROM {schema}.task t WHERE t.owner = 0 AND t.expires_at IS NOT NULL AND t.queue = q.queue AND t.expires_at <= now_us
            ORDER BY t.expires_at, t.run, t.op LIMIT 100 FOR UPDATE SKIP LOCKED) AS late
        ORDER BY late.expires_at, late.run, late.op LIMIT 100) AS late;
    overdue := cardinality(runs);

    FOR i IN 1 .. cardinality(_queues) LOOP
        room := _free[i];
        level := 2147483647;
        WHILE room > 0 LOOP
            SELECT t.priority INTO level FROM {schema}.task t
            WHERE t.owner = 0 AND t.queue = _queues[i] AND t.priority <= level ORDER BY t.priority DESC LIMIT 1;
            EXIT WHEN level IS NULL;
            -- One that has expired in the meantime is never executed.
            SELECT coalesce(array_agg(c.run), '{}') AS runs, coalesce(array_agg(c.op), '{}') AS ops INTO batch FROM (
                SELECT t.run, t.op FROM {schema}.task t
                WHERE t.owner = 0 AND t.queue = _queues[i] AND t.priority = level AND t.due_at <= now_us AND (t.expires_at IS NULL OR t.expires_at > now_us)
                    AND (_activities IS NULL OR t.activity = ANY(_activities))
                ORDER BY t.due_at, t.run, t.op LIMIT room FOR UPDATE SKIP LOCKED) AS c;
            runs := runs || batch.runs;
            ops := ops || batch.ops;
            room := room - cardinality(batch.runs);
            EXIT WHEN level = -2147483648;
            level := level - 1;
        END LOOP;
    END LOOP;

    IF cardinality(runs) > 0 THEN
        RETURN QUERY
        WITH taken AS (
            UPDATE {schema}.task AS t SET owner = _worker, token = t.token + 1, claim = _number, expired = c.ord <= overdue
            FROM unnest(runs, ops) WITH ORDINALITY AS c(run, op, ord) WHERE t.run = c.run AND t.op = c.op
            RETURNING c.ord, t.run, t.op, t.token, t.used + t.token AS number, t.activity, t.queue, t.close_deadline, t.crashes, t.options, t.details, t.input, t.expired)
        SELECT t.run, t.op, t.token, (SELECT r.id FROM {schema}.run r WHERE r.key = t.run), t.number, t.activity, t.queue, t.close_deadline, t.crashes, t.options,
            t.details, t.input, t.expired, NULL::bigint, NULL::bigint
        FROM taken t ORDER BY t.ord;
    END IF;

    FOR i IN 1 .. cardinality(_queues) LOOP
        SELECT t.expires_at INTO earliest FROM {schema}.task t WHERE t.owner = 0 AND t.expires_at IS NOT NULL AND t.queue = _queues[i]
        ORDER BY t.expires_at LIMIT 1;
        next := least(next, earliest);
        -- What expires is ended without a slot; what is due waits for one.
        CONTINUE WHEN _free[i] <= (SELECT count(*) FROM {schema}.task t WHERE t.owner = _worker AND t.claim = _number AND t.queue = _queues[i] AND NOT t.expired);
        level := 2147483647;
        LOOP
            SELECT t.priority INTO level FROM {schema}.task t
            WHERE t.owner = 0 AND t.queue = _queues[i] AND t.priority <= level ORDER BY t.priority DESC LIMIT 1;
            EXIT WHEN level IS NULL;
            SELECT t.due_at INTO earliest FROM {schema}.task t
            WHERE t.owner = 0 AND t.queue = _queues[i] AND t.priority = level AND (_activities IS NULL OR t.activity = ANY(_activities)) ORDER BY t.due_at LIMIT 1;
            next := least(next, earliest);
            EXIT WHEN level = -2147483648;
            level := level - 1;
        END LOOP;
    END LOOP;
    IF cardinality(runs) = 0 AND next <= now_us THEN next := now_us + 10000; END IF;
    RETURN QUERY SELECT NULL::bigint, NULL::integer, NULL::bigint, NULL::text, NULL::bigint, NULL::text, NULL::text, NULL::bigint, NULL::integer, NULL::bytea,
        NULL::bytea, NULL::bytea, NULL::boolean, next, now_us;
END
$$;

-- Ends attempts: each task is removed and its result posted to its run, unless its token is no longer the current one. Answers the accepted ones; 0 says that the lane lives.
CREATE FUNCTION {schema}.complete_tasks(
    _worker bigint, _lane integer, _number bigint, _previous bigint, _run bigint[], _op integer[], _token bigint[],
    _id text[], _kind integer[], _name text[], _payload bytea[])
RETURNS TABLE(ord integer) LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    done integer[];
BEGIN
    UPDATE {schema}.lane SET last_group = _number WHERE worker = _worker AND no = _lane AND alive AND last_group = _previous AND barrier < _number;
    IF NOT FOUND THEN RETURN; END IF;
    PERFORM 1 FROM {schema}.run r WHERE r.key = ANY(_run) ORDER BY r.key FOR UPDATE;
    WITH gone AS (
        DELETE FROM {schema}.task t
        USING (SELECT DISTINCT ON (c.run, c.op, c.token) c.* FROM unnest(_run, _op, _token) WITH ORDINALITY AS c(run, op, token, ord) ORDER BY c.run, c.op, c.token, c.ord) AS c
        WHERE t.run = c.run AND t.op = c.op AND t.owner = _worker AND t.token = c.token RETURNING c.ord::integer)
    SELECT coalesce(array_agg(gone.ord ORDER BY gone.ord), '{}') INTO done FROM gone;
    IF cardinality(done) > 0 THEN
        PERFORM {schema}.post_messages(array_agg(_run[d]), array_agg(NULL::text), array_agg(_id[d]), array_agg(_kind[d]), array_agg(_name[d]), array_agg(_payload[d]), array_agg(_op[d]))
        FROM unnest(done) AS d;
    END IF;
    RETURN QUERY SELECT 0 UNION ALL SELECT unnest(done);
END
$$;

-- Stores heartbeat details, and answers which attempts shall stop: cancelled, or not the worker's any more.
CREATE FUNCTION {schema}.beat_tasks(_worker bigint, _run bigint[], _op integer[], _token bigint[], _details bytea[])
RETURNS TABLE(ord integer) LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
BEGIN
    UPDATE {schema}.task t SET details = b.details FROM unnest(_run, _op, _token, _details) AS b(run, op, token, details)
    WHERE length(b.details) > 0 AND t.run = b.run AND t.op = b.op AND t.owner = _worker AND t.token = b.token;
    RETURN QUERY SELECT b.ord::integer FROM unnest(_run, _op, _token) WITH ORDINALITY AS b(run, op, token, ord)
        WHERE NOT EXISTS (SELECT 1 FROM {schema}.task t WHERE t.run = b.run AND t.op = b.op AND t.owner = _worker AND t.token = b.token AND NOT t.cancelled)
        ORDER BY b.ord;
END
$$;
