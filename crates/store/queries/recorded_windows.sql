-- The requests of an objective window by window: those that a service served, or, with a caller, its calls of it.
SELECT
    window_ns AS "window_ns!",
    sum(requests)::bigint AS "requests!",
    sum(errors)::bigint AS "errors!",
    count(*) AS "rows!"
FROM (
    SELECT window_ns, requests, errors FROM series
    WHERE $8::text IS NULL AND resolution = $1 AND service = $2 AND window_ns >= $3 AND window_ns < $4
        AND kind = ANY ($5) AND ($6::text IS NULL OR version = $6) AND ($7::text IS NULL OR operation = $7)
    UNION ALL
    SELECT window_ns, requests, errors FROM edge
    WHERE $8::text IS NOT NULL AND resolution = $1 AND source = $8 AND target = $2 AND window_ns >= $3 AND window_ns < $4
        AND source_kind = $9 AND target_kind = $9 AND ($6::text IS NULL OR target_version = $6)
) AS recorded
GROUP BY window_ns
