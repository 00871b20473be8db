-- As before, but what the engine's own runs start, as those of schedules do, concerns them only once: it may be reopened while they live.
CREATE OR REPLACE FUNCTION {schema}.has_live_parent(_key bigint) RETURNS boolean LANGUAGE sql STABLE AS
$$
    SELECT EXISTS (SELECT 1 FROM {schema}.child c JOIN {schema}.run p ON p.key = c.parent WHERE c.run = _key AND p.status < 10 AND left(p.workflow, 1) <> '_')
$$;
