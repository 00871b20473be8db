-- The journal's transaction for the groups that nearly all are: events, runs that are born here under ids that the engine made, and rows that their owner changes. It looks at
-- nothing that such a group cannot do, and fails for whatever is not as every owner expects it; write_group, which knows all cases, is asked then. Flags as there.
-- Answers the clock (its negative if the lane is not the writer's any more), and behind it the places of the rows that have messages which their owner has not read,
-- followed by as many inboxes.
CREATE FUNCTION {schema}.write_ordinary_group(
    _worker bigint, _lane integer, _number bigint, _previous bigint,
    -- events of bundles that leave their row as it is
    _e_run bigint[], _e_seq integer[], _e_count integer[], _e_bytes bytea[],
    -- rows, with their events
    _r_run bigint[], _r_term integer[], _r_seen bigint[], _r_flags integer[], _r_not_before bigint[], _r_status integer[], _r_phase integer[], _r_due_at bigint[],
    _r_waiting bytea[], _r_published bytea[], _r_seq integer[], _r_count integer[], _r_bytes bytea[],
    -- how they close
    _r_close_status integer[], _r_closed_at bigint[], _r_close_count integer[], _r_close_bytes bytea[], _r_result bytea[], _r_failure bytea[], _r_close_published bytea[],
    -- births
    _b_key bigint[], _b_id text[], _b_workflow text[], _b_version integer[], _b_queue text[], _b_priority integer[], _b_due_at bigint[],
    _b_deadline bigint[], _b_created_at bigint[], _b_max_crashes integer[], _b_semantics integer[], _b_count integer[], _b_bytes bytea[],
    _b_input bytea[], _b_options bytea[], _b_input_hash bytea[])
RETURNS bigint[] LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    now_us constant bigint := {schema}.clock();
    unread bigint[];
    n bigint;
BEGIN
    UPDATE {schema}.lane SET last_group = _number WHERE worker = _worker AND no = _lane AND alive AND last_group = _previous AND barrier < _number;
    IF NOT FOUND THEN
        RETURN ARRAY[-now_us];
    END IF;

    IF cardinality(_b_key) > 0 THEN
        -- Work of a queue that is paused or has limits is given by claims only. The row of the lane is held, so the rule cannot change any more.
        WITH put AS (
            INSERT INTO {schema}.event(run, seq, count, bytes, input, options, input_hash)
            SELECT b.key, 0, b.count, b.bytes, b.input, b.options, b.input_hash
            FROM unnest(_b_key, _b_count, _b_bytes, _b_input, _b_options, _b_input_hash) AS b(key, count, bytes, input, options, input_hash))
        INSERT INTO {schema}.run
            (key, owner, claim, inbox, due_at, created_at, updated_at, closed_at, deadline, term, events, version, priority, crashes, losses, max_crashes, semantics,
            status, phase, id, workflow, queue, start_key, tags, waiting, published, result, failure)
        SELECT b.key, _worker, 0, 0, b.due_at, b.created_at, now_us, 9223372036854775807, b.deadline, 1, b.count, b.version, b.priority,
            0, 0, b.max_crashes, b.semantics, 1, 0, b.id, b.workflow, b.queue, NULL, NULL, '', '', '', ''
        FROM unnest(_b_key, _b_id, _b_workflow, _b_version, _b_queue, _b_priority, _b_due_at, _b_deadline, _b_created_at, _b_max_crashes, _b_semantics, _b_count)
            AS b(key, id, workflow, version, queue, priority, due_at, deadline, created_at, max_crashes, semantics, count)
        WHERE NOT EXISTS (SELECT 1 FROM {schema}.queue q WHERE q.name = ANY(_b_queue) AND (q.paused OR q.max_concurrency > 0 OR q.max_per_key > 0));
        GET DIAGNOSTICS n = ROW_COUNT;
        IF n < cardinality(_b_key) THEN
            RAISE EXCEPTION USING ERRCODE = 'PD100', MESSAGE = 'a run is not to be born';
        END IF;
    END IF;

    IF cardinality(_r_run) > 0 THEN
        -- One that closes or releases does so only if its owner has read all messages. An unread message is work, whatever the owner thinks that the run waits for.
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
            WHERE r.key = c.run AND r.owner = _worker AND r.term = c.term AND (c.flags & 1 = 0 OR r.inbox = c.seen) AND c.not_before <= now_us
            RETURNING c.ord, r.key, r.inbox, r.inbox <> c.seen AS has_unread, c.flags & 16 <> 0 AND r.inbox = c.seen AS closed,
                c.seq, c.count, c.bytes, c.close_count, c.close_bytes),
        put AS (
            INSERT INTO {schema}.event(run, seq, count, bytes)
            SELECT c.key, c.seq, c.count + CASE WHEN c.closed THEN c.close_count ELSE 0 END, CASE WHEN c.closed THEN c.bytes || c.close_bytes ELSE c.bytes END
            FROM changed AS c WHERE c.count > 0 OR c.closed)
        SELECT count(*), array_agg(c.ord) FILTER (WHERE c.has_unread) || array_agg(c.inbox) FILTER (WHERE c.has_unread) INTO n, unread FROM changed AS c;
        IF n < cardinality(_r_run) THEN
            RAISE EXCEPTION USING ERRCODE = 'PD100', MESSAGE = 'a bundle does not fit its row';
        END IF;
    END IF;

    IF cardinality(_e_run) > 0 THEN
        INSERT INTO {schema}.event(run, seq, count, bytes) SELECT e.run, e.seq, e.count, e.bytes
        FROM unnest(_e_run, _e_seq, _e_count, _e_bytes) AS e(run, seq, count, bytes);
    END IF;
    RETURN now_us || unread;
END
$$;
