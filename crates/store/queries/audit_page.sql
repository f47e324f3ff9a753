-- Entries of the audit, newest first. A filter that is null lets everything through.
-- $1 actor, $2 action, $3 service, $4 outcome, $5 patterns of which each is met by target, reason or detail,
-- $6 from, $7 to (not included), $8 only smaller ids, $9 how many
SELECT
    id, at_ns, actor_kind, actor, via, address, action, service, target, outcome, reason, detail,
    before::text AS before, after::text AS after
FROM audit
WHERE ($1::text IS NULL OR actor = $1)
    AND ($2::text IS NULL OR action = $2)
    AND ($3::text IS NULL OR service = $3)
    AND ($4::text IS NULL OR outcome = $4)
    AND (target || ' ' || reason || ' ' || detail) ILIKE ALL ($5::text[])
    AND ($6::bigint IS NULL OR at_ns >= $6)
    AND ($7::bigint IS NULL OR at_ns < $7)
    AND ($8::bigint IS NULL OR id < $8)
ORDER BY id DESC
LIMIT $9
