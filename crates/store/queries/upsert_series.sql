-- Only the merger writes here, and it has read what was there: its figures replace the old ones.
INSERT INTO series (
    resolution, window_ns, key, service, version, instance, operation, kind,
    requests, errors, duration_sum_ns, latency
)
SELECT $1, *
FROM unnest(
    $2::bigint[], $3::bytea[], $4::text[], $5::text[], $6::text[], $7::text[], $8::smallint[],
    $9::bigint[], $10::bigint[], $11::bigint[], $12::bytea[]
)
ON CONFLICT (resolution, window_ns, key) DO UPDATE SET
    requests = excluded.requests,
    errors = excluded.errors,
    duration_sum_ns = excluded.duration_sum_ns,
    latency = excluded.latency
