-- The journal's transaction for a group of one run that is only born, or only ends: what an engine with little to do writes most. They do what write_ordinary_group does, but plain
-- values cost the server a good deal less than arrays of one. Both answer the clock, its negative if the lane is not the writer's any more, and fail if anything is not as every
-- owner expects it; then write_group is asked.
CREATE FUNCTION {schema}.write_lone_birth(
    _worker bigint, _lane integer, _number bigint, _previous bigint,
    _key bigint, _id text, _workflow text, _version integer, _queue text, _priority integer, _due_at bigint, _deadline bigint, _created_at bigint, _max_crashes integer,
    _semantics integer, _count integer, _bytes bytea, _input bytea, _options bytea, _input_hash bytea)
RETURNS bigint LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS
$$
DECLARE
    now_us constant bigint := {schema}.clock();
BEGIN
    UPDATE {schema}.lane SET last_group = _number WHERE worker = _worker AND no = _lane AND alive AND last_group = _previous AND barrier < _number;
    IF NOT FOUND THEN
        RETURN -now_us;
    END IF;
    -- Work of a queue that is paused or has limits is given by claims only. The row of the lane is held, so the rule cannot change any more.
    IF EXISTS (SELECT 1 FROM {schema}.queue q WHERE q.name = _queue AND (q.paused OR q.max_concurrency > 0 OR q.max_per_key > 0)) THEN
        RAISE EXCEPTION USING ERRCODE = 'PD100', MESSAGE = 'a run is not to be born';
    END IF;
    INSERT INTO {schema}.event(run, seq, count, bytes, input, options, input_hash) VALUES (_key, 0, _count, _bytes, _input, _options, _input_hash);
    INSERT INTO {schema}.run
        (key, owner, claim, inbox, due_at, created_at, updated_at, closed_at, deadline, term, events, version, priority, crashes, losses, max_crashes, semantics,
        status, phase, id, workflow, queue, start_key, tags, waiting, published, result, failure)
    VALUES (_key, _worker, 0, 0, _due_at, _created_at, now_us, 9223372036854775807, _deadline, 1, _count, _version, _priority,
        0, 0, _max_crashes, _semantics, 1, 0, _id, _workflow, _queue, NULL, NULL, '', '', '', '');
    RETURN now_us;
END
$$;

-- An end that finds an unread message fails here: write_group knows what is to be done then.
CREATE FUNCTION {schema}.write_lone_close(
    _worker bigint, _lane integer, _number bigint, _previous bigint,
    _run bigint, _term integer, _seen bigint, _not_before bigint, _phase integer, _clears_crashes boolean, _published bytea,
    _seq integer, _count integer, _bytes bytea, _status integer, _closed_at bigint, _result bytea, _failure bytea)
RETURNS bigint LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS
$$
DECLARE
    now_us constant bigint := {schema}.clock();
BEGIN
    UPDATE {schema}.lane SET last_group = _number WHERE worker = _worker AND no = _lane AND alive AND last_group = _previous AND barrier < _number;
    IF NOT FOUND THEN
        RETURN -now_us;
    END IF;
    UPDATE {schema}.run AS r SET
        status = _status, phase = coalesce(_phase, r.phase), owner = 0, due_at = 9223372036854775807, crashes = CASE WHEN _clears_crashes THEN 0 ELSE r.crashes END,
        waiting = '', published = coalesce(_published, r.published), events = _seq + _count, closed_at = _closed_at, result = _result, failure = _failure, updated_at = now_us
    WHERE r.key = _run AND r.owner = _worker AND r.term = _term AND r.inbox = _seen AND _not_before <= now_us;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PD100', MESSAGE = 'a run is not to end';
    END IF;
    INSERT INTO {schema}.event(run, seq, count, bytes) VALUES (_run, _seq, _count, _bytes);
    RETURN now_us;
END
$$;
