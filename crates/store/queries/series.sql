-- Merged windows and deltas that are not merged yet; one statement, so that a merge in between moves nothing twice. What is one answer is
-- added up here; its histograms, which the database can't add, stand one behind the other.
-- $1 resolution, $2 from, $3 to, $4 service or null, $5 nanoseconds of a step, $6 whether of requests served alone, without operation and kind
SELECT
    window_ns - window_ns % $5 AS "step_ns!",
    service AS "service!",
    version AS "version!",
    instance AS "instance!",
    CASE WHEN $6 THEN '' ELSE operation END AS "operation!",
    CASE WHEN $6 THEN 1::smallint ELSE kind END AS "kind!",
    least(sum(requests), 9223372036854775807)::bigint AS "requests!",
    least(sum(errors), 9223372036854775807)::bigint AS "errors!",
    least(sum(duration_sum_ns), 9223372036854775807)::bigint AS "duration_sum_ns!",
    string_agg(latency, ''::bytea) AS "latencies!",
    count(*) AS "rows!"
FROM (
    SELECT window_ns, service, version, instance, operation, kind, requests, errors, duration_sum_ns, latency
    FROM series
    WHERE resolution = $1 AND window_ns >= $2 AND window_ns < $3 AND ($4::text IS NULL OR service = $4)
        AND (NOT $6 OR kind IN (0, 1, 4))
    UNION ALL
    SELECT window_ns, service, version, instance, operation, kind, requests, errors, duration_sum_ns, latency
    FROM series_delta
    WHERE window_ns >= $2 AND window_ns < $3 AND ($4::text IS NULL OR service = $4)
        AND (NOT $6 OR kind IN (0, 1, 4))
) AS rows
GROUP BY 1, 2, 3, 4, 5, 6
