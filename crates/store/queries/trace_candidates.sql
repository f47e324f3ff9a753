-- Rows that can hold a span that meets the query, newest first. A row whose list of terms was cut can hold anything. Each
-- table is limited by itself: then the planner reads its index in this order, unless the terms are rare.
-- $1 from, $2 to (of the row's start), $3 $4 after which start and trace id, $5 terms, $6 errors only, $7 least longest duration, $8 how many, $9 live slots
SELECT
    trace_id AS "trace_id!",
    start_ns AS "start_ns!"
FROM (
    (
        SELECT trace_id, start_ns
        FROM span_fragment
        WHERE slot = ANY ($9)
            AND start_ns >= $1 AND start_ns < $2 AND (start_ns, trace_id) < ($3, $4)
            AND (terms @> $5 OR terms_cut) AND (NOT $6 OR errors > 0) AND max_duration_ns >= $7
        ORDER BY start_ns DESC, trace_id DESC
        LIMIT $8
    )
    UNION ALL
    (
        SELECT trace_id, start_ns
        FROM span_segment
        WHERE start_ns >= $1 AND start_ns < $2 AND start_ns <= $3 AND (start_ns, trace_id) < ($3, $4)
            AND (terms @> $5 OR terms_cut) AND (NOT $6 OR errors > 0) AND max_duration_ns >= $7
        ORDER BY start_ns DESC, trace_id DESC
        LIMIT $8
    )
) AS rows
ORDER BY start_ns DESC, trace_id DESC
LIMIT $8
