//! The answer to an export. Those of the three signals are the same on the wire, so one message serves them all.

use prost::Message;

use super::receive::Answer;

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
