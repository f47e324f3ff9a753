//! A trace as its page needs it: every span, but without the attributes, events and links, which only the chosen span's
//! card shows. A trace of 1,000 spans is some 200 kB that way and not several MB.

use pointsman_domain::Text;
use pointsman_domain::ids::SpanId;
use pointsman_domain::read::{LogLine, SpanView, TraceDetail, TraceSummary};
use pointsman_domain::telemetry::SpanKind;
use serde::{Deserialize, Serialize};

use crate::format;

/// The page of one trace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TraceView {
    /// Its row of the search.
    pub summary: TraceSummary,
    /// In the waterfall's order: a span, then all that are under it.
    pub spans: Vec<SpanRow>,
    /// Its log records, by time.
    pub logs: Vec<LogLine>,
    /// Whether there are more spans or records than these.
    pub truncated: bool,
    /// Whether nothing more of it is awaited.
    pub settled: bool,
}

/// One span as a row of the waterfall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpanRow {
    /// Its id.
    pub span_id: SpanId,
    /// How deep under its root.
    pub depth: u16,
    /// How many of the rows that follow are under it.
    pub descendants: u32,
    /// Whether its parent was not received.
    pub orphan: bool,
    /// `service.name`.
    pub service: Text,
    /// Its name.
    pub name: Text,
    /// Its kind.
    pub kind: SpanKind,
    /// When it began, after the trace began, in nanoseconds.
    pub offset_ns: u64,
    /// How long it took.
    pub duration_ns: u64,
    /// How far its clock is ahead of its parent's; see [`SpanView::clock_ahead_ns`].
    pub clock_ahead_ns: i64,
    /// Whether it is on the critical path.
    pub critical: bool,
    /// Whether it failed.
    pub error: bool,
}

impl TraceView {
    /// The page of a trace; `settled` where nothing more of it is awaited.
    pub fn of(settled: bool, detail: TraceDetail) -> Self {
        let start_ns = detail.summary.start_ns;
        let row = |span: SpanView| SpanRow {
            span_id: span.span_id,
            depth: span.depth,
            descendants: span.descendants,
            orphan: span.orphan,
            service: span.service,
            name: span.name,
            kind: span.kind,
            offset_ns: span.start_ns.saturating_sub(start_ns),
            duration_ns: span.duration_ns,
            clock_ahead_ns: span.clock_ahead_ns,
            critical: span.critical,
            error: span.error,
        };
        Self {
            spans: detail.spans.into_iter().map(row).collect(),
            summary: detail.summary,
            logs: detail.logs,
            truncated: detail.truncated,
            settled,
        }
    }

    /// Whose clocks differ, each pair of services once with the greatest difference, greatest first: "The clock of a is 7.00 s behind that of b."
    pub fn clocks(&self) -> Vec<String> {
        let mut pairs: Vec<(Text, Text, i64)> = Vec::new();
        for (at, row) in self.spans.iter().enumerate().filter(|(_, row)| row.clock_ahead_ns != 0) {
            let caller = super::waterfall::parent(&self.spans, at)
                .map_or_else(Text::default, |at| self.spans[at].service.clone());
            let same = |pair: &&mut (Text, Text, i64)| pair.0 == row.service && pair.1 == caller;
            match pairs.iter_mut().find(same) {
                Some(pair) if pair.2.unsigned_abs() >= row.clock_ahead_ns.unsigned_abs() => {}
                Some(pair) => pair.2 = row.clock_ahead_ns,
                None => pairs.push((row.service.clone(), caller, row.clock_ahead_ns)),
            }
        }
        pairs.sort_by_key(|pair| std::cmp::Reverse(pair.2.unsigned_abs()));
        let told = pairs.iter().map(|(service, caller, ahead_ns)| {
            let (service, caller) = (format::shown(service), format::shown(caller));
            format!("The clock of {service} is {} that of {caller}.", clock_words(*ahead_ns))
        });
        told.collect()
    }

    /// What the page knows of a span: where this changes, its card has something new.
    pub fn known_of(&self, id: SpanId) -> Option<(SpanRow, usize)> {
        let row = self.spans.iter().find(|row| row.span_id == id)?;
        let logs = self.logs.iter().filter(|line| line.span_id == Some(id)).count();
        Some((row.clone(), logs))
    }
}

/// "7.00 s behind", "30.0 ms ahead of": at least so much.
pub fn clock_words(ahead_ns: i64) -> String {
    let side = if ahead_ns < 0 { "behind" } else { "ahead of" };
    format!("{} {side}", format::duration(ahead_ns.unsigned_abs()))
}

/// The span that the page has chosen, with all that is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpanCardView {
    /// The span.
    pub span: SpanView,
    /// When the trace began.
    pub trace_start_ns: u64,
    /// What was logged in it, by time.
    pub logs: Vec<LogLine>,
}

impl SpanCardView {
    /// The card of one span of a trace; `None` where the trace has no such span.
    pub fn of(detail: TraceDetail, id: SpanId) -> Option<Self> {
        let span = detail.spans.into_iter().find(|span| span.span_id == id)?;
        let logs = detail
            .logs
            .into_iter()
            .filter(|line| line.span_id == Some(id))
            .collect();
        Some(Self {
            span,
            trace_start_ns: detail.summary.start_ns,
            logs,
        })
    }
}
