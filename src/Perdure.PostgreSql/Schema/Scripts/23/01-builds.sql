-- The build that a run is pinned to; NULL for none.
ALTER TABLE {schema}.run ADD COLUMN build text;

-- The number of a code, as the engine computes it.
CREATE FUNCTION {schema}.code_of(_workflow text, _version integer, _build text) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$
    SELECT (('x' || left(encode(sha256(convert_to(_version || ' ' || _workflow || coalesce(chr(10) || _build, ''), 'UTF8')), 'hex'), 16))::bit(64) >> 2)::bigint + 1
$$;

-- As before, with the builds that runs are pinned to; a process of an older version goes on without.
CREATE FUNCTION {schema}.write_queueing(
    _run bigint[], _key text[], _start_deadline bigint[], _build text[], _task_run bigint[], _task_op integer[], _task_key text[])
RETURNS void LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
BEGIN
    UPDATE {schema}.run r SET concurrency_key = b.key, start_deadline = least(r.start_deadline, nullif(b.start_deadline, 9223372036854775807)), build = b.build
    FROM unnest(_run, _key, _start_deadline, _build) AS b(run, key, start_deadline, build)
    -- A start that was sent twice finds its run as it is now.
    WHERE r.key = b.run AND r.xmin = pg_current_xact_id()::xid AND r.term < 2 AND r.claim = 0 AND r.concurrency_key IS NULL AND (r.start_deadline IS NULL OR r.term = 0);
    UPDATE {schema}.task t SET concurrency_key = n.key FROM unnest(_task_run, _task_op, _task_key) AS n(run, op, key)
    WHERE t.run = n.run AND t.op = n.op AND t.xmin = pg_current_xact_id()::xid;
END
$$;
