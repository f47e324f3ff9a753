//! What a span means: the one definition of a *request*, an *error* and a *peer*, from OpenTelemetry's semantic
//! conventions, those of today and those before them (HTTP before 1.23, RPC before 1.39, databases before 1.30).
//!
//! **Request**: a span of kind server or consumer, or a root span of kind internal (a job that nobody called). Client and producer
//! spans are *calls*. Other internal spans are part of a request and not counted.
//!
//! **Error**, in this order:
//! 1. Status `OK` is never an error, status `ERROR` always is.
//! 2. `error.type` present is an error.
//! 3. gRPC status: for a client everything but `OK` (0); for a server UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL,
//!    UNAVAILABLE and DATA_LOSS (2, 4, 12, 13, 14, 15), as the RPC conventions say.
//! 4. HTTP status: for a client from 400, for a server from 500, as the HTTP conventions say.

use crate::Text;
use crate::rollup::{Endpoint, NodeKind};
use crate::telemetry::{Attributes, Span, SpanKind, StatusCode};

/// Whether the span is a request that its service served.
pub fn is_request(span: &Span) -> bool {
    match span.kind {
        SpanKind::Server | SpanKind::Consumer => true,
        SpanKind::Internal => span.parent.is_none(),
        SpanKind::Client | SpanKind::Producer => false,
    }
}

/// Whether the span is a call that its service made.
pub fn is_call(span: &Span) -> bool {
    matches!(span.kind, SpanKind::Client | SpanKind::Producer) && !is_poll(span)
}

/// Whether the span only asks a queue for messages, or says that it has them: a client span of the operation `receive` or `settle`. It is no
/// call of anybody: its time is a wait, and what it brings is processed in spans of their own.
pub fn is_poll(span: &Span) -> bool {
    let names = ["messaging.operation.type", "messaging.operation"];
    span.kind == SpanKind::Client
        && span
            .attributes
            .first_str(&names)
            .is_some_and(|operation| ["receive", "settle"].contains(&operation))
}

/// Whether the span failed; see the module for the rule.
pub fn is_error(span: &Span) -> bool {
    match span.status {
        StatusCode::Ok => return false,
        StatusCode::Error => return true,
        StatusCode::Unset => {}
    }
    let calling = is_call(span);
    let attributes = &span.attributes;
    if attributes.first_str(&["error.type"]).is_some() {
        return true;
    }
    if let Some(code) = grpc_status(attributes) {
        return if calling {
            code != 0
        } else {
            matches!(code, 2 | 4 | 12..=15)
        };
    }
    http_status(attributes).is_some_and(|status| status >= if calling { 400 } else { 500 })
}

/// The HTTP status code, old name or new.
pub fn http_status(attributes: &Attributes) -> Option<i64> {
    attributes.first_int(&["http.response.status_code", "http.status_code"])
}

/// The gRPC status as a number: `rpc.grpc.status_code`, or `rpc.response.status_code` by name or number.
pub fn grpc_status(attributes: &Attributes) -> Option<i64> {
    const NAMES: [&str; 17] = [
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED",
    ];
    let system = attributes.first_str(&["rpc.system.name", "rpc.system"]);
    if system.is_some_and(|system| system != "grpc") {
        return None;
    }
    attributes
        .first_int(&["rpc.grpc.status_code", "rpc.response.status_code"])
        .or_else(|| {
            let name = attributes.str("rpc.response.status_code")?;
            NAMES
                .iter()
                .position(|known| known.eq_ignore_ascii_case(name))
                .map(|code| code as i64)
        })
}

/// What failed, in a line: exception type and message, else the status message, else `error.type`, else the
/// gRPC or HTTP status. Not yet levelled; see [`level`].
pub fn error_text(span: &Span) -> String {
    for event in span.events.iter().filter(|event| event.name == "exception") {
        let kind = event.attributes.first_str(&["exception.type"]);
        let message = event.attributes.first_str(&["exception.message"]);
        match (kind, message) {
            (Some(kind), Some(message)) => return format!("{kind}: {message}"),
            (Some(one), None) | (None, Some(one)) => return one.to_owned(),
            (None, None) => {}
        }
    }
    if !span.status_message.is_empty() {
        return span.status_message.to_string();
    }
    if let Some(kind) = span.attributes.first_str(&["error.type"]) {
        return kind.to_owned();
    }
    if let Some(code) = grpc_status(&span.attributes) {
        return format!("gRPC status {code}");
    }
    http_status(&span.attributes).map_or_else(|| "status ERROR".to_owned(), |status| format!("HTTP {status}"))
}

/// The longest text that names an error of a node, in characters.
pub const MAX_ERROR_TEXT: usize = 200;

/// Makes one text of many that differ by numbers and ids: words of at least four characters that have a digit and are
/// hexadecimal (or that are digits only, unless they follow `HTTP ` or `status `) become `#`; the rest is cut at
/// [`MAX_ERROR_TEXT`] characters and kept to the first line.
pub fn level(text: &str) -> Text {
    let line = text.lines().next().unwrap_or_default();
    let mut out = Text::default();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        if out.chars().count() >= MAX_ERROR_TEXT {
            break;
        }
        let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        if end == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let run = &rest[..end];
        let digits = run.bytes().all(|b| b.is_ascii_digit());
        let hex =
            run.len() >= 4 && run.bytes().all(|b| b.is_ascii_hexdigit()) && run.bytes().any(|b| b.is_ascii_digit());
        let status = digits && (out.ends_with("HTTP ") || out.ends_with("status ")) && run.len() <= 3;
        if (digits || hex) && !status {
            out.push('#');
        } else {
            out.extend(run.chars().take(MAX_ERROR_TEXT));
        }
        rest = &rest[end..];
    }
    let end = out.char_indices().nth(MAX_ERROR_TEXT).map_or(out.len(), |(at, _)| at);
    out.truncate(end);
    out
}

/// The database, queue or host that a span names as its other end; `None` where it names none.
///
/// For client spans: a database from `db.system(.name)`, named `system/namespace`; a queue from `messaging.system` and the
/// destination; else an external host from `peer.service`, `server.address` (with `server.port` unless 80 or 443) and
/// their older names, or the host in the URL. For producer and consumer spans: the queue.
pub fn peer(span: &Span) -> Option<Endpoint> {
    let a = &span.attributes;
    let endpoint = |kind, name: Text| {
        Some(Endpoint {
            kind,
            name,
            version: Text::default(),
        })
    };
    if let Some(queue) = destination(a) {
        return endpoint(NodeKind::Queue, queue);
    }
    if span.kind != SpanKind::Client {
        return None;
    }
    if let Some(system) = a.first_str(&["db.system.name", "db.system"]) {
        let name = a
            .first_str(&[
                "db.namespace",
                "db.name",
                "peer.service",
                "server.address",
                "net.peer.name",
            ])
            .map_or_else(
                || Text::from(system),
                |name| compact_str::format_compact!("{system}/{name}"),
            );
        return endpoint(NodeKind::Database, name);
    }
    if let Some(name) = a.first_str(&["peer.service", "service.peer.name"]) {
        return endpoint(NodeKind::External, name.into());
    }
    if let Some(host) = a.first_str(&["server.address", "net.peer.name", "net.sock.peer.addr"]) {
        return endpoint(
            NodeKind::External,
            match a.first_int(&["server.port", "net.peer.port", "net.sock.peer.port"]) {
                None | Some(80 | 443) => host.into(),
                Some(port) => compact_str::format_compact!("{host}:{port}"),
            },
        );
    }
    let url = a.first_str(&["url.full", "http.url"])?;
    let host = url
        .split_once("://")
        .map_or(url, |(_, rest)| rest)
        .split(['/', '?', '#'])
        .next()?;
    let host = host.rsplit('@').next().filter(|host| !host.is_empty())?;
    endpoint(NodeKind::External, host.into())
}

fn destination(a: &Attributes) -> Option<Text> {
    a.first_str(&["messaging.system"])?;
    let name = a.first_str(&["messaging.destination.name", "messaging.destination"])?;
    Some(name.into())
}
