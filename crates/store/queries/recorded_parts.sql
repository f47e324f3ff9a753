-- As recorded_windows.sql, but part by part of the service. Calls are not told apart by operation and node.
SELECT
    operation,
    version AS "version!",
    instance,
    sum(requests)::bigint AS "requests!",
    sum(errors)::bigint AS "errors!",
    count(*) AS "rows!"
FROM (
    SELECT operation, version, instance, requests, errors FROM series
    WHERE $8::text IS NULL AND resolution = $1 AND service = $2 AND window_ns >= $3 AND window_ns < $4
        AND kind = ANY ($5) AND ($6::text IS NULL OR version = $6) AND ($7::text IS NULL OR operation = $7)
    UNION ALL
    SELECT NULL, target_version, NULL, requests, errors FROM edge
    WHERE $8::text IS NOT NULL AND resolution = $1 AND source = $8 AND target = $2 AND window_ns >= $3 AND window_ns < $4
        AND source_kind = $9 AND target_kind = $9 AND ($6::text IS NULL OR target_version = $6)
) AS recorded
GROUP BY operation, version, instance
