-- Removes runs and all that belongs to them, but not their start keys, so that a late copy of a start creates nothing.
CREATE OR REPLACE FUNCTION {schema}.remove_runs(_keys bigint[]) RETURNS void LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
BEGIN
    DELETE FROM {schema}.event e WHERE e.run = ANY(_keys);
    DELETE FROM {schema}.message m WHERE m.run = ANY(_keys);
    DELETE FROM {schema}.task t WHERE t.run = ANY(_keys);
    DELETE FROM {schema}.tag t WHERE t.run = ANY(_keys);
    DELETE FROM {schema}.child c WHERE c.run = ANY(_keys);
    DELETE FROM {schema}.run r WHERE r.key = ANY(_keys);
END
$$;

-- Removes closed runs by their ids. verdict: 0 deleted, 1 not found, 2 live, 3 in use.
CREATE OR REPLACE FUNCTION {schema}.delete_runs(_ids text[]) RETURNS TABLE(ord integer, verdict integer) LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    ended bigint[];
BEGIN
    PERFORM 1 FROM {schema}.run r WHERE r.id = ANY(_ids) ORDER BY r.key FOR UPDATE;
    SELECT array_agg(r.key) INTO ended FROM {schema}.run r WHERE r.id = ANY(_ids) AND r.status >= 10 AND r.owner = 0 AND NOT {schema}.is_in_use(r.key);
    RETURN QUERY SELECT i.ord::integer, CASE WHEN r.key IS NULL OR row_number() OVER (PARTITION BY i.id ORDER BY i.ord) > 1 AND r.key = ANY(ended) THEN 1
            WHEN r.key = ANY(ended) THEN 0 WHEN r.status >= 10 AND r.owner = 0 THEN 3 ELSE 2 END
        FROM unnest(_ids) WITH ORDINALITY AS i(id, ord) LEFT JOIN LATERAL (SELECT r.key, r.status, r.owner FROM {schema}.run r WHERE r.id = i.id) AS r ON true ORDER BY i.ord;
    PERFORM {schema}.remove_runs(ended);
END
$$;

-- Removes closed runs by their age, the oldest first. ages: how old runs of the statuses 10 to 14 become, NULL for ever. Answers how many of each status, and in the first row
-- where the next call goes on (NULL at the end). Runs that somebody has locked are left to a later call.
CREATE OR REPLACE FUNCTION {schema}.purge_runs(_ages bigint[], _limit integer, _dry_run boolean, _after_created bigint, _after_id text)
RETURNS TABLE(status integer, count bigint, next_created bigint, next_id text) LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    now_us constant bigint := {schema}.clock();
    -- Nothing that was created later can be old.
    latest constant bigint := now_us - (SELECT min(a) FROM unnest(_ages) AS a);
    keys bigint[];
    statuses integer[];
    next_created bigint;
    next_id text;
    found_more boolean;
BEGIN
    SELECT array_agg(o.key), array_agg(o.status), max(o.created_at) FILTER (WHERE o.place = _limit), max(o.id) FILTER (WHERE o.place = _limit), coalesce(max(o.place), 0) > _limit
    INTO keys, statuses, next_created, next_id, found_more FROM (
        SELECT r.key, r.status::integer AS status, r.created_at, r.id, row_number() OVER () AS place FROM (
            SELECT r.key, r.status, r.created_at, r.id FROM {schema}.run r
            WHERE r.created_at <= latest AND (r.created_at, r.id) > (_after_created, _after_id) AND r.status >= 10 AND r.owner = 0
                AND r.closed_at <= now_us - _ages[r.status - 9] AND NOT {schema}.is_in_use(r.key)
            ORDER BY r.created_at, r.id LIMIT _limit + 1) AS r) AS o;
    IF found_more THEN
        keys := keys[1 : _limit];
        statuses := statuses[1 : _limit];
    ELSE
        next_created := NULL;
        next_id := NULL;
    END IF;
    IF NOT _dry_run AND cardinality(keys) > 0 THEN
        -- Age and status are judged again under the lock: one that was reopened meanwhile stays.
        SELECT coalesce(array_agg(l.key), '{}'), coalesce(array_agg(l.status), '{}') INTO keys, statuses FROM (
            SELECT r.key, r.status::integer AS status FROM {schema}.run r
            WHERE r.key = ANY(keys) AND r.status >= 10 AND r.owner = 0 AND r.closed_at <= now_us - _ages[r.status - 9] AND NOT {schema}.is_in_use(r.key)
            ORDER BY r.created_at, r.id FOR UPDATE SKIP LOCKED) AS l;
        PERFORM {schema}.remove_runs(keys);
    END IF;
    RETURN QUERY SELECT NULL::integer, NULL::bigint, next_created, next_id UNION ALL
        (SELECT s.status, count(*), NULL, NULL FROM unnest(statuses) WITH ORDINALITY AS s(status, ord) GROUP BY s.status ORDER BY min(s.ord));
END
$$;
