//! How a service of the shop sets OpenTelemetry up: traces and logs over OTLP/gRPC, as in any Rust program.

use std::time::Duration;

use opentelemetry::trace::{Status, TracerProvider};
use opentelemetry::{KeyValue, global};
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_otlp::{LogExporter, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::{BatchLogProcessor, SdkLoggerProvider};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{BatchSpanProcessor, SdkTracerProvider};
use opentelemetry_sdk::{logs, trace};
use tracing::{Metadata, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

use crate::args::ServiceArgs;

/// How long spans and log records wait for company, so that pages are fresh.
const DELAY: Duration = Duration::from_secs(1);

/// What must be flushed before the process ends.
pub struct Telemetry {
    traces: SdkTracerProvider,
    logs: SdkLoggerProvider,
}

/// Sends this process's spans and log records to `args.otlp_endpoint`; its own log has warnings only.
pub fn start(args: &ServiceArgs) -> anyhow::Result<Telemetry> {
    let resource = Resource::builder()
        .with_service_name(args.name.word())
        .with_attributes([
            KeyValue::new("service.version", args.version.clone()),
            KeyValue::new("service.instance.id", args.instance.clone()),
            KeyValue::new("service.namespace", "shop"),
            KeyValue::new("deployment.environment.name", "demo"),
            KeyValue::new("process.pid", i64::from(std::process::id())),
        ])
        .build();
    let spans = SpanExporter::builder()
        .with_tonic()
        .with_endpoint(&args.otlp_endpoint)
        .build()?;
    let records = LogExporter::builder()
        .with_tonic()
        .with_endpoint(&args.otlp_endpoint)
        .build()?;
    let traces = SdkTracerProvider::builder()
        .with_resource(resource.clone())
        .with_span_processor(
            BatchSpanProcessor::builder(spans)
                .with_batch_config(trace::BatchConfigBuilder::default().with_scheduled_delay(DELAY).build())
                .build(),
        )
        .build();
    let logs = SdkLoggerProvider::builder()
        .with_resource(resource)
        .with_log_processor(
            BatchLogProcessor::builder(records)
                .with_batch_config(logs::BatchConfigBuilder::default().with_scheduled_delay(DELAY).build())
                .build(),
        )
        .build();
    global::set_text_map_propagator(TraceContextPropagator::new());

    let ours = |metadata: &Metadata<'_>| metadata.target().starts_with(env!("CARGO_CRATE_NAME"));
    let span_layer = tracing_opentelemetry::layer()
        .with_tracer(traces.tracer("shop"))
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_tracked_inactivity(false)
        // Events become log records, which carry the trace context; twice would be once too many.
        .with_filter(filter_fn(move |metadata| metadata.is_span() && ours(metadata)));
    let log_layer = OpenTelemetryTracingBridge::new(&logs).with_filter(filter_fn(ours));
    let plain = fmt::layer()
        .with_ansi(false)
        .with_writer(std::io::stderr)
        .with_filter(LevelFilter::WARN);
    tracing_subscriber::registry()
        .with(span_layer)
        .with(log_layer)
        .with(plain)
        .with(LevelFilter::INFO)
        .try_init()?;
    Ok(Telemetry { traces, logs })
}

impl Telemetry {
    /// Sends what is still waiting. Blocks, so it has a thread of its own; gives up after a few seconds.
    pub async fn stop(self) {
        let flush = tokio::task::spawn_blocking(move || {
            // A Pointsman that is gone must not keep the shop from closing.
            let _ = self.traces.shutdown_with_timeout(Duration::from_secs(2));
            let _ = self.logs.shutdown_with_timeout(Duration::from_secs(1));
        });
        let _ = flush.await;
    }
}

/// Marks `span` failed: status `ERROR` and `error.type`.
pub fn failed(span: &Span, kind: &str, message: &str) {
    span.set_attribute("error.type", kind.to_owned());
    span.set_status(Status::error(message.to_owned()));
}

/// Records an exception as an event of `span`.
pub fn exception(span: &Span, kind: &str, message: &str) {
    span.add_event(
        "exception",
        vec![
            KeyValue::new("exception.type", kind.to_owned()),
            KeyValue::new("exception.message", message.to_owned()),
        ],
    );
}
