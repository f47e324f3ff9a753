//! A trace as its page needs it: every span, but without the attributes, events and links, which only the chosen span's
//! card shows. A trace of 1,000 spans is some 200 kB that way and not several MB.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

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

/// Which span of a trace: in URLs its id, with its kind behind a dot where both sides of a call share the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SpanKey {
    pub id: SpanId,
    /// Its kind; `None` for the first with the id.
    pub kind: Option<SpanKind>,
}

impl SpanKey {
    /// Whether this span is meant.
    fn means(self, id: SpanId, kind: SpanKind) -> bool {
        self.id == id && self.kind.is_none_or(|wanted| wanted == kind)
    }

    /// The row that is meant.
    pub fn find(self, rows: &[SpanRow]) -> Option<usize> {
        rows.iter().position(|row| self.means(row.span_id, row.kind))
    }
}

impl fmt::Display for SpanKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            None => self.id.fmt(f),
            Some(kind) => write!(f, "{}.{}", self.id, kind.as_str()),
        }
    }
}

/// Not a span of a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSpan;

impl FromStr for SpanKey {
    type Err = NoSpan;

    fn from_str(text: &str) -> Result<Self, NoSpan> {
        let (id, kind) = text.split_once('.').map_or((text, None), |(id, kind)| (id, Some(kind)));
        let known = |word: &str| (0..5).map(SpanKind::from_code).find(|kind| kind.as_str() == word);
        Ok(Self {
            id: id.parse().map_err(|_| NoSpan)?,
            kind: kind.map(|word| known(word).ok_or(NoSpan)).transpose()?,
        })
    }
}

/// One span as a row of the waterfall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpanRow {
    pub span_id: SpanId,
    /// Whether another span of the trace has the same id.
    pub shared: bool,
    /// How deep under its root.
    pub depth: u16,
    /// How many of the rows that follow are under it.
    pub descendants: u32,
    /// Whether its parent was not received.
    pub orphan: bool,
    /// `service.name`.
    pub service: Text,
    pub name: Text,
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
        let mut times = HashMap::<SpanId, u32>::with_capacity(detail.spans.len());
        for span in &detail.spans {
            *times.entry(span.span_id).or_default() += 1;
        }
        let row = |span: SpanView| SpanRow {
            span_id: span.span_id,
            shared: times[&span.span_id] > 1,
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
    pub fn known_of(&self, key: SpanKey) -> Option<(SpanRow, usize)> {
        let row = &self.spans[key.find(&self.spans)?];
        let logs = self.logs.iter().filter(|line| line.span_id == Some(key.id)).count();
        Some((row.clone(), logs))
    }
}

impl SpanRow {
    /// What the row is called by in the URL and in the page.
    pub fn key(&self) -> SpanKey {
        SpanKey {
            id: self.span_id,
            kind: self.shared.then_some(self.kind),
        }
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
    /// The card of one span of a trace; `None` where the trace has no such span. Where two services share the span's id, its logs are those
    /// of its own service.
    pub fn of(detail: TraceDetail, key: SpanKey) -> Option<Self> {
        let shared = detail.spans.iter().filter(|span| span.span_id == key.id).count() > 1;
        let mut spans = detail.spans.into_iter();
        let span = spans.find(|span| key.means(span.span_id, span.kind))?;
        let logs = detail
            .logs
            .into_iter()
            .filter(|line| line.span_id == Some(key.id) && (!shared || line.service == span.service));
        let logs = logs.collect();
        Some(Self {
            span,
            trace_start_ns: detail.summary.start_ns,
            logs,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "in tests a panic is the report")]

    use super::*;

    #[test]
    fn the_sides_of_a_call_with_one_id_are_told_apart_in_urls() {
        let id = SpanId::from_bytes(&[2; 8]).unwrap();
        for (text, kind) in [
            ("0202020202020202", None),
            ("0202020202020202.client", Some(SpanKind::Client)),
            ("0202020202020202.server", Some(SpanKind::Server)),
        ] {
            let key: SpanKey = text.parse().unwrap();
            assert_eq!((key.id, key.kind, key.to_string().as_str()), (id, kind, text));
        }
        for wrong in ["", "02", "0202020202020202.", "0202020202020202.sideways", ".server"] {
            assert_eq!(wrong.parse::<SpanKey>(), Err(NoSpan), "{wrong}");
        }
    }
}
