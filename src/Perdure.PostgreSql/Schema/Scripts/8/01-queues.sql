-- What holds the work of queues back; a queue without a row has no rule. Limits of 0 are none, an age in microseconds.
CREATE TABLE {schema}.queue(
    name text COLLATE "C" PRIMARY KEY,
    paused boolean NOT NULL,
    max_concurrency integer NOT NULL,
    max_per_key integer NOT NULL,
    age_after bigint NOT NULL
) WITH (fillfactor = 20);

-- What is held under a limit has a slot: the rows of the holders are the slots, nothing is counted along. The indexes hold such rows, and starts that expire, only.
ALTER TABLE {schema}.run ADD COLUMN slot boolean NOT NULL DEFAULT false, ADD COLUMN concurrency_key text COLLATE "C", ADD COLUMN start_deadline bigint;
-- Of runs that keep losing their workers a claim takes only a few: looked for among all that wait, they would cost a claim the whole queue.
CREATE INDEX run_suspect ON {schema}.run(queue, priority DESC, due_at, key) WHERE owner = 0 AND status < 10 AND due_at < 9223372036854775807 AND crashes >= 2;
CREATE INDEX run_slot ON {schema}.run(queue, concurrency_key) WHERE owner > 0 AND slot;
CREATE INDEX run_expiry ON {schema}.run(start_deadline, key) WHERE owner = 0 AND status = 0 AND start_deadline IS NOT NULL;
ALTER TABLE {schema}.task ADD COLUMN slot boolean NOT NULL DEFAULT false, ADD COLUMN concurrency_key text COLLATE "C";
CREATE INDEX task_slot ON {schema}.task(queue, concurrency_key) WHERE owner > 0 AND slot;

-- How many slots of a queue, or of one key on it, are taken.
CREATE FUNCTION {schema}.slots_of(_queue text, _key text) RETURNS integer LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS
$$
BEGIN
    IF _key IS NULL THEN
        RETURN (SELECT count(*) FROM {schema}.run r WHERE r.owner > 0 AND r.slot AND r.queue = _queue)
            + (SELECT count(*) FROM {schema}.task t WHERE t.owner > 0 AND t.slot AND t.queue = _queue);
    END IF;
    RETURN (SELECT count(*) FROM {schema}.run r WHERE r.owner > 0 AND r.slot AND r.queue = _queue AND r.concurrency_key = _key)
        + (SELECT count(*) FROM {schema}.task t WHERE t.owner > 0 AND t.slot AND t.queue = _queue AND t.concurrency_key = _key);
END
$$;

-- How often the rules of all queues were changed.
INSERT INTO {schema}.counter(name, value) VALUES ('queues', 0);

-- Changes what holds a queue back; NULL leaves what is. Nothing is changed behind another revision than the one that was seen (after; NULL for any). Every writer takes the row of its lane first, and every worker comes to have one under the advisory lock: once all of them
-- are held here, nothing is under way that does not know of the change.
CREATE FUNCTION {schema}.change_queue(_name text, _paused boolean, _max_concurrency integer, _max_per_key integer, _age_after bigint, _after bigint)
RETURNS TABLE(paused boolean, max_concurrency integer, max_per_key integer, age_after bigint, revision bigint) LANGUAGE plpgsql VOLATILE SET lock_timeout = '2s' AS
$$
#variable_conflict use_column
DECLARE
    was_limited boolean;
    rule record;
    count bigint;
BEGIN
    SELECT c.value INTO count FROM {schema}.counter c WHERE c.name = 'queues' FOR UPDATE;
    IF _after <> count THEN
        SELECT q.* INTO rule FROM {schema}.queue q WHERE q.name = _name;
        RETURN QUERY SELECT coalesce(rule.paused, false), coalesce(rule.max_concurrency, 0), coalesce(rule.max_per_key, 0), coalesce(rule.age_after, 0::bigint), count;
        RETURN;
    END IF;
    UPDATE {schema}.counter c SET value = c.value + 1 WHERE c.name = 'queues';
    PERFORM pg_advisory_xact_lock(hashtextextended('{schema} queues', 0));
    PERFORM 1 FROM {schema}.lane l WHERE l.alive ORDER BY l.worker, l.no FOR UPDATE;
    SELECT q.max_concurrency > 0 OR q.max_per_key > 0 INTO was_limited FROM {schema}.queue q WHERE q.name = _name;
    INSERT INTO {schema}.queue AS q (name, paused, max_concurrency, max_per_key, age_after)
    VALUES (_name, coalesce(_paused, false), coalesce(_max_concurrency, 0), coalesce(_max_per_key, 0), coalesce(_age_after, 0))
    ON CONFLICT (name) DO UPDATE SET paused = coalesce(_paused, q.paused), max_concurrency = coalesce(_max_concurrency, q.max_concurrency),
        max_per_key = coalesce(_max_per_key, q.max_per_key), age_after = coalesce(_age_after, q.age_after)
    RETURNING q.* INTO rule;
    IF (rule.max_concurrency > 0 OR rule.max_per_key > 0) AND NOT coalesce(was_limited, false) THEN
        -- What is held from here on counts, whoever took it when nothing was counted. A run that is taken only to be ended is still pending.
        UPDATE {schema}.run r SET slot = true WHERE r.owner > 0 AND r.queue = _name AND r.status <> 0;
        UPDATE {schema}.task t SET slot = true WHERE t.owner > 0 AND t.queue = _name AND NOT t.expired;
    END IF;
    DELETE FROM {schema}.queue q WHERE q.name = _name AND NOT q.paused AND q.max_concurrency = 0 AND q.max_per_key = 0 AND q.age_after = 0;
    RETURN QUERY SELECT rule.paused, rule.max_concurrency, rule.max_per_key, rule.age_after, count + 1;
END
$$;

-- Finds due runs of a queue that has a rule: in its order, as far as its limits let them pass. The row of the queue is locked by the caller, so no other claim counts at the same time.
CREATE FUNCTION {schema}.pick_runs(_queue text, _max integer, _per_key integer, _age bigint, _now bigint, _limit integer, _suspects integer)
RETURNS TABLE(key bigint, level bigint, due_at bigint, doubt boolean) LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    used integer := CASE WHEN _max > 0 THEN {schema}.slots_of(_queue, NULL) ELSE 0 END;
    taken integer := 0;
    suspects integer := 0;
    -- Limits for keys may pass over any number of them; else the first of each priority are enough.
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
        SELECT r.priority INTO step FROM {schema}.run r
        WHERE r.owner = 0 AND r.status < 10 AND r.due_at < 9223372036854775807 AND r.queue = _queue AND r.priority <= step ORDER BY r.priority DESC LIMIT 1;
        EXIT levels WHEN step IS NULL;
        IF _age > 0 THEN
            -- Of one priority, whoever is due first stays first, whatever its age adds.
            OPEN waiting FOR
                WITH RECURSIVE steps AS (
                    SELECT step AS priority UNION ALL
                    SELECT (SELECT r.priority FROM {schema}.run r WHERE r.owner = 0 AND r.status < 10 AND r.due_at < 9223372036854775807 AND r.queue = _queue
                        AND r.priority < s.priority ORDER BY r.priority DESC LIMIT 1) FROM steps s WHERE s.priority IS NOT NULL)
                SELECT w.key, s.priority + (_now - w.due_at) / _age AS level, w.due_at, w.doubt, w.concurrency_key
                FROM steps s, LATERAL (
                    SELECT r.key, r.due_at, r.crashes >= 2 AS doubt, r.concurrency_key FROM {schema}.run r
                    WHERE r.owner = 0 AND r.status < 10 AND r.due_at < 9223372036854775807 AND r.queue = _queue AND r.priority = s.priority AND r.due_at <= _now
                        AND (r.start_deadline IS NULL OR r.start_deadline > _now OR r.status <> 0)
                    ORDER BY r.due_at, r.key LIMIT enough) AS w
                ORDER BY 2 DESC, w.due_at, w.key;
        ELSE
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
            PERFORM 1 FROM {schema}.run r WHERE r.key = c.key AND r.owner = 0 AND r.status < 10 FOR UPDATE SKIP LOCKED;
            CONTINUE WHEN NOT FOUND;
            IF place IS NOT NULL THEN counts[place] := counts[place] + 1; END IF;
            IF c.doubt THEN suspects := suspects + 1; END IF;
            taken := taken + 1;
            used := used + 1;
            RETURN QUERY SELECT c.key, c.level, c.due_at, c.doubt;
            EXIT levels WHEN taken >= _limit OR (_max > 0 AND used >= _max);
        END LOOP;
        CLOSE waiting;
        EXIT levels WHEN _age > 0 OR step = -2147483648;
        step := step - 1;
    END LOOP;
END
$$;

-- As pick_runs, for tasks.
CREATE FUNCTION {schema}.pick_tasks(_queue text, _max integer, _per_key integer, _age bigint, _now bigint, _limit integer, _activities text[])
RETURNS TABLE(run bigint, op integer) LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    used integer := CASE WHEN _max > 0 THEN {schema}.slots_of(_queue, NULL) ELSE 0 END;
    taken integer := 0;
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
                SELECT w.run, w.op, w.concurrency_key FROM steps s, LATERAL (
                    SELECT t.run, t.op, t.due_at, t.concurrency_key FROM {schema}.task t
                    WHERE t.owner = 0 AND t.queue = _queue AND t.priority = s.priority AND t.due_at <= _now AND (t.expires_at IS NULL OR t.expires_at > _now)
                        AND (_activities IS NULL OR t.activity = ANY(_activities))
                    ORDER BY t.due_at, t.run, t.op LIMIT enough) AS w
                ORDER BY s.priority + (_now - w.due_at) / _age DESC, w.due_at, w.run, w.op;
        ELSE
            OPEN waiting FOR
                SELECT t.run, t.op, t.concurrency_key FROM {schema}.task t
                WHERE t.owner = 0 AND t.queue = _queue AND t.priority = step AND t.due_at <= _now AND (t.expires_at IS NULL OR t.expires_at > _now)
                    AND (_activities IS NULL OR t.activity = ANY(_activities))
                ORDER BY t.due_at, t.run, t.op;
        END IF;
        LOOP
            FETCH waiting INTO c;
            EXIT WHEN NOT FOUND;
            place := NULL;
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
            taken := taken + 1;
            used := used + 1;
            RETURN QUERY SELECT c.run, c.op;
            EXIT levels WHEN taken >= _limit OR (_max > 0 AND used >= _max);
        END LOOP;
        CLOSE waiting;
        EXIT levels WHEN _age > 0 OR step = -2147483648;
        step := step - 1;
    END LOOP;
END
$$;

-- Behind births and new tasks of the same transaction, for the few that say so: the key that limits count them under, and until when a run must be taken.
CREATE FUNCTION {schema}.write_queueing(_run bigint[], _key text[], _start_deadline bigint[], _task_run bigint[], _task_op integer[], _task_key text[])
RETURNS void LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
BEGIN
    UPDATE {schema}.run r SET concurrency_key = b.key, start_deadline = nullif(b.start_deadline, 9223372036854775807)
    FROM unnest(_run, _key, _start_deadline) AS b(run, key, start_deadline)
    -- A start that was sent twice finds its run as it is now.
    WHERE r.key = b.run AND r.xmin = pg_current_xact_id()::xid AND r.term < 2 AND r.claim = 0 AND r.concurrency_key IS NULL AND r.start_deadline IS NULL;
    UPDATE {schema}.task t SET concurrency_key = n.key FROM unnest(_task_run, _task_op, _task_key) AS n(run, op, key)
    WHERE t.run = n.run AND t.op = n.op AND t.xmin = pg_current_xact_id()::xid;
END
$$;
