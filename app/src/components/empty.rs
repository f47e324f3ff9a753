//! What a page says where there is nothing: why, and what to do next.

use leptos::prelude::*;

/// Nothing here, and what to do about it.
#[component]
pub fn Empty(
    /// What is not there, as a sentence.
    #[prop(into)]
    title: String,
    /// What to do next.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    view! {
        <section class="empty">
            <h2>{title}</h2>
            {children.map(|children| children())}
        </section>
    }
    .into_any()
}

/// How to send the first span: the variables that every OpenTelemetry SDK reads.
pub const FIRST_SPAN: &str = "\
export OTEL_SERVICE_NAME=my-service
export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318
export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
export OTEL_TRACES_EXPORTER=otlp
export OTEL_LOGS_EXPORTER=otlp";

/// The same by hand, for a first look without an SDK.
pub const FIRST_SPAN_CURL: &str = r#"curl -sS http://127.0.0.1:4318/v1/traces -H 'content-type: application/json' -d '{
  "resourceSpans": [{
    "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "hello"}}]},
    "scopeSpans": [{"spans": [{
      "traceId": "'$(openssl rand -hex 16)'", "spanId": "'$(openssl rand -hex 8)'", "name": "GET /", "kind": 2,
      "startTimeUnixNano": "'$(date +%s%N)'", "endTimeUnixNano": "'$(date +%s%N)'"
    }]}]
  }]
}'"#;

/// Nothing was ever received.
#[component]
pub fn FirstSpan() -> AnyView {
    view! {
        <Empty title="No telemetry received yet">
            <p>
                "Point an OpenTelemetry SDK or Collector at Pointsman. Any service that reads these variables \
                needs no other change; it appears here about a second after its first export."
            </p>
            <pre tabindex="0" aria-label="Environment variables for an OpenTelemetry SDK"><code>{FIRST_SPAN}</code></pre>
            <p>"For gRPC, use port 4317: " <code>"OTEL_EXPORTER_OTLP_PROTOCOL=grpc"</code> " with "
                <code>"http://127.0.0.1:4317"</code> "."</p>
            <details>
                <summary>"Send a test span"</summary>
                <pre tabindex="0" aria-label="A request that sends one span"><code>{FIRST_SPAN_CURL}</code></pre>
            </details>
        </Empty>
    }
    .into_any()
}
