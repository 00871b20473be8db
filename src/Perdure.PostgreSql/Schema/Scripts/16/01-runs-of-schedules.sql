-- Whether the parent of a run, or a child of it, has not ended. What the engine's own runs start, as those of schedules do, is kept by nobody.
CREATE OR REPLACE FUNCTION {schema}.is_in_use(_key bigint) RETURNS boolean LANGUAGE sql STABLE AS
$$
    SELECT EXISTS (SELECT 1 FROM {schema}.child c JOIN {schema}.run p ON p.key = c.parent WHERE c.run = _key AND p.status < 10 AND left(p.workflow, 1) <> '_')
        OR EXISTS (SELECT 1 FROM {schema}.child c JOIN {schema}.run k ON k.key = c.run WHERE c.parent = _key AND k.status < 10)
$$;
