-- As before, but a key that has become free leads to nobody.
-- A start that brings a signal along: the live run that holds the key or the chosen id gets it, or the run that is made. The births are one. sent: what became of the
-- signal, and in which run, as post_messages_limited says it; NULL when there is no run for it.
CREATE OR REPLACE FUNCTION {schema}.start_with_signal_2(
    _key bigint[], _id text[], _workflow text[], _version integer[], _queue text[], _priority integer[], _owner bigint[], _due_at bigint[],
    _deadline bigint[], _created_at bigint[], _max_crashes integer[], _semantics integer[], _count integer[], _bytes bytea[],
    _input bytea[], _options bytea[], _input_hash bytea[], _start_key text[], _policy integer[], _chosen boolean[], _tags text[],
    _tag_run bigint[], _tag_name text[], _tag_value text[],
    _message_id text, _name text, _payload bytea, _limit integer)
RETURNS TABLE(verdict integer, key bigint, id text, status integer, sent integer, sent_status integer, sent_phase integer, sent_key bigint) LANGUAGE plpgsql VOLATILE AS
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
    WHERE r.key = CASE WHEN _start_key[1] IS NOT NULL THEN (SELECT k.run FROM {schema}.start_key k WHERE k.key = _start_key[1] AND (k.free_at IS NULL OR k.free_at > {schema}.clock()))
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
        SELECT p.verdict, p.status, p.phase, p.key INTO post
        FROM {schema}.post_messages_limited(ARRAY[born.key], ARRAY[NULL::text], ARRAY[_message_id], ARRAY[1], ARRAY[_name], ARRAY[_payload], _limit) AS p;
        RETURN QUERY SELECT born.verdict, born.key, born.id, born.status::integer, post.verdict, post.status::integer, post.phase::integer, post.key;
    ELSE
        RETURN QUERY SELECT born.verdict, born.key, born.id, born.status::integer, NULL::integer, NULL::integer, NULL::integer, NULL::bigint;
    END IF;
END
$$;
