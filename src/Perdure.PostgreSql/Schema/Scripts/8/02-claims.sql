-- Gives due runs to a worker: highest priority first, then earliest due, then oldest key, over all queues, and by age where a queue says so; of those that keep losing their
-- workers only a few, and of each queue as many as its rule lets pass. Answers when the next one is due (NULL when the lane is dead), and the clock. The claimed runs are those of
-- this owner and claim.
CREATE OR REPLACE FUNCTION {schema}.claim_runs(_worker bigint, _lane integer, _number bigint, _previous bigint, _queues text[], _limit integer, _suspects integer)
RETURNS TABLE(next_due bigint, now_us bigint) LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_sort = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    now_us constant bigint := {schema}.clock();
    name text;
    level integer;
    batch record;
    keys bigint[] := '{}';
    levels bigint[] := '{}';
    dues bigint[] := '{}';
    doubts boolean[] := '{}';
    room integer;
    chosen bigint[] := '{}';
    crashes_below integer;
    next bigint := 9223372036854775807;
    earliest bigint;
    soonest bigint;
    rule record;
    ruled text[] := '{}';
    paused text[] := '{}';
    limited text[] := '{}';
    expired integer := 0;
BEGIN
    UPDATE {schema}.lane SET last_group = _number WHERE worker = _worker AND no = _lane AND alive AND last_group = _previous AND barrier < _number;
    IF NOT FOUND THEN
        RETURN QUERY SELECT NULL::bigint, now_us;
        RETURN;
    END IF;

    -- Nobody took them in time, whatever their queue: they are taken only to be ended, and stay pending so that whoever takes them next knows.
    SELECT r.start_deadline INTO soonest FROM {schema}.run r
    WHERE r.owner = 0 AND r.status = 0 AND r.start_deadline IS NOT NULL ORDER BY r.start_deadline LIMIT 1;
    IF soonest <= now_us THEN
        WITH late AS MATERIALIZED (
            SELECT r.key FROM {schema}.run r WHERE r.owner = 0 AND r.status = 0 AND r.start_deadline IS NOT NULL AND r.start_deadline <= now_us
            ORDER BY r.start_deadline, r.key LIMIT least(_limit, 100) FOR UPDATE SKIP LOCKED)
        UPDATE {schema}.run r SET owner = _worker, term = r.term + 1, claim = _number, slot = false, updated_at = now_us,
            events = coalesce((SELECT e.seq + e.count FROM {schema}.event e WHERE e.run = r.key ORDER BY e.seq DESC LIMIT 1), 0) FROM late WHERE r.key = late.key;
        GET DIAGNOSTICS expired = ROW_COUNT;
        _limit := _limit - expired;
    END IF;

    -- Few queues have a rule, most databases none. Claims from those that do follow one another: what the one takes, the next one counts.
    FOR rule IN SELECT q.* FROM {schema}.queue q WHERE q.name = ANY(_queues) ORDER BY q.name FOR UPDATE LOOP
        ruled := ruled || rule.name;
        IF rule.paused THEN
            paused := paused || rule.name;
            CONTINUE;
        END IF;
        IF rule.max_concurrency > 0 OR rule.max_per_key > 0 THEN limited := limited || rule.name; END IF;
        SELECT keys || coalesce(array_agg(p.key), '{}'), levels || coalesce(array_agg(p.level), '{}'), dues || coalesce(array_agg(p.due_at), '{}'),
            doubts || coalesce(array_agg(p.doubt), '{}') INTO keys, levels, dues, doubts
        FROM {schema}.pick_runs(rule.name, rule.max_concurrency, rule.max_per_key, rule.age_after, now_us, _limit, _suspects) AS p;
    END LOOP;

    -- The index is ordered by queue, priority, due. Runs of one priority are a range of it; priorities are found by leaping.
    FOR name IN SELECT DISTINCT q FROM unnest(_queues) AS q WHERE NOT q = ANY(ruled) LOOP
        room := _limit;
        level := 2147483647;
        LOOP
            SELECT r.priority INTO level FROM {schema}.run r
            WHERE r.owner = 0 AND r.status < 10 AND r.due_at < 9223372036854775807 AND r.queue = name AND r.priority <= level ORDER BY r.priority DESC LIMIT 1;
            EXIT WHEN level IS NULL OR room <= 0;
            FOR batch IN
                SELECT array_agg(c.key) AS keys, array_agg(c.due_at) AS dues, false AS doubt FROM (
                    SELECT r.key, r.due_at FROM {schema}.run r
                    WHERE r.owner = 0 AND r.status < 10 AND r.due_at < 9223372036854775807 AND r.queue = name AND r.priority = level AND r.due_at <= now_us AND r.crashes < 2
                        AND (r.start_deadline IS NULL OR r.start_deadline > now_us OR r.status <> 0)
                    ORDER BY r.due_at, r.key LIMIT room FOR UPDATE SKIP LOCKED) AS c
                UNION ALL
                SELECT array_agg(c.key), array_agg(c.due_at), true FROM (
                    SELECT r.key, r.due_at FROM {schema}.run r
                    WHERE r.owner = 0 AND r.status < 10 AND r.due_at < 9223372036854775807 AND r.queue = name AND r.priority = level AND r.due_at <= now_us AND r.crashes >= 2
                        AND (r.start_deadline IS NULL OR r.start_deadline > now_us OR r.status <> 0)
                    ORDER BY r.due_at, r.key LIMIT least(room, _suspects) FOR UPDATE SKIP LOCKED) AS c
            LOOP
                CONTINUE WHEN batch.keys IS NULL;
                keys := keys || batch.keys;
                dues := dues || batch.dues;
                levels := levels || array_fill(level::bigint, ARRAY[cardinality(batch.keys)]);
                doubts := doubts || array_fill(batch.doubt, ARRAY[cardinality(batch.keys)]);
                IF NOT batch.doubt THEN room := room - cardinality(batch.keys); END IF;
            END LOOP;
            EXIT WHEN level = -2147483648;
            level := level - 1;
        END LOOP;
    END LOOP;

    IF cardinality(keys) > 0 THEN
        SELECT array_agg(c.key) INTO chosen FROM (
            SELECT c.key FROM (
                SELECT c.*, row_number() OVER (PARTITION BY c.doubt ORDER BY c.level DESC, c.due, c.key) AS place
                FROM unnest(keys, levels, dues, doubts) AS c(key, level, due, doubt)) AS c
            WHERE NOT c.doubt OR c.place <= _suspects ORDER BY c.level DESC, c.due, c.key LIMIT _limit) AS c;
        UPDATE {schema}.run r SET owner = _worker, term = r.term + 1, claim = _number, status = CASE WHEN r.status = 4 THEN 4 ELSE 1 END, slot = r.queue = ANY(limited), updated_at = now_us,
            events = coalesce((SELECT e.seq + e.count FROM {schema}.event e WHERE e.run = r.key ORDER BY e.seq DESC LIMIT 1), 0)
        WHERE r.key = ANY(chosen);
    END IF;

    SELECT CASE WHEN count(*) < _suspects THEN 2147483647 ELSE 2 END INTO crashes_below FROM unnest(keys, doubts) AS c(key, doubt) WHERE c.doubt AND c.key = ANY(chosen);
    FOR name IN SELECT DISTINCT q FROM unnest(_queues) AS q WHERE NOT q = ANY(paused) LOOP
        level := 2147483647;
        LOOP
            SELECT r.priority INTO level FROM {schema}.run r
            WHERE r.owner = 0 AND r.status < 10 AND r.due_at < 9223372036854775807 AND r.queue = name AND r.priority <= level ORDER BY r.priority DESC LIMIT 1;
            EXIT WHEN level IS NULL;
            SELECT r.due_at INTO earliest FROM {schema}.run r
            WHERE r.owner = 0 AND r.status < 10 AND r.due_at < 9223372036854775807 AND r.queue = name AND r.priority = level AND r.crashes < crashes_below
            ORDER BY r.due_at LIMIT 1;
            -- Had there been room for it in the claim, it would have been taken but for a limit.
            IF earliest <= now_us AND cardinality(chosen) < _limit AND name = ANY(limited) THEN earliest := now_us + 1000000; END IF;
            next := least(next, earliest);
            EXIT WHEN level = -2147483648;
            level := level - 1;
        END LOOP;
    END LOOP;
    -- What is due and was not taken although there was room is locked by somebody just now: look again soon, not at once.
    IF cardinality(chosen) = 0 AND _limit > 0 AND next <= now_us THEN next := now_us + 10000; END IF;
    IF soonest IS NOT NULL THEN
        SELECT r.start_deadline INTO soonest FROM {schema}.run r
        WHERE r.owner = 0 AND r.status = 0 AND r.start_deadline IS NOT NULL ORDER BY r.start_deadline LIMIT 1;
        next := least(next, CASE WHEN soonest <= now_us AND expired = 0 AND _limit > 0 THEN now_us + 10000 ELSE soonest END);
    END IF;
    RETURN QUERY SELECT next, now_us;
END
$$;

-- Gives due tasks to a worker, of each queue as many as its rule lets pass, and those of any queue that have waited too long. The last row says when the next one is due or
-- expires (NULL when the lane is dead), and the clock. activities: those that the worker has code for; NULL for all.
DROP FUNCTION {schema}.claim_tasks(bigint, integer, bigint, bigint, text[], integer[], text[]);
CREATE FUNCTION {schema}.claim_tasks(
    _worker bigint, _lane integer, _number bigint, _previous bigint, _queues text[], _free integer[], _activities text[])
RETURNS TABLE(run bigint, op integer, token bigint, run_id text, number bigint, activity text, queue text, close_deadline bigint, crashes integer, options bytea,
    details bytea, input bytea, expired boolean, next_due bigint, now_us bigint, slot boolean) LANGUAGE plpgsql VOLATILE
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
    rule record;
    ruled text[] := '{}';
    paused text[] := '{}';
    limited text[] := '{}';
BEGIN
    UPDATE {schema}.lane SET last_group = _number WHERE worker = _worker AND no = _lane AND alive AND last_group = _previous AND barrier < _number;
    IF NOT FOUND THEN
        RETURN QUERY SELECT NULL::bigint, NULL::integer, NULL::bigint, NULL::text, NULL::bigint, NULL::text, NULL::text, NULL::bigint, NULL::integer, NULL::bytea,
            NULL::bytea, NULL::bytea, NULL::boolean, NULL::bigint, now_us, NULL::boolean;
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

    -- Claims from queues with a rule follow one another: what the one takes, the next one counts.
    FOR rule IN SELECT q.* FROM {schema}.queue q WHERE q.name = ANY(_queues) ORDER BY q.name FOR UPDATE LOOP
        ruled := ruled || rule.name;
        IF rule.paused THEN
            paused := paused || rule.name;
        ELSIF rule.max_concurrency > 0 OR rule.max_per_key > 0 THEN
            limited := limited || rule.name;
        END IF;
    END LOOP;

    FOR i IN 1 .. cardinality(_queues) LOOP
        room := _free[i];
        IF _queues[i] = ANY(ruled) THEN
            CONTINUE WHEN _queues[i] = ANY(paused);
            SELECT runs || coalesce(array_agg(p.run), '{}'), ops || coalesce(array_agg(p.op), '{}') INTO runs, ops
            FROM {schema}.queue q, LATERAL {schema}.pick_tasks(q.name, q.max_concurrency, q.max_per_key, q.age_after, now_us, room, _activities) AS p WHERE q.name = _queues[i];
            CONTINUE;
        END IF;
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
            UPDATE {schema}.task AS t SET owner = _worker, token = t.token + 1, claim = _number, expired = c.ord <= overdue, slot = c.ord > overdue AND t.queue = ANY(limited)
            FROM unnest(runs, ops) WITH ORDINALITY AS c(run, op, ord) WHERE t.run = c.run AND t.op = c.op
            RETURNING c.ord, t.run, t.op, t.token, t.used + t.token AS number, t.activity, t.queue, t.close_deadline, t.crashes, t.options, t.details, t.input, t.expired, t.slot)
        SELECT t.run, t.op, t.token, (SELECT r.id FROM {schema}.run r WHERE r.key = t.run), t.number, t.activity, t.queue, t.close_deadline, t.crashes, t.options,
            t.details, t.input, t.expired, NULL::bigint, NULL::bigint, t.slot
        FROM taken t ORDER BY t.ord;
    END IF;

    FOR i IN 1 .. cardinality(_queues) LOOP
        SELECT t.expires_at INTO earliest FROM {schema}.task t WHERE t.owner = 0 AND t.expires_at IS NOT NULL AND t.queue = _queues[i]
        ORDER BY t.expires_at LIMIT 1;
        next := least(next, earliest);
        -- What expires is ended without a slot; what is due waits for one.
        CONTINUE WHEN _queues[i] = ANY(paused);
        CONTINUE WHEN _free[i] <= (SELECT count(*) FROM {schema}.task t WHERE t.owner = _worker AND t.claim = _number AND t.queue = _queues[i] AND NOT t.expired);
        level := 2147483647;
        LOOP
            SELECT t.priority INTO level FROM {schema}.task t
            WHERE t.owner = 0 AND t.queue = _queues[i] AND t.priority <= level ORDER BY t.priority DESC LIMIT 1;
            EXIT WHEN level IS NULL;
            SELECT t.due_at INTO earliest FROM {schema}.task t
            WHERE t.owner = 0 AND t.queue = _queues[i] AND t.priority = level AND (_activities IS NULL OR t.activity = ANY(_activities)) ORDER BY t.due_at LIMIT 1;
            -- There was a free slot for it in the worker: a limit holds it back.
            IF earliest <= now_us AND _queues[i] = ANY(limited) THEN earliest := now_us + 1000000; END IF;
            next := least(next, earliest);
            EXIT WHEN level = -2147483648;
            level := level - 1;
        END LOOP;
    END LOOP;
    IF cardinality(runs) = 0 AND next <= now_us THEN next := now_us + 10000; END IF;
    RETURN QUERY SELECT NULL::bigint, NULL::integer, NULL::bigint, NULL::text, NULL::bigint, NULL::text, NULL::text, NULL::bigint, NULL::integer, NULL::bytea,
        NULL::bytea, NULL::bytea, NULL::boolean, next, now_us, NULL::boolean;
END
$$;
