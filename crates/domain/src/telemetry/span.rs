//! Spans, and batches of them.

use serde::{Deserialize, Serialize};

use super::shared::merge;
use super::{Attributes, Resource, Scope, UnixNanos};
use crate::Text;
use crate::ids::{SpanId, TraceId};

/// Which side of which kind of call a span describes (OTLP `SpanKind`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum SpanKind {
    /// Work inside the service; also what OTLP calls unspecified.
    #[default]
    Internal,
    /// Answers a request of another process.
    Server,
    /// Makes a request and waits for the answer.
    Client,
    /// Sends a message and does not wait.
    Producer,
    /// Works on a message.
    Consumer,
}

impl SpanKind {
    /// The word for it, as in OpenTelemetry.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::Server => "server",
            Self::Client => "client",
            Self::Producer => "producer",
            Self::Consumer => "consumer",
        }
    }

    /// Whether such a span makes a call: client and producer.
    pub fn is_caller(self) -> bool {
        matches!(self, Self::Client | Self::Producer)
    }

    /// The kinds of spans that are requests served rather than calls made.
    pub const SERVED: [Self; 3] = [Self::Server, Self::Consumer, Self::Internal];

    /// Whether such a span is a request served: see [`SpanKind::SERVED`].
    pub fn is_served(self) -> bool {
        Self::SERVED.contains(&self)
    }

    /// Whether such a span is called: server and consumer.
    pub fn is_called(self) -> bool {
        matches!(self, Self::Server | Self::Consumer)
    }

    /// A small stable number for storage; [`SpanKind::from_code`] is the way back.
    pub fn code(self) -> i16 {
        self as i16
    }

    /// The kind of a stored number; unknown ones are `Internal`.
    pub fn from_code(code: i16) -> Self {
        [
            Self::Internal,
            Self::Server,
            Self::Client,
            Self::Producer,
            Self::Consumer,
        ]
        .get(code as usize)
        .copied()
        .unwrap_or_default()
    }
}

/// What the sender said about the outcome (OTLP `Status.code`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SpanStatus))]
#[serde(rename_all = "lowercase")]
pub enum StatusCode {
    /// Nothing: the usual case for a success.
    #[default]
    Unset,
    /// The operator of the service says it succeeded, whatever else is said.
    Ok,
    /// It failed.
    Error,
}

/// Something that happened at one moment within a span.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SpanEvent))]
pub struct Event {
    /// When it happened, by the clock of the sender.
    pub time_ns: UnixNanos,
    /// The kind of event, such as `exception`.
    pub name: Text,
    /// What the sender said of it, such as `exception.message`.
    pub attributes: Attributes,
}

/// A pointer to a span of this or another trace, e.g. from a consumer to the producers of its batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SpanLink))]
pub struct Link {
    /// The trace of the span that is pointed at.
    pub trace_id: TraceId,
    /// The span that is pointed at.
    pub span_id: SpanId,
    /// What the sender said of the connection.
    pub attributes: Attributes,
}

/// One operation of one service within a trace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// The trace it belongs to.
    pub trace_id: TraceId,
    /// Its own id.
    pub span_id: SpanId,
    /// The span that caused it; none for a root.
    pub parent: Option<SpanId>,
    /// The operation's name, low in cardinality where the sender keeps to the conventions.
    pub name: Text,
    /// Which side of which kind of call it is.
    pub kind: SpanKind,
    /// When it began, by the clock of the sender.
    pub start_ns: UnixNanos,
    /// When it ended; never before `start_ns`.
    pub end_ns: UnixNanos,
    /// The sender's word on the outcome.
    pub status: StatusCode,
    /// The sender's description of a failure.
    pub status_message: Text,
    /// W3C `tracestate`.
    pub trace_state: Text,
    /// What the sender said of the operation.
    pub attributes: Attributes,
    /// What happened at moments within it.
    pub events: Vec<Event>,
    /// Other spans it points at.
    pub links: Vec<Link>,
    /// How many attributes, events and links the sender dropped.
    pub dropped: [u32; 3],
    /// Index into the batch's resources.
    pub resource: u32,
    /// Index into the batch's scopes.
    pub scope: u32,
}

impl Span {
    /// How long it took, in nanoseconds.
    pub fn duration_ns(&self) -> u64 {
        self.end_ns - self.start_ns
    }
}

/// Spans that arrived together, or that are stored together.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SpanBatch {
    /// What `Span::resource` points into.
    pub resources: Vec<Resource>,
    /// What `Span::scope` points into.
    pub scopes: Vec<Scope>,
    /// In the order in which they came.
    pub spans: Vec<Span>,
}

impl SpanBatch {
    /// The resource of a span of this batch.
    pub fn resource(&self, span: &Span) -> &Resource {
        &self.resources[span.resource as usize]
    }

    /// Appends the spans of `other`, sharing resources and scopes that are equal.
    pub fn absorb(&mut self, other: SpanBatch) {
        let resources = merge(&mut self.resources, other.resources);
        let scopes = merge(&mut self.scopes, other.scopes);
        self.spans.extend(other.spans.into_iter().map(|mut span| {
            span.resource = resources[span.resource as usize];
            span.scope = scopes[span.scope as usize];
            span
        }));
    }
}
