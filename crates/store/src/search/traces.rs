//! Traces by what one of their spans meets, and a trace by its id.
//!
//! A search goes down in time. It reads a page of candidate rows (which are small: no payload), learns when their traces began,
//! loads those whose place in the order is settled, all rows of each, and rechecks them, until the answer is full.

use std::collections::{BTreeSet, HashMap, HashSet};

use pointsman_domain::ids::{SpanId, TraceId};
use pointsman_domain::query::TraceQuery;
use pointsman_domain::rollup::SECOND_NS;
use pointsman_domain::segment::TRACE_SPREAD_NS;
use pointsman_domain::telemetry::{SpanBatch, UnixNanos};
use pointsman_domain::time::TimeRange;

use super::matches::{matching_span, trace_terms};
use super::{STEP_NS, live, step_down};
use crate::codec::Decoder;
use crate::connect::Store;
use crate::error::StoreError;
use crate::number::bigint;
use crate::partition::{self, Scheme};
use crate::segment::trace_id;

/// The most traces that one search reads whole.
pub const MAX_CANDIDATES: usize = 2000;

/// The most rows that one search looks at.
const MAX_ROWS: usize = 20_000;

/// Rows to a page of candidates.
const PAGE: usize = 512;

/// Traces that are loaded at a time.
const LOADED: usize = 64;

/// Rows of a trace that stand this much later than its first are not found by a search, only by the trace's id.
const SPREAD_NS: u64 = TRACE_SPREAD_NS;

/// The most spans of one trace that are read, the earliest (and those of the row that goes over).
pub const MAX_SPANS: u32 = 10_000;

/// How long after the range's end rows of traces that began before it are looked for, and how many rows are looked at: the
/// nearest, so that paging through dense data does not end there.
const OVERLAP_NS: u64 = 600 * SECOND_NS;
const OVERLAP_ROWS: i64 = 2000;

/// A trace that matches.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceHit {
    /// The trace.
    pub trace_id: TraceId,
    /// Its spans, each once; all, up to [`MAX_SPANS`].
    pub batch: SpanBatch,
    /// The span that meets everything that was asked.
    pub matched: Option<SpanId>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceHits<T = TraceHit> {
    /// Newest first, by their start. Those that began in the same nanosecond as the last are all in.
    pub traces: Vec<T>,
    /// Where the next page begins ([`TraceQuery::before_ns`]); `None` where this is the last.
    pub next_before_ns: Option<UnixNanos>,
    /// Whether the search ended at its bound ([`MAX_CANDIDATES`]) before the page was full: there may be more from
    /// `next_before_ns` on.
    pub truncated: bool,
}

/// The traces that began in the range and match, newest first. What lies within a day is read as of one moment.
pub async fn traces(store: &Store, query: &TraceQuery, range: TimeRange) -> Result<TraceHits, StoreError> {
    traces_as(store, query, range, |hit| hit).await
}

/// The same, of each no more than `made` keeps: only one trace is in memory with all its spans.
pub async fn traces_as<T>(
    store: &Store,
    query: &TraceQuery,
    range: TimeRange,
    made: impl FnMut(TraceHit) -> T,
) -> Result<TraceHits<T>, StoreError> {
    let hits = TraceHits {
        traces: Vec::new(),
        next_before_ns: None,
        truncated: false,
    };
    let until_ns = query.before_ns.unwrap_or(range.to_ns).min(range.to_ns);
    if until_ns <= range.from_ns {
        return Ok(hits);
    }
    let mut search = Search {
        query,
        made,
        terms: trace_terms(query),
        range: TimeRange {
            from_ns: range.from_ns,
            to_ns: until_ns,
        },
        position: (until_ns, Vec::new()),
        floor_ns: step_down(until_ns, range.from_ns),
        slots: Vec::new(),
        rows: 0,
        seen: HashSet::new(),
        pending: BTreeSet::new(),
        loaded: 0,
        hits,
    };
    search.run(store).await?;
    Ok(search.hits)
}

struct Search<'a, T, F> {
    query: &'a TraceQuery,
    made: F,
    terms: Vec<i32>,
    range: TimeRange,
    /// Start and trace id of the last row looked at: all rows after it in the order are still to come.
    position: (u64, Vec<u8>),
    /// Where this step begins.
    floor_ns: u64,
    /// The slots that are live in this step's snapshot.
    slots: Vec<i64>,
    rows: usize,
    seen: HashSet<TraceId>,
    /// Candidates by their start.
    pending: BTreeSet<(UnixNanos, TraceId)>,
    loaded: usize,
    hits: TraceHits<T>,
}

impl<T, F: FnMut(TraceHit) -> T> Search<'_, T, F> {
    async fn run(&mut self, store: &Store) -> Result<(), StoreError> {
        let mut at = store.reader().await?;
        self.slots = live(&mut at).await?;
        self.overlapping(&mut at).await?;
        loop {
            let step_done = self.next_page(&mut at).await?;
            let exhausted = step_done && self.floor_ns <= self.range.from_ns;
            if step_done && !exhausted {
                self.position = (self.floor_ns, Vec::new());
                self.floor_ns = step_down(self.floor_ns, self.range.from_ns);
                drop(at);
                at = store.reader().await?;
                self.slots = live(&mut at).await?;
            }
            // No row to come can bring a trace that began after this.
            let settled_ns = if exhausted { 0 } else { self.position.0 + 1 };
            if self.load(&mut at, settled_ns).await? {
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
            OVERLAP_ROWS,
            &self.slots
        )
        .fetch_all(&mut *conn)
        .await?;
        self.candidates(conn, page.into_iter().map(|row| (row.trace_id, row.start_ns as u64)))
            .await
    }

    /// Looks at the next rows; answers whether they were the last of the step.
    async fn next_page(&mut self, conn: &mut crate::Connection) -> Result<bool, StoreError> {
        let page = sqlx::query_file!(
            "queries/trace_candidates.sql",
            bigint(self.floor_ns),
            bigint(self.range.to_ns),
            bigint(self.position.0),
            self.position.1,
            &self.terms,
            self.query.errors_only,
            bigint(self.query.min_duration_ns.unwrap_or(0)),
            PAGE as i64,
            &self.slots
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
            bigint(newest_ns),
            &self.slots
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
            let until_ns = newest_ns.saturating_add(SPREAD_NS);
            let mut rows = load(conn, &ids, &self.slots, oldest_ns, until_ns).await?;
            let mut decoder = Decoder::new()?;
            self.loaded += ids.len();
            for (start_ns, trace_id) in next {
                if self.hits.traces.len() >= limit && self.hits.next_before_ns != Some(start_ns) {
                    return Ok(true);
                }
                let Some(rows) = rows.remove(&trace_id) else {
                    continue;
                };
                let StoredTrace { batch, .. } = decode(&mut decoder, rows)?;
                let matched = matching_span(self.query, &batch);
                if matched.is_some() {
                    let made = (self.made)(TraceHit {
                        trace_id,
                        batch,
                        matched,
                    });
                    self.hits.traces.push(made);
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

/// A trace as it is stored.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StoredTrace {
    /// Its spans, each once.
    pub batch: SpanBatch,
    /// Whether it has more than [`MAX_SPANS`], so that later ones may be left out.
    pub truncated: bool,
}

/// A trace; `None` where there is nothing of it. Looks for it a day at a time, newest first, and reads what begins up to an hour
/// before the first of it in the newest day that has any.
pub async fn trace(store: &Store, id: TraceId) -> Result<Option<StoredTrace>, StoreError> {
    let wanted = [id.bytes().to_vec()];
    let mut at = store.reader().await?;
    let mut to_ns = u64::MAX;
    for from_ns in steps(&mut at).await? {
        let slots = live(&mut at).await?;
        let found = sqlx::query_file!(
            "queries/trace_starts.sql",
            &wanted,
            bigint(from_ns),
            bigint(to_ns),
            &slots
        )
        .fetch_optional(&mut *at)
        .await?;
        if let Some(found) = found {
            let began_ns = found.start_ns as u64;
            let mut traces = load(&mut at, &[id], &slots, began_ns.saturating_sub(SPREAD_NS), to_ns).await?;
            let mut decoder = Decoder::new()?;
            return traces.remove(&id).map(|rows| decode(&mut decoder, rows)).transpose();
        }
        to_ns = from_ns;
        drop(at);
        at = store.reader().await?;
    }
    Ok(None)
}

/// The starts of steps that together have every partition, newest first. There is always one, for what lies in slots.
async fn steps(conn: &mut crate::Connection) -> Result<Vec<UnixNanos>, StoreError> {
    let lowers = partition::lowers(conn, Scheme::SPANS).await?;
    let partitions = (STEP_NS / Scheme::SPANS.step) as usize;
    let steps = lowers.rchunks(partitions).map(|chunk| chunk[0]);
    Ok(steps.chain([0]).collect())
}

/// The rows of a trace as they are stored, and whether it has more than [`MAX_SPANS`].
#[derive(Default)]
struct Rows {
    payloads: Vec<Vec<u8>>,
    truncated: bool,
}

/// The rows of traces that begin in the closed range.
async fn load(
    conn: &mut crate::Connection,
    ids: &[TraceId],
    slots: &[i64],
    from_ns: u64,
    to_ns: u64,
) -> Result<HashMap<TraceId, Rows>, StoreError> {
    let ids: Vec<Vec<u8>> = ids.iter().map(|id| id.bytes().to_vec()).collect();
    let rows = sqlx::query_file!(
        "queries/trace_payloads.sql",
        &ids,
        bigint(from_ns),
        bigint(to_ns),
        i64::from(MAX_SPANS),
        slots
    )
    .fetch_all(conn)
    .await?;
    let mut traces: HashMap<TraceId, Rows> = HashMap::new();
    for row in rows {
        let trace = traces.entry(trace_id(&row.trace_id)?).or_default();
        trace.payloads.push(row.payload);
        trace.truncated = row.total > i64::from(MAX_SPANS);
    }
    Ok(traces)
}

/// The spans of a trace, each span once.
fn decode(decoder: &mut Decoder, rows: Rows) -> Result<StoredTrace, StoreError> {
    let mut batch = SpanBatch::default();
    for payload in rows.payloads {
        batch.absorb(decoder.spans(&payload)?);
    }
    // A span that two different requests brought. (The sides of a call may share an id: those are two.)
    let SpanBatch { resources, spans, .. } = &mut batch;
    let mut seen = HashSet::with_capacity(spans.len());
    spans.retain(|span| seen.insert((span.span_id, span.kind, &resources[span.resource as usize].service)));
    Ok(StoredTrace {
        batch,
        truncated: rows.truncated,
    })
}
