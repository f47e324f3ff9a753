-- What objectives and contracts said, and from when on. Only ever added to: a period is judged by what held at its end.
CREATE TABLE objective_revision (
    objective integer NOT NULL REFERENCES objective ON DELETE CASCADE,
    revision integer NOT NULL,
    since_ns bigint NOT NULL,
    spec jsonb NOT NULL,
    counted_as integer NOT NULL, -- slo_count.objective
    PRIMARY KEY (objective, revision)
);
CREATE TABLE sla_revision (
    sla integer NOT NULL REFERENCES sla ON DELETE CASCADE,
    revision integer NOT NULL,
    since_ns bigint NOT NULL,
    spec jsonb NOT NULL,
    PRIMARY KEY (sla, revision)
);

-- Under which number the events of an objective are counted (slo_count.objective): another one each time that it counts something else.
CREATE SEQUENCE counted_as AS integer;
SELECT setval('counted_as', (SELECT max(id) FROM objective));
ALTER TABLE objective
    ADD COLUMN counted_as integer,
    ADD COLUMN recount_ns bigint, -- while the recorded past is counted: from when on it is
    ADD COLUMN recorded_from_ns bigint, -- from when on all is known that there was
    ADD COLUMN minutes_from_ns bigint; -- from when on its past was counted by the minute, before that by the hour
UPDATE objective SET counted_as = id;
-- What was recorded when it was made was counted as well, but for slices of time only by the minute.
UPDATE objective SET recorded_from_ns = CASE
    WHEN spec -> 'budgeting' ->> 'method' = 'timeslices' THEN counted_from_ns
    ELSE least(counted_from_ns, (SELECT window_ns FROM series WHERE resolution = 2 ORDER BY window_ns LIMIT 1)) END
WHERE counted_from_ns IS NOT NULL;
ALTER TABLE objective
    ALTER COLUMN counted_as SET DEFAULT nextval('counted_as'),
    ALTER COLUMN counted_as SET NOT NULL;

-- What objectives counted before they counted something else, where a month ended meanwhile: it may still have to be judged or corrected. What
-- comes late is still counted for it.
CREATE TABLE counted_before (
    counted_as integer PRIMARY KEY,
    objective integer NOT NULL REFERENCES objective ON DELETE CASCADE,
    spec jsonb NOT NULL,
    counted_from_ns bigint NOT NULL,
    recorded_from_ns bigint NOT NULL,
    until_ns bigint NOT NULL -- later events are not counted for it
);
CREATE INDEX counted_before_objective ON counted_before (objective);

-- The first that is known of what there is already.
INSERT INTO objective_revision (objective, revision, since_ns, spec, counted_as)
SELECT id, revision, updated_ns, spec, counted_as FROM objective;
INSERT INTO sla_revision (sla, revision, since_ns, spec)
SELECT id, revision, updated_ns, spec FROM sla;

-- Revisions go with what they are of, and in no other way.
CREATE FUNCTION revision_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND pg_trigger_depth() > 1 THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'revisions are only ever added to';
END;
$$;
CREATE TRIGGER objective_revision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON objective_revision
    FOR EACH STATEMENT EXECUTE FUNCTION revision_is_append_only();
CREATE TRIGGER sla_revision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sla_revision
    FOR EACH STATEMENT EXECUTE FUNCTION revision_is_append_only();

-- What could not be done for one objective, contract or report while it was done for the others; gone once it is done.
CREATE TABLE failure (
    step text NOT NULL, -- count, evaluate, close, report
    subject text NOT NULL, -- the number of an objective or a contract; the period of a report
    reason text NOT NULL,
    since_ns bigint NOT NULL,
    attempts integer NOT NULL,
    next_ns bigint NOT NULL, -- not tried again before
    PRIMARY KEY (step, subject)
);
