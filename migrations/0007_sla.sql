-- Of the events that are left out, how many were good: contracts may count them.
ALTER TABLE slo_count ADD COLUMN excluded_good bigint NOT NULL DEFAULT 0;

-- When a version of a service was first seen. Kept by the merger, in the transaction that folds what it sent.
CREATE TABLE version_seen (
    service text NOT NULL,
    version text NOT NULL,
    first_ns bigint NOT NULL,
    PRIMARY KEY (service, version)
);

-- What is recorded tells it to the hour, and to the minute or to 10 s where that is kept from the same hour on.
INSERT INTO version_seen (service, version, first_ns)
SELECT service, version,
    CASE WHEN fine_ns < hour_ns + 3600000000000 THEN fine_ns
        WHEN minute_ns < hour_ns + 3600000000000 THEN minute_ns
        ELSE coalesce(hour_ns, minute_ns, fine_ns) END
FROM (
    SELECT service, version,
        min(window_ns) FILTER (WHERE resolution = 0) AS fine_ns,
        min(window_ns) FILTER (WHERE resolution = 1) AS minute_ns,
        min(window_ns) FILTER (WHERE resolution = 2) AS hour_ns
    FROM series WHERE version <> '' GROUP BY service, version
) AS first;

-- Contracts.
CREATE TABLE sla (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    spec jsonb NOT NULL, -- the whole contract
    revision integer NOT NULL,
    created_ns bigint NOT NULL,
    updated_ns bigint NOT NULL
);

-- What came of their periods. Only ever added to; a correction is another record of the same period.
CREATE TABLE sla_record (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sla integer NOT NULL REFERENCES sla, -- one with records is not removed
    contract text NOT NULL, -- its name then
    label text NOT NULL, -- 2026-10, 2026-Q4
    number integer NOT NULL, -- from 1
    from_ns bigint NOT NULL,
    to_ns bigint NOT NULL,
    outcome jsonb NOT NULL,
    computed_from jsonb NOT NULL,
    closed_ns bigint NOT NULL,
    closed_by text NOT NULL,
    corrects bigint REFERENCES sla_record,
    reason text NOT NULL,
    UNIQUE (sla, label, number)
);
CREATE INDEX sla_record_label ON sla_record (label);

-- Closed reports, whole and by team. Only ever added to.
CREATE TABLE report_record (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    label text NOT NULL,
    team text, -- null: of all services
    number integer NOT NULL,
    from_ns bigint NOT NULL,
    to_ns bigint NOT NULL,
    closed_ns bigint NOT NULL,
    met integer NOT NULL,
    judged integer NOT NULL,
    report jsonb NOT NULL,
    UNIQUE NULLS NOT DISTINCT (label, team, number)
);

-- Who gets reports by mail when they are closed.
CREATE TABLE report_schedule (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel bigint NOT NULL REFERENCES channel ON DELETE CASCADE,
    team text REFERENCES team ON DELETE CASCADE, -- null: of all services
    next text NOT NULL -- the first period that is not sent yet
);
-- One for months and one for quarters.
CREATE UNIQUE INDEX report_schedule_key ON report_schedule (channel, team, (next LIKE '%Q%')) NULLS NOT DISTINCT;

CREATE FUNCTION record_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'closed periods and reports are only ever added to';
END;
$$;
CREATE TRIGGER sla_record_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sla_record
    FOR EACH STATEMENT EXECUTE FUNCTION record_is_append_only();
CREATE TRIGGER report_record_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON report_record
    FOR EACH STATEMENT EXECUTE FUNCTION record_is_append_only();
