//! OTLP's JSON: protobuf's mapping with the specification's exceptions (ids in hex, enums as numbers, names in lowerCamelCase).
//!
//! As tolerant as the mapping allows: unknown fields and `null` are ignored, every field may be missing, numbers may be text.
//! What is wrong is named with its line and column.

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use serde::de::{DeserializeOwned, Error};

mod common;
mod logs;
mod points;
mod scalar;
mod traces;

/// Reads a trace request. Errors: not JSON, or a field that is not what it should be; unknown fields are none.
pub fn traces(bytes: &[u8]) -> Result<ExportTraceServiceRequest, serde_json::Error> {
    request::<traces::Request>(bytes).map(Into::into)
}

/// Reads a logs request. Errors: as for [`traces`].
pub fn logs(bytes: &[u8]) -> Result<ExportLogsServiceRequest, serde_json::Error> {
    request::<logs::Request>(bytes).map(Into::into)
}

/// How many data points a metrics request has.
pub(super) fn count_points(bytes: &[u8]) -> Result<u64, serde_json::Error> {
    request::<points::Request>(bytes).map(|request| request.count())
}

/// A struct may also come as a list of its fields, as far as serde is concerned; a request may not.
fn request<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    match bytes.trim_ascii_start().first() {
        Some(b'{') | None => serde_json::from_slice(bytes),
        Some(_) => Err(Error::custom("expected an object at line 1")),
    }
}
