-- As find_holder, but a start key that is free at _now stands in nobody's way. policy: 0 use existing, 1 fail, 2 restart if failed.
-- verdict: 1 created (by this very start), 2 existing, 3 already exists, 4 key conflict.
CREATE FUNCTION {schema}.find_holder_at(
    _key bigint, _id text, _chosen boolean, _start_key text, _workflow text, _input_hash bytea, _policy integer, _now bigint)
RETURNS TABLE(verdict integer, key bigint, id text, status smallint) LANGUAGE plpgsql VOLATILE AS
$$
DECLARE
    taken constant integer := CASE WHEN _policy = 1 THEN 3 ELSE 2 END;
    same record;
    held record;
BEGIN
    SELECT r.key, r.status, r.workflow = _workflow AND e.input_hash = _input_hash AS equal INTO same
    FROM {schema}.run r JOIN {schema}.event e ON e.run = r.key AND e.seq = 0 WHERE r.id = _id;
    IF same.key IS NOT NULL AND (same.key = _key OR NOT _chosen) THEN
        RETURN QUERY SELECT 1, same.key, _id, same.status;
        RETURN;
    END IF;
    SELECT k.run, k.run_id, k.workflow = _workflow AND k.input_hash = _input_hash AS equal, r.status, k.free_at IS NULL OR k.free_at > _now AS holds INTO held
    FROM {schema}.start_key k LEFT JOIN {schema}.run r ON r.key = k.run WHERE k.key = _start_key;
    IF held.run = _key THEN
        RETURN QUERY SELECT 1, held.run, held.run_id, NULL::smallint;
        RETURN;
    END IF;
    -- A key that belongs to another run can never be used, whoever holds the rest.
    PERFORM 1 FROM {schema}.run r WHERE r.key = _key AND r.id <> _id;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PD200', MESSAGE = format('Run key %s of run "%s" belongs to another run. Keys must come from a block that this process reserved.', _key, _id);
    END IF;
    IF held.run IS NOT NULL AND held.holds AND NOT (held.equal AND _policy = 2 AND coalesce(held.status > 10, false)) THEN
        RETURN QUERY SELECT CASE WHEN held.equal THEN taken ELSE 4 END, held.run, held.run_id, held.status;
        RETURN;
    END IF;
    -- An id is unique for ever: unlike a key it cannot move on to a new run, so a failed run that holds it is answered as well.
    IF same.key IS NOT NULL THEN
        RETURN QUERY SELECT CASE WHEN same.equal THEN taken ELSE 4 END, same.key, _id, same.status;
    END IF;
END
$$;

-- As before, and a key that has become free is taken.
-- Creates runs. Answers only for births that this call did not create, with who holds their keys or ids; all others were created. The bytes are those of the first
-- event row; the owner is 0 for a run that nobody has yet.
CREATE OR REPLACE FUNCTION {schema}.give_births(
    _key bigint[], _id text[], _workflow text[], _version integer[], _queue text[], _priority integer[], _owner bigint[], _due_at bigint[],
    _deadline bigint[], _created_at bigint[], _max_crashes integer[], _semantics integer[], _count integer[], _bytes bytea[],
    _input bytea[], _options bytea[], _input_hash bytea[], _start_key text[], _policy integer[], _chosen boolean[], _tags text[],
    _tag_run bigint[], _tag_name text[], _tag_value text[])
RETURNS TABLE(ord integer, verdict integer, key bigint, id text, status smallint) LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    now_us constant bigint := {schema}.clock();
    contested constant boolean := true = ANY(_chosen) OR num_nonnulls(VARIADIC _start_key) > 0;
    made bigint[] := '{}';
BEGIN
    IF NOT contested THEN
        -- Ids that the engine made are taken only by the same start, sent twice.
        WITH born AS (
            INSERT INTO {schema}.run AS r
                (key, owner, claim, inbox, due_at, created_at, updated_at, closed_at, deadline, term, events, version, priority, crashes, losses, max_crashes, semantics,
                status, phase, id, workflow, queue, start_key, tags, waiting, published, result, failure)
            SELECT b.key, b.owner, 0, 0, b.due_at, b.created_at, now_us, 9223372036854775807, b.deadline, (b.owner > 0)::integer, b.count, b.version, b.priority,
                0, 0, b.max_crashes, b.semantics, (b.owner > 0)::integer, 0, b.id, b.workflow, b.queue, NULL, b.tags, '', '', '', ''
            FROM unnest(_key, _id, _workflow, _version, _queue, _priority, _owner, _due_at, _deadline, _created_at, _max_crashes, _semantics, _count, _tags)
                AS b(key, id, workflow, version, queue, priority, owner, due_at, deadline, created_at, max_crashes, semantics, count, tags)
            ON CONFLICT DO NOTHING RETURNING r.key)
        SELECT coalesce(array_agg(born.key), '{}') INTO made FROM born;
        INSERT INTO {schema}.event(run, seq, count, bytes, input, options, input_hash)
        SELECT b.key, 0, b.count, b.bytes, b.input, b.options, b.input_hash
        FROM unnest(_key, _count, _bytes, _input, _options, _input_hash) AS b(key, count, bytes, input, options, input_hash)
        WHERE cardinality(made) = cardinality(_key) OR b.key = ANY(made);
    END IF;
    IF cardinality(made) < cardinality(_key) THEN
        FOR i IN 1 .. cardinality(_key) LOOP
            CONTINUE WHEN _key[i] = ANY(made);
            -- Starts with one key follow one another: what the other has done is seen below.
            IF _start_key[i] IS NOT NULL THEN
                PERFORM pg_advisory_xact_lock(hashtextextended('{schema} start ' || _start_key[i], 0));
            END IF;
            LOOP
                RETURN QUERY SELECT i, h.verdict, h.key, h.id, h.status
                    FROM {schema}.find_holder_at(_key[i], _id[i], _chosen[i], _start_key[i], _workflow[i], _input_hash[i], _policy[i], now_us) AS h;
                EXIT WHEN FOUND;
                INSERT INTO {schema}.run
                    (key, owner, claim, inbox, due_at, created_at, updated_at, closed_at, deadline, term, events, version, priority, crashes, losses, max_crashes,
                    semantics, status, phase, id, workflow, queue, start_key, tags, waiting, published, result, failure)
                VALUES (_key[i], _owner[i], 0, 0, _due_at[i], _created_at[i], now_us, 9223372036854775807, _deadline[i], (_owner[i] > 0)::integer, _count[i],
                    _version[i], _priority[i], 0, 0, _max_crashes[i], _semantics[i], (_owner[i] > 0)::integer, 0, _id[i], _workflow[i], _queue[i], _start_key[i],
                    _tags[i], '', '', '', '')
                ON CONFLICT DO NOTHING;
                -- Somebody was faster: look again.
                CONTINUE WHEN NOT FOUND;
                INSERT INTO {schema}.event(run, seq, count, bytes, input, options, input_hash)
                VALUES (_key[i], 0, _count[i], _bytes[i], _input[i], _options[i], _input_hash[i]);
                IF _start_key[i] IS NOT NULL THEN
                    INSERT INTO {schema}.start_key(key, run, run_id, workflow, input_hash) VALUES (_start_key[i], _key[i], _id[i], _workflow[i], _input_hash[i])
                    ON CONFLICT ON CONSTRAINT start_key_pkey DO UPDATE SET run = excluded.run, run_id = excluded.run_id,
                        workflow = excluded.workflow, input_hash = excluded.input_hash, free_at = NULL;
                END IF;
                made := made || _key[i];
                EXIT;
            END LOOP;
        END LOOP;
    END IF;
    IF cardinality(_tag_run) > 0 THEN
        INSERT INTO {schema}.tag(run, name, value) SELECT t.run, t.name, t.value FROM unnest(_tag_run, _tag_name, _tag_value) AS t(run, name, value)
        WHERE t.run = ANY(made) ON CONFLICT DO NOTHING;
    END IF;
END
$$;
