//! Log records, as a search lists them.

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::ids::{SpanId, TraceId};
use crate::telemetry::{Attributes, LogSeverity, UnixNanos, Value};

/// One log record as a page shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogLine {
    /// When it happened, by the clock of the sender.
    pub time_ns: UnixNanos,
    /// How bad the sender says it is.
    pub severity: LogSeverity,
    /// As the source wrote the severity.
    pub severity_text: Text,
    /// `service.name`.
    pub service: Text,
    /// `service.version`, or empty.
    pub version: Text,
    /// The node, or empty.
    pub instance: Text,
    /// The event's name, or empty.
    pub event_name: Text,
    /// The message, usually a text.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::AttributeValue))]
    pub body: Value,
    /// What the sender said beside the message.
    pub attributes: Attributes,
    /// What the sender said of its process.
    pub resource: Attributes,
    /// The scope's name.
    pub scope: Text,
    /// The trace that it was written in, where it was in one.
    pub trace_id: Option<TraceId>,
    /// The span that it was written in, where it was in one.
    pub span_id: Option<SpanId>,
}

/// A page of the log search.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogPage {
    /// Newest first.
    pub lines: Vec<LogLine>,
    /// Where the next page begins ([`crate::query::LogQuery::before_ns`]), where there may be more.
    #[serde(with = "crate::whole::optional")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, pattern = "^[0-9]+$"))]
    pub next_before_ns: Option<UnixNanos>,
    /// Whether the search stopped at its bound of candidates before the range was exhausted.
    pub truncated: bool,
}
