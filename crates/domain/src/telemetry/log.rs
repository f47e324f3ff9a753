//! Log records, and batches of them.

use serde::{Deserialize, Serialize};

use super::shared::merge;
use super::{Attributes, Resource, Scope, UnixNanos, Value};
use crate::Text;
use crate::ids::{SpanId, TraceId};

/// Log records that arrived together, or that are stored together.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LogBatch {
    /// What `LogRecord::resource` points into.
    pub resources: Vec<Resource>,
    /// What `LogRecord::scope` points into.
    pub scopes: Vec<Scope>,
    /// In the order in which they came.
    pub records: Vec<LogRecord>,
}

impl LogBatch {
    /// The resource of a record of this batch.
    pub fn resource(&self, record: &LogRecord) -> &Resource {
        &self.resources[record.resource as usize]
    }

    /// Appends the records of `other`, sharing resources and scopes that are equal.
    pub fn absorb(&mut self, other: LogBatch) {
        let resources = merge(&mut self.resources, other.resources);
        let scopes = merge(&mut self.scopes, other.scopes);
        self.records.extend(other.records.into_iter().map(|mut record| {
            record.resource = resources[record.resource as usize];
            record.scope = scopes[record.scope as usize];
            record
        }));
    }
}

/// OTLP's `SeverityNumber`: 1 to 24, 0 where the sender gave none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = LogSeverity))]
pub struct LogSeverity(pub u8);

impl LogSeverity {
    /// From here on a record is an error.
    pub const ERROR: Self = Self(17);
    /// From here on a record is a warning.
    pub const WARN: Self = Self(13);

    /// The range's name: `TRACE`, `DEBUG`, `INFO`, `WARN`, `ERROR`, `FATAL`, or `UNSET`.
    pub fn word(self) -> &'static str {
        match self.0 {
            1..=4 => "TRACE",
            5..=8 => "DEBUG",
            9..=12 => "INFO",
            13..=16 => "WARN",
            17..=20 => "ERROR",
            21..=24 => "FATAL",
            _ => "UNSET",
        }
    }

    /// The lowest number of the range with this name, in any case.
    pub fn from_word(word: &str) -> Option<Self> {
        let number = match word.to_ascii_uppercase().as_str() {
            "TRACE" => 1,
            "DEBUG" => 5,
            "INFO" => 9,
            "WARN" | "WARNING" => 13,
            "ERROR" => 17,
            "FATAL" => 21,
            _ => return None,
        };
        Some(Self(number))
    }
}

/// One log record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogRecord {
    /// When it happened; where the sender gave no time, when it was observed.
    pub time_ns: UnixNanos,
    /// When it was observed; 0 where the sender gave none.
    pub observed_ns: UnixNanos,
    /// How bad the sender says it is.
    pub severity: LogSeverity,
    /// The severity as the source wrote it.
    pub severity_text: Text,
    /// The message, usually a text.
    pub body: Value,
    /// What the sender said beside the message.
    pub attributes: Attributes,
    /// The trace that it was written in, where it was in one.
    pub trace_id: Option<TraceId>,
    /// The span that it was written in, where it was in one.
    pub span_id: Option<SpanId>,
    /// The event's name, for records that are events.
    pub event_name: Text,
    /// Index into the batch's resources.
    pub resource: u32,
    /// Index into the batch's scopes.
    pub scope: u32,
}
