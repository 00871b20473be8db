-- Gives due runs to a worker: highest priority first, then earliest due, then oldest key, over all queues; of those that keep losing their workers only a few. Answers when
-- the next one is due (NULL when the lane is dead), and the clock. The claimed runs are those of this owner and claim.
CREATE FUNCTION {schema}.claim_runs(_worker bigint, _lane integer, _number bigint, _previous bigint, _queues text[], _limit integer, _suspects integer)
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
    levels integer[] := '{}';
    dues bigint[] := '{}';
    doubts boolean[] := '{}';
    room integer;
    chosen bigint[] := '{}';
    crashes_below integer;
    next bigint := 9223372036854775807;
    earliest bigint;
BEGIN
    UPDATE {schema}.lane SET last_group = _number WHERE worker = _worker AND no = _lane AND alive AND last_group = _previous AND barrier < _number;
    IF NOT FOUND THEN
        RETURN QUERY SELECT NULL::bigint, now_us;
        RETURN;
    END IF;

    -- The index is ordered by queue, priority, due. Runs of one priority are a range of it; priorities are found by leaping.
    FOR name IN SELECT DISTINCT q FROM unnest(_queues) AS q LOOP
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
                    ORDER BY r.due_at, r.key LIMIT room FOR UPDATE SKIP LOCKED) AS c
                UNION ALL
                SELECT array_agg(c.key), array_agg(c.due_at), true FROM (
                    SELECT r.key, r.due_at FROM {schema}.run r
                    WHERE r.owner = 0 AND r.status < 10 AND r.due_at < 9223372036854775807 AND r.queue = name AND r.priority = level AND r.due_at <= now_us AND r.crashes >= 2
                    ORDER BY r.due_at, r.key LIMIT least(room, _suspects) FOR UPDATE SKIP LOCKED) AS c
            LOOP
                CONTINUE WHEN batch.keys IS NULL;
                keys := keys || batch.keys;
                dues := dues || batch.dues;
                levels := levels || array_fill(level, ARRAY[cardinality(batch.keys)]);
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
        UPDATE {schema}.run r SET owner = _worker, term = r.term + 1, claim = _number, status = CASE WHEN r.status = 4 THEN 4 ELSE 1 END, updated_at = now_us,
            events = coalesce((SELECT e.seq + e.count FROM {schema}.event e WHERE e.run = r.key ORDER BY e.seq DESC LIMIT 1), 0)
        WHERE r.key = ANY(chosen);
    END IF;

    SELECT CASE WHEN count(*) < _suspects THEN 2147483647 ELSE 2 END INTO crashes_below FROM unnest(keys, doubts) AS c(key, doubt) WHERE c.doubt AND c.key = ANY(chosen);
    FOR name IN SELECT DISTINCT q FROM unnest(_queues) AS q LOOP
        level := 2147483647;
        LOOP
            SELECT r.priority INTO level FROM {schema}.run r
            WHERE r.owner = 0 AND r.status < 10 AND r.due_at < 9223372036854775807 AND r.queue = name AND r.priority <= level ORDER BY r.priority DESC LIMIT 1;
            EXIT WHEN level IS NULL;
            SELECT r.due_at INTO earliest FROM {schema}.run r
            WHERE r.owner = 0 AND r.status < 10 AND r.due_at < 9223372036854775807 AND r.queue = name AND r.priority = level AND r.crashes < crashes_below
            ORDER BY r.due_at LIMIT 1;
            next := least(next, earliest);
            EXIT WHEN level = -2147483648;
            level := level - 1;
        END LOOP;
    END LOOP;
    -- What is due and was not taken although there was room is locked by somebody just now: look again soon, not at once.
    IF cardinality(chosen) = 0 AND _limit > 0 AND next <= now_us THEN next := now_us + 10000; END IF;
    RETURN QUERY SELECT next, now_us;
END
$$;
