-- Requests of runs: hooks and questions to people. kind: 1 hook, 2 input. state: 0 pending, 1 answered, 2 expired, 3 withdrawn.
CREATE TABLE {schema}.request(
    run bigint NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    answered_at bigint NOT NULL,
    op integer NOT NULL,
    number integer NOT NULL,
    max_answers integer NOT NULL,
    answers integer NOT NULL,
    kind smallint NOT NULL,
    state smallint NOT NULL,
    name text COLLATE "C" NOT NULL,
    assignee text COLLATE "C",
    token_hash bytea,
    answer_ids text[] NOT NULL,
    description bytea NOT NULL,
    PRIMARY KEY (run, op)
);
CREATE UNIQUE INDEX request_token ON {schema}.request(token_hash) WHERE token_hash IS NOT NULL;
-- What waits for people, in the order in which it expires.
CREATE INDEX request_pending ON {schema}.request(expires_at, run, op) WHERE state = 0;

-- What the installation keeps for all processes.
CREATE TABLE {schema}.installation(
    name text COLLATE "C" PRIMARY KEY,
    value bytea NOT NULL
);

-- What a group does to the requests of its runs, behind write_group in its transaction: of a run that it did not write, nothing. Answers which requests have expired.
CREATE FUNCTION {schema}.write_requests(
    _w_run bigint[], _w_op integer[], _x_run bigint[], _x_op integer[],
    _o_run bigint[], _o_op integer[], _o_number integer[], _o_kind integer[], _o_name text[], _o_token bytea[], _o_expires_at bigint[], _o_max integer[],
    _o_assignee text[], _o_description bytea[], _c_run bigint[])
RETURNS TABLE(run bigint, op integer) LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    now_us constant bigint := {schema}.clock();
    written bigint[];
BEGIN
    SELECT coalesce(array_agg(r.key), '{}') INTO written FROM {schema}.run r
    WHERE r.key = ANY(_w_run || _x_run || _o_run || _c_run) AND r.xmin = pg_current_xact_id()::xid;
    -- One that was there before, in an earlier attempt of the code or an earlier life of the run, keeps its answers.
    INSERT INTO {schema}.request AS q (run, op, number, kind, state, name, token_hash, created_at, expires_at, answered_at, max_answers, answers, answer_ids, assignee, description)
    SELECT o.run, o.op, o.number, o.kind, 0, o.name, nullif(o.token, ''), now_us, o.expires_at, 9223372036854775807, o.max, 0, '{}', o.assignee, o.description
    FROM unnest(_o_run, _o_op, _o_number, _o_kind, _o_name, _o_token, _o_expires_at, _o_max, _o_assignee, _o_description)
        AS o(run, op, number, kind, name, token, expires_at, max, assignee, description)
    WHERE o.run = ANY(written)
    ON CONFLICT ON CONSTRAINT request_pkey DO UPDATE SET
        state = CASE WHEN q.number <> excluded.number THEN 0 WHEN q.state <> 3 THEN q.state WHEN q.answers < q.max_answers THEN 0 ELSE 1 END,
        answers = CASE WHEN q.number = excluded.number THEN q.answers ELSE 0 END,
        answer_ids = CASE WHEN q.number = excluded.number THEN q.answer_ids ELSE '{}' END,
        answered_at = CASE WHEN q.number = excluded.number THEN q.answered_at ELSE excluded.answered_at END,
        created_at = CASE WHEN q.number = excluded.number THEN q.created_at ELSE excluded.created_at END,
        kind = CASE WHEN q.number = excluded.number THEN q.kind ELSE excluded.kind END,
        name = CASE WHEN q.number = excluded.number THEN q.name ELSE excluded.name END,
        token_hash = CASE WHEN q.number = excluded.number THEN q.token_hash ELSE excluded.token_hash END,
        expires_at = CASE WHEN q.number = excluded.number THEN q.expires_at ELSE excluded.expires_at END,
        max_answers = CASE WHEN q.number = excluded.number THEN q.max_answers ELSE excluded.max_answers END,
        assignee = CASE WHEN q.number = excluded.number THEN q.assignee ELSE excluded.assignee END,
        description = CASE WHEN q.number = excluded.number THEN q.description ELSE excluded.description END,
        number = excluded.number;
    UPDATE {schema}.request q SET state = 3 FROM unnest(_w_run, _w_op) AS w(run, op)
    WHERE q.run = w.run AND q.op = w.op AND q.state = 0 AND w.run = ANY(written);
    UPDATE {schema}.request q SET state = 2 FROM unnest(_x_run, _x_op) AS x(run, op)
    WHERE q.run = x.run AND q.op = x.op AND q.state = 0 AND x.run = ANY(written);
    UPDATE {schema}.request q SET state = 3 WHERE q.state = 0 AND q.run = ANY(_c_run) AND q.run = ANY(written)
        AND EXISTS (SELECT 1 FROM {schema}.run r WHERE r.key = q.run AND r.status >= 10);
    RETURN QUERY SELECT x.run, x.op FROM unnest(_x_run, _x_op) WITH ORDINALITY AS x(run, op, ord)
        JOIN {schema}.request q ON q.run = x.run AND q.op = x.op AND q.state = 2 WHERE x.run = ANY(written) ORDER BY x.ord;
END
$$;

-- Answers a request: the first answers that fit win, and become messages. verdict: 0 accepted, 1 not found, 2 already answered, 3 expired, 4 withdrawn, 5 closed.
CREATE FUNCTION {schema}.answer_request(_run bigint, _op integer, _number integer, _id text, _kind integer, _name text, _payload bytea, _limit integer)
RETURNS TABLE(verdict integer, status integer) LANGUAGE plpgsql VOLATILE AS
$$
#variable_conflict use_column
DECLARE
    now_us bigint;
    run_status integer;
    asked record;
    answer integer;
BEGIN
    -- The run is locked first, as everybody does; the clock is read under the locks.
    SELECT r.status INTO run_status FROM {schema}.run r WHERE r.key = _run FOR UPDATE;
    SELECT q.state, q.expires_at, q.answers, q.max_answers, q.answer_ids INTO asked FROM {schema}.request q
    WHERE q.run = _run AND q.op = _op AND q.number = _number FOR UPDATE;
    IF run_status IS NULL OR asked.state IS NULL THEN
        RETURN QUERY SELECT 1, NULL::integer;
        RETURN;
    END IF;
    now_us := {schema}.clock();
    answer := CASE
        WHEN _id = ANY(asked.answer_ids) THEN 0
        WHEN asked.state = 1 THEN 2
        WHEN run_status >= 10 THEN 5
        WHEN asked.state = 3 THEN 4
        WHEN asked.state = 2 OR asked.expires_at <= now_us THEN 3
        ELSE -1 END;
    IF answer < 0 THEN
        UPDATE {schema}.request q SET answers = q.answers + 1, answer_ids = q.answer_ids || _id, answered_at = now_us,
            state = CASE WHEN q.answers + 1 >= q.max_answers THEN 1 ELSE 0 END WHERE q.run = _run AND q.op = _op;
        PERFORM {schema}.post_messages_limited(ARRAY[_run], ARRAY[NULL::text], ARRAY[_id], ARRAY[_kind], ARRAY[_name], ARRAY[_payload], _limit);
        answer := 0;
    END IF;
    RETURN QUERY SELECT answer, run_status;
END
$$;

-- As before, with the requests.
CREATE OR REPLACE FUNCTION {schema}.remove_runs(_keys bigint[]) RETURNS void LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
BEGIN
    DELETE FROM {schema}.event e WHERE e.run = ANY(_keys);
    DELETE FROM {schema}.message m WHERE m.run = ANY(_keys);
    DELETE FROM {schema}.task t WHERE t.run = ANY(_keys);
    DELETE FROM {schema}.tag t WHERE t.run = ANY(_keys);
    DELETE FROM {schema}.child c WHERE c.run = ANY(_keys);
    DELETE FROM {schema}.chain c WHERE c.run = ANY(_keys);
    DELETE FROM {schema}.request q WHERE q.run = ANY(_keys);
    DELETE FROM {schema}.run r WHERE r.key = ANY(_keys);
END
$$;
