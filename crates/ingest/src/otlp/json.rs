//! OTLP's JSON: protobuf's mapping with the specification's exceptions (ids in hex, enums as numbers, names in lowerCamelCase).
//!
//! As tolerant as the mapping allows: unknown fields and `null` are ignored, every field may be missing, numbers may be text.
//! What is wrong is named with its line and column; where it is in an item, the others are read all the same.

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use serde::Deserialize;
use serde::de::Error;

use super::faults::Faults;
use super::repair;

mod common;
mod item;
mod logs;
mod points;
mod scalar;
mod traces;

/// Reads a trace request. Errors: not JSON, or a field that is not what it should be; unknown fields are none, nor are texts that are no
/// Unicode.
pub fn traces(bytes: &[u8]) -> Result<ExportTraceServiceRequest, serde_json::Error> {
    whole(read_traces(&repair::json(bytes).0)?, "span")
}

/// Reads a logs request. Errors: as for [`traces`].
pub fn logs(bytes: &[u8]) -> Result<ExportLogsServiceRequest, serde_json::Error> {
    whole(read_logs(&repair::json(bytes).0)?, "log record")
}

/// The message of a request without faults.
fn whole<M>((message, faults): (M, Faults), item: &str) -> Result<M, serde_json::Error> {
    match faults.first() {
        None => Ok(message),
        Some((position, why)) => Err(Error::custom(format!("{item} {position}: {why}"))),
    }
}

/// Reads a trace request as far as it can be read.
pub(super) fn read_traces(text: &str) -> Result<(ExportTraceServiceRequest, Faults), serde_json::Error> {
    request::<traces::Request>(text).map(|request| request.into_message(text))
}

/// Reads a logs request as far as it can be read.
pub(super) fn read_logs(text: &str) -> Result<(ExportLogsServiceRequest, Faults), serde_json::Error> {
    request::<logs::Request>(text).map(|request| request.into_message(text))
}

/// How many data points a metrics request has.
pub(super) fn count_points(text: &str) -> Result<u64, serde_json::Error> {
    request::<points::Request>(text).map(|request| request.count())
}

/// A struct may also come as a list of its fields, as far as serde is concerned; a request may not.
fn request<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, serde_json::Error> {
    match text.trim_ascii_start().as_bytes().first() {
        Some(b'{') | None => serde_json::from_str(text),
        Some(_) => Err(Error::custom("expected an object at line 1")),
    }
}
