-- As before, but suspects that are not taken stand in nobody's way, however many are due before the others.
CREATE OR REPLACE FUNCTION {schema}.pick_runs(_queue text, _max integer, _per_key integer, _age bigint, _now bigint, _limit integer, _suspects integer, _shelves bigint[])
RETURNS TABLE(key bigint, level bigint, due_at bigint, doubt boolean) LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    used integer := CASE WHEN _max > 0 THEN {schema}.slots_of(_queue, NULL) ELSE 0 END;
    taken integer := 0;
    suspects integer := 0;
    -- Limits for keys may pass over any number of them; else the first of each priority are enough, of those that stand in nobody's way and of all.
    enough constant integer := CASE WHEN _per_key > 0 THEN NULL ELSE _limit + _suspects END;
    keys text[] := '{}';
    counts integer[] := '{}';
    place integer;
    step integer := 2147483647;
    waiting refcursor;
    c record;
BEGIN
    <<levels>>
    WHILE _limit > taken AND (_max = 0 OR used < _max) LOOP
        IF _age > 0 OR cardinality(_shelves) > 0 THEN
            -- Of one priority, whoever is due first stays first, whatever its age adds.
            OPEN waiting FOR
                SELECT w.key, s.priority + CASE WHEN _age > 0 THEN (_now - w.due_at) / _age ELSE 0 END AS level, w.due_at, w.doubt, w.concurrency_key
                FROM {schema}.levels_of(_queue, _shelves) AS s, LATERAL (
                    (SELECT r.key, r.due_at, false AS doubt, r.concurrency_key FROM {schema}.run r
                    WHERE s.shelf = 0 AND r.owner = 0 AND r.status < 10 AND r.due_at < 9223372036854775807 AND r.queue = _queue AND r.priority = s.priority AND r.due_at <= _now AND r.crashes < 2
                        AND (r.start_deadline IS NULL OR r.start_deadline > _now OR r.status <> 0)
                    ORDER BY r.due_at, r.key LIMIT enough)
                    UNION ALL
                    (SELECT f.key, f.due_at, true, f.concurrency_key FROM (
                        SELECT r.key, r.due_at, r.crashes, r.concurrency_key FROM {schema}.run r
                        WHERE s.shelf = 0 AND r.owner = 0 AND r.status < 10 AND r.due_at < 9223372036854775807 AND r.queue = _queue AND r.priority = s.priority AND r.due_at <= _now
                            AND (r.start_deadline IS NULL OR r.start_deadline > _now OR r.status <> 0)
                        ORDER BY r.due_at, r.key LIMIT enough) AS f
                    WHERE f.crashes >= 2)
                    UNION ALL
                    (SELECT r.key, r.due_at, false, r.concurrency_key FROM {schema}.run r
                    WHERE r.owner < 0 AND r.owner = s.shelf AND r.status < 10 AND r.due_at < 9223372036854775807 AND r.queue = _queue AND r.priority = s.priority AND r.due_at <= _now AND r.crashes < 2
                        AND (r.start_deadline IS NULL OR r.start_deadline > _now OR r.status <> 0)
                    ORDER BY r.due_at, r.key LIMIT enough)
                    UNION ALL
                    (SELECT f.key, f.due_at, true, f.concurrency_key FROM (
                        SELECT r.key, r.due_at, r.crashes, r.concurrency_key FROM {schema}.run r
                        WHERE r.owner < 0 AND r.owner = s.shelf AND r.status < 10 AND r.due_at < 9223372036854775807 AND r.queue = _queue AND r.priority = s.priority AND r.due_at <= _now
                            AND (r.start_deadline IS NULL OR r.start_deadline > _now OR r.status <> 0)
                        ORDER BY r.due_at, r.key LIMIT enough) AS f
                    WHERE f.crashes >= 2)) AS w
                ORDER BY 2 DESC, w.due_at, w.key;
        ELSE
            SELECT r.priority INTO step FROM {schema}.run r
            WHERE r.owner = 0 AND r.status < 10 AND r.due_at < 9223372036854775807 AND r.queue = _queue AND r.priority <= step ORDER BY r.priority DESC LIMIT 1;
            EXIT levels WHEN step IS NULL;
            OPEN waiting FOR
                SELECT r.key, step::bigint AS level, r.due_at, r.crashes >= 2 AS doubt, r.concurrency_key FROM {schema}.run r
                WHERE r.owner = 0 AND r.status < 10 AND r.due_at < 9223372036854775807 AND r.queue = _queue AND r.priority = step AND r.due_at <= _now
                    AND (r.start_deadline IS NULL OR r.start_deadline > _now OR r.status <> 0)
                ORDER BY r.due_at, r.key;
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
            PERFORM 1 FROM {schema}.run r WHERE r.key = c.key AND r.owner <= 0 AND r.status < 10 FOR UPDATE SKIP LOCKED;
            CONTINUE WHEN NOT FOUND;
            IF place IS NOT NULL THEN counts[place] := counts[place] + 1; END IF;
            IF c.doubt THEN suspects := suspects + 1; END IF;
            taken := taken + 1;
            used := used + 1;
            RETURN QUERY SELECT c.key, c.level, c.due_at, c.doubt;
            EXIT levels WHEN taken >= _limit OR (_max > 0 AND used >= _max);
        END LOOP;
        CLOSE waiting;
        EXIT levels WHEN _age > 0 OR cardinality(_shelves) > 0 OR step = -2147483648;
        step := step - 1;
    END LOOP;
END
$$;
