-- What is promised of services.
CREATE TABLE objective (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    service text NOT NULL,
    spec jsonb NOT NULL, -- the whole objective
    revision integer NOT NULL,
    created_ns bigint NOT NULL,
    updated_ns bigint NOT NULL,
    -- From when on its events are counted. Null until the recorded past is counted: the merger leaves it alone till then.
    counted_from_ns bigint
);
CREATE INDEX objective_service ON objective (service);

-- Good events and all, by objective, minute (0), hour (1) and day of UTC (2). Added to by the merger in the transaction that folds the
-- deltas, so that each event counts once.
CREATE TABLE slo_count (
    resolution smallint NOT NULL,
    objective integer NOT NULL,
    window_ns bigint NOT NULL,
    good bigint NOT NULL,
    total bigint NOT NULL,
    excluded bigint NOT NULL, -- not in total
    good_slices bigint NOT NULL, -- that begin here
    bad_slices bigint NOT NULL,
    PRIMARY KEY (resolution, objective, window_ns)
) PARTITION BY LIST (resolution);
CREATE TABLE slo_count_1m PARTITION OF slo_count FOR VALUES IN (0) PARTITION BY RANGE (window_ns);
CREATE TABLE slo_count_1h PARTITION OF slo_count FOR VALUES IN (1) PARTITION BY RANGE (window_ns);
CREATE TABLE slo_count_1d PARTITION OF slo_count FOR VALUES IN (2) PARTITION BY RANGE (window_ns);

-- How objectives stand, as of the last evaluation.
CREATE TABLE slo_status (
    objective integer PRIMARY KEY REFERENCES objective ON DELETE CASCADE,
    at_ns bigint NOT NULL,
    status jsonb NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.1);

-- Time that does not count, in whole minutes.
CREATE TABLE exclusion (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    service text NOT NULL,
    objective integer REFERENCES objective ON DELETE CASCADE, -- null: all of the service
    from_ns bigint NOT NULL,
    to_ns bigint NOT NULL,
    reason text NOT NULL,
    said_by text NOT NULL,
    created_ns bigint NOT NULL,
    CHECK (from_ns < to_ns)
);

-- Who was called when. It stays when the objective is removed.
CREATE TABLE alert (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    objective text NOT NULL,
    service text NOT NULL,
    rule text NOT NULL, -- page, ticket, absent
    severity smallint NOT NULL, -- 0 ticket, 1 page
    sentence text NOT NULL,
    opened_ns bigint NOT NULL,
    burning_ns bigint NOT NULL, -- when it was last seen to burn
    resolved_ns bigint,
    acked_ns bigint,
    acked_by text,
    silence bigint
);
CREATE UNIQUE INDEX alert_firing ON alert (objective, rule) WHERE resolved_ns IS NULL;
CREATE INDEX alert_objective ON alert (objective, id);
CREATE INDEX alert_service ON alert (service, id);

CREATE TABLE silence (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    service text NOT NULL,
    objective text, -- null: all of the service
    reason text NOT NULL,
    said_by text NOT NULL,
    from_ns bigint NOT NULL,
    until_ns bigint NOT NULL
);
CREATE INDEX silence_until ON silence (until_ns);

-- Where alerts are sent.
CREATE TABLE channel (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    spec jsonb NOT NULL, -- kind and addresses
    secret text, -- goes in and never comes out
    least smallint NOT NULL, -- of severities
    teams text[] NOT NULL, -- empty: all
    created_ns bigint NOT NULL
);

-- What is to be sent. Written in the transaction that opens or ends the alert, so none is lost; sent at least once, with the same key.
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel bigint NOT NULL REFERENCES channel ON DELETE CASCADE,
    key text NOT NULL,
    notice jsonb NOT NULL,
    created_ns bigint NOT NULL,
    next_ns bigint NOT NULL, -- not before
    attempts integer NOT NULL DEFAULT 0,
    failure text, -- of the last attempt
    sent_ns bigint,
    given_up_ns bigint,
    UNIQUE (channel, key)
);
CREATE INDEX outbox_waiting ON outbox (next_ns) WHERE sent_ns IS NULL AND given_up_ns IS NULL;

-- What a spent budget does. A service without a row: nothing.
CREATE TABLE budget_policy (
    service text PRIMARY KEY,
    policy text NOT NULL
);
