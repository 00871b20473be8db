-- As check_group, and 4: it takes at once what only a claim may give.
CREATE FUNCTION {schema}.check_group_2(
    _worker bigint, _now bigint, _t_run bigint[], _t_end integer[],
    _r_run bigint[], _r_term integer[], _r_seen bigint[], _r_flags integer[], _r_not_before bigint[],
    _b_key bigint[], _b_id text[], _x_run bigint[], _x_op integer[], _x_token bigint[], _n_run bigint[], _n_op integer[], _held bigint[])
RETURNS TABLE(run bigint, reason integer) LANGUAGE plpgsql VOLATILE AS
$$
#variable_conflict use_column
DECLARE
    unfit bigint[];
    reasons integer[];
BEGIN
    PERFORM 1 FROM {schema}.run r WHERE r.key = ANY(_r_run) ORDER BY r.key FOR UPDATE;
    SELECT coalesce(array_agg(f.run), '{}'), coalesce(array_agg(f.reason), '{}') INTO unfit, reasons FROM (
        SELECT fault.run, min(fault.reason) AS reason FROM (
            SELECT t.run, 0 AS reason FROM unnest(_t_run, _t_end) AS t(run, count)
            WHERE NOT EXISTS (SELECT 1 FROM {schema}.run r WHERE r.key = t.run)
                OR t.count IS DISTINCT FROM (SELECT e.seq + e.count FROM {schema}.event e WHERE e.run = t.run ORDER BY e.seq DESC LIMIT 1)
            UNION ALL
            SELECT c.run, 0 FROM unnest(_r_run, _r_term) AS c(run, term)
            WHERE NOT c.run = ANY(_b_key) AND NOT EXISTS (SELECT 1 FROM {schema}.run r WHERE r.key = c.run AND r.owner = _worker AND r.term = c.term)
            UNION ALL
            SELECT c.run, 1 FROM unnest(_r_run, _r_seen, _r_flags) AS c(run, seen, flags)
            WHERE c.flags & 1 <> 0 AND NOT c.run = ANY(_b_key) AND EXISTS (SELECT 1 FROM {schema}.run r WHERE r.key = c.run AND r.inbox <> c.seen)
            UNION ALL
            SELECT c.run, 2 FROM unnest(_r_run, _r_not_before) AS c(run, not_before) WHERE c.not_before > _now
            UNION ALL
            SELECT x.run, 3 FROM unnest(_x_run, _x_op, _x_token) AS x(run, op, token)
            WHERE NOT EXISTS (SELECT 1 FROM {schema}.task t WHERE t.run = x.run AND t.op = x.op AND t.owner = _worker AND t.token = x.token)
            UNION ALL SELECT unnest(_held), 4
        ) AS fault GROUP BY fault.run) AS f;
    IF EXISTS (SELECT 1 FROM unnest(_b_key, _b_id) AS b(key, id) JOIN {schema}.run r ON r.key = b.key WHERE r.id <> b.id) THEN
        RAISE EXCEPTION USING ERRCODE = 'PD200', MESSAGE = 'A run key belongs to another run. Keys must come from a block that this process reserved.';
    END IF;
    -- An operation has one task at most; the next attempt may take the place of one that ends in the same bundle.
    IF EXISTS (SELECT 1 FROM unnest(_n_run, _n_op) AS n(run, op) WHERE NOT n.run = ANY(unfit) GROUP BY n.run, n.op
        HAVING count(*) > 1 OR EXISTS (SELECT 1 FROM {schema}.task t WHERE t.run = n.run AND t.op = n.op)
            AND NOT EXISTS (SELECT 1 FROM unnest(_x_run, _x_op) AS x(run, op) WHERE x.run = n.run AND x.op = n.op)) THEN
        RAISE EXCEPTION USING ERRCODE = 'PD200', MESSAGE = 'An operation has a task already.';
    END IF;
    RETURN QUERY SELECT * FROM unnest(unfit, reasons);
END
$$;

-- As before, and 4 refuses a bundle that takes at once what only a claim may give: work of a queue that is paused or has limits.
CREATE OR REPLACE FUNCTION {schema}.write_group(
    _worker bigint, _lane integer, _number bigint, _previous bigint, _mode integer,
    -- events of bundles that leave their row as it is
    _e_run bigint[], _e_seq integer[], _e_count integer[], _e_bytes bytea[],
    -- histories whose end the writer does not know for certain
    _t_run bigint[], _t_end integer[],
    -- rows, with their events
    _r_run bigint[], _r_term integer[], _r_seen bigint[], _r_flags integer[], _r_not_before bigint[], _r_status integer[], _r_phase integer[], _r_due_at bigint[],
    _r_waiting bytea[], _r_published bytea[], _r_seq integer[], _r_count integer[], _r_bytes bytea[],
    -- how they close
    _r_close_status integer[], _r_closed_at bigint[], _r_close_count integer[], _r_close_bytes bytea[], _r_result bytea[], _r_failure bytea[], _r_close_published bytea[],
    -- runs whose tasks go when they close
    _s_run bigint[],
    -- births
    _b_key bigint[], _b_id text[], _b_workflow text[], _b_version integer[], _b_queue text[], _b_priority integer[], _b_owner bigint[], _b_due_at bigint[],
    _b_deadline bigint[], _b_created_at bigint[], _b_max_crashes integer[], _b_semantics integer[], _b_count integer[], _b_bytes bytea[],
    _b_input bytea[], _b_options bytea[], _b_input_hash bytea[], _b_start_key text[], _b_policy integer[], _b_chosen boolean[], _b_tags text[],
    _b_tag_run bigint[], _b_tag_name text[], _b_tag_value text[],
    -- ended attempts, tasks to cancel, consumed messages
    _x_run bigint[], _x_op integer[], _x_token bigint[], _c_run bigint[], _c_op integer[], _m_run bigint[], _m_pos bigint[],
    -- new tasks
    _n_run bigint[], _n_op integer[], _n_activity text[], _n_queue text[], _n_priority integer[], _n_due_at bigint[], _n_close_deadline bigint[],
    _n_expires_at bigint[], _n_owner bigint[], _n_token bigint[], _n_used bigint[], _n_options bytea[], _n_details bytea[], _n_input bytea[],
    _n_unknown_id text[], _n_unknown_kind integer[], _n_unknown_name text[], _n_unknown_payload bytea[])
RETURNS TABLE(what integer, run bigint, number bigint, code integer, status integer, id text) LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    now_us constant bigint := {schema}.clock();
    lost bigint[] := '{}';
    unknown bigint[] := '{}';
    held text[];
    n bigint;
BEGIN
    IF _mode = 0 THEN
        UPDATE {schema}.lane SET last_group = _number WHERE worker = _worker AND no = _lane AND alive AND last_group = _previous AND barrier < _number;
    ELSE
        PERFORM 1 FROM {schema}.lane WHERE worker = _worker AND no = _lane AND alive AND last_group = _previous AND barrier < _number FOR UPDATE;
    END IF;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 0, NULL::bigint, now_us, 1, NULL::integer, NULL::text;
        RETURN;
    END IF;

    -- Work of a queue that is paused or has limits is given by claims only. The row of the lane is held, so the rule cannot change any more.
    IF cardinality(_b_key) > 0 OR cardinality(_n_run) > 0 THEN
        SELECT array_agg(q.name) INTO held FROM {schema}.queue q WHERE q.paused OR q.max_concurrency > 0 OR q.max_per_key > 0;
    END IF;
    IF _mode > 0 THEN
        RETURN QUERY SELECT 1, f.run, NULL::bigint, f.reason, NULL::integer, NULL::text
            FROM {schema}.check_group_2(_worker, now_us, _t_run, _t_end, _r_run, _r_term, _r_seen, _r_flags, _r_not_before, _b_key, _b_id,
                _x_run, _x_op, _x_token, _n_run, _n_op, ARRAY(
                    SELECT b.key FROM unnest(_b_key, _b_queue, _b_owner) AS b(key, queue, owner) WHERE b.owner > 0 AND b.queue = ANY(held)
                    UNION SELECT t.run FROM unnest(_n_run, _n_queue, _n_owner) AS t(run, queue, owner) WHERE t.owner > 0 AND t.queue = ANY(held))) AS f;
        IF FOUND OR _mode = 2 THEN
            RETURN QUERY SELECT 0, NULL::bigint, now_us, 2, NULL::integer, NULL::text;
            RETURN;
        END IF;
        UPDATE {schema}.lane SET last_group = _number WHERE worker = _worker AND no = _lane;
    ELSIF held IS NOT NULL AND (EXISTS (SELECT 1 FROM unnest(_b_queue, _b_owner) AS b(queue, owner) WHERE b.owner > 0 AND b.queue = ANY(held))
        OR EXISTS (SELECT 1 FROM unnest(_n_queue, _n_owner) AS t(queue, owner) WHERE t.owner > 0 AND t.queue = ANY(held))) THEN
        RAISE EXCEPTION USING ERRCODE = 'PD100', MESSAGE = 'work of a queue that is paused or has limits';
    ELSIF cardinality(_t_run) > 0 THEN
        PERFORM 1 FROM unnest(_t_run, _t_end) AS t(run, count)
        WHERE t.count IS DISTINCT FROM (SELECT e.seq + e.count FROM {schema}.event e WHERE e.run = t.run ORDER BY e.seq DESC LIMIT 1);
        IF FOUND THEN RAISE EXCEPTION USING ERRCODE = 'PD100', MESSAGE = 'a history ends elsewhere'; END IF;
    END IF;

    IF cardinality(_b_key) > 0 THEN
        RETURN QUERY SELECT 2, b.ord::bigint, b.key, b.verdict, b.status::integer, b.id
            FROM {schema}.give_births(_b_key, _b_id, _b_workflow, _b_version, _b_queue, _b_priority, _b_owner, _b_due_at, _b_deadline, _b_created_at, _b_max_crashes,
                _b_semantics, _b_count, _b_bytes, _b_input, _b_options, _b_input_hash, _b_start_key, _b_policy, _b_chosen, _b_tags,
                _b_tag_run, _b_tag_name, _b_tag_value) AS b;
        -- What came with a birth that was not this one is not written.
        IF FOUND THEN
            SELECT coalesce(array_agg(b.key), '{}') INTO lost FROM unnest(_b_key) AS b(key)
            WHERE NOT EXISTS (SELECT 1 FROM {schema}.run r WHERE r.key = b.key AND r.xmin = pg_current_xact_id()::xid);
        END IF;
    END IF;

    IF cardinality(_n_run) > 0 AND num_nonnulls(VARIADIC _n_unknown_id) > 0 THEN
        -- Activities that nobody has code for become messages: the run hears of it, and nothing is queued.
        SELECT coalesce(array_agg(t.ord), '{}') INTO unknown FROM unnest(_n_run, _n_activity, _n_unknown_id) WITH ORDINALITY AS t(run, activity, id, ord)
        WHERE t.id IS NOT NULL AND NOT t.run = ANY(lost) AND NOT EXISTS (SELECT 1 FROM {schema}.worker w WHERE w.alive AND t.activity = ANY(w.activities));
        IF cardinality(unknown) > 0 THEN
            INSERT INTO {schema}.message(run, pos, at, kind, op, id, name, payload)
            SELECT m.run, r.inbox + row_number() OVER (PARTITION BY m.run ORDER BY m.ord), now_us, m.kind, m.op, m.id, m.name, m.payload
            FROM unnest(_n_run, _n_op, _n_unknown_id, _n_unknown_kind, _n_unknown_name, _n_unknown_payload)
                WITH ORDINALITY AS m(run, op, id, kind, name, payload, ord) JOIN {schema}.run r ON r.key = m.run WHERE m.ord = ANY(unknown);
            UPDATE {schema}.run r SET inbox = r.inbox + m.count, due_at = least(r.due_at, now_us), updated_at = now_us
            FROM (SELECT _n_run[u.ord] AS run, count(*) AS count FROM unnest(unknown) AS u(ord) GROUP BY 1) AS m WHERE r.key = m.run;
        END IF;
    END IF;

    IF cardinality(_r_run) > 0 THEN
        -- One that closes or releases does so only if its owner has read all messages. An unread message is work, whatever the owner thinks that the run waits for.
        RETURN QUERY
        WITH changed AS (
            UPDATE {schema}.run AS r SET
                status = CASE WHEN c.flags & 16 <> 0 AND r.inbox = c.seen THEN c.close_status WHEN c.flags & 2 <> 0 THEN c.status ELSE r.status END,
                phase = CASE WHEN c.flags & 2 <> 0 THEN c.phase ELSE r.phase END,
                owner = CASE WHEN c.flags & 24 <> 0 AND r.inbox = c.seen THEN 0 ELSE r.owner END,
                due_at = CASE WHEN c.flags & 16 <> 0 AND r.inbox = c.seen THEN 9223372036854775807
                    WHEN c.flags & 2 = 0 THEN r.due_at WHEN r.inbox = c.seen THEN c.due_at ELSE now_us END,
                crashes = CASE WHEN c.flags & 4 <> 0 THEN 0 ELSE r.crashes END,
                waiting = CASE WHEN c.flags & 16 <> 0 AND r.inbox = c.seen THEN '' WHEN c.flags & 2 <> 0 THEN c.waiting ELSE r.waiting END,
                published = CASE WHEN c.flags & 80 = 80 AND r.inbox = c.seen THEN c.close_published WHEN c.flags & 32 <> 0 THEN c.published ELSE r.published END,
                events = c.seq + c.count + CASE WHEN c.flags & 16 <> 0 AND r.inbox = c.seen THEN c.close_count ELSE 0 END,
                closed_at = CASE WHEN c.flags & 16 <> 0 AND r.inbox = c.seen THEN c.closed_at ELSE r.closed_at END,
                result = CASE WHEN c.flags & 16 <> 0 AND r.inbox = c.seen THEN c.result ELSE r.result END,
                failure = CASE WHEN c.flags & 16 <> 0 AND r.inbox = c.seen THEN c.failure ELSE r.failure END,
                updated_at = now_us
            FROM unnest(_r_run, _r_term, _r_seen, _r_flags, _r_not_before, _r_status, _r_phase, _r_due_at, _r_waiting, _r_published, _r_seq, _r_count, _r_bytes,
                _r_close_status, _r_closed_at, _r_close_count, _r_close_bytes, _r_result, _r_failure, _r_close_published) WITH ORDINALITY
                AS c(run, term, seen, flags, not_before, status, phase, due_at, waiting, published, seq, count, bytes,
                close_status, closed_at, close_count, close_bytes, result, failure, close_published, ord)
            WHERE r.key = c.run AND NOT c.run = ANY(lost)
                AND (_mode > 0 OR r.owner = _worker AND r.term = c.term AND (c.flags & 1 = 0 OR r.inbox = c.seen) AND c.not_before <= now_us)
            RETURNING c.ord, r.key, r.inbox, c.flags & 16 <> 0 AND r.inbox = c.seen AS closed, c.flags & 24 = 8 AND r.inbox = c.seen AS released,
                c.seq, c.count, c.bytes, c.close_count, c.close_bytes),
        put AS (
            INSERT INTO {schema}.event(run, seq, count, bytes)
            SELECT c.key, c.seq, c.count + CASE WHEN c.closed THEN c.close_count ELSE 0 END, CASE WHEN c.closed THEN c.bytes || c.close_bytes ELSE c.bytes END
            FROM changed AS c WHERE c.count > 0 OR c.closed)
        SELECT 3, c.ord, c.inbox, c.closed::integer + 2 * c.released::integer, NULL::integer, NULL::text FROM changed AS c;
        GET DIAGNOSTICS n = ROW_COUNT;
        IF _mode = 0 AND n < cardinality(_r_run) AND n < (SELECT count(*) FROM unnest(_r_run) AS c(run) WHERE NOT c.run = ANY(lost)) THEN
            RAISE EXCEPTION USING ERRCODE = 'PD100', MESSAGE = 'a bundle does not fit its row';
        END IF;
    END IF;

    IF cardinality(_e_run) > 0 THEN
        INSERT INTO {schema}.event(run, seq, count, bytes) SELECT e.run, e.seq, e.count, e.bytes
        FROM unnest(_e_run, _e_seq, _e_count, _e_bytes) AS e(run, seq, count, bytes);
    END IF;

    IF cardinality(_x_run) > 0 THEN
        DELETE FROM {schema}.task t USING unnest(_x_run, _x_op, _x_token) AS x(run, op, token)
        WHERE t.run = x.run AND t.op = x.op AND t.owner = _worker AND t.token = x.token AND NOT x.run = ANY(lost);
        GET DIAGNOSTICS n = ROW_COUNT;
        IF _mode = 0 AND n < cardinality(_x_run) AND n < (SELECT count(*) FROM unnest(_x_run) AS x(run) WHERE NOT x.run = ANY(lost)) THEN
            RAISE EXCEPTION USING ERRCODE = 'PD100', MESSAGE = 'an attempt is not current';
        END IF;
    END IF;

    IF cardinality(_n_run) > 0 THEN
        INSERT INTO {schema}.task(run, owner, token, claim, used, due_at, close_deadline, expires_at, op, priority, crashes, cancelled, expired, activity, queue,
            options, details, input)
        SELECT t.run, t.owner, t.token, 0, t.used, t.due_at, t.close_deadline, nullif(t.expires_at, 9223372036854775807), t.op, t.priority, 0, false, false, t.activity, t.queue,
            t.options, t.details, t.input
        FROM unnest(_n_run, _n_op, _n_activity, _n_queue, _n_priority, _n_due_at, _n_close_deadline, _n_expires_at, _n_owner, _n_token, _n_used, _n_options,
            _n_details, _n_input) WITH ORDINALITY
            AS t(run, op, activity, queue, priority, due_at, close_deadline, expires_at, owner, token, used, options, details, input, ord)
        WHERE NOT t.run = ANY(lost) AND NOT t.ord = ANY(unknown);
    END IF;

    IF cardinality(_c_run) > 0 THEN
        -- A queued task is removed and named, a running one is told to stop. One that is gone without a result was removed by an earlier request. The lock comes first,
        -- so that one that is being claimed just now is seen as running.
        PERFORM 1 FROM unnest(_c_run, _c_op) AS c(run, op) JOIN {schema}.task t ON t.run = c.run AND t.op = c.op ORDER BY t.run, t.op FOR UPDATE OF t;
        RETURN QUERY
        WITH asked AS (SELECT c.run, c.op, min(c.ord) AS ord FROM unnest(_c_run, _c_op) WITH ORDINALITY AS c(run, op, ord) WHERE NOT c.run = ANY(lost) GROUP BY c.run, c.op),
        gone AS (DELETE FROM {schema}.task t USING asked a WHERE t.run = a.run AND t.op = a.op AND t.owner = 0),
        told AS (UPDATE {schema}.task t SET cancelled = true FROM asked a WHERE t.run = a.run AND t.op = a.op AND t.owner > 0)
        SELECT 4, a.run, NULL::bigint, a.op, NULL::integer, NULL::text FROM asked a
        WHERE coalesce((SELECT t.owner = 0 FROM {schema}.task t WHERE t.run = a.run AND t.op = a.op),
            NOT EXISTS (SELECT 1 FROM {schema}.message m WHERE m.run = a.run AND m.op = a.op))
        ORDER BY a.ord;
    END IF;

    IF cardinality(_m_run) > 0 THEN
        DELETE FROM {schema}.message m USING unnest(_m_run, _m_pos) AS c(run, pos) WHERE m.run = c.run AND m.pos = c.pos AND NOT c.run = ANY(lost);
    END IF;

    IF cardinality(_s_run) > 0 THEN
        DELETE FROM {schema}.task t USING unnest(_s_run) AS s(run)
        WHERE t.run = s.run AND NOT s.run = ANY(lost) AND EXISTS (SELECT 1 FROM {schema}.run r WHERE r.key = s.run AND r.status >= 10);
    END IF;

    RETURN QUERY SELECT 0, NULL::bigint, now_us, 0, NULL::integer, NULL::text;
END
$$;

-- As before, and not while a queue is being changed.
CREATE OR REPLACE FUNCTION {schema}.register_worker(_id uuid, _name text, _lease bigint, _lanes integer, _activities text[])
RETURNS TABLE(key bigint, now_us bigint) LANGUAGE plpgsql VOLATILE AS
$$
#variable_conflict use_column
DECLARE
    now_us constant bigint := {schema}.clock();
    worker bigint;
BEGIN
    -- Whoever changes a queue locks the lanes of all workers: none may come into being meanwhile.
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('{schema} queues', 0));
    SELECT w.key INTO worker FROM {schema}.worker w WHERE w.id = _id;
    IF worker IS NOT NULL THEN
        RETURN QUERY SELECT worker, now_us;
        RETURN;
    END IF;
    INSERT INTO {schema}.worker(id, name, lease, lease_until, renewals, registered_at, locked, alive, freed, activities)
    VALUES (_id, _name, _lease, now_us + _lease, 0, now_us, false, true, false, _activities) ON CONFLICT DO NOTHING RETURNING key INTO worker;
    IF worker IS NULL THEN
        SELECT w.key INTO worker FROM {schema}.worker w WHERE w.id = _id;
    ELSE
        INSERT INTO {schema}.lane(worker, no, alive, last_group, barrier) SELECT worker, no, true, 0, 0 FROM generate_series(0, _lanes) AS no;
    END IF;
    RETURN QUERY SELECT worker, now_us;
END
$$;

-- As before, and a run that is reopened does not expire any more.
CREATE OR REPLACE FUNCTION {schema}.reopen_run(_key bigint, _run_id text, _id text, _kind integer, _name text, _payload bytea, _seen_events integer)
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
        WHEN before.status IN (10, 16) THEN 2
        WHEN {schema}.has_live_parent(before.key) THEN 5
        -- A late copy of an order that was carried out before the run closed again.
        WHEN EXISTS (SELECT 1 FROM {schema}.message m WHERE m.run = before.key AND m.id = _id) OR (_seen_events <> 0 AND _seen_events <> before.events) THEN 1
        ELSE 0 END;
    IF answer = 0 THEN
        UPDATE {schema}.run r SET inbox = r.inbox + 1, status = 0, phase = 0, due_at = now_us, closed_at = 9223372036854775807, result = '', failure = '', crashes = 0,
            start_deadline = NULL, updated_at = now_us WHERE r.key = before.key;
        -- What its end had let go on, and orders that came too late for it, belong to the life that is over.
        DELETE FROM {schema}.message m WHERE m.run = before.key AND m.kind IN (3, 4);
        DELETE FROM {schema}.task t WHERE t.run = before.key;
        INSERT INTO {schema}.message(run, pos, at, kind, id, name, payload)
        SELECT r.key, r.inbox, now_us, _kind, _id, _name, _payload FROM {schema}.run r WHERE r.key = before.key;
    END IF;
    RETURN QUERY SELECT answer, before.key, before.status, before.phase;
END
$$;
