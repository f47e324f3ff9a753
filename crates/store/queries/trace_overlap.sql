-- As trace_candidates, but rows that begin at the end of the range or after it, the nearest first: of traces that began before it.
-- $1 from, $2 to (of the row's start), $3 terms, $4 errors only, $5 least longest duration, $6 how many, $7 live slots
SELECT
    trace_id AS "trace_id!",
    start_ns AS "start_ns!"
FROM (
    (
        SELECT trace_id, start_ns
        FROM span_fragment
        WHERE slot = ANY ($7)
            AND start_ns >= $1 AND start_ns < $2
            AND (terms @> $3 OR terms_cut) AND (NOT $4 OR errors > 0) AND max_duration_ns >= $5
        ORDER BY start_ns
        LIMIT $6
    )
    UNION ALL
    (
        SELECT trace_id, start_ns
        FROM span_segment
        WHERE start_ns >= $1 AND start_ns < $2
            AND (terms @> $3 OR terms_cut) AND (NOT $4 OR errors > 0) AND max_duration_ns >= $5
        ORDER BY start_ns
        LIMIT $6
    )
) AS rows
ORDER BY start_ns
LIMIT $6
