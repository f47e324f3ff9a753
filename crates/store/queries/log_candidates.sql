-- Rows that can hold a record that meets the query, by the time of their newest record, newest first. Each table is limited
-- by itself: then the planner reads its index in this order, unless the terms are rare.
-- $1 from, $2 to, $3 $4 after which end and id, $5 terms, $6 service or null, $7 least severity, $8 how many, $9 from less the longest
-- time between the first and last record of a segment, so that partitions before it need not be opened, $10 live slots
SELECT
    id AS "id!",
    end_ns AS "end_ns!",
    payload AS "payload!"
FROM (
    (
        SELECT id, end_ns, payload
        FROM log_fragment
        WHERE slot = ANY ($10)
            AND end_ns >= $1 AND start_ns < $2 AND (end_ns, id) < ($3, $4)
            AND (terms @> $5 OR terms_cut) AND ($6::text IS NULL OR service = $6) AND max_severity >= $7
        ORDER BY end_ns DESC, id DESC
        LIMIT $8
    )
    UNION ALL
    (
        SELECT id, end_ns, payload
        FROM log_segment
        WHERE end_ns >= $1 AND start_ns >= $9 AND start_ns < $2 AND start_ns <= $3 AND end_ns <= $3 AND (end_ns, id) < ($3, $4)
            AND (terms @> $5 OR terms_cut) AND ($6::text IS NULL OR service = $6) AND max_severity >= $7
        ORDER BY end_ns DESC, id DESC
        LIMIT $8
    )
) AS rows
ORDER BY end_ns DESC, id DESC
LIMIT $8
