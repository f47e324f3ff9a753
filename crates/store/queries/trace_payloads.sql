-- The rows of these traces that begin between $2 and $3, of each trace the earliest that hold $4 spans together (and the row that
-- goes over); `total` is how many spans all its rows hold. $5 live slots
SELECT
    trace_id AS "trace_id!",
    payload AS "payload!",
    total AS "total!"
FROM (
    SELECT
        trace_id,
        start_ns,
        payload,
        sum(spans) OVER (PARTITION BY trace_id ORDER BY start_ns ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
        sum(spans) OVER (PARTITION BY trace_id) AS total
    FROM (
        SELECT trace_id, start_ns, spans, payload
        FROM span_fragment
        WHERE trace_id = ANY($1) AND slot = ANY ($5)
            AND start_ns >= $2 AND start_ns <= $3
        UNION ALL
        SELECT trace_id, start_ns, spans, payload
        FROM span_segment
        WHERE trace_id = ANY($1) AND start_ns >= $2 AND start_ns <= $3
    ) AS rows
) AS counted
WHERE coalesce(before, 0) < $4
ORDER BY start_ns
