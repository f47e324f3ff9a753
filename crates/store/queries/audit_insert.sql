-- Adds an entry to the audit. What was before and after comes as JSON text.
INSERT INTO audit (
    at_ns, actor_kind, actor, via, address, action, service, target, outcome, reason, detail, before, after
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::text::jsonb, $13::text::jsonb)
RETURNING id
