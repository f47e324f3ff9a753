//! The counts themselves: added to, summed, read.

use std::collections::HashMap;
use std::time::Duration;

use pointsman_domain::slo::{Interval, Level, Tally};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::TimeRange;

use crate::connect::{Store, Tx};
use crate::error::StoreError;
use crate::number::bigint;
use crate::partition::{self, Scheme, slo_kept};

/// What was counted of an objective in a minute, hour or day.
pub type Row = (UnixNanos, Tally);

/// Tallies by objective and the start of their minute, hour or day.
pub(super) type Tallies = HashMap<(i32, UnixNanos), Tally>;

/// The tally of a row, of any query that has its columns.
macro_rules! tally {
    ($row:ident) => {
        Tally {
            good: $row.good,
            total: $row.total,
            excluded: $row.excluded,
            excluded_good: $row.excluded_good,
            good_slices: $row.good_slices,
            bad_slices: $row.bad_slices,
        }
    };
}

/// Makes the partitions that tallies are for. To be done before the transaction uses the counts: a partition that is made after that may
/// not be seen by it.
pub(super) async fn ensure(tx: &mut Tx, levels: &[(Level, &Tallies)]) -> Result<(), StoreError> {
    for (level, rows) in levels {
        let windows = rows.keys().map(|(_, window_ns)| *window_ns);
        partition::ensure(&tx.store, Scheme::slo(*level), windows).await?;
    }
    Ok(())
}

/// Adds tallies to the counts of a level. Their partitions are there, see [`ensure`].
pub(super) async fn add(tx: &mut Tx, level: Level, rows: &Tallies) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let keys: Vec<&(i32, UnixNanos)> = rows.keys().collect();
    let column = |of: fn(&Tally) -> i64| keys.iter().map(|key| of(&rows[*key])).collect::<Vec<i64>>();
    let objectives: Vec<i32> = keys.iter().map(|key| key.0).collect();
    let windows: Vec<i64> = keys.iter().map(|key| bigint(key.1)).collect();
    let written = sqlx::query_file!(
        "queries/slo_add.sql",
        level as i16,
        &objectives,
        &windows,
        &column(|tally| tally.good),
        &column(|tally| tally.total),
        &column(|tally| tally.excluded),
        &column(|tally| tally.excluded_good),
        &column(|tally| tally.good_slices),
        &column(|tally| tally.bad_slices)
    )
    .execute(&mut **tx)
    .await;
    written.inspect_err(|_| tx.store.known.forget_all())?;
    Ok(())
}

/// The same tallies by the hour or day that they lie in.
pub(super) fn coarser(rows: &Tallies, level: Level) -> Tallies {
    let mut sums = Tallies::new();
    for ((objective, window_ns), tally) in rows {
        *sums.entry((*objective, level.floor(*window_ns))).or_default() += *tally;
    }
    sums
}

/// The sums of a span for each of these objectives; without counts there is no sum.
pub async fn sums(
    conn: &mut crate::Connection,
    span: Interval,
    objectives: &[i32],
) -> Result<HashMap<i32, Tally>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT objective, sum(good)::bigint AS "good!", sum(total)::bigint AS "total!", sum(excluded)::bigint AS "excluded!",
            sum(excluded_good)::bigint AS "excluded_good!", sum(good_slices)::bigint AS "good_slices!", sum(bad_slices)::bigint AS "bad_slices!"
        FROM slo_count WHERE resolution = $1 AND window_ns >= $2 AND window_ns < $3 AND objective = ANY ($4)
        GROUP BY objective"#,
        span.level as i16,
        bigint(span.from_ns),
        bigint(span.to_ns),
        objectives
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.objective, tally!(row))).collect())
}

/// The counts of one objective that begin in the range, in the order of time.
pub async fn counts_of(
    conn: &mut crate::Connection,
    objective: i32,
    level: Level,
    range: TimeRange,
) -> Result<Vec<Row>, StoreError> {
    let rows = sqlx::query!(
        "SELECT window_ns, good, total, excluded, excluded_good, good_slices, bad_slices FROM slo_count
        WHERE resolution = $1 AND objective = $2 AND window_ns >= $3 AND window_ns < $4 ORDER BY window_ns",
        level as i16,
        objective,
        bigint(range.from_ns),
        bigint(range.to_ns)
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.window_ns as u64, tally!(row)))
        .collect())
}

/// The hours of these objectives that begin in the range and have something bad in them, by objective, in the order of time.
pub async fn bad_hours(
    conn: &mut crate::Connection,
    objectives: &[i32],
    range: TimeRange,
) -> Result<HashMap<i32, Vec<Row>>, StoreError> {
    let rows = sqlx::query!(
        "SELECT objective, window_ns, good, total, excluded, excluded_good, good_slices, bad_slices FROM slo_count
        WHERE resolution = 1 AND objective = ANY ($1) AND window_ns >= $2 AND window_ns < $3
            AND (total > good OR bad_slices > 0)
        ORDER BY window_ns",
        objectives,
        bigint(range.from_ns),
        bigint(range.to_ns)
    )
    .fetch_all(conn)
    .await?;
    let mut hours: HashMap<i32, Vec<Row>> = HashMap::new();
    for row in rows {
        let hour = (row.window_ns as u64, tally!(row));
        hours.entry(row.objective).or_default().push(hour);
    }
    Ok(hours)
}

/// How long counts of a level are kept.
pub fn kept(store: &Store, level: Level) -> Duration {
    slo_kept(level, &store.retention())
}
