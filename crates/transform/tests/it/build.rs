//! Builders: a span in a line.

use pointsman_domain::Text;
use pointsman_domain::ids::{SpanId, TraceId};
use pointsman_domain::telemetry::{
    Attributes, Batch, LogBatch, LogRecord, LogSeverity, Resource, Scope, Span, SpanBatch, SpanKind, StatusCode, Value,
};

pub const MS: u64 = 1_000_000;

pub fn trace(n: u8) -> TraceId {
    TraceId::from_bytes(&[n; 16]).unwrap()
}

pub fn id(n: u64) -> SpanId {
    SpanId::from_bytes(&n.to_be_bytes()).unwrap()
}

pub fn attributes(pairs: &[(&str, &str)]) -> Attributes {
    Attributes(
        pairs
            .iter()
            .map(|(k, v)| (Text::from(*k), Value::Str(Text::from(*v))))
            .collect(),
    )
}

pub fn resource(service: &str) -> Resource {
    Resource::new(attributes(&[
        ("service.name", service),
        ("service.instance.id", &format!("{service}-1")),
    ]))
}

/// A span from `start` ms to `end` ms.
pub fn span(n: u64, parent: u64, kind: SpanKind, start: u64, end: u64) -> Span {
    Span {
        trace_id: trace(1),
        span_id: id(n),
        parent: (parent > 0).then(|| id(parent)),
        name: "work".into(),
        kind,
        start_ns: start * MS,
        end_ns: end * MS,
        status: StatusCode::Unset,
        status_message: Text::default(),
        trace_state: Text::default(),
        attributes: Attributes::default(),
        events: Vec::new(),
        links: Vec::new(),
        dropped: [0; 3],
        resource: 0,
        scope: 0,
    }
}

pub fn with(mut span: Span, pairs: &[(&str, &str)]) -> Span {
    span.attributes = attributes(pairs);
    span
}

pub fn spans(service: &str, spans: Vec<Span>) -> Batch {
    Batch::Spans(SpanBatch {
        resources: vec![resource(service)],
        scopes: vec![Scope::default()],
        spans,
    })
}

pub fn record(at: u64, severity: LogSeverity, body: &str) -> LogRecord {
    LogRecord {
        time_ns: at * MS,
        observed_ns: 0,
        severity,
        severity_text: Text::default(),
        body: Value::Str(body.into()),
        attributes: Attributes::default(),
        trace_id: Some(trace(1)),
        span_id: None,
        event_name: Text::default(),
        resource: 0,
        scope: 0,
    }
}

pub fn records(service: &str, records: Vec<LogRecord>) -> Batch {
    Batch::Logs(LogBatch {
        resources: vec![resource(service)],
        scopes: vec![Scope::default()],
        records,
    })
}
