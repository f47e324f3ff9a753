-- As series, but of requests served (internal, server, consumer) alone, without operation and kind.
-- $1 resolution, $2 from, $3 to, $4 the resolution's nanoseconds
SELECT
    window_ns AS "window_ns!",
    service AS "service!",
    version AS "version!",
    instance AS "instance!",
    requests AS "requests!",
    errors AS "errors!",
    duration_sum_ns AS "duration_sum_ns!",
    latency AS "latency!"
FROM (
    SELECT window_ns, service, version, instance, requests, errors, duration_sum_ns, latency
    FROM series
    WHERE resolution = $1 AND window_ns >= $2 AND window_ns < $3 AND kind IN (0, 1, 4)
    UNION ALL
    SELECT window_ns - window_ns % $4, service, version, instance, requests, errors, duration_sum_ns, latency
    FROM series_delta
    WHERE window_ns >= $2 AND window_ns < $3 AND kind IN (0, 1, 4)
) AS rows
