//! A logs request in JSON.

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::logs::v1 as wire;
use serde::Deserialize;

use super::common::{AnyValue, KeyValue, Resource, Scope, into_all};
use super::scalar::{Hex, Whole, nullable, snake_case};

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Request {
    /// Not a name in OTLP's JSON. Ignored as unknown, a request with it would be a success that stores nothing.
    #[serde(rename = "resource_logs", deserialize_with = "snake_case")]
    _snake_case: (),
    #[serde(deserialize_with = "nullable")]
    resource_logs: Vec<ResourceLogs>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct ResourceLogs {
    resource: Option<Resource>,
    #[serde(deserialize_with = "nullable")]
    scope_logs: Vec<ScopeLogs>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct ScopeLogs {
    scope: Option<Scope>,
    #[serde(deserialize_with = "nullable")]
    log_records: Vec<LogRecord>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct LogRecord {
    #[serde(deserialize_with = "nullable")]
    time_unix_nano: Whole<u64>,
    #[serde(deserialize_with = "nullable")]
    observed_time_unix_nano: Whole<u64>,
    #[serde(deserialize_with = "nullable")]
    severity_number: Whole<i32>,
    #[serde(deserialize_with = "nullable")]
    severity_text: String,
    body: Option<AnyValue>,
    #[serde(deserialize_with = "nullable")]
    attributes: Vec<KeyValue>,
    #[serde(deserialize_with = "nullable")]
    trace_id: Hex,
    #[serde(deserialize_with = "nullable")]
    span_id: Hex,
    #[serde(deserialize_with = "nullable")]
    event_name: String,
}

impl From<Request> for ExportLogsServiceRequest {
    fn from(request: Request) -> Self {
        Self {
            resource_logs: into_all(request.resource_logs),
        }
    }
}

impl From<ResourceLogs> for wire::ResourceLogs {
    fn from(group: ResourceLogs) -> Self {
        Self {
            resource: group.resource.map(Into::into),
            scope_logs: into_all(group.scope_logs),
            ..Self::default()
        }
    }
}

impl From<ScopeLogs> for wire::ScopeLogs {
    fn from(group: ScopeLogs) -> Self {
        Self {
            scope: group.scope.map(Into::into),
            log_records: into_all(group.log_records),
            ..Self::default()
        }
    }
}

impl From<LogRecord> for wire::LogRecord {
    fn from(record: LogRecord) -> Self {
        Self {
            time_unix_nano: record.time_unix_nano.0,
            observed_time_unix_nano: record.observed_time_unix_nano.0,
            severity_number: record.severity_number.0,
            severity_text: record.severity_text,
            body: record.body.map(Into::into),
            attributes: into_all(record.attributes),
            dropped_attributes_count: 0,
            flags: 0,
            trace_id: record.trace_id.0,
            span_id: record.span_id.0,
            event_name: record.event_name,
        }
    }
}
