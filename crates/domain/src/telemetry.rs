//! Spans and log records as a sender meant them, after OTLP's wire form has been checked and left behind.
//!
//! A [`SpanBatch`] or [`LogBatch`] is what a receiver hands to the journal, what a worker takes out of it, and
//! (compressed) what a stored segment is: resources and scopes once, records pointing at them by index.

mod log;
mod resource;
mod shared;
mod span;
mod value;

pub use log::{LogBatch, LogRecord, LogSeverity};
pub use resource::{Resource, Scope};
pub use span::{Event, Link, Span, SpanBatch, SpanKind, StatusCode};
pub use value::{Attributes, Value};

/// Nanoseconds since the Unix epoch.
pub type UnixNanos = u64;

/// What one accepted request brought.
#[derive(Debug, Clone, PartialEq)]
pub enum Batch {
    /// Spans of a trace request.
    Spans(SpanBatch),
    /// Log records of a logs request.
    Logs(LogBatch),
}

impl Batch {
    /// How many spans or records.
    pub fn len(&self) -> usize {
        match self {
            Self::Spans(batch) => batch.spans.len(),
            Self::Logs(batch) => batch.records.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The time of its newest item; 0 where it is empty.
    pub fn newest_ns(&self) -> UnixNanos {
        match self {
            Self::Spans(batch) => batch.spans.iter().map(|s| s.end_ns).max().unwrap_or(0),
            Self::Logs(batch) => batch.records.iter().map(|r| r.time_ns).max().unwrap_or(0),
        }
    }
}
