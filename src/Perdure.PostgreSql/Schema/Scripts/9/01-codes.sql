-- Workers say which workflows and versions they have code for, by rising numbers; NULL is all. A run that was put aside for those who have its code has an owner below 0: the
-- negative of that code's number.
ALTER TABLE {schema}.worker ADD COLUMN codes bigint[];
-- Rows of dead workers stay for a day.
CREATE INDEX worker_alive ON {schema}.worker(key) WHERE alive;
CREATE INDEX run_aside ON {schema}.run(owner, queue, priority DESC, due_at, key) WHERE owner < 0 AND status < 10 AND due_at < 9223372036854775807;
CREATE INDEX run_aside_suspect ON {schema}.run(owner, queue, priority DESC, due_at, key) WHERE owner < 0 AND status < 10 AND due_at < 9223372036854775807 AND crashes >= 2;
DROP INDEX {schema}.run_expiry;
CREATE INDEX run_expiry ON {schema}.run(start_deadline, key) WHERE owner <= 0 AND status = 0 AND start_deadline IS NOT NULL;

-- The number of a code, as the engine computes it.
CREATE FUNCTION {schema}.code_of(_workflow text, _version integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$
    SELECT (('x' || left(encode(sha256(convert_to(_version || ' ' || _workflow, 'UTF8')), 'hex'), 16))::bit(64) >> 2)::bigint + 1
$$;

-- Whether a worker with these codes may take runs of one: it has it, or nobody has it who is alive; then it says so in the run's place.
CREATE FUNCTION {schema}.may_take(_worker bigint, _codes bigint[], _code bigint) RETURNS boolean LANGUAGE sql STABLE AS
$$
    SELECT _codes IS NULL OR _code = ANY(_codes)
        OR NOT EXISTS (SELECT 1 FROM {schema}.worker w WHERE w.alive AND w.key <> _worker AND (w.codes IS NULL OR _code = ANY(w.codes)))
$$;

-- Where the runs that were put aside lie that a worker may take. Every shelf is the negative of a code; there are few, found by leaping.
CREATE FUNCTION {schema}.open_shelves(_worker bigint, _codes bigint[], _mixed boolean) RETURNS bigint[] LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    shelf bigint := 0;
    shelves bigint[] := '{}';
BEGIN
    LOOP
        SELECT r.owner INTO shelf FROM {schema}.run r
        WHERE r.owner < 0 AND r.status < 10 AND r.due_at < 9223372036854775807 AND r.owner < shelf ORDER BY r.owner DESC LIMIT 1;
        EXIT WHEN shelf IS NULL;
        IF NOT _mixed OR {schema}.may_take(_worker, _codes, -shelf) THEN shelves := shelves || shelf; END IF;
    END LOOP;
    RETURN shelves;
END
$$;

-- As before, with what the worker has code for; a process of an older version goes on registering without.
CREATE FUNCTION {schema}.register_worker(_id uuid, _name text, _lease bigint, _lanes integer, _activities text[], _codes bigint[])
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
    INSERT INTO {schema}.worker(id, name, lease, lease_until, renewals, registered_at, locked, alive, freed, activities, codes)
    VALUES (_id, _name, _lease, now_us + _lease, 0, now_us, false, true, false, _activities, _codes) ON CONFLICT DO NOTHING RETURNING key INTO worker;
    IF worker IS NULL THEN
        SELECT w.key INTO worker FROM {schema}.worker w WHERE w.id = _id;
    ELSE
        INSERT INTO {schema}.lane(worker, no, alive, last_group, barrier) SELECT worker, no, true, 0, 0 FROM generate_series(0, _lanes) AS no;
    END IF;
    RETURN QUERY SELECT worker, now_us;
END
$$;
