-- As series, of edges.
-- $1 resolution, $2 from, $3 to, $4 name of either end or null, $5 nanoseconds of a step
SELECT
    window_ns - window_ns % $5 AS "step_ns!",
    source_kind AS "source_kind!",
    source AS "source!",
    source_version AS "source_version!",
    target_kind AS "target_kind!",
    target AS "target!",
    target_version AS "target_version!",
    least(sum(requests), 9223372036854775807)::bigint AS "requests!",
    least(sum(errors), 9223372036854775807)::bigint AS "errors!",
    least(sum(duration_sum_ns), 9223372036854775807)::bigint AS "duration_sum_ns!",
    string_agg(latency, ''::bytea) AS "latencies!",
    count(*) AS "rows!"
FROM (
    SELECT
        window_ns, source_kind, source, source_version, target_kind, target, target_version,
        requests, errors, duration_sum_ns, latency
    FROM edge
    WHERE resolution = $1 AND window_ns >= $2 AND window_ns < $3 AND ($4::text IS NULL OR $4 IN (source, target))
    UNION ALL
    SELECT
        window_ns, source_kind, source, source_version, target_kind, target, target_version,
        requests, errors, duration_sum_ns, latency
    FROM edge_delta
    WHERE window_ns >= $2 AND window_ns < $3 AND ($4::text IS NULL OR $4 IN (source, target))
) AS rows
GROUP BY 1, 2, 3, 4, 5, 6, 7
