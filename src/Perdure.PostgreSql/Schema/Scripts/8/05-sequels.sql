-- As before, but the answer to a run that asked for a child and went on as another in the same transaction does not reach that other.
CREATE OR REPLACE FUNCTION {schema}.follow_group_2(
    _worker bigint, _lane integer, _number bigint,
    -- births
    _b_key bigint[], _b_id text[], _b_workflow text[], _b_version integer[], _b_queue text[], _b_priority integer[], _b_owner bigint[], _b_due_at bigint[],
    _b_deadline bigint[], _b_created_at bigint[], _b_max_crashes integer[], _b_semantics integer[], _b_count integer[], _b_bytes bytea[],
    _b_input bytea[], _b_options bytea[], _b_input_hash bytea[], _b_start_key text[], _b_policy integer[], _b_chosen boolean[], _b_tags text[],
    _b_tag_run bigint[], _b_tag_name text[], _b_tag_value text[],
    -- whose children they are, and the message for a parent whose child's key or id is taken
    -- a successor has no parent here, but takes the place of the run
    _p_run bigint[], _p_successor boolean[], _p_id text[], _p_root text[], _p_taken_id text[], _p_taken_kind integer[], _p_taken_payload bytea[],
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
        IF NOT EXISTS (SELECT 1 FROM unnest(_p_run, _p_successor) AS p(run, successor) WHERE NOT p.run = ANY(CASE WHEN p.successor THEN closed ELSE written END)) THEN
            SELECT coalesce(array_agg(g.ord) FILTER (WHERE g.verdict <> 1), '{}') INTO taken
            FROM {schema}.give_births(_b_key, _b_id, _b_workflow, _b_version, _b_queue, _b_priority, _b_owner, _b_due_at, _b_deadline, _b_created_at, _b_max_crashes,
                _b_semantics, _b_count, _b_bytes, _b_input, _b_options, _b_input_hash, _b_start_key, _b_policy, _b_chosen, _b_tags, _b_tag_run, _b_tag_name, _b_tag_value) AS g;
        ELSE
            -- The birth of a parent was lost: its children are not born either. Or a run has not closed: it has no successor.
            FOR i IN 1 .. cardinality(_b_key) LOOP
                CONTINUE WHEN NOT _p_run[i] = ANY(CASE WHEN _p_successor[i] THEN closed ELSE written END);
                PERFORM 1 FROM {schema}.give_births(_b_key[i:i], _b_id[i:i], _b_workflow[i:i], _b_version[i:i], _b_queue[i:i], _b_priority[i:i], _b_owner[i:i],
                    _b_due_at[i:i], _b_deadline[i:i], _b_created_at[i:i], _b_max_crashes[i:i], _b_semantics[i:i], _b_count[i:i], _b_bytes[i:i], _b_input[i:i],
                    _b_options[i:i], _b_input_hash[i:i], _b_start_key[i:i], _b_policy[i:i], _b_chosen[i:i], _b_tags[i:i], _b_tag_run, _b_tag_name, _b_tag_value) AS g
                    WHERE g.verdict <> 1;
                IF FOUND THEN taken := taken || i; END IF;
            END LOOP;
        END IF;
        INSERT INTO {schema}.child(run, parent, parent_id, root)
        SELECT b.key, b.parent, b.parent_id, b.root FROM unnest(_b_key, _b_id, _p_run, _p_successor, _p_id, _p_root) WITH ORDINALITY AS b(key, id, parent, successor, parent_id, root, ord)
            JOIN {schema}.run r ON r.key = b.key AND r.id = b.id
        WHERE b.parent = ANY(written) AND NOT b.successor AND NOT b.ord = ANY(taken) ON CONFLICT DO NOTHING;
        -- Before somebody goes on in the place of a run that asked: that a child's name is taken concerns nobody else.
        IF cardinality(taken) > 0 THEN
            PERFORM 1 FROM {schema}.post_messages_limited(
                (SELECT array_agg(_p_run[t] ORDER BY t) FROM unnest(taken) AS t), (SELECT array_agg(NULL::text) FROM unnest(taken) AS t),
                (SELECT array_agg(_p_taken_id[t] ORDER BY t) FROM unnest(taken) AS t), (SELECT array_agg(_p_taken_kind[t] ORDER BY t) FROM unnest(taken) AS t),
                (SELECT array_agg(''::text) FROM unnest(taken) AS t), (SELECT array_agg(_p_taken_payload[t] ORDER BY t) FROM unnest(taken) AS t),
                _limit);
        END IF;
        FOR i IN 1 .. cardinality(_b_key) LOOP
            CONTINUE WHEN NOT (_p_successor[i] AND _p_run[i] = ANY(closed));
            -- What a run was to others, its successor is from now on: behind its start key, for its parent and for its children.
            INSERT INTO {schema}.chain(run, first, no) VALUES (_p_run[i], _p_run[i], 0) ON CONFLICT DO NOTHING;
            INSERT INTO {schema}.chain(run, first, no) SELECT _b_key[i], c.first, c.no + 1 FROM {schema}.chain c WHERE c.run = _p_run[i];
            UPDATE {schema}.run r SET start_key = k.key FROM {schema}.start_key k, {schema}.run o WHERE o.key = _p_run[i] AND k.key = o.start_key AND k.run = o.key AND r.key = _b_key[i];
            UPDATE {schema}.start_key k SET run = _b_key[i], run_id = _b_id[i] FROM {schema}.run o WHERE o.key = _p_run[i] AND k.key = o.start_key AND k.run = o.key;
            INSERT INTO {schema}.child(run, parent, parent_id, root) SELECT _b_key[i], c.parent, c.parent_id, c.root FROM {schema}.child c WHERE c.run = _p_run[i];
            UPDATE {schema}.child c SET parent = _b_key[i] WHERE c.parent = _p_run[i];
        END LOOP;
        RETURN QUERY SELECT r.key, r.inbox FROM {schema}.run r WHERE r.key = ANY(written)
            AND r.key IN (SELECT p.run FROM unnest(_p_run, _p_successor) AS p(run, successor) WHERE NOT p.successor);
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
