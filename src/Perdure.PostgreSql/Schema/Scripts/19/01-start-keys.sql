-- From when on a start key is free; null while its run exists and nothing else was asked for. What was deleted before counts from here on.
ALTER TABLE {schema}.start_key ADD COLUMN free_at bigint;
UPDATE {schema}.start_key k SET free_at = {schema}.clock() + 604800000000 WHERE NOT EXISTS (SELECT 1 FROM {schema}.run r WHERE r.key = k.run);
CREATE INDEX start_key_free ON {schema}.start_key(free_at) WHERE free_at IS NOT NULL;

-- Behind births of the same transaction, for the few that say how long their keys are theirs.
CREATE FUNCTION {schema}.write_key_lifetimes(_key text[], _run bigint[], _free_at bigint[]) RETURNS void LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
BEGIN
    UPDATE {schema}.start_key k SET free_at = n.free_at FROM unnest(_key, _run, _free_at) AS n(key, run, free_at) WHERE k.key = n.key AND k.run = n.run;
END
$$;

-- Forgets keys that were free at _past. Those that somebody is just taking stay.
CREATE FUNCTION {schema}.forget_keys(_past bigint, _limit integer) RETURNS integer LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
DECLARE
    n integer;
BEGIN
    DELETE FROM {schema}.start_key WHERE ctid = ANY(ARRAY(
        SELECT k.ctid FROM {schema}.start_key k WHERE k.free_at <= _past ORDER BY k.free_at LIMIT _limit FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END
$$;

-- As before; a key without a lifetime of its own is remembered for 7 days from here on.
CREATE OR REPLACE FUNCTION {schema}.remove_runs(_keys bigint[]) RETURNS void LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
BEGIN
    UPDATE {schema}.start_key k SET free_at = {schema}.clock() + 604800000000 FROM {schema}.run r
    WHERE r.key = ANY(_keys) AND k.key = r.start_key AND k.run = r.key AND k.free_at IS NULL;
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
