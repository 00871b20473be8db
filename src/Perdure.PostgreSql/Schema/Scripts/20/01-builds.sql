-- The oldest build that may work on the schema behind each step; none but those that know the step where it is not said.
ALTER TABLE {schema}.schema_version ADD COLUMN oldest integer;

-- Refuses a build that is too old by now; _known is the newest step that it knows. While somebody migrates, it waits for the outcome.
CREATE FUNCTION {schema}.check_build(_known integer) RETURNS void LANGUAGE plpgsql VOLATILE AS
$$
DECLARE
    oldest_build integer;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('perdure schema ' || trim(both '"' from '{schema}'), 0));
    SELECT max(coalesce(v.oldest, v.version)) INTO oldest_build FROM {schema}.schema_version v WHERE v.version > _known;
    IF oldest_build > _known THEN
        RAISE EXCEPTION USING ERRCODE = 'PD300', MESSAGE = format('the schema has version %s, which builds may work on that know version %s, but this build knows versions up to %s',
            (SELECT max(v.version) FROM {schema}.schema_version v), oldest_build, _known);
    END IF;
END
$$;

-- Lets no worker write any more that is registered now. What they have goes on elsewhere, and does not count as lost.
CREATE FUNCTION {schema}.shut_out_workers() RETURNS void LANGUAGE plpgsql VOLATILE AS
$$
BEGIN
    PERFORM {schema}.retire_worker(w.key) FROM {schema}.worker w WHERE w.alive ORDER BY w.key;
END
$$;
