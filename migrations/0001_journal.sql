-- What was accepted and waits for a worker. Rows live for a second or two, so it is vacuumed often and by number of
-- rows, not by share. The body is compressed already: PostgreSQL should not try again.
CREATE TABLE journal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    received_ns bigint NOT NULL,
    signal smallint NOT NULL, -- 1 spans, 2 log records
    items integer NOT NULL,
    attempts smallint NOT NULL DEFAULT 0,
    body bytea NOT NULL
) WITH (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0,
    autovacuum_vacuum_insert_threshold = -1, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 10000,
    toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 500, toast.autovacuum_vacuum_cost_delay = 0
);
ALTER TABLE journal ALTER COLUMN body SET STORAGE EXTERNAL;

-- What could not be transformed, for somebody to look at.
CREATE TABLE journal_dead (
    id bigint PRIMARY KEY,
    received_ns bigint NOT NULL,
    signal smallint NOT NULL,
    items integer NOT NULL,
    attempts smallint NOT NULL,
    body bytea NOT NULL,
    reason text NOT NULL
);
ALTER TABLE journal_dead ALTER COLUMN body SET STORAGE EXTERNAL;

-- The hash of every request that was counted, by the day (since the epoch) of the newest item in it.
CREATE TABLE request_seen (
    day bigint NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (day, hash)
) PARTITION BY RANGE (day);
