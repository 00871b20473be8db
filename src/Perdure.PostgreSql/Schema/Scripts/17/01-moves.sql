-- As before, and a request whose time was up goes on as one whose time is up: its run may end before it has heard of that.
CREATE OR REPLACE FUNCTION {schema}.move_requests(_run bigint[], _op integer[], _successor bigint[], _new_op integer[]) RETURNS void LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
BEGIN
    UPDATE {schema}.request q SET run = m.successor, op = m.new_op, state = CASE WHEN q.state = 2 THEN 2 WHEN q.answers < q.max_answers THEN 0 ELSE 1 END
    FROM unnest(_run, _op, _successor, _new_op) AS m(run, op, successor, new_op)
    WHERE q.run = m.run AND q.op = m.op AND q.state IN (1, 2, 3)
        AND EXISTS (SELECT 1 FROM {schema}.run r WHERE r.key = m.run AND r.status = 16 AND r.xmin = pg_current_xact_id()::xid)
        AND EXISTS (SELECT 1 FROM {schema}.run s WHERE s.key = m.successor);
END
$$;
