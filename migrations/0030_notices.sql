-- An alert is of an objective, whatever it is called. Null once the objective is removed; its name stays.
ALTER TABLE alert ADD COLUMN objective_id integer REFERENCES objective ON DELETE SET NULL;
UPDATE alert AS a SET objective_id = o.id FROM objective AS o WHERE o.name = a.objective AND a.opened_ns >= o.created_ns;
DROP INDEX alert_firing;
CREATE UNIQUE INDEX alert_firing ON alert (objective_id, rule) WHERE resolved_ns IS NULL;
CREATE INDEX alert_objective_id ON alert (objective_id, id);

-- Of which alert a notice tells; null for a report. Who was told that an alert began is told that it ended, in this order.
ALTER TABLE outbox ADD COLUMN alert bigint REFERENCES alert;
UPDATE outbox AS o SET alert = a.id FROM alert AS a WHERE a.id = (o.notice -> 'alert' ->> 'id')::bigint;
DROP INDEX outbox_waiting;
CREATE INDEX outbox_waiting ON outbox (channel, alert, id) WHERE sent_ns IS NULL AND given_up_ns IS NULL;
CREATE INDEX outbox_alert ON outbox (alert);
CREATE INDEX outbox_over ON outbox (coalesce(sent_ns, given_up_ns));

-- How the sending goes. A channel is sent by one replica at a time, for as long as its lease runs by the database's clock; where a channel
-- fails, it is left alone until next_ns.
ALTER TABLE channel
    ADD COLUMN encrypted bytea, -- the secret, where there is a key; `secret` is null then
    ADD COLUMN encrypted_by text, -- which key
    ADD COLUMN failures integer NOT NULL DEFAULT 0, -- in a row
    ADD COLUMN failure text, -- of the last attempt, where it failed
    ADD COLUMN failing_since_ns bigint,
    ADD COLUMN next_ns bigint NOT NULL DEFAULT 0, -- no attempt before
    ADD COLUMN last_sent_ns bigint,
    ADD COLUMN lease bigint, -- whose
    ADD COLUMN lease_until timestamptz,
    ADD CHECK (secret IS NULL OR encrypted IS NULL),
    ADD CHECK ((encrypted IS NULL) = (encrypted_by IS NULL));
UPDATE channel AS c SET last_sent_ns = (SELECT max(o.sent_ns) FROM outbox AS o WHERE o.channel = c.id);
