//! One line as the request that it is: parsed, counted, shifted in time, encoded.

use bytes::Bytes;
use opentelemetry_proto::tonic::collector::logs::v1::{ExportLogsServiceRequest, ExportLogsServiceResponse};
use opentelemetry_proto::tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use pointsman_ingest::otlp::json;
use prost::Message;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// One request.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// Spans.
    Traces(ExportTraceServiceRequest),
    /// Log records.
    Logs(ExportLogsServiceRequest),
}

/// Which kind of request a line is, by the one field that each kind has.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kind {
    resource_spans: Option<IgnoredAny>,
    resource_logs: Option<IgnoredAny>,
    resource_metrics: Option<IgnoredAny>,
}

impl Record {
    /// Reads a line, as tolerant as the receivers are. Errors: what is wrong with it.
    pub fn parse(line: &[u8]) -> Result<Self, String> {
        let wrong = |error: serde_json::Error| format!("no OTLP JSON: {}", in_one_line(&error));
        let kind: Kind = serde_json::from_slice(line).map_err(wrong)?;
        match (kind.resource_spans, kind.resource_logs, kind.resource_metrics) {
            (Some(_), None, None) => Ok(Self::Traces(json::traces(line).map_err(wrong)?)),
            (None, Some(_), None) => Ok(Self::Logs(json::logs(line).map_err(wrong)?)),
            (None, None, Some(_)) => Err("holds metrics; only traces and logs can be replayed".to_owned()),
            (None, None, None) => Err("holds neither resourceSpans nor resourceLogs".to_owned()),
            _ => Err("holds more than one kind of telemetry; one request a line is expected".to_owned()),
        }
    }

    /// How many spans or log records it holds.
    pub fn items(&self) -> u64 {
        let items: usize = match self {
            Self::Traces(request) => {
                let scopes = request.resource_spans.iter().flat_map(|r| &r.scope_spans);
                scopes.map(|scope| scope.spans.len()).sum()
            }
            Self::Logs(request) => {
                let scopes = request.resource_logs.iter().flat_map(|r| &r.scope_logs);
                scopes.map(|scope| scope.log_records.len()).sum()
            }
        };
        items as u64
    }

    /// The time of its newest item in nanoseconds since the epoch; 0 where no item has a time.
    pub fn newest_ns(&self) -> u64 {
        let newest = match self {
            Self::Traces(request) => {
                let scopes = request.resource_spans.iter().flat_map(|r| &r.scope_spans);
                let spans = scopes.flat_map(|scope| &scope.spans);
                spans.map(|s| s.end_time_unix_nano.max(s.start_time_unix_nano)).max()
            }
            Self::Logs(request) => {
                let scopes = request.resource_logs.iter().flat_map(|r| &r.scope_logs);
                let records = scopes.flat_map(|scope| &scope.log_records);
                let time = |t: u64, observed: u64| if t > 0 { t } else { observed };
                records.map(|r| time(r.time_unix_nano, r.observed_time_unix_nano)).max()
            }
        };
        newest.unwrap_or(0)
    }

    /// Moves every time in it by so many nanoseconds; a time that is not given stays so.
    pub fn shift(&mut self, by_ns: i64) {
        let shift = |time: &mut u64| {
            if *time > 0 {
                *time = time.saturating_add_signed(by_ns);
            }
        };
        match self {
            Self::Traces(request) => {
                let scopes = request.resource_spans.iter_mut().flat_map(|r| &mut r.scope_spans);
                for span in scopes.flat_map(|scope| &mut scope.spans) {
                    shift(&mut span.start_time_unix_nano);
                    shift(&mut span.end_time_unix_nano);
                    span.events
                        .iter_mut()
                        .for_each(|event| shift(&mut event.time_unix_nano));
                }
            }
            Self::Logs(request) => {
                let scopes = request.resource_logs.iter_mut().flat_map(|r| &mut r.scope_logs);
                for record in scopes.flat_map(|scope| &mut scope.log_records) {
                    shift(&mut record.time_unix_nano);
                    shift(&mut record.observed_time_unix_nano);
                }
            }
        }
    }
}

impl Record {
    /// As protobuf.
    pub fn encode(&self) -> Bytes {
        match self {
            Self::Traces(request) => request.encode_to_vec(),
            Self::Logs(request) => request.encode_to_vec(),
        }
        .into()
    }

    /// How many items the answer to this request says were rejected, and why.
    pub fn rejected(&self, answer: &[u8]) -> (u64, String) {
        let partial = match self {
            Self::Traces(_) => ExportTraceServiceResponse::decode(answer)
                .ok()
                .and_then(|answer| answer.partial_success)
                .map(|partial| (partial.rejected_spans, partial.error_message)),
            Self::Logs(_) => ExportLogsServiceResponse::decode(answer)
                .ok()
                .and_then(|answer| answer.partial_success)
                .map(|partial| (partial.rejected_log_records, partial.error_message)),
        };
        let (rejected, reason) = partial.unwrap_or_default();
        (rejected.max(0).cast_unsigned(), reason)
    }
}

/// The error's place within its line; to the parser every line is line 1.
fn in_one_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column ", error.line());
    text.replace(&place, " at column ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a panic is how a test fails

    use super::*;

    #[test]
    fn a_line_is_counted_and_shifted() {
        let line = br#"{"resourceSpans":[{"scopeSpans":[{"spans":[
            {"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"a",
             "startTimeUnixNano":"100","endTimeUnixNano":"250","events":[{"timeUnixNano":"120"}],"newField":1},
            {"name":"b"}]}]}],"somethingNew":{}}"#;
        let mut record = Record::parse(line).unwrap();
        assert_eq!((record.items(), record.newest_ns()), (2, 250));
        record.shift(1000);
        assert_eq!(record.newest_ns(), 1250);
        let Record::Traces(request) = &record else {
            panic!("spans are traces")
        };
        let spans = &request.resource_spans[0].scope_spans[0].spans;
        assert_eq!(spans[0].events[0].time_unix_nano, 1120);
        assert_eq!(spans[1].start_time_unix_nano, 0, "no time stays no time");
    }

    #[test]
    fn a_log_without_a_time_has_the_one_it_was_observed_at() {
        let line = br#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"observedTimeUnixNano":"7"}]}]}]}"#;
        assert_eq!(Record::parse(line).unwrap().newest_ns(), 7);
    }

    #[test]
    fn what_is_no_request_is_named() {
        assert!(Record::parse(b"{").unwrap_err().contains("no OTLP JSON"));
        assert!(Record::parse(b"{}").unwrap_err().contains("neither"));
        assert!(
            Record::parse(br#"{"resourceMetrics":[]}"#)
                .unwrap_err()
                .contains("metrics")
        );
    }
}
