//! What is stored and how many bytes it takes, for operators and benchmarks.

use crate::error::StoreError;

/// Rows and bytes, indexes included, of each part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sizes {
    /// Slots that are not compacted yet.
    pub slots_open: u64,
    /// Rows of span segments.
    pub segments: u64,
    /// Spans in segments and in slots that are not compacted yet.
    pub spans: u64,
    /// Log records in segments and in slots that are not compacted yet.
    pub records: u64,
    /// Span segments with their indexes.
    pub segment_bytes: u64,
    /// Of that, indexes.
    pub segment_index_bytes: u64,
    /// Merged series and edges with their indexes.
    pub rollup_bytes: u64,
}

/// Counts and weighs. Reads every row of spans and logs (not their payloads): for seldom use.
pub async fn sizes(conn: &mut crate::Connection) -> Result<Sizes, StoreError> {
    let row = sqlx::query_file!("queries/sizes.sql").fetch_one(conn).await?;
    Ok(Sizes {
        slots_open: row.slots_open as u64,
        segments: row.segments as u64,
        spans: row.spans as u64,
        records: row.records as u64,
        segment_bytes: row.segment_bytes as u64,
        segment_index_bytes: row.segment_index_bytes as u64,
        rollup_bytes: row.rollup_bytes as u64,
    })
}
