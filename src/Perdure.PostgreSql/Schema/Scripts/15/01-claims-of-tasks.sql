-- As before; of those that keep losing their workers only a few.
CREATE FUNCTION {schema}.pick_tasks(_queue text, _max integer, _per_key integer, _age bigint, _now bigint, _limit integer, _suspects integer, _activities text[])
RETURNS TABLE(run bigint, op integer, doubt boolean) LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    used integer := CASE WHEN _max > 0 THEN {schema}.slots_of(_queue, NULL) ELSE 0 END;
    taken integer := 0;
    suspects integer := 0;
    enough constant integer := CASE WHEN _per_key > 0 THEN NULL ELSE _limit END;
    keys text[] := '{}';
    counts integer[] := '{}';
    place integer;
    step integer := 2147483647;
    waiting refcursor;
    c record;
BEGIN
    <<levels>>
    WHILE _limit > taken AND (_max = 0 OR used < _max) LOOP
        SELECT t.priority INTO step FROM {schema}.task t WHERE t.owner = 0 AND t.queue = _queue AND t.priority <= step ORDER BY t.priority DESC LIMIT 1;
        EXIT levels WHEN step IS NULL;
        IF _age > 0 THEN
            OPEN waiting FOR
                WITH RECURSIVE steps AS (
                    SELECT step AS priority UNION ALL
                    SELECT (SELECT t.priority FROM {schema}.task t WHERE t.owner = 0 AND t.queue = _queue AND t.priority < s.priority ORDER BY t.priority DESC LIMIT 1)
                    FROM steps s WHERE s.priority IS NOT NULL)
                SELECT w.run, w.op, w.concurrency_key, w.doubt FROM steps s, LATERAL (
                    (SELECT t.run, t.op, t.due_at, t.concurrency_key, false AS doubt FROM {schema}.task t
                    WHERE t.owner = 0 AND t.queue = _queue AND t.priority = s.priority AND t.due_at <= _now AND (t.expires_at IS NULL OR t.expires_at > _now)
                        AND (_activities IS NULL OR t.activity = ANY(_activities)) AND t.crashes < 2
                    ORDER BY t.due_at, t.run, t.op LIMIT enough)
                    UNION ALL
                    (SELECT t.run, t.op, t.due_at, t.concurrency_key, true FROM {schema}.task t
                    WHERE t.owner = 0 AND t.queue = _queue AND t.priority = s.priority AND t.due_at <= _now AND (t.expires_at IS NULL OR t.expires_at > _now)
                        AND (_activities IS NULL OR t.activity = ANY(_activities)) AND t.crashes >= 2
                    ORDER BY t.due_at, t.run, t.op LIMIT CASE WHEN enough IS NULL THEN NULL ELSE _suspects END)) AS w
                ORDER BY s.priority + (_now - w.due_at) / _age DESC, w.due_at, w.run, w.op;
        ELSE
            OPEN waiting FOR
                SELECT t.run, t.op, t.concurrency_key, t.crashes >= 2 AS doubt FROM {schema}.task t
                WHERE t.owner = 0 AND t.queue = _queue AND t.priority = step AND t.due_at <= _now AND (t.expires_at IS NULL OR t.expires_at > _now)
                    AND (_activities IS NULL OR t.activity = ANY(_activities))
                ORDER BY t.due_at, t.run, t.op;
        END IF;
        LOOP
            FETCH waiting INTO c;
            EXIT WHEN NOT FOUND;
            place := NULL;
            CONTINUE WHEN c.doubt AND suspects >= _suspects;
            IF _per_key > 0 AND c.concurrency_key IS NOT NULL THEN
                place := array_position(keys, c.concurrency_key);
                IF place IS NULL THEN
                    keys := keys || c.concurrency_key;
                    counts := counts || {schema}.slots_of(_queue, c.concurrency_key);
                    place := cardinality(keys);
                END IF;
                CONTINUE WHEN counts[place] >= _per_key;
            END IF;
            PERFORM 1 FROM {schema}.task t WHERE t.run = c.run AND t.op = c.op AND t.owner = 0 FOR UPDATE SKIP LOCKED;
            CONTINUE WHEN NOT FOUND;
            IF place IS NOT NULL THEN counts[place] := counts[place] + 1; END IF;
            IF c.doubt THEN suspects := suspects + 1; END IF;
            taken := taken + 1;
            used := used + 1;
            RETURN QUERY SELECT c.run, c.op, c.doubt;
            EXIT levels WHEN taken >= _limit OR (_max > 0 AND used >= _max);
        END LOOP;
        CLOSE waiting;
        EXIT levels WHEN _age > 0 OR step = -2147483648;
        step := step - 1;
    END LOOP;
END
$$;

-- Gives due tasks to a worker, of each queue as many as its rule lets pass, of those that keep losing their workers only a few, and those of any queue that have waited too long.
-- The last row says when the next one is due or expires (NULL when the lane is dead), and the clock. activities: those that the worker has code for; NULL for all.
CREATE FUNCTION {schema}.claim_tasks(
    _worker bigint, _lane integer, _number bigint, _previous bigint, _queues text[], _free integer[], _suspects integer, _activities text[])
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
    doubts integer;
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
            SELECT runs || coalesce(array_agg(p.run), '{}'), ops || coalesce(array_agg(p.op), '{}'), count(*) FILTER (WHERE p.doubt) INTO runs, ops, doubts
            FROM {schema}.queue q, LATERAL {schema}.pick_tasks(q.name, q.max_concurrency, q.max_per_key, q.age_after, now_us, room, _suspects, _activities) AS p WHERE q.name = _queues[i];
            _suspects := _suspects - doubts;
            CONTINUE;
        END IF;
        level := 2147483647;
        WHILE room > 0 LOOP
            SELECT t.priority INTO level FROM {schema}.task t
            WHERE t.owner = 0 AND t.queue = _queues[i] AND t.priority <= level ORDER BY t.priority DESC LIMIT 1;
            EXIT WHEN level IS NULL;
            -- One that has expired in the meantime is never executed.
            SELECT coalesce(array_agg(c.run), '{}') AS runs, coalesce(array_agg(c.op), '{}') AS ops, count(*) FILTER (WHERE c.crashes >= 2) AS doubts INTO batch FROM (
                SELECT t.run, t.op, t.crashes FROM {schema}.task t
                WHERE t.owner = 0 AND t.queue = _queues[i] AND t.priority = level AND t.due_at <= now_us AND (t.expires_at IS NULL OR t.expires_at > now_us)
                    AND (_activities IS NULL OR t.activity = ANY(_activities)) AND (t.crashes < 2 OR _suspects > 0)
                ORDER BY t.due_at, t.run, t.op LIMIT room FOR UPDATE SKIP LOCKED) AS c;
            -- They took the places of others: both kinds are looked up apart.
            IF batch.doubts > _suspects THEN
                SELECT coalesce(array_agg(c.run), '{}') AS runs, coalesce(array_agg(c.op), '{}') AS ops, count(*) FILTER (WHERE c.doubt) AS doubts INTO batch FROM (
                    SELECT c.* FROM (
                        SELECT calm.*, false AS doubt FROM (
                            SELECT t.run, t.op, t.due_at FROM {schema}.task t
                            WHERE t.owner = 0 AND t.queue = _queues[i] AND t.priority = level AND t.due_at <= now_us AND (t.expires_at IS NULL OR t.expires_at > now_us)
                                AND (_activities IS NULL OR t.activity = ANY(_activities)) AND t.crashes < 2
                            ORDER BY t.due_at, t.run, t.op LIMIT room FOR UPDATE SKIP LOCKED) AS calm
                        UNION ALL
                        SELECT lost.*, true FROM (
                            SELECT t.run, t.op, t.due_at FROM {schema}.task t
                            WHERE t.owner = 0 AND t.queue = _queues[i] AND t.priority = level AND t.due_at <= now_us AND (t.expires_at IS NULL OR t.expires_at > now_us)
                                AND (_activities IS NULL OR t.activity = ANY(_activities)) AND t.crashes >= 2
                            ORDER BY t.due_at, t.run, t.op LIMIT _suspects FOR UPDATE SKIP LOCKED) AS lost) AS c
                    ORDER BY c.due_at, c.run, c.op LIMIT room) AS c;
            END IF;
            _suspects := _suspects - batch.doubts;
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
            WHERE t.owner = 0 AND t.queue = _queues[i] AND t.priority = level AND (_activities IS NULL OR t.activity = ANY(_activities)) AND (t.crashes < 2 OR _suspects > 0)
            ORDER BY t.due_at LIMIT 1;
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
