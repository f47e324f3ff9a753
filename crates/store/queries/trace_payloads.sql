-- All rows of these traces that begin between $2 and $3.
SELECT
    trace_id AS "trace_id!",
    payload AS "payload!"
FROM (
    SELECT trace_id, start_ns, payload
    FROM span_fragment
    WHERE trace_id = ANY($1) AND slot IN (SELECT slot FROM slot WHERE compacted_ns IS NULL)
        AND start_ns >= $2 AND start_ns <= $3
    UNION ALL
    SELECT trace_id, start_ns, payload
    FROM span_segment
    WHERE trace_id = ANY($1) AND start_ns >= $2 AND start_ns <= $3
) AS rows
ORDER BY start_ns
