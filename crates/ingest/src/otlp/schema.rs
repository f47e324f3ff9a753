//! OTLP's messages as its .proto files number them, as far as something is told from the bytes before they are decoded: what a request
//! will weigh, and where in it texts are.

use std::mem::size_of;

use opentelemetry_proto::tonic::common::v1::{AnyValue, EntityRef, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::metrics::v1::{HistogramDataPoint, Metric, ResourceMetrics, ScopeMetrics};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::{Event, Link};
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};

use super::signal::Signal;

/// A message of OTLP that has others in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Traces,
    ResourceSpans,
    ScopeSpans,
    Span,
    Status,
    Event,
    Link,
    Logs,
    ResourceLogs,
    ScopeLogs,
    Record,
    Metrics,
    ResourceMetrics,
    ScopeMetrics,
    Metric,
    Data,
    Point,
    Resource,
    Entity,
    Scope,
    Pair,
    Value,
    List,
    Pairs,
}

/// What a request of this signal is.
pub(super) fn root(signal: Signal) -> Part {
    match signal {
        Signal::Traces => Part::Traces,
        Signal::Logs => Part::Logs,
        Signal::Metrics => Part::Metrics,
    }
}

/// What a field of a message holds, by OTLP's .proto files, and its size.
pub(super) fn child(part: Part, field: u32) -> Option<(Part, usize)> {
    let pair = Some((Part::Pair, size_of::<KeyValue>()));
    let value = Some((Part::Value, size_of::<AnyValue>()));
    match (part, field) {
        (Part::Traces, 1) => Some((Part::ResourceSpans, size_of::<ResourceSpans>())),
        (Part::Logs, 1) => Some((Part::ResourceLogs, size_of::<ResourceLogs>())),
        (Part::Metrics, 1) => Some((Part::ResourceMetrics, size_of::<ResourceMetrics>())),
        (Part::ResourceSpans | Part::ResourceLogs | Part::ResourceMetrics, 1) => {
            Some((Part::Resource, size_of::<Resource>()))
        }
        (Part::ResourceSpans, 2) => Some((Part::ScopeSpans, size_of::<ScopeSpans>())),
        (Part::ResourceLogs, 2) => Some((Part::ScopeLogs, size_of::<ScopeLogs>())),
        (Part::ResourceMetrics, 2) => Some((Part::ScopeMetrics, size_of::<ScopeMetrics>())),
        (Part::ScopeSpans | Part::ScopeLogs | Part::ScopeMetrics, 1) => {
            Some((Part::Scope, size_of::<InstrumentationScope>()))
        }
        (Part::ScopeSpans, 2) => Some((Part::Span, size_of::<Span>())),
        (Part::ScopeLogs, 2) => Some((Part::Record, size_of::<LogRecord>())),
        (Part::ScopeMetrics, 2) => Some((Part::Metric, size_of::<Metric>())),
        (Part::Metric, 5 | 7 | 9 | 10 | 11) => Some((Part::Data, 0)),
        (Part::Data, 1) => Some((Part::Point, size_of::<HistogramDataPoint>())),
        (Part::Span, 15) => Some((Part::Status, 0)),
        (Part::Resource, 3) => Some((Part::Entity, size_of::<EntityRef>())),
        (Part::Span, 11) => Some((Part::Event, size_of::<Event>())),
        (Part::Span, 13) => Some((Part::Link, size_of::<Link>())),
        (Part::Record, 5) | (Part::Pair, 2) | (Part::List, 1) => value,
        (Part::Value, 5) => Some((Part::List, 0)),
        (Part::Value, 6) => Some((Part::Pairs, 0)),
        (Part::Resource | Part::Pairs, 1)
        | (Part::Scope | Part::Event, 3)
        | (Part::Link, 4)
        | (Part::Record, 6)
        | (Part::Span, 9)
        | (Part::Metric, 12)
        | (Part::Point, _) => pair,
        _ => None,
    }
}

/// Whether a field of a message of traces or logs is text, and so has to be UTF-8.
pub(super) fn is_text(part: Part, field: u32) -> bool {
    matches!(
        (part, field),
        (Part::Pair | Part::Value, 1)
            | (Part::Scope, 1 | 2)
            | (Part::Entity, 1..=4)
            | (
                Part::ResourceSpans | Part::ScopeSpans | Part::ResourceLogs | Part::ScopeLogs | Part::Link,
                3
            )
            | (Part::Span, 3 | 5)
            | (Part::Status | Part::Event, 2)
            | (Part::Record, 3 | 12)
    )
}
