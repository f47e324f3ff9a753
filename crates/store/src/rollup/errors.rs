//! What failed on which node: appended in windows of 10 s, folded to a minute each by the merger, summed for readers in the database.

use std::collections::HashMap;

use pointsman_domain::ids::{SpanId, TraceId};
use pointsman_domain::rollup::{EXAMPLES, NodeErrorCount, NodeErrorKey, Resolution, SECOND_NS};
use pointsman_domain::time::TimeRange;

use super::pieces::windows;
use crate::codec;
use crate::connect::Tx;
use crate::error::StoreError;
use crate::number::bigint;
use crate::partition::{self, Scheme};
use crate::text;

/// The most errors that [`errors`] answers.
pub const MAX_ERRORS: usize = 200;

/// What is this much older than the newest is folded: most of its minute is there.
const FOLDED_AFTER_NS: u64 = 120 * SECOND_NS;

/// About how many rows are folded at a time.
const FOLDED_ROWS: i64 = 10_000;

type Errors = HashMap<(u64, NodeErrorKey), NodeErrorCount>;

/// Adds rows.
pub(super) async fn insert(tx: &mut Tx, errors: &Errors, folded: bool) -> Result<(), StoreError> {
    if errors.is_empty() {
        return Ok(());
    }
    let windows = errors.keys().map(|(window_ns, _)| *window_ns);
    partition::ensure(&tx.store, Scheme::ERRORS, windows).await?;
    let (mut windows, mut services, mut versions) = (Vec::new(), Vec::new(), Vec::new());
    let (mut instances, mut operations, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    let (mut from_logs, mut counts, mut lasts, mut examples) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for ((window_ns, key), count) in errors {
        windows.push(bigint(*window_ns));
        services.push(text::name(&key.service));
        versions.push(text::name(&key.version));
        instances.push(text::name(&key.instance));
        operations.push(text::name(&key.operation));
        texts.push(text::name(&key.error));
        from_logs.push(key.from_log);
        counts.push(bigint(count.count));
        lasts.push(bigint(count.last_ns));
        examples.push(codec::plain(&count.examples)?);
    }
    let written = sqlx::query!(
        "INSERT INTO node_error
            (window_ns, service, version, instance, operation, error, from_log, count, last_ns, examples, folded)
        SELECT *, $11::boolean FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
            $7::boolean[], $8::bigint[], $9::bigint[], $10::bytea[])",
        &windows,
        &services,
        &versions,
        &instances,
        &operations,
        &texts,
        &from_logs,
        &counts,
        &lasts,
        &examples,
        folded
    )
    .execute(&mut **tx)
    .await;
    written.inspect_err(|_| tx.store.known.forget_all())?;
    Ok(())
}

/// Makes of the oldest rows that are not folded one a minute and failure. (What comes late for a minute is another one.)
pub(super) async fn fold(tx: &mut Tx) -> Result<(), StoreError> {
    let mut rows = sqlx::query!(
        "DELETE FROM node_error WHERE NOT folded AND window_ns <= (
            SELECT max(window_ns) FROM (
                SELECT window_ns FROM node_error
                WHERE NOT folded AND window_ns < (SELECT max(window_ns) FROM node_error WHERE NOT folded) - $1::bigint
                ORDER BY window_ns LIMIT $2
            ) AS oldest
        )
        RETURNING window_ns, service, version, instance, operation, error, from_log, count, last_ns, examples",
        bigint(FOLDED_AFTER_NS),
        FOLDED_ROWS
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.sort_by_key(|row| std::cmp::Reverse(row.last_ns));
    let mut folded = Errors::new();
    for row in rows {
        let key = NodeErrorKey {
            service: text::read(&row.service),
            version: text::read(&row.version),
            instance: text::read(&row.instance),
            operation: text::read(&row.operation),
            error: text::read(&row.error),
            from_log: row.from_log,
        };
        let sum = folded
            .entry((Resolution::Minute.floor(row.window_ns as u64), key))
            .or_default();
        sum.count += row.count as u64;
        sum.last_ns = sum.last_ns.max(row.last_ns as u64);
        add_examples(&mut sum.examples, &row.examples)?;
    }
    insert(tx, &folded, true).await
}

/// Adds stored examples as far as there is room: the newest come first, because their traces are the last to expire.
fn add_examples(known: &mut Vec<(TraceId, Option<SpanId>)>, stored: &[u8]) -> Result<(), StoreError> {
    if known.len() < EXAMPLES {
        let examples: Vec<(TraceId, Option<SpanId>)> = codec::from_plain(stored)?;
        for example in examples {
            if known.len() < EXAMPLES && !known.contains(&example) {
                known.push(example);
            }
        }
    }
    Ok(())
}

/// The errors of a service's nodes in the minutes that the range touches, the most frequent first, at most [`MAX_ERRORS`].
pub async fn errors(
    conn: &mut crate::Connection,
    range: TimeRange,
    service: &str,
) -> Result<Vec<(NodeErrorKey, NodeErrorCount)>, StoreError> {
    let (from, to) = windows(Resolution::Minute, range);
    let name = text::name(service);
    let rows = sqlx::query_file!("queries/errors.sql", name, from, to, MAX_ERRORS as i64, EXAMPLES as i64)
        .fetch_all(conn)
        .await?;
    let mut errors = Vec::with_capacity(rows.len());
    for row in rows {
        let key = NodeErrorKey {
            service: text::read(&name),
            version: text::read(&row.version),
            instance: text::read(&row.instance),
            operation: text::read(&row.operation),
            error: text::read(&row.error),
            from_log: row.from_log,
        };
        let mut count = NodeErrorCount {
            count: row.count as u64,
            last_ns: row.last_ns as u64,
            examples: Vec::new(),
        };
        for stored in &row.examples {
            add_examples(&mut count.examples, stored)?;
        }
        errors.push((key, count));
    }
    Ok(errors)
}
