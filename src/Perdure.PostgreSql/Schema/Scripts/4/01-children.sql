-- Which runs are children of which; a run that is no child has no row.
CREATE TABLE {schema}.child(
    run bigint PRIMARY KEY,
    parent bigint NOT NULL,
    parent_id text COLLATE "C" NOT NULL,
    root text COLLATE "C" NOT NULL
);
CREATE INDEX child_parent ON {schema}.child(parent);
CREATE INDEX child_parent_id ON {schema}.child(parent_id);
CREATE INDEX child_root ON {schema}.child(root);

-- Whether the parent of a run has not ended.
CREATE FUNCTION {schema}.has_live_parent(_key bigint) RETURNS boolean LANGUAGE sql STABLE AS
$$
    SELECT EXISTS (SELECT 1 FROM {schema}.child c JOIN {schema}.run p ON p.key = c.parent WHERE c.run = _key AND p.status < 10)
$$;

-- Whether the parent of a run, or a child of it, has not ended.
CREATE FUNCTION {schema}.is_in_use(_key bigint) RETURNS boolean LANGUAGE sql STABLE AS
$$
    SELECT {schema}.has_live_parent(_key) OR EXISTS (SELECT 1 FROM {schema}.child c JOIN {schema}.run k ON k.key = c.run WHERE c.parent = _key AND k.status < 10)
$$;

-- Locks the runs that a group writes and those that it sends messages to, in the order in which senders of messages lock them, so that none waits for another in a circle.
CREATE FUNCTION {schema}.lock_runs(_keys bigint[], _ids text[]) RETURNS void LANGUAGE plpgsql VOLATILE
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS
$$
DECLARE
    all_keys bigint[];
BEGIN
    SELECT array_agg(k.key) INTO all_keys FROM (
        SELECT unnest(_keys) AS key UNION SELECT r.key FROM {schema}.run r WHERE r.id = ANY(_ids)) AS k;
    PERFORM 1 FROM {schema}.run r WHERE r.key = ANY(all_keys) ORDER BY r.key FOR UPDATE;
END
$$;

-- What follows from a group that the same transaction has written: children, then messages to other runs. Nothing happens if the group was refused. A bundle counts whose
-- run this transaction has written; what is sent at a close, only if this transaction closed it. Answers the inbox counters of the runs that have children here.
CREATE FUNCTION {schema}.follow_group(
    _worker bigint, _lane integer, _number bigint,
    -- births
    _b_key bigint[], _b_id text[], _b_workflow text[], _b_version integer[], _b_queue text[], _b_priority integer[], _b_owner bigint[], _b_due_at bigint[],
    _b_deadline bigint[], _b_created_at bigint[], _b_max_crashes integer[], _b_semantics integer[], _b_count integer[], _b_bytes bytea[],
    _b_input bytea[], _b_options bytea[], _b_input_hash bytea[], _b_start_key text[], _b_policy integer[], _b_chosen boolean[], _b_tags text[],
    _b_tag_run bigint[], _b_tag_name text[], _b_tag_value text[],
    -- whose children they are, and the message for a parent whose child's key or id is taken
    _p_run bigint[], _p_id text[], _p_root text[], _p_taken_id text[], _p_taken_kind integer[], _p_taken_payload bytea[],
    -- messages
    _o_run bigint[], _o_at_close boolean[], _o_to_child boolean[], _o_key bigint[], _o_run_id text[], _o_id text[], _o_kind integer[], _o_name text[], _o_payload bytea[],
    -- how many signals that nobody took a run may have
    _limit integer)
RETURNS TABLE(run bigint, inbox bigint) LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    written bigint[];
    closed bigint[];
    taken integer[] := '{}';
BEGIN
    PERFORM 1 FROM {schema}.lane WHERE worker = _worker AND no = _lane AND last_group = _number;
    IF NOT FOUND THEN RETURN; END IF;
    SELECT coalesce(array_agg(r.key), '{}'), coalesce(array_agg(r.key) FILTER (WHERE r.status >= 10), '{}') INTO written, closed
    FROM {schema}.run r WHERE r.key = ANY(_p_run || _o_run) AND r.xmin = pg_current_xact_id()::xid;

    IF cardinality(_b_key) > 0 THEN
        IF _p_run <@ written THEN
            SELECT coalesce(array_agg(g.ord) FILTER (WHERE g.verdict <> 1), '{}') INTO taken
            FROM {schema}.give_births(_b_key, _b_id, _b_workflow, _b_version, _b_queue, _b_priority, _b_owner, _b_due_at, _b_deadline, _b_created_at, _b_max_crashes,
                _b_semantics, _b_count, _b_bytes, _b_input, _b_options, _b_input_hash, _b_start_key, _b_policy, _b_chosen, _b_tags, _b_tag_run, _b_tag_name, _b_tag_value) AS g;
        ELSE
            -- The birth of a parent was lost: its children are not born either.
            FOR i IN 1 .. cardinality(_b_key) LOOP
                CONTINUE WHEN NOT _p_run[i] = ANY(written);
                PERFORM 1 FROM {schema}.give_births(_b_key[i:i], _b_id[i:i], _b_workflow[i:i], _b_version[i:i], _b_queue[i:i], _b_priority[i:i], _b_owner[i:i],
                    _b_due_at[i:i], _b_deadline[i:i], _b_created_at[i:i], _b_max_crashes[i:i], _b_semantics[i:i], _b_count[i:i], _b_bytes[i:i], _b_input[i:i],
                    _b_options[i:i], _b_input_hash[i:i], _b_start_key[i:i], _b_policy[i:i], _b_chosen[i:i], _b_tags[i:i], _b_tag_run, _b_tag_name, _b_tag_value) AS g
                    WHERE g.verdict <> 1;
                IF FOUND THEN taken := taken || i; END IF;
            END LOOP;
        END IF;
        INSERT INTO {schema}.child(run, parent, parent_id, root)
        SELECT b.key, b.parent, b.parent_id, b.root FROM unnest(_b_key, _b_id, _p_run, _p_id, _p_root) WITH ORDINALITY AS b(key, id, parent, parent_id, root, ord)
            JOIN {schema}.run r ON r.key = b.key AND r.id = b.id
        WHERE b.parent = ANY(written) AND NOT b.ord = ANY(taken) ON CONFLICT DO NOTHING;
        IF cardinality(taken) > 0 THEN
            PERFORM 1 FROM {schema}.post_messages_limited(
                (SELECT array_agg(_p_run[t] ORDER BY t) FROM unnest(taken) AS t), (SELECT array_agg(NULL::text) FROM unnest(taken) AS t),
                (SELECT array_agg(_p_taken_id[t] ORDER BY t) FROM unnest(taken) AS t), (SELECT array_agg(_p_taken_kind[t] ORDER BY t) FROM unnest(taken) AS t),
                (SELECT array_agg(''::text) FROM unnest(taken) AS t), (SELECT array_agg(_p_taken_payload[t] ORDER BY t) FROM unnest(taken) AS t),
                _limit);
        END IF;
        RETURN QUERY SELECT r.key, r.inbox FROM {schema}.run r WHERE r.key = ANY(_p_run) AND r.key = ANY(written);
    END IF;

    IF cardinality(_o_run) > 0 THEN
        -- Senders that this transaction has closed get nothing any more, whoever sends it.
        PERFORM 1 FROM (
            SELECT array_agg(o.key ORDER BY o.ord) AS keys, array_agg(o.run_id ORDER BY o.ord) AS run_ids, array_agg(o.id ORDER BY o.ord) AS ids,
                array_agg(o.kind ORDER BY o.ord) AS kinds, array_agg(o.name ORDER BY o.ord) AS names, array_agg(o.payload ORDER BY o.ord) AS payloads
            FROM unnest(_o_run, _o_at_close, _o_to_child, _o_key, _o_run_id, _o_id, _o_kind, _o_name, _o_payload) WITH ORDINALITY
                AS o(run, at_close, to_child, key, run_id, id, kind, name, payload, ord)
            WHERE o.run = ANY(written) AND (NOT o.at_close OR o.run = ANY(closed)) AND (NOT o.to_child OR EXISTS (
                SELECT 1 FROM {schema}.run r JOIN {schema}.child c ON c.run = r.key WHERE r.id = o.run_id AND c.parent = o.run))) AS m,
            LATERAL {schema}.post_messages_limited(m.keys, m.run_ids, m.ids, m.kinds, m.names, m.payloads, _limit) AS p
        WHERE m.keys IS NOT NULL;
    END IF;
END
$$;

-- As before, and a child of a live run is not reopened: verdict 5.
CREATE OR REPLACE FUNCTION {schema}.reopen_run(_key bigint, _run_id text, _id text, _kind integer, _name text, _payload bytea, _seen_events integer)
RETURNS TABLE(verdict integer, key bigint, status smallint, phase smallint) LANGUAGE plpgsql VOLATILE AS
$$
#variable_conflict use_column
DECLARE
    now_us constant bigint := {schema}.clock();
    before record;
    answer integer;
BEGIN
    SELECT r.key, r.status, r.phase, r.events INTO before FROM {schema}.run r
    WHERE r.key = CASE WHEN _key <> 0 THEN _key ELSE (SELECT i.key FROM {schema}.run i WHERE i.id = _run_id) END FOR UPDATE;
    answer := CASE
        WHEN before.key IS NULL THEN 3
        -- A live run has been reopened already; its history knows the message even when the inbox does not hold it any more.
        WHEN before.status < 10 THEN 1
        WHEN before.status IN (10, 16) THEN 2
        WHEN {schema}.has_live_parent(before.key) THEN 5
        -- A late copy of an order that was carried out before the run closed again.
        WHEN EXISTS (SELECT 1 FROM {schema}.message m WHERE m.run = before.key AND m.id = _id) OR (_seen_events <> 0 AND _seen_events <> before.events) THEN 1
        ELSE 0 END;
    IF answer = 0 THEN
        UPDATE {schema}.run r SET inbox = r.inbox + 1, status = 0, phase = 0, due_at = now_us, closed_at = 9223372036854775807, result = '', failure = '', crashes = 0,
            updated_at = now_us WHERE r.key = before.key;
        -- What its end had let go on, and orders that came too late for it, belong to the life that is over.
        DELETE FROM {schema}.message m WHERE m.run = before.key AND m.kind IN (3, 4);
        DELETE FROM {schema}.task t WHERE t.run = before.key;
        INSERT INTO {schema}.message(run, pos, at, kind, id, name, payload)
        SELECT r.key, r.inbox, now_us, _kind, _id, _name, _payload FROM {schema}.run r WHERE r.key = before.key;
    END IF;
    RETURN QUERY SELECT answer, before.key, before.status, before.phase;
END
$$;
