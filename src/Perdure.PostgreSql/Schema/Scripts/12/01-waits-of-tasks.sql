-- Frees what dead workers own, in key order, and forgets workers that have been dead for a day and own nothing. A run that was running has lost its worker; one that was not
-- needs what its row says. The first loss in a row makes it due at once, later ones after 0.5 s, 1 s, 2 s ... 8 s; the one that blocks it at once again. Tasks wait alike;
-- how many losses they outlive is known to who takes them.
CREATE OR REPLACE FUNCTION {schema}.free_dead(_batch integer) RETURNS TABLE(runs integer, tasks integer) LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    now_us constant bigint := {schema}.clock();
    dead bigint[];
    runs_freed integer := 0;
    tasks_freed integer := 0;
BEGIN
    SELECT coalesce(array_agg(w.key), '{}') INTO dead FROM {schema}.worker w WHERE NOT w.alive AND NOT w.freed;
    IF cardinality(dead) > 0 THEN
        WITH theirs AS MATERIALIZED (
            SELECT r.key FROM {schema}.run r WHERE r.owner > 0 AND r.owner = ANY(dead) ORDER BY r.key LIMIT _batch FOR UPDATE SKIP LOCKED)
        UPDATE {schema}.run r SET owner = 0, crashes = r.crashes + (r.status = 1)::integer, losses = r.losses + (r.status = 1)::integer,
            due_at = CASE WHEN r.status <> 1 THEN r.due_at
                WHEN r.crashes + 1 < 2 OR r.crashes + 1 >= r.max_crashes THEN least(r.due_at, now_us)
                ELSE now_us + least(500000::bigint << least(r.crashes - 1, 4), 8000000) END,
            updated_at = now_us
        FROM theirs WHERE r.key = theirs.key;
        GET DIAGNOSTICS runs_freed = ROW_COUNT;
        WITH theirs AS MATERIALIZED (
            SELECT t.run, t.op FROM {schema}.task t WHERE t.owner > 0 AND t.owner = ANY(dead) ORDER BY t.run, t.op LIMIT _batch - runs_freed FOR UPDATE SKIP LOCKED)
        UPDATE {schema}.task t SET owner = 0, claim = 0, expired = false, crashes = t.crashes + 1,
            due_at = now_us + CASE WHEN t.crashes + 1 < 2 THEN 0 ELSE least(500000::bigint << least(t.crashes - 1, 4), 8000000) END
        FROM theirs WHERE t.run = theirs.run AND t.op = theirs.op;
        GET DIAGNOSTICS tasks_freed = ROW_COUNT;
        -- Nothing passes a dead lane, so what is free stays free: these workers need no look any more.
        UPDATE {schema}.worker w SET freed = true WHERE w.key = ANY(dead)
            AND NOT EXISTS (SELECT 1 FROM {schema}.run r WHERE r.owner > 0 AND r.owner = w.key)
            AND NOT EXISTS (SELECT 1 FROM {schema}.task t WHERE t.owner > 0 AND t.owner = w.key);
    END IF;
    WITH forgotten AS (DELETE FROM {schema}.worker w WHERE NOT w.alive AND w.freed AND w.died_at < now_us - 86400000000 RETURNING w.key)
    DELETE FROM {schema}.lane l USING forgotten f WHERE l.worker = f.key;
    RETURN QUERY SELECT runs_freed, tasks_freed;
END
$$;
