-- Runs have data that their code writes and anyone reads.
ALTER TABLE {schema}.run ADD COLUMN data bytea NOT NULL DEFAULT '';

-- Stores the data of runs whose rows this very transaction has written, behind write_group: what a group did not write has no data either.
CREATE FUNCTION {schema}.write_data(_run bigint[], _data bytea[]) RETURNS void LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
BEGIN
    UPDATE {schema}.run r SET data = d.data FROM unnest(_run, _data) AS d(run, data) WHERE r.key = d.run AND r.xmin = pg_current_xact_id()::xid;
END
$$;
