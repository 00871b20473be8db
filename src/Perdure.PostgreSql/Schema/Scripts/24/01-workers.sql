-- Workers say which queues they serve and name their workflows, as JSON for readers alone; NULL is a worker that does not say. And operators may pause a worker: paused_at is NULL while it
-- takes work, and revision counts the changes.
ALTER TABLE {schema}.worker ADD COLUMN about text, ADD COLUMN paused_at bigint, ADD COLUMN paused_by text, ADD COLUMN pause_reason text, ADD COLUMN revision bigint NOT NULL DEFAULT 0;

-- As before, with what the worker says of itself; what was ordered of the worker that the process was before holds for it.
CREATE FUNCTION {schema}.register_worker(_id uuid, _name text, _lease bigint, _lanes integer, _activities text[], _codes bigint[], _about text, _before bigint)
RETURNS TABLE(key bigint, now_us bigint, revision bigint, paused boolean) LANGUAGE plpgsql VOLATILE AS
$$
#variable_conflict use_column
DECLARE
    worker bigint;
    now_us bigint;
    is_new boolean;
    former record;
BEGIN
    is_new := NOT EXISTS (SELECT 1 FROM {schema}.worker w WHERE w.id = _id);
    SELECT r.key, r.now_us INTO worker, now_us FROM {schema}.register_worker(_id, _name, _lease, _lanes, _activities, _codes) AS r;
    IF is_new THEN
        SELECT w.* INTO former FROM {schema}.worker w WHERE w.key = _before FOR UPDATE;
        UPDATE {schema}.worker w SET about = _about, paused_at = former.paused_at, paused_by = former.paused_by, pause_reason = former.pause_reason, revision = coalesce(former.revision, 0)
        WHERE w.key = worker AND w.about IS NULL AND w.revision = 0;
    END IF;
    RETURN QUERY SELECT w.key, now_us, w.revision, w.paused_at IS NOT NULL FROM {schema}.worker w WHERE w.key = worker;
END
$$;

-- Orders a worker to take nothing, or to take work again. Nothing is changed behind another revision than the one that was seen (after; NULL for any). Every claim takes the row of its lane
-- before it looks at the orders: once that row is held here, no claim is under way that does not know of them.
CREATE FUNCTION {schema}.change_worker(_worker bigint, _paused boolean, _by text, _reason text, _after bigint) RETURNS void LANGUAGE plpgsql VOLATILE SET lock_timeout = '2s' AS
$$
BEGIN
    UPDATE {schema}.worker w SET revision = w.revision + 1, paused_at = CASE WHEN _paused THEN {schema}.clock() END,
        paused_by = CASE WHEN _paused THEN _by END, pause_reason = CASE WHEN _paused THEN _reason END
    WHERE w.key = _worker AND w.alive AND (_after IS NULL OR w.revision = _after);
    IF FOUND THEN PERFORM 1 FROM {schema}.lane l WHERE l.worker = _worker AND l.no = 0 FOR UPDATE; END IF;
END
$$;

-- A claim of a worker, if it is not paused: then it passes its lane and is given nothing. As claim_runs answers, with the orders.
CREATE FUNCTION {schema}.take_runs(_worker bigint, _lane integer, _number bigint, _previous bigint, _queues text[], _limit integer, _suspects integer)
RETURNS TABLE(next_due bigint, now_us bigint, revision bigint, paused boolean) LANGUAGE plpgsql VOLATILE AS
$$
#variable_conflict use_column
DECLARE
    orders record;
BEGIN
    PERFORM 1 FROM {schema}.lane l WHERE l.worker = _worker AND l.no = _lane FOR UPDATE;
    SELECT w.revision, w.paused_at IS NOT NULL AS paused INTO orders FROM {schema}.worker w WHERE w.key = _worker;
    IF orders.paused THEN
        UPDATE {schema}.lane l SET last_group = _number WHERE l.worker = _worker AND l.no = _lane AND l.alive AND l.last_group = _previous AND l.barrier < _number;
        RETURN QUERY SELECT CASE WHEN FOUND THEN 9223372036854775807 END, {schema}.clock(), orders.revision, true;
        RETURN;
    END IF;
    RETURN QUERY SELECT c.next_due, c.now_us, orders.revision, false FROM {schema}.claim_runs(_worker, _lane, _number, _previous, _queues, _limit, _suspects) AS c;
END
$$;

-- The same for tasks, as claim_tasks answers: the last row tells the orders.
CREATE FUNCTION {schema}.take_tasks(
    _worker bigint, _lane integer, _number bigint, _previous bigint, _queues text[], _free integer[], _suspects integer, _activities text[])
RETURNS TABLE(run bigint, op integer, token bigint, run_id text, number bigint, activity text, queue text, close_deadline bigint, crashes integer, options bytea,
    details bytea, input bytea, expired boolean, next_due bigint, now_us bigint, slot boolean, revision bigint, paused boolean) LANGUAGE plpgsql VOLATILE AS
$$
#variable_conflict use_column
DECLARE
    orders record;
BEGIN
    PERFORM 1 FROM {schema}.lane l WHERE l.worker = _worker AND l.no = _lane FOR UPDATE;
    SELECT w.revision, w.paused_at IS NOT NULL AS paused INTO orders FROM {schema}.worker w WHERE w.key = _worker;
    IF orders.paused THEN
        UPDATE {schema}.lane l SET last_group = _number WHERE l.worker = _worker AND l.no = _lane AND l.alive AND l.last_group = _previous AND l.barrier < _number;
        RETURN QUERY SELECT NULL::bigint, NULL::integer, NULL::bigint, NULL::text, NULL::bigint, NULL::text, NULL::text, NULL::bigint, NULL::integer, NULL::bytea,
            NULL::bytea, NULL::bytea, NULL::boolean, CASE WHEN FOUND THEN 9223372036854775807 END, {schema}.clock(), NULL::boolean, orders.revision, true;
        RETURN;
    END IF;
    RETURN QUERY SELECT c.*, orders.revision, false FROM {schema}.claim_tasks(_worker, _lane, _number, _previous, _queues, _free, _suspects, _activities) AS c;
END
$$;
