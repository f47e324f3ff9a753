//! Traces by what one of their spans meets, and a trace by its id.
//!
//! A search goes down in time. It reads a page of candidate rows (which are small: no payload), learns when their traces began,
//! loads those whose place in the order is settled, all rows of each, and rechecks them, until the answer is full.

use std::collections::{BTreeSet, HashMap, HashSet};

use pointsman_domain::ids::{SpanId, TraceId};
use pointsman_domain::query::TraceQuery;
use pointsman_domain::rollup::SECOND_NS;
use pointsman_domain::telemetry::{SpanBatch, UnixNanos};
use pointsman_domain::time::TimeRange;

use super::matches::{matching_span, trace_terms};
use crate::codec::Decoder;
use crate::connect::Store;
use crate::error::StoreError;
use crate::segment::trace_id;

/// The most traces that one search reads whole.
pub const MAX_CANDIDATES: usize = 2000;

/// The most rows that one search looks at.
const MAX_ROWS: usize = 20_000;

/// Rows to a page of candidates.
const PAGE: usize = 512;

/// Traces that are loaded at a time.
const LOADED: usize = 64;

/// Rows of a trace that begin this much later than its first are not found by a search, only by the trace's id.
const SPREAD_NS: u64 = 3600 * SECOND_NS;

/// How long after the range's end rows of traces that began before it are looked for, and how many rows are looked at: the
/// nearest, so that paging through dense data does not end there.
const OVERLAP_NS: u64 = 600 * SECOND_NS;
const OVERLAP_ROWS: i64 = 2000;

/// A trace that matches.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceHit {
    /// The trace.
    pub trace_id: TraceId,
    /// All its spans, each once.
    pub batch: SpanBatch,
    /// The span that meets everything that was asked.
    pub matched: Option<SpanId>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TraceHits {
    /// Newest first, by their start. Those that began in the same nanosecond as the last are all in.
    pub traces: Vec<TraceHit>,
    /// Where the next page begins ([`TraceQuery::before_ns`]); `None` where this is the last.
    pub next_before_ns: Option<UnixNanos>,
    /// Whether the search ended at its bound ([`MAX_CANDIDATES`]) before the page was full: there may be more from
    /// `next_before_ns` on.
    pub truncated: bool,
}

/// The traces that began in the range and match, newest first. All of it is read as of one moment.
pub async fn traces(store: &Store, query: &TraceQuery, range: TimeRange) -> Result<TraceHits, StoreError> {
    let until_ns = query.before_ns.unwrap_or(range.to_ns).min(range.to_ns);
    if until_ns <= range.from_ns {
        return Ok(TraceHits::default());
    }
    let mut tx = store.snapshot().await?;
    let mut search = Search {
        query,
        terms: trace_terms(query),
        range: TimeRange {
            from_ns: range.from_ns,
            to_ns: until_ns,
        },
        position: (until_ns, Vec::new()),
        rows: 0,
        seen: HashSet::new(),
        pending: BTreeSet::new(),
        loaded: 0,
        hits: TraceHits::default(),
    };
    search.run(&mut tx).await?;
    Ok(search.hits)
}

struct Search<'a> {
    query: &'a TraceQuery,
    terms: Vec<i32>,
    range: TimeRange,
    /// Start and trace id of the last row looked at: all rows after it in the order are still to come.
    position: (u64, Vec<u8>),
    rows: usize,
    seen: HashSet<TraceId>,
    /// Candidates by their start.
    pending: BTreeSet<(UnixNanos, TraceId)>,
    loaded: usize,
    hits: TraceHits,
}

impl Search<'_> {
    async fn run(&mut self, conn: &mut crate::Connection) -> Result<(), StoreError> {
        self.overlapping(conn).await?;
        loop {
            let exhausted = self.next_page(conn).await?;
            // No row to come can bring a trace that began after this.
            let settled_ns = if exhausted { 0 } else { self.position.0 + 1 };
            if self.load(conn, settled_ns).await? {
                return Ok(());
            }
            if exhausted {
                self.hits.next_before_ns = None;
                return Ok(());
            }
            if self.rows >= MAX_ROWS {
                self.hits.truncated = true;
                self.hits.next_before_ns = Some(settled_ns.min(self.range.to_ns));
                return Ok(());
            }
        }
    }

    /// Looks at rows after the range's end.
    async fn overlapping(&mut self, conn: &mut crate::Connection) -> Result<(), StoreError> {
        let page = sqlx::query_file!(
            "queries/trace_overlap.sql",
            bigint(self.range.to_ns),
            bigint(self.range.to_ns.saturating_add(OVERLAP_NS)),
            &self.terms,
            self.query.errors_only,
            bigint(self.query.min_duration_ns.unwrap_or(0)),
            OVERLAP_ROWS
        )
        .fetch_all(&mut *conn)
        .await?;
        self.candidates(conn, page.into_iter().map(|row| (row.trace_id, row.start_ns as u64)))
            .await
    }

    /// Looks at the next rows; answers whether they were the last.
    async fn next_page(&mut self, conn: &mut crate::Connection) -> Result<bool, StoreError> {
        let page = sqlx::query_file!(
            "queries/trace_candidates.sql",
            bigint(self.range.from_ns),
            bigint(self.range.to_ns),
            bigint(self.position.0),
            self.position.1,
            &self.terms,
            self.query.errors_only,
            bigint(self.query.min_duration_ns.unwrap_or(0)),
            PAGE as i64
        )
        .fetch_all(&mut *conn)
        .await?;
        let exhausted = page.len() < PAGE;
        self.rows += page.len();
        if let Some(last) = page.last() {
            self.position = (last.start_ns as u64, last.trace_id.clone());
        }
        self.candidates(conn, page.into_iter().map(|row| (row.trace_id, row.start_ns as u64)))
            .await?;
        Ok(exhausted)
    }

    /// Learns when the traces of these rows began; keeps those that began in the range.
    async fn candidates(
        &mut self,
        conn: &mut crate::Connection,
        rows: impl Iterator<Item = (Vec<u8>, u64)>,
    ) -> Result<(), StoreError> {
        let (mut new, mut oldest_ns, mut newest_ns) = (Vec::new(), u64::MAX, 0);
        for (id, start_ns) in rows {
            if self.seen.insert(trace_id(&id)?) {
                new.push(id);
                oldest_ns = oldest_ns.min(start_ns);
                newest_ns = newest_ns.max(start_ns);
            }
        }
        if new.is_empty() {
            return Ok(());
        }
        let starts = sqlx::query_file!(
            "queries/trace_starts.sql",
            &new,
            bigint(oldest_ns.saturating_sub(SPREAD_NS)),
            bigint(newest_ns)
        )
        .fetch_all(conn)
        .await?;
        for row in starts {
            let start_ns = row.start_ns as u64;
            if (self.range.from_ns..self.range.to_ns).contains(&start_ns) {
                self.pending.insert((start_ns, trace_id(&row.trace_id)?));
            }
        }
        Ok(())
    }

    /// Reads the candidates that began at `settled_ns` or later, newest first; answers whether the page is full. Zero: all.
    async fn load(&mut self, conn: &mut crate::Connection, settled_ns: u64) -> Result<bool, StoreError> {
        let limit = self.query.limit.max(1) as usize;
        let last_page = settled_ns == 0;
        loop {
            let mut next = Vec::new();
            while let Some(&(start_ns, id)) = self.pending.last() {
                let full = self.hits.traces.len() >= limit;
                if full && self.hits.next_before_ns != Some(start_ns) {
                    if next.is_empty() {
                        return Ok(true);
                    }
                    break;
                }
                if start_ns < settled_ns || next.len() == LOADED.min(limit) {
                    break;
                }
                self.pending.pop_last();
                next.push((start_ns, id));
            }
            let (Some(&(newest_ns, _)), Some(&(oldest_ns, _))) = (next.first(), next.last()) else {
                // Full, and all of the last one's nanosecond are in; on the last page that was all there is.
                return Ok(self.hits.traces.len() >= limit && !last_page);
            };
            let ids: Vec<TraceId> = next.iter().map(|(_, id)| *id).collect();
            let mut batches = load(conn, &ids, oldest_ns, newest_ns.saturating_add(SPREAD_NS)).await?;
            self.loaded += ids.len();
            for (start_ns, trace_id) in next {
                if self.hits.traces.len() >= limit && self.hits.next_before_ns != Some(start_ns) {
                    return Ok(true);
                }
                let Some(batch) = batches.remove(&trace_id) else {
                    continue;
                };
                let matched = matching_span(self.query, &batch);
                if matched.is_some() {
                    self.hits.traces.push(TraceHit {
                        trace_id,
                        batch,
                        matched,
                    });
                    self.hits.next_before_ns = Some(start_ns);
                }
            }
            if self.loaded >= MAX_CANDIDATES && !(last_page && self.pending.is_empty()) {
                self.hits.truncated = self.hits.traces.len() < limit;
                self.hits.next_before_ns = Some(oldest_ns);
                return Ok(true);
            }
        }
    }
}

/// All spans of a trace, each once; `None` where there are none.
pub async fn trace(store: &Store, id: TraceId) -> Result<Option<SpanBatch>, StoreError> {
    let mut conn = store.conn().await?;
    Ok(load(&mut conn, &[id], 0, u64::MAX).await?.remove(&id))
}

/// The spans of traces, each span once: from all their rows that begin in the closed range.
async fn load(
    conn: &mut crate::Connection,
    ids: &[TraceId],
    from_ns: u64,
    to_ns: u64,
) -> Result<HashMap<TraceId, SpanBatch>, StoreError> {
    let ids: Vec<Vec<u8>> = ids.iter().map(|id| id.bytes().to_vec()).collect();
    let rows = sqlx::query_file!("queries/trace_payloads.sql", &ids, bigint(from_ns), bigint(to_ns))
        .fetch_all(conn)
        .await?;
    let mut decoder = Decoder::new()?;
    let mut batches: HashMap<TraceId, SpanBatch> = HashMap::new();
    for row in rows {
        let batch = decoder.spans(&row.payload)?;
        batches.entry(trace_id(&row.trace_id)?).or_default().absorb(batch);
    }
    for batch in batches.values_mut() {
        // A span that two different requests brought.
        let mut seen = HashSet::with_capacity(batch.spans.len());
        batch.spans.retain(|span| seen.insert(span.span_id));
    }
    Ok(batches)
}

fn bigint(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
