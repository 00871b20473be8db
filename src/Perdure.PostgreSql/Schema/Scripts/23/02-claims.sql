-- As before; the code that a run needs is of its build, if it is pinned to one.
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
    codes bigint[];
    mixed boolean;
    shelf bigint;
    shelves bigint[] := '{}';
    reach integer;
    tries integer := 0;
    strangers bigint[];
    foreigners bigint[];
BEGIN
    UPDATE {schema}.lane SET last_group = _number WHERE worker = _worker AND no = _lane AND alive AND last_group = _previous AND barrier < _number;
    IF NOT FOUND THEN
        RETURN QUERY SELECT NULL::bigint, now_us;
        RETURN;
    END IF;

    -- Nobody took them in time, whatever their queue: they are taken only to be ended, and stay pending so that whoever takes them next knows.
    SELECT r.start_deadline INTO soonest FROM {schema}.run r
    WHERE r.owner <= 0 AND r.status = 0 AND r.start_deadline IS NOT NULL ORDER BY r.start_deadline LIMIT 1;
    IF soonest <= now_us THEN
        WITH late AS MATERIALIZED (
            SELECT r.key FROM {schema}.run r WHERE r.owner <= 0 AND r.status = 0 AND r.start_deadline IS NOT NULL AND r.start_deadline <= now_us
            ORDER BY r.start_deadline, r.key LIMIT least(_limit, 100) FOR UPDATE SKIP LOCKED)
        UPDATE {schema}.run r SET owner = _worker, term = r.term + 1, claim = _number, slot = false, updated_at = now_us,
            events = coalesce((SELECT e.seq + e.count FROM {schema}.event e WHERE e.run = r.key ORDER BY e.seq DESC LIMIT 1), 0) FROM late WHERE r.key = late.key;
        GET DIAGNOSTICS expired = ROW_COUNT;
        _limit := _limit - expired;
    END IF;

    -- Workers of one build are the rule: then nobody meets what is another's, and whatever was put aside before is theirs.
    SELECT w.codes, w.codes IS NOT NULL AND EXISTS (SELECT 1 FROM {schema}.worker o WHERE o.alive AND o.codes IS DISTINCT FROM w.codes),
        (SELECT r.owner FROM {schema}.run r WHERE r.owner < 0 AND r.status < 10 AND r.due_at < 9223372036854775807 ORDER BY r.owner DESC LIMIT 1)
    INTO codes, mixed, shelf FROM {schema}.worker w WHERE w.key = _worker;
    IF shelf IS NOT NULL THEN shelves := {schema}.open_shelves(_worker, codes, mixed); END IF;
    -- While builds differ, most of what is met may be others'.
    reach := CASE WHEN mixed AND _limit > 0 THEN greatest(_limit, 50) ELSE _limit END;

    <<looking>>
    LOOP
        keys := '{}';
        levels := '{}';
        dues := '{}';
        doubts := '{}';
        ruled := '{}';
        paused := '{}';
        limited := '{}';
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
            FROM {schema}.pick_runs(rule.name, rule.max_concurrency, rule.max_per_key, rule.age_after, now_us, reach, _suspects, shelves) AS p;
        END LOOP;

        -- The index is ordered by queue, priority, due. Runs of one priority are a range of it; priorities are found by leaping.
        FOR name IN SELECT DISTINCT q FROM unnest(_queues) AS q WHERE NOT q = ANY(ruled) LOOP
            room := reach;
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

        -- The same where runs were put aside.
        FOR name, shelf IN SELECT DISTINCT q, s FROM unnest(_queues) AS q, unnest(shelves) AS s WHERE NOT q = ANY(ruled) LOOP
            room := reach;
            level := 2147483647;
            LOOP
                SELECT r.priority INTO level FROM {schema}.run r
                WHERE r.owner < 0 AND r.owner = shelf AND r.status < 10 AND r.due_at < 9223372036854775807 AND r.queue = name AND r.priority <= level ORDER BY r.priority DESC LIMIT 1;
                EXIT WHEN level IS NULL OR room <= 0;
                FOR batch IN
                    SELECT array_agg(c.key) AS keys, array_agg(c.due_at) AS dues, false AS doubt FROM (
                        SELECT r.key, r.due_at FROM {schema}.run r
                        WHERE r.owner < 0 AND r.owner = shelf AND r.status < 10 AND r.due_at < 9223372036854775807 AND r.queue = name AND r.priority = level AND r.due_at <= now_us AND r.crashes < 2
                            AND (r.start_deadline IS NULL OR r.start_deadline > now_us OR r.status <> 0)
                        ORDER BY r.due_at, r.key LIMIT room FOR UPDATE SKIP LOCKED) AS c
                    UNION ALL
                    SELECT array_agg(c.key), array_agg(c.due_at), true FROM (
                        SELECT r.key, r.due_at FROM {schema}.run r
                        WHERE r.owner < 0 AND r.owner = shelf AND r.status < 10 AND r.due_at < 9223372036854775807 AND r.queue = name AND r.priority = level AND r.due_at <= now_us AND r.crashes >= 2
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

        EXIT looking WHEN NOT mixed OR _limit <= 0 OR cardinality(keys) = 0;
        -- Whose code this worker has is the rule, and needs no look at the others.
        SELECT array_agg(c.code) INTO strangers FROM (
            SELECT {schema}.code_of(w.workflow, w.version, w.build) AS code
            FROM (SELECT DISTINCT r.workflow, r.version, r.build FROM {schema}.run r WHERE r.key = ANY(keys) AND r.owner = 0) AS w) AS c
        WHERE NOT c.code = ANY(codes) AND NOT {schema}.may_take(_worker, codes, c.code);
        EXIT looking WHEN strangers IS NULL;
        -- Whoever else lacks the code of a run does not meet it again.
        WITH met AS MATERIALIZED (SELECT r.key, {schema}.code_of(r.workflow, r.version, r.build) AS code FROM {schema}.run r WHERE r.key = ANY(keys) AND r.owner = 0),
        gone AS (UPDATE {schema}.run r SET owner = -m.code FROM met m WHERE r.key = m.key AND m.code = ANY(strangers) RETURNING r.key)
        SELECT array_agg(g.key) INTO foreigners FROM gone g;
        EXIT looking WHEN foreigners IS NULL;
        tries := tries + 1;
        IF tries = 10 THEN
            SELECT coalesce(array_agg(c.key), '{}'), coalesce(array_agg(c.level), '{}'), coalesce(array_agg(c.due), '{}'), coalesce(array_agg(c.doubt), '{}')
            INTO keys, levels, dues, doubts FROM unnest(keys, levels, dues, doubts) AS c(key, level, due, doubt) WHERE NOT c.key = ANY(foreigners);
            EXIT looking;
        END IF;
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
    -- Read behind the others: what somebody put aside just now is seen here at the latest.
    SELECT r.owner INTO shelf FROM {schema}.run r WHERE r.owner < 0 AND r.status < 10 AND r.due_at < 9223372036854775807 ORDER BY r.owner DESC LIMIT 1;
    IF shelf IS NOT NULL THEN
        FOR name, shelf IN SELECT DISTINCT q, s FROM unnest(_queues) AS q, unnest({schema}.open_shelves(_worker, codes, mixed)) AS s WHERE NOT q = ANY(paused) LOOP
            level := 2147483647;
            LOOP
                SELECT r.priority INTO level FROM {schema}.run r
                WHERE r.owner < 0 AND r.owner = shelf AND r.status < 10 AND r.due_at < 9223372036854775807 AND r.queue = name AND r.priority <= level ORDER BY r.priority DESC LIMIT 1;
                EXIT WHEN level IS NULL;
                SELECT r.due_at INTO earliest FROM {schema}.run r
                WHERE r.owner < 0 AND r.owner = shelf AND r.status < 10 AND r.due_at < 9223372036854775807 AND r.queue = name AND r.priority = level AND r.crashes < crashes_below
                ORDER BY r.due_at LIMIT 1;
                IF earliest <= now_us AND cardinality(chosen) < _limit AND name = ANY(limited) THEN earliest := now_us + 1000000; END IF;
                next := least(next, earliest);
                EXIT WHEN level = -2147483648;
                level := level - 1;
            END LOOP;
        END LOOP;
    END IF;
    -- What is due and was not taken although there was room is locked by somebody just now: look again soon, not at once.
    IF cardinality(chosen) = 0 AND _limit > 0 AND next <= now_us THEN next := now_us + 10000; END IF;
    IF soonest IS NOT NULL THEN
        SELECT r.start_deadline INTO soonest FROM {schema}.run r
        WHERE r.owner <= 0 AND r.status = 0 AND r.start_deadline IS NOT NULL ORDER BY r.start_deadline LIMIT 1;
        next := least(next, CASE WHEN soonest <= now_us AND expired = 0 AND _limit > 0 THEN now_us + 10000 ELSE soonest END);
    END IF;
    RETURN QUERY SELECT next, now_us;
END
$$;
