//! The trace context across processes: W3C headers over HTTP, the same over gRPC metadata (which are HTTP headers), and as
//! text with a message in the queue.

use std::collections::HashMap;

use opentelemetry::global;
use opentelemetry_http::{HeaderExtractor, HeaderInjector};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// Makes `span` a child of the caller's span, if the headers name one.
pub fn accept(span: &Span, headers: &http::HeaderMap) {
    let caller = global::get_text_map_propagator(|propagator| propagator.extract(&HeaderExtractor(headers)));
    // Fails only where nothing listens to spans, as in tests.
    let _ = span.set_parent(caller);
}

/// Writes `span` into the headers of a call.
pub fn send(span: &Span, headers: &mut http::HeaderMap) {
    global::get_text_map_propagator(|propagator| {
        propagator.inject_context(&span.context(), &mut HeaderInjector(headers));
    });
}

/// `span` as text, for a message.
pub fn to_text(span: &Span) -> String {
    let mut carrier = HashMap::<String, String>::new();
    global::get_text_map_propagator(|propagator| propagator.inject_context(&span.context(), &mut carrier));
    serde_json::to_string(&carrier).unwrap_or_default()
}

/// Makes `span` a child of the span in a message's text.
pub fn accept_text(span: &Span, text: &str) {
    let carrier: HashMap<String, String> = serde_json::from_str(text).unwrap_or_default();
    let sender = global::get_text_map_propagator(|propagator| propagator.extract(&carrier));
    let _ = span.set_parent(sender);
}
