-- When each of these traces began, by its rows that begin between $2 and $3. $4 live slots
SELECT
    trace_id AS "trace_id!",
    min(start_ns) AS "start_ns!"
FROM (
    SELECT trace_id, start_ns
    FROM span_fragment
    WHERE trace_id = ANY($1) AND slot = ANY ($4)
        AND start_ns >= $2 AND start_ns <= $3
    UNION ALL
    SELECT trace_id, start_ns
    FROM span_segment
    WHERE trace_id = ANY($1) AND start_ns >= $2 AND start_ns <= $3
) AS rows
GROUP BY trace_id
