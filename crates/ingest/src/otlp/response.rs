//! The answer to an export. Those of the three signals are the same on the wire, so one message serves them all. Errors over HTTP are
//! `google.rpc.Status` in the sender's encoding.

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use prost::Message;
use serde_json::json;

use super::google;
use super::receive::Answer;
use super::signal::Encoding;

/// `ExportTraceServiceResponse`, `ExportLogsServiceResponse` or `ExportMetricsServiceResponse`.
#[derive(Clone, PartialEq, Message)]
pub(super) struct ExportResponse {
    /// Only there where something is to be told.
    #[prost(message, optional, tag = "1")]
    partial_success: Option<PartialSuccess>,
}

#[derive(Clone, PartialEq, Message)]
struct PartialSuccess {
    #[prost(int64, tag = "1")]
    rejected: i64,
    #[prost(string, tag = "2")]
    error_message: String,
}

impl From<&Answer> for ExportResponse {
    fn from(answer: &Answer) -> Self {
        let partial_success = (!answer.message.is_empty()).then(|| PartialSuccess {
            rejected: answer.rejected as i64,
            error_message: answer.message.clone(),
        });
        Self { partial_success }
    }
}

/// An error over HTTP, in the encoding that the sender reads; as text where it is none that is spoken here.
pub(super) fn error(encoding: Option<Encoding>, status: StatusCode, code: tonic::Code, message: String) -> Response {
    match encoding {
        Some(Encoding::Protobuf) => {
            let message = google::Status {
                code: code as i32,
                message,
                details: Vec::new(),
            };
            protobuf(status, &message)
        }
        Some(Encoding::Json) => as_json(status, &json!({ "code": code as i32, "message": message })),
        None => (status, message + "\n").into_response(),
    }
}

/// A message as the whole body.
pub(super) fn protobuf(status: StatusCode, message: &impl Message) -> Response {
    let body = Bytes::from(message.encode_to_vec());
    (status, [(CONTENT_TYPE, "application/x-protobuf")], body).into_response()
}

/// JSON as the whole body.
pub(super) fn as_json(status: StatusCode, body: &serde_json::Value) -> Response {
    (status, [(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}
