-- Merged windows and deltas that are not merged yet; one statement, so that a merge in between moves nothing twice.
-- $1 resolution, $2 from, $3 to, $4 name of either end or null, $5 the resolution's nanoseconds
SELECT
    window_ns AS "window_ns!",
    source_kind AS "source_kind!",
    source AS "source!",
    source_version AS "source_version!",
    target_kind AS "target_kind!",
    target AS "target!",
    target_version AS "target_version!",
    requests AS "requests!",
    errors AS "errors!",
    duration_sum_ns AS "duration_sum_ns!",
    latency AS "latency!"
FROM (
    SELECT
        window_ns, source_kind, source, source_version, target_kind, target, target_version,
        requests, errors, duration_sum_ns, latency
    FROM edge
    WHERE resolution = $1 AND window_ns >= $2 AND window_ns < $3 AND ($4::text IS NULL OR $4 IN (source, target))
    UNION ALL
    SELECT
        window_ns - window_ns % $5, source_kind, source, source_version, target_kind, target, target_version,
        requests, errors, duration_sum_ns, latency
    FROM edge_delta
    WHERE window_ns >= $2 AND window_ns < $3 AND ($4::text IS NULL OR $4 IN (source, target))
) AS rows
