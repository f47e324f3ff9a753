-- What workers counted, as it came, in windows of 10 s. The merger takes rows out again within seconds.
CREATE TABLE series_delta (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    window_ns bigint NOT NULL,
    service text NOT NULL,
    version text NOT NULL,
    instance text NOT NULL,
    operation text NOT NULL,
    kind smallint NOT NULL,
    requests bigint NOT NULL,
    errors bigint NOT NULL,
    duration_sum_ns bigint NOT NULL,
    latency bytea NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

CREATE TABLE edge_delta (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    window_ns bigint NOT NULL,
    source_kind smallint NOT NULL,
    source text NOT NULL,
    source_version text NOT NULL,
    target_kind smallint NOT NULL,
    target text NOT NULL,
    target_version text NOT NULL,
    requests bigint NOT NULL,
    errors bigint NOT NULL,
    duration_sum_ns bigint NOT NULL,
    latency bytea NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

-- Merged windows: first by resolution (0: 10 s, 1: 1 min, 2: 1 h), then by time. `key` is a 128-bit hash of the text columns, which
-- together could be too long for an index entry.
CREATE TABLE series (
    resolution smallint NOT NULL,
    window_ns bigint NOT NULL,
    key bytea NOT NULL,
    service text NOT NULL,
    version text NOT NULL,
    instance text NOT NULL,
    operation text NOT NULL,
    kind smallint NOT NULL,
    requests bigint NOT NULL,
    errors bigint NOT NULL,
    duration_sum_ns bigint NOT NULL,
    latency bytea NOT NULL,
    PRIMARY KEY (resolution, window_ns, key)
) PARTITION BY LIST (resolution);
CREATE INDEX series_service ON series (service, window_ns);
CREATE TABLE series_10s PARTITION OF series FOR VALUES IN (0) PARTITION BY RANGE (window_ns);
CREATE TABLE series_1m PARTITION OF series FOR VALUES IN (1) PARTITION BY RANGE (window_ns);
CREATE TABLE series_1h PARTITION OF series FOR VALUES IN (2) PARTITION BY RANGE (window_ns);

CREATE TABLE edge (
    resolution smallint NOT NULL,
    window_ns bigint NOT NULL,
    key bytea NOT NULL,
    source_kind smallint NOT NULL,
    source text NOT NULL,
    source_version text NOT NULL,
    target_kind smallint NOT NULL,
    target text NOT NULL,
    target_version text NOT NULL,
    requests bigint NOT NULL,
    errors bigint NOT NULL,
    duration_sum_ns bigint NOT NULL,
    latency bytea NOT NULL,
    PRIMARY KEY (resolution, window_ns, key)
) PARTITION BY LIST (resolution);
CREATE TABLE edge_10s PARTITION OF edge FOR VALUES IN (0) PARTITION BY RANGE (window_ns);
CREATE TABLE edge_1m PARTITION OF edge FOR VALUES IN (1) PARTITION BY RANGE (window_ns);
CREATE TABLE edge_1h PARTITION OF edge FOR VALUES IN (2) PARTITION BY RANGE (window_ns);

-- Failures of nodes, appended, a partition a day.
CREATE TABLE node_error (
    window_ns bigint NOT NULL,
    service text NOT NULL,
    version text NOT NULL,
    instance text NOT NULL,
    operation text NOT NULL,
    error text NOT NULL,
    from_log boolean NOT NULL,
    count bigint NOT NULL,
    last_ns bigint NOT NULL,
    examples bytea NOT NULL
) PARTITION BY RANGE (window_ns);
CREATE INDEX node_error_service ON node_error (service, window_ns);

-- Every process ever heard of.
CREATE TABLE node_seen (
    key bytea PRIMARY KEY,
    service text NOT NULL,
    version text NOT NULL,
    instance text NOT NULL,
    first_seen_ns bigint NOT NULL,
    last_seen_ns bigint NOT NULL
);

-- Halves of calls that were settled without a partner; appended, folded by the merger.
CREATE TABLE unpaired (
    clients bigint NOT NULL,
    servers bigint NOT NULL
);
