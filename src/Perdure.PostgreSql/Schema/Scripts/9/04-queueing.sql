-- As before; a run that was born and told to stop in the same transaction is counted under its key, too.
-- Behind births and new tasks of the same transaction, for the few that say so: the key that limits count them under, and until when a run must be taken.
CREATE OR REPLACE FUNCTION {schema}.write_queueing(_run bigint[], _key text[], _start_deadline bigint[], _task_run bigint[], _task_op integer[], _task_key text[])
RETURNS void LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
BEGIN
    UPDATE {schema}.run r SET concurrency_key = b.key, start_deadline = least(r.start_deadline, nullif(b.start_deadline, 9223372036854775807))
    FROM unnest(_run, _key, _start_deadline) AS b(run, key, start_deadline)
    -- A start that was sent twice finds its run as it is now.
    WHERE r.key = b.run AND r.xmin = pg_current_xact_id()::xid AND r.term < 2 AND r.claim = 0 AND r.concurrency_key IS NULL AND (r.start_deadline IS NULL OR r.term = 0);
    UPDATE {schema}.task t SET concurrency_key = n.key FROM unnest(_task_run, _task_op, _task_key) AS n(run, op, key)
    WHERE t.run = n.run AND t.op = n.op AND t.xmin = pg_current_xact_id()::xid;
END
$$;
