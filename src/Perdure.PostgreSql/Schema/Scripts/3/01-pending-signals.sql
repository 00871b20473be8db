-- Signals of a run that nobody has taken: unread ones, and those that its owner held when it wrote the row.
ALTER TABLE {schema}.run ADD COLUMN signals integer NOT NULL DEFAULT 0;

-- As post_messages, with a limit for the signals of a run that nobody has taken. verdict: 0 accepted, 1 duplicate, 2 closed, 3 not found, 4 full.
CREATE FUNCTION {schema}.post_messages_limited(
    _key bigint[], _run_id text[], _id text[], _kind integer[], _name text[], _payload bytea[], _limit integer)
RETURNS TABLE(ord integer, verdict integer, key bigint, status smallint, phase smallint) LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    now_us constant bigint := {schema}.clock();
    runs bigint[];
BEGIN
    SELECT array_agg(CASE WHEN a.key <> 0 THEN a.key ELSE (SELECT r.key FROM {schema}.run r WHERE r.id = a.run_id) END ORDER BY a.ord) INTO runs
    FROM unnest(_key, _run_id) WITH ORDINALITY AS a(key, run_id, ord);
    PERFORM 1 FROM {schema}.run r WHERE r.key = ANY(runs) ORDER BY r.key FOR UPDATE;
    -- A signal that an ended run never read was accepted all the same. A blocked or paused run keeps sleeping, unless an operator wakes it.
    RETURN QUERY
    WITH judged AS (
        SELECT a.ord::integer AS ord, a.run, a.id, a.kind, a.name, a.payload, r.key, r.status, r.phase, r.inbox, r.signals,
            EXISTS (SELECT 1 FROM {schema}.message m WHERE m.run = a.run AND m.id = a.id) AS stored,
            row_number() OVER (PARTITION BY a.run, a.id ORDER BY a.ord) > 1 AS repeated
        FROM unnest(runs, _id, _kind, _name, _payload) WITH ORDINALITY AS a(run, id, kind, name, payload, ord)
        LEFT JOIN LATERAL (SELECT r.key, r.status, r.phase, r.inbox, r.signals FROM {schema}.run r WHERE r.key = a.run) AS r ON true),
    fresh AS (
        SELECT j.*, row_number() OVER (PARTITION BY j.run, j.kind = 1 ORDER BY j.ord) AS place FROM judged j
        WHERE j.key IS NOT NULL AND j.status < 10 AND NOT j.stored AND NOT j.repeated),
    accepted AS (
        SELECT f.*, f.inbox + row_number() OVER (PARTITION BY f.run ORDER BY f.ord) AS pos FROM fresh f WHERE f.kind <> 1 OR f.signals + f.place <= _limit),
    counted AS (
        UPDATE {schema}.run r SET inbox = r.inbox + m.count, signals = r.signals + m.signals, updated_at = now_us,
            due_at = CASE WHEN r.status IN (3, 4) AND NOT m.wakes THEN r.due_at ELSE least(r.due_at, now_us) END
        FROM (SELECT a.run, count(*) AS count, count(*) FILTER (WHERE a.kind = 1) AS signals, bool_or(a.kind IN (3, 4, 5)) AS wakes FROM accepted a GROUP BY a.run) AS m
        WHERE r.key = m.run),
    stored AS (
        INSERT INTO {schema}.message(run, pos, at, kind, id, name, payload) SELECT a.run, a.pos, now_us, a.kind, a.id, a.name, a.payload FROM accepted a)
    SELECT j.ord,
        CASE WHEN j.key IS NULL THEN 3
            WHEN j.status >= 10 THEN CASE WHEN j.stored AND j.kind = 1 THEN 1 ELSE 2 END
            WHEN j.stored THEN 1
            WHEN NOT EXISTS (SELECT 1 FROM accepted a WHERE a.run = j.run AND a.id = j.id) THEN 4
            WHEN j.repeated THEN 1 ELSE 0 END,
        j.key, j.status, j.phase
    FROM judged j ORDER BY j.ord;
END
$$;

-- What a group says of the signals that its runs have taken. Behind the group in its transaction; nothing happens when the group was not written.
CREATE FUNCTION {schema}.take_signals(_worker bigint, _lane integer, _number bigint, _run bigint[], _taken integer[]) RETURNS void LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
BEGIN
    UPDATE {schema}.run r SET signals = r.signals - t.taken FROM unnest(_run, _taken) AS t(run, taken)
    WHERE r.key = t.run AND EXISTS (SELECT 1 FROM {schema}.lane l WHERE l.worker = _worker AND l.no = _lane AND l.last_group = _number);
END
$$;

-- A start that brings a signal along: the live run that holds the key or the chosen id gets it, or the run that is made. The births are one. sent: what became of the
-- signal, as post_messages_limited says it; NULL when there is no run for it.
CREATE FUNCTION {schema}.start_with_signal(
    _key bigint[], _id text[], _workflow text[], _version integer[], _queue text[], _priority integer[], _owner bigint[], _due_at bigint[],
    _deadline bigint[], _created_at bigint[], _max_crashes integer[], _semantics integer[], _count integer[], _bytes bytea[],
    _input bytea[], _options bytea[], _input_hash bytea[], _start_key text[], _policy integer[], _chosen boolean[], _tags text[],
    _tag_run bigint[], _tag_name text[], _tag_value text[],
    _message_id text, _name text, _payload bytea, _limit integer)
RETURNS TABLE(verdict integer, key bigint, id text, status integer, sent integer, sent_status integer, sent_phase integer) LANGUAGE plpgsql VOLATILE AS
$$
#variable_conflict use_column
DECLARE
    live bigint;
    born record;
    post record;
BEGIN
    -- Starts with one key follow one another: what the other has done is seen below.
    IF _start_key[1] IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('{schema} start ' || _start_key[1], 0));
    END IF;
    SELECT r.key INTO live FROM {schema}.run r
    WHERE r.key = CASE WHEN _start_key[1] IS NOT NULL THEN (SELECT k.run FROM {schema}.start_key k WHERE k.key = _start_key[1])
            WHEN _chosen[1] THEN (SELECT i.key FROM {schema}.run i WHERE i.id = _id[1]) END
        AND r.workflow = _workflow[1] AND r.key <> _key[1] AND r.status < 10 FOR UPDATE;
    IF live IS NOT NULL THEN
        SELECT 2 AS verdict, r.key, r.id, r.status INTO born FROM {schema}.run r WHERE r.key = live;
    ELSE
        SELECT b.verdict, b.key, b.id, b.status INTO born
        FROM {schema}.give_births(_key, _id, _workflow, _version, _queue, _priority, _owner, _due_at, _deadline, _created_at, _max_crashes,
            _semantics, _count, _bytes, _input, _options, _input_hash, _start_key, _policy, _chosen, _tags, _tag_run, _tag_name, _tag_value) AS b;
        IF NOT FOUND THEN
            SELECT 1 AS verdict, _key[1] AS key, _id[1] AS id, 0::smallint AS status INTO born;
        END IF;
    END IF;
    IF born.verdict IN (1, 2) AND born.status IS NOT NULL THEN
        SELECT p.verdict, p.status, p.phase INTO post
        FROM {schema}.post_messages_limited(ARRAY[born.key], ARRAY[NULL::text], ARRAY[_message_id], ARRAY[1], ARRAY[_name], ARRAY[_payload], _limit) AS p;
        RETURN QUERY SELECT born.verdict, born.key, born.id, born.status::integer, post.verdict, post.status::integer, post.phase::integer;
    ELSE
        RETURN QUERY SELECT born.verdict, born.key, born.id, born.status::integer, NULL::integer, NULL::integer, NULL::integer;
    END IF;
END
$$;
