//! Log records from OTLP's messages, checked one by one.

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::logs::v1 as wire;
use pointsman_domain::ids::{SpanId, TraceId};
use pointsman_domain::telemetry::{LogBatch, LogRecord, LogSeverity};

use super::faults::Faults;
use super::rejected::{Reason, Rejected, example, not_permitted};
use super::signal::Signal;
use super::values::{Shared, attributes, resource, scope, value};
use super::window::Window;
use crate::gate::Permit;

/// The valid records of a request, and a tally of the others.
pub(super) fn convert(
    request: ExportLogsServiceRequest,
    faults: &Faults,
    window: &Window,
    permit: &Permit,
) -> (LogBatch, Rejected) {
    let mut rejected = Rejected::default();
    let mut resources = Shared::new();
    let mut scopes = Shared::new();
    let count = request
        .resource_logs
        .iter()
        .flat_map(|r| &r.scope_logs)
        .map(|s| s.log_records.len())
        .sum();
    let mut records = Vec::with_capacity(count);
    let mut position = 0;
    for group in request.resource_logs {
        let resource = match resource(group.resource) {
            Ok(resource) if !permit.services.contains(&resource.service) => {
                let count = group.scope_logs.iter().map(|s| s.log_records.len() as u64).sum();
                rejected.add(Reason::NotPermitted, count, || not_permitted(permit, &resource.service));
                position += count;
                continue;
            }
            Ok(resource) => resources.add(resource),
            Err(reason) => {
                let count = group.scope_logs.iter().map(|s| s.log_records.len() as u64).sum();
                rejected.add(reason, count, || {
                    format!("all of a resource, from log record {} on", position + 1)
                });
                position += count;
                continue;
            }
        };
        for group in group.scope_logs {
            let scope = match scope(group.scope) {
                Ok(scope) => scopes.add(scope),
                Err(reason) => {
                    let count = group.log_records.len() as u64;
                    rejected.add(reason, count, || {
                        format!("all of a scope, from log record {} on", position + 1)
                    });
                    position += count;
                    continue;
                }
            };
            for record in group.log_records {
                position += 1;
                if let Some(why) = faults.at(position) {
                    let service = &resources.get(resource).service;
                    let place = || format!("{}: {why}", example(Signal::Logs, position, "", service));
                    rejected.add(Reason::Unreadable, 1, place);
                    continue;
                }
                match checked(record, window) {
                    Ok(record) => records.push(LogRecord {
                        resource,
                        scope,
                        ..record
                    }),
                    Err(reason) => {
                        let service = &resources.get(resource).service;
                        rejected.add(reason, 1, || example(Signal::Logs, position, "", service));
                    }
                }
            }
        }
    }
    (
        LogBatch {
            resources: resources.into_vec(),
            scopes: scopes.into_vec(),
            records,
        },
        rejected,
    )
}

/// The record without its place. Where it has no time, that is when it was observed, else when it was received. An invalid
/// trace or span id is as good as none, as the specification says: the record is kept.
fn checked(record: wire::LogRecord, window: &Window) -> Result<LogRecord, Reason> {
    let times = [record.time_unix_nano, record.observed_time_unix_nano];
    let time_ns = times.into_iter().find(|time| *time != 0).unwrap_or(window.now_ns);
    window.check(time_ns, time_ns)?;
    Ok(LogRecord {
        time_ns,
        observed_ns: record.observed_time_unix_nano,
        severity: severity(record.severity_number),
        severity_text: record.severity_text.into(),
        body: value(record.body)?,
        attributes: attributes(record.attributes)?,
        trace_id: TraceId::from_bytes(&record.trace_id).ok(),
        span_id: SpanId::from_bytes(&record.span_id).ok(),
        event_name: record.event_name.into(),
        resource: 0,
        scope: 0,
    })
}

/// A number that is none of the 24 is none.
fn severity(number: i32) -> LogSeverity {
    LogSeverity(u8::try_from(number).ok().filter(|n| *n <= 24).unwrap_or_default())
}
