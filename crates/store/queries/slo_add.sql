-- Adds to what is counted. Marks of slices may be taken back, so figures may be negative.
INSERT INTO slo_count AS old
    (resolution, objective, window_ns, good, total, excluded, excluded_good, good_slices, bad_slices)
SELECT $1, *
FROM unnest(
    $2::integer[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[]
)
ON CONFLICT (resolution, objective, window_ns) DO UPDATE SET
    good = old.good + excluded.good,
    total = old.total + excluded.total,
    excluded = old.excluded + excluded.excluded,
    excluded_good = old.excluded_good + excluded.excluded_good,
    good_slices = old.good_slices + excluded.good_slices,
    bad_slices = old.bad_slices + excluded.bad_slices
