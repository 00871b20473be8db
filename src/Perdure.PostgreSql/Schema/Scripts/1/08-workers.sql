-- Registers a worker with its lanes; repeatable by id.
CREATE FUNCTION {schema}.register_worker(_id uuid, _name text, _lease bigint, _lanes integer, _activities text[])
RETURNS TABLE(key bigint, now_us bigint) LANGUAGE plpgsql VOLATILE AS
$$
#variable_conflict use_column
DECLARE
    now_us constant bigint := {schema}.clock();
    worker bigint;
BEGIN
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

-- Marks workers dead: those whose lease has ended, and those that a hint says are gone and that have not renewed since it was seen. Waits for their groups in flight;
-- from here on no write of theirs passes.
CREATE FUNCTION {schema}.mark_dead(_gone bigint[], _renewals bigint[]) RETURNS integer LANGUAGE plpgsql VOLATILE SET lock_timeout = '1s' AS
$$
#variable_conflict use_column
DECLARE
    now_us constant bigint := {schema}.clock();
    dead bigint[];
BEGIN
    WITH marked AS (
        UPDATE {schema}.worker w SET alive = false, died_at = now_us
        WHERE w.alive AND (w.lease_until < now_us OR EXISTS (SELECT 1 FROM unnest(_gone, _renewals) AS g(key, renewals) WHERE g.key = w.key AND g.renewals = w.renewals))
        RETURNING w.key)
    SELECT coalesce(array_agg(marked.key ORDER BY marked.key), '{}') INTO dead FROM marked;
    UPDATE {schema}.lane l SET alive = false WHERE l.worker = ANY(dead);
    RETURN cardinality(dead);
END
$$;

-- Frees what dead workers own, in key order, and forgets workers that have been dead for a day and own nothing. A run that was running has lost its worker and is due at
-- once; one that was not needs what its row says.
CREATE FUNCTION {schema}.free_dead(_batch integer) RETURNS TABLE(runs integer, tasks integer) LANGUAGE plpgsql VOLATILE
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
            due_at = CASE WHEN r.status = 1 THEN least(r.due_at, now_us) ELSE r.due_at END, updated_at = now_us
        FROM theirs WHERE r.key = theirs.key;
        GET DIAGNOSTICS runs_freed = ROW_COUNT;
        WITH theirs AS MATERIALIZED (
            SELECT t.run, t.op FROM {schema}.task t WHERE t.owner > 0 AND t.owner = ANY(dead) ORDER BY t.run, t.op LIMIT _batch - runs_freed FOR UPDATE SKIP LOCKED)
        UPDATE {schema}.task t SET owner = 0, claim = 0, expired = false, crashes = t.crashes + 1, due_at = now_us
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

-- A worker's own farewell: nothing that it leaves counts as lost.
CREATE FUNCTION {schema}.retire_worker(_worker bigint) RETURNS void LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    now_us constant bigint := {schema}.clock();
BEGIN
    UPDATE {schema}.worker w SET alive = false, died_at = now_us WHERE w.key = _worker AND w.alive;
    UPDATE {schema}.lane l SET alive = false WHERE l.worker = _worker;
    PERFORM 1 FROM {schema}.run r WHERE r.owner > 0 AND r.owner = _worker ORDER BY r.key FOR UPDATE;
    UPDATE {schema}.run r SET owner = 0, due_at = CASE WHEN r.status = 1 THEN least(r.due_at, now_us) ELSE r.due_at END, updated_at = now_us
    WHERE r.owner > 0 AND r.owner = _worker;
    UPDATE {schema}.task t SET owner = 0, claim = 0, expired = false, used = t.used - 1, due_at = now_us WHERE t.owner > 0 AND t.owner = _worker;
    UPDATE {schema}.worker w SET freed = true WHERE w.key = _worker;
END
$$;

-- Renews the lease of a worker (0 for none) and looks at all workers in the same breath, so that an idle worker asks once. The first row is the clock, whether the lease was
-- renewed, and whether dead workers leave something to do; then a row for each live worker that is late, or that has let go of its session lock, or that owns something.
CREATE FUNCTION {schema}.look_at_workers(_worker bigint, _namespace integer)
RETURNS TABLE(key bigint, renewals bigint, now_us bigint, alive boolean, has_work boolean, late boolean, gone boolean, busy boolean) LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    now_us constant bigint := {schema}.clock();
    renewed boolean := false;
BEGIN
    IF _worker > 0 THEN
        UPDATE {schema}.worker w SET lease_until = now_us + w.lease, renewals = w.renewals + 1 WHERE w.key = _worker AND w.alive;
        renewed := FOUND;
    END IF;
    RETURN QUERY SELECT 0::bigint, 0::bigint, now_us, renewed,
        EXISTS (SELECT 1 FROM {schema}.worker w WHERE NOT w.alive AND (NOT w.freed OR w.died_at < now_us - 86400000000)), false, false, false;
    RETURN QUERY SELECT p.key, p.renewals, now_us, true, false, p.late, p.gone, p.busy FROM (
        SELECT w.key, w.renewals, w.lease_until < now_us AS late,
            w.locked AND NOT EXISTS (
                SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
                AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
                AND l.classid = (_namespace::bigint & 4294967295)::oid AND l.objid = (w.key & 4294967295)::oid) AS gone,
            w.locked AND (EXISTS (SELECT 1 FROM {schema}.run r WHERE r.owner > 0 AND r.owner = w.key)
                OR EXISTS (SELECT 1 FROM {schema}.task t WHERE t.owner > 0 AND t.owner = w.key)) AS busy
        FROM {schema}.worker w WHERE w.alive AND w.key <> _worker) AS p
    WHERE p.late OR p.gone OR p.busy;
END
$$;
