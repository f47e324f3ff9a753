//! Numbers on their way into a column.

/// A number that PostgreSQL has no unsigned type for, a moment too; greater ones are its greatest.
pub(crate) fn bigint(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
