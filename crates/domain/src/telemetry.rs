//! Spans and log records as a sender meant them, after OTLP's wire form has been checked and left behind.
//!
//! A [`SpanBatch`] or [`LogBatch`] is what a receiver hands to the journal, what a worker takes out of it, and
//! (compressed) what a stored segment is: resources and scopes once, records pointing at them by index.

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::ids::{SpanId, TraceId};

/// Nanoseconds since the Unix epoch.
pub type UnixNanos = u64;

/// An attribute's value: OTLP's `AnyValue`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub enum Value {
    /// No value at all.
    #[default]
    Empty,
    /// Text.
    Str(Text),
    /// `true` or `false`.
    Bool(bool),
    /// A whole number. In JSON it is a text, as in OTLP's: JavaScript reads numbers of more than 53 bits as others.
    Int(#[serde(with = "crate::whole")] i64),
    /// A floating-point number. In JSON, which has no word for them, NaN and the infinities are texts.
    Double(#[serde(with = "double")] f64),
    /// Raw bytes, shown as hex.
    Bytes(Vec<u8>),
    /// A list.
    Array(Vec<Value>),
    /// Key-value pairs.
    Map(Attributes),
}

impl Value {
    /// The text, where the value is one.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::Str(text) = self { Some(text) } else { None }
    }

    /// The whole number, also where the sender wrote it as text (some SDKs do for status codes).
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(n) => Some(*n),
            Self::Str(text) => text.parse().ok(),
            _ => None,
        }
    }
}

/// A floating-point number in forms that one reads, where it may be a text.
mod double {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written<'a> {
        Number(f64),
        Text(&'a str),
        Owned(String),
    }

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands it on so")]
    pub(super) fn serialize<S: Serializer>(number: &f64, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() && !number.is_finite() {
            number.to_string().serialize(to)
        } else {
            number.serialize(to)
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
        if !from.is_human_readable() {
            return f64::deserialize(from);
        }
        match Written::deserialize(from)? {
            Written::Number(number) => Ok(number),
            Written::Text(text) => text.parse().map_err(D::Error::custom),
            Written::Owned(text) => text.parse().map_err(D::Error::custom),
        }
    }
}

/// As one reads it and as a search names it: text as it is, lists as `[a,b]`, maps as `{key:value}`, bytes in hex.
impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => Ok(()),
            Self::Str(text) => f.write_str(text),
            Self::Bool(b) => write!(f, "{b}"),
            Self::Int(n) => write!(f, "{n}"),
            Self::Double(d) => write!(f, "{d}"),
            Self::Bytes(bytes) => bytes.iter().try_for_each(|b| write!(f, "{b:02x}")),
            Self::Array(items) => {
                f.write_str("[")?;
                for (i, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if i > 0 { "," } else { "" })?;
                }
                f.write_str("]")
            }
            Self::Map(attributes) => {
                f.write_str("{")?;
                for (i, (key, value)) in attributes.iter().enumerate() {
                    write!(f, "{}{key}:{value}", if i > 0 { "," } else { "" })?;
                }
                f.write_str("}")
            }
        }
    }
}

/// Attributes in the sender's order. Lookups are linear: there are rarely more than a dozen.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Attributes(pub Vec<(Text, Value)>);

impl Attributes {
    /// The value under `key`; the first one where a sender repeats it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    /// The text under `key`, where it is text.
    pub fn str(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Value::as_str)
    }

    /// The text under the first of `keys` that is there and not empty.
    pub fn first_str(&self, keys: &[&str]) -> Option<&str> {
        keys.iter()
            .find_map(|key| self.str(key).filter(|text| !text.is_empty()))
    }

    /// The whole number under the first of `keys` that is there.
    pub fn first_int(&self, keys: &[&str]) -> Option<i64> {
        keys.iter().find_map(|key| self.get(key).and_then(Value::as_int))
    }

    /// In the sender's order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(k, v)| (k.as_str(), v))
    }
}

/// What sent the telemetry: one process of one version of one service.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Resource {
    /// `service.name`; `unknown_service` where the sender gave none, as the semantic conventions say.
    pub service: Text,
    /// `service.version`; empty where the sender gave none.
    pub version: Text,
    /// The node: `service.instance.id`, or the nearest thing the sender gave; empty where it gave none.
    pub instance: Text,
    /// All attributes as sent, the three above among them.
    pub attributes: Attributes,
}

impl Resource {
    /// Reads service, version and instance out of the attributes. The instance is `service.instance.id`, else
    /// `k8s.pod.name`, else `container.id`, else `host.name` (with `process.pid` where there is one).
    pub fn new(attributes: Attributes) -> Self {
        let text = |keys: &[&str]| attributes.first_str(keys).map(Text::from);
        let host = || {
            let host = attributes.first_str(&["host.name"])?;
            Some(match attributes.first_int(&["process.pid"]) {
                Some(pid) => compact_str::format_compact!("{host}:{pid}"),
                None => Text::from(host),
            })
        };
        Self {
            service: text(&["service.name"]).unwrap_or(Text::const_new("unknown_service")),
            version: text(&["service.version"]).unwrap_or_default(),
            instance: text(&["service.instance.id", "k8s.pod.name", "container.id"])
                .or_else(host)
                .unwrap_or_default(),
            attributes,
        }
    }
}

/// The instrumentation library that made the records (OTLP `InstrumentationScope`).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Scope {
    /// Usually that of a library or a module; may be empty.
    pub name: Text,
    /// The library's version; may be empty.
    pub version: Text,
    /// Further attributes of the library.
    pub attributes: Attributes,
}

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

/// Adds to `into` what of `from` is not there yet; answers where each of `from` is now.
fn merge<T: PartialEq>(into: &mut Vec<T>, from: Vec<T>) -> Vec<u32> {
    from.into_iter()
        .map(|item| {
            let at = into.iter().position(|known| *known == item).unwrap_or_else(|| {
                into.push(item);
                into.len() - 1
            });
            at as u32
        })
        .collect()
}

/// OTLP's `SeverityNumber`: 1 to 24, 0 where the sender gave none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = LogSeverity))]
pub struct Severity(pub u8);

impl Severity {
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
    pub severity: Severity,
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
