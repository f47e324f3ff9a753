-- One moment: what a compaction moves is counted once.
SELECT
    (SELECT count(*) FROM slot s WHERE s.compacted_ns IS NULL
        AND (EXISTS (SELECT FROM span_fragment f WHERE f.slot = s.slot)
            OR EXISTS (SELECT FROM log_fragment f WHERE f.slot = s.slot))) AS "slots_open!",
    (SELECT count(*) FROM span_segment) AS "segments!",
    (SELECT coalesce(sum(spans), 0) FROM span_segment)
        + (SELECT coalesce(sum(spans), 0) FROM span_fragment
            WHERE slot IN (SELECT slot FROM slot WHERE compacted_ns IS NULL)) AS "spans!",
    (SELECT coalesce(sum(records), 0) FROM log_segment)
        + (SELECT coalesce(sum(records), 0) FROM log_fragment
            WHERE slot IN (SELECT slot FROM slot WHERE compacted_ns IS NULL)) AS "records!",
    (SELECT coalesce(sum(pg_total_relation_size(relid)), 0)::bigint FROM pg_partition_tree('span_segment')
        WHERE isleaf) AS "segment_bytes!",
    (SELECT coalesce(sum(pg_indexes_size(relid)), 0)::bigint FROM pg_partition_tree('span_segment')
        WHERE isleaf) AS "segment_index_bytes!",
    (SELECT coalesce(sum(pg_total_relation_size(relid)), 0)::bigint
        FROM (SELECT relid, isleaf FROM pg_partition_tree('series') UNION ALL SELECT relid, isleaf FROM pg_partition_tree('edge')) t
        WHERE isleaf) AS "rollup_bytes!"
