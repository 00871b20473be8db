-- As before, but it always walks the index of ages and stops at the limit. A server that had not counted its rows yet preferred to collect all old runs and to sort them, and
-- looked at the families of all of them for every batch.
CREATE OR REPLACE FUNCTION {schema}.purge_runs(_ages bigint[], _limit integer, _dry_run boolean, _after_created bigint, _after_id text)
RETURNS TABLE(status integer, count bigint, next_created bigint, next_id text) LANGUAGE plpgsql VOLATILE
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_sort = off SET plan_cache_mode = force_generic_plan AS
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
            SELECT r.key, r.status::integer AS status FROM unnest(keys) WITH ORDINALITY AS k(key, ord) JOIN {schema}.run r ON r.key = k.key
            WHERE r.status >= 10 AND r.owner = 0 AND r.closed_at <= now_us - _ages[r.status - 9] AND NOT {schema}.is_in_use(r.key)
            ORDER BY k.ord FOR UPDATE OF r SKIP LOCKED) AS l;
        PERFORM {schema}.remove_runs(keys);
    END IF;
    RETURN QUERY SELECT NULL::integer, NULL::bigint, next_created, next_id UNION ALL
        (SELECT s.status, count(*), NULL, NULL FROM unnest(statuses) WITH ORDINALITY AS s(status, ord) GROUP BY s.status ORDER BY min(s.ord));
END
$$;
