-- What failed most on a service's nodes, with the examples of the newest rows of each.
-- $1 service, $2 from, $3 to, $4 how many, $5 how many examples
SELECT
    version AS "version!",
    instance AS "instance!",
    operation AS "operation!",
    error AS "error!",
    from_log AS "from_log!",
    sum(count)::bigint AS "count!",
    max(last_ns) AS "last_ns!",
    array_agg(examples ORDER BY last_ns DESC) FILTER (WHERE nth <= $5) AS "examples!"
FROM (
    SELECT
        version, instance, operation, error, from_log, count, last_ns, examples,
        row_number() OVER (PARTITION BY version, instance, operation, error, from_log ORDER BY last_ns DESC) AS nth
    FROM node_error
    WHERE service = $1 AND window_ns >= $2 AND window_ns < $3
) AS ranked
GROUP BY version, instance, operation, error, from_log
ORDER BY sum(count) DESC, version, instance, operation, error, from_log
LIMIT $4
