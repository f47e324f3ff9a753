//! A logs request in JSON.

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::logs::v1 as wire;
use serde::Deserialize;

use super::common::{AnyValue, KeyValue, Resource, Scope, into_all};
use super::item::{Above, Flaw, Gather, Items};
use super::scalar::{Hex, Whole, hex_or_none, nullable, snake_case};
use crate::otlp::faults::Faults;

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
    resource: Above<Resource>,
    #[serde(deserialize_with = "nullable")]
    scope_logs: Vec<ScopeLogs>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct ScopeLogs {
    scope: Above<Scope>,
    #[serde(deserialize_with = "nullable")]
    log_records: Items<LogRecord>,
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
    #[serde(deserialize_with = "hex_or_none")]
    trace_id: Hex,
    #[serde(deserialize_with = "hex_or_none")]
    span_id: Hex,
    #[serde(deserialize_with = "nullable")]
    event_name: String,
}

impl Request {
    /// The message, with an empty item in the place of each fault; `text` is what it was read from.
    pub(super) fn into_message(self, text: &str) -> (ExportLogsServiceRequest, Faults) {
        let mut gather = Gather::new(text);
        let groups = self.resource_logs.into_iter();
        let resource_logs = groups.map(|group| group.into_wire(&mut gather)).collect();
        (ExportLogsServiceRequest { resource_logs }, gather.faults())
    }
}

impl ResourceLogs {
    fn into_wire(self, gather: &mut Gather) -> wire::ResourceLogs {
        let (resource, flaw) = self.resource.split();
        let scopes = self.scope_logs.into_iter();
        wire::ResourceLogs {
            resource: resource.map(Into::into),
            scope_logs: scopes.map(|scope| scope.into_wire(gather, flaw.as_ref())).collect(),
            ..wire::ResourceLogs::default()
        }
    }
}

impl ScopeLogs {
    fn into_wire(self, gather: &mut Gather, above: Option<&Flaw>) -> wire::ScopeLogs {
        let (scope, flaw) = self.scope.split();
        wire::ScopeLogs {
            scope: scope.map(Into::into),
            log_records: into_all(gather.items(self.log_records, [above, flaw.as_ref()])),
            ..wire::ScopeLogs::default()
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
