-- Merged windows and deltas that are not merged yet; one statement, so that a merge in between moves nothing twice.
-- $1 resolution, $2 from, $3 to, $4 service or null, $5 the resolution's nanoseconds
SELECT
    window_ns AS "window_ns!",
    service AS "service!",
    version AS "version!",
    instance AS "instance!",
    operation AS "operation!",
    kind AS "kind!",
    requests AS "requests!",
    errors AS "errors!",
    duration_sum_ns AS "duration_sum_ns!",
    latency AS "latency!"
FROM (
    SELECT window_ns, service, version, instance, operation, kind, requests, errors, duration_sum_ns, latency
    FROM series
    WHERE resolution = $1 AND window_ns >= $2 AND window_ns < $3 AND ($4::text IS NULL OR service = $4)
    UNION ALL
    SELECT
        window_ns - window_ns % $5, service, version, instance, operation, kind, requests, errors, duration_sum_ns, latency
    FROM series_delta
    WHERE window_ns >= $2 AND window_ns < $3 AND ($4::text IS NULL OR service = $4)
) AS rows
