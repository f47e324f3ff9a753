//! Builders: each method says one thing about a span or a log record, and what is not said has a sensible value.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use pointsman_domain::ids::{SpanId, TraceId};
use pointsman_domain::telemetry::{
    Attributes, Event, Link, LogBatch, LogRecord, LogSeverity, Resource, Span, SpanBatch, SpanKind, StatusCode,
    UnixNanos, Value,
};

/// A moment that begins a minute and an hour: 2027-01-15T08:00:00Z. Where nothing else is said, things happen here.
pub const T0: UnixNanos = 1_800_000_000_000_000_000;

static NEXT: AtomicU64 = AtomicU64::new(1);

fn next() -> u64 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

fn trace_id(number: u128) -> TraceId {
    TraceId::from_bytes(&number.to_be_bytes()).expect("a trace number is not 0")
}

fn span_id(number: u64) -> SpanId {
    SpanId::from_bytes(&number.to_be_bytes()).expect("a span number is not 0")
}

/// What sent something, before it is a [`Resource`].
#[derive(Debug, Clone)]
struct Sender {
    service: String,
    version: String,
    instance: String,
}

impl Sender {
    fn resource(&self) -> Resource {
        let named = [
            ("service.name", &self.service),
            ("service.version", &self.version),
            ("service.instance.id", &self.instance),
        ];
        let given = named.into_iter().filter(|(_, value)| !value.is_empty());
        Resource::new(Attributes(
            given
                .map(|(key, value)| (key.into(), Value::Str(value.as_str().into())))
                .collect(),
        ))
    }
}

/// A span in the making; see [`span`].
#[must_use]
#[derive(Debug, Clone)]
pub struct SpanBuilder {
    sender: Sender,
    span: Span,
}

/// A root span of this service: of kind server, called `GET /`, at [`T0`], of 10 ms, in a trace of its own, sent by version `1.0`, node
/// `<service>-1`.
pub fn span(service: &str) -> SpanBuilder {
    let number = next();
    SpanBuilder {
        sender: Sender {
            service: service.to_owned(),
            version: "1.0".to_owned(),
            instance: format!("{service}-1"),
        },
        span: Span {
            trace_id: trace_id(u128::from(number) | 1 << 100),
            span_id: span_id(number),
            parent: None,
            name: "GET /".into(),
            kind: SpanKind::Server,
            start_ns: T0,
            end_ns: T0 + 10_000_000,
            status: StatusCode::Unset,
            status_message: "".into(),
            trace_state: "".into(),
            attributes: Attributes::default(),
            events: Vec::new(),
            links: Vec::new(),
            dropped: [0; 3],
            resource: 0,
            scope: 0,
        },
    }
}

impl SpanBuilder {
    /// Its operation.
    pub fn name(mut self, name: &str) -> Self {
        self.span.name = name.into();
        self
    }

    pub fn kind(mut self, kind: SpanKind) -> Self {
        self.span.kind = kind;
        self
    }

    /// Its parent: takes over trace and start.
    pub fn child_of(self, parent: &SpanBuilder) -> Self {
        let mut child = self.trace_of(parent).at(parent.span.start_ns);
        child.span.parent = Some(parent.span.span_id);
        child
    }

    /// Another span of the same trace, with no word on its parent.
    pub fn trace_of(mut self, other: &SpanBuilder) -> Self {
        self.span.trace_id = other.span.trace_id;
        self
    }

    /// A link to another span, as a consumer has to the producers of its batch.
    pub fn linked_to(mut self, other: &SpanBuilder) -> Self {
        self.span.links.push(Link {
            trace_id: other.span.trace_id,
            span_id: other.span.span_id,
            attributes: Attributes::default(),
        });
        self
    }

    /// Its trace, by a number from 1.
    pub fn trace(mut self, number: u128) -> Self {
        self.span.trace_id = trace_id(number);
        self
    }

    /// Its own id, by a number from 1.
    pub fn id(mut self, number: u64) -> Self {
        self.span.span_id = span_id(number);
        self
    }

    /// When it starts; it keeps its duration.
    pub fn at(mut self, start_ns: UnixNanos) -> Self {
        self.span.end_ns = start_ns + self.span.duration_ns();
        self.span.start_ns = start_ns;
        self
    }

    /// How long it takes.
    pub fn took(mut self, duration: Duration) -> Self {
        self.span.end_ns = self.span.start_ns + duration.as_nanos() as u64;
        self
    }

    /// The version that sends it; empty for none.
    pub fn version(mut self, version: &str) -> Self {
        version.clone_into(&mut self.sender.version);
        self
    }

    /// The node that sends it; empty for none.
    pub fn instance(mut self, instance: &str) -> Self {
        instance.clone_into(&mut self.sender.instance);
        self
    }

    /// One more attribute, of text.
    pub fn attr(self, key: &str, value: &str) -> Self {
        self.value(key, Value::Str(value.into()))
    }

    /// One more attribute, of any kind.
    pub fn value(mut self, key: &str, value: Value) -> Self {
        self.span.attributes.0.push((key.into(), value));
        self
    }

    /// Status ERROR with this message, and an exception event that says the same.
    pub fn fails(mut self, message: &str) -> Self {
        self.span.status = StatusCode::Error;
        self.span.status_message = message.into();
        let attribute = ("exception.message".into(), Value::Str(message.into()));
        self.span.events.push(Event {
            time_ns: self.span.end_ns,
            name: "exception".into(),
            attributes: Attributes(vec![attribute]),
        });
        self
    }

    /// The span as far as it is built.
    pub fn as_span(&self) -> &Span {
        &self.span
    }
}

/// A batch of spans as a receiver would hand it on: resources that are equal are there once.
pub fn spans(builders: impl IntoIterator<Item = SpanBuilder>) -> SpanBatch {
    let mut batch = SpanBatch::default();
    for builder in builders {
        batch.absorb(SpanBatch {
            resources: vec![builder.sender.resource()],
            scopes: vec![pointsman_domain::telemetry::Scope::default()],
            spans: vec![builder.span],
        });
    }
    batch
}

/// A log record in the making; see [`log`].
#[must_use]
#[derive(Debug, Clone)]
pub struct LogBuilder {
    sender: Sender,
    record: LogRecord,
}

/// A record of severity INFO of this service, at [`T0`], outside any trace.
pub fn log(service: &str, message: &str) -> LogBuilder {
    LogBuilder {
        sender: Sender {
            service: service.to_owned(),
            version: "1.0".to_owned(),
            instance: format!("{service}-1"),
        },
        record: LogRecord {
            time_ns: T0,
            observed_ns: T0,
            severity: LogSeverity(9),
            severity_text: "INFO".into(),
            body: Value::Str(message.into()),
            attributes: Attributes::default(),
            trace_id: None,
            span_id: None,
            event_name: "".into(),
            resource: 0,
            scope: 0,
        },
    }
}

impl LogBuilder {
    /// When it happened.
    pub fn at(mut self, time_ns: UnixNanos) -> Self {
        self.record.time_ns = time_ns;
        self.record.observed_ns = time_ns;
        self
    }

    /// How bad it is.
    pub fn severity(mut self, severity: LogSeverity) -> Self {
        self.record.severity = severity;
        self.record.severity_text = severity.word().into();
        self
    }

    /// The span that it was written in.
    pub fn within(mut self, span: &SpanBuilder) -> Self {
        self.record.trace_id = Some(span.span.trace_id);
        self.record.span_id = Some(span.span.span_id);
        self
    }

    /// The node that sends it; empty for none.
    pub fn instance(mut self, instance: &str) -> Self {
        instance.clone_into(&mut self.sender.instance);
        self
    }

    /// The event that it is.
    pub fn event(mut self, name: &str) -> Self {
        self.record.event_name = name.into();
        self
    }

    /// One more attribute, of text.
    pub fn attr(mut self, key: &str, value: &str) -> Self {
        self.record.attributes.0.push((key.into(), Value::Str(value.into())));
        self
    }
}

/// A batch of log records as a receiver would hand it on.
pub fn logs(builders: impl IntoIterator<Item = LogBuilder>) -> LogBatch {
    let mut batch = LogBatch::default();
    for builder in builders {
        batch.absorb(LogBatch {
            resources: vec![builder.sender.resource()],
            scopes: vec![pointsman_domain::telemetry::Scope::default()],
            records: vec![builder.record],
        });
    }
    batch
}
