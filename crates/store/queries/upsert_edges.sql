-- Only the merger writes here, and it has read what was there: its figures replace the old ones.
INSERT INTO edge (
    resolution, window_ns, key, source_kind, source, source_version, target_kind, target, target_version,
    requests, errors, duration_sum_ns, latency
)
SELECT $1, *
FROM unnest(
    $2::bigint[], $3::bytea[], $4::smallint[], $5::text[], $6::text[], $7::smallint[], $8::text[], $9::text[],
    $10::bigint[], $11::bigint[], $12::bigint[], $13::bytea[]
)
ON CONFLICT (resolution, window_ns, key) DO UPDATE SET
    requests = excluded.requests,
    errors = excluded.errors,
    duration_sum_ns = excluded.duration_sum_ns,
    latency = excluded.latency
