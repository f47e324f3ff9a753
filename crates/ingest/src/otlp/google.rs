//! The few messages of `google.rpc` that OTLP answers errors with.

use std::time::Duration;

use prost::Message;

/// `google.rpc.Status`: the body of an OTLP/HTTP error, and the details of a gRPC one.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Status {
    /// A gRPC code.
    #[prost(int32, tag = "1")]
    pub(super) code: i32,
    /// What is wrong, for a person.
    #[prost(string, tag = "2")]
    pub(super) message: String,
    /// More of it, for a program.
    #[prost(message, repeated, tag = "3")]
    pub(super) details: Vec<Any>,
}

/// `google.protobuf.Any`.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Any {
    #[prost(string, tag = "1")]
    pub(super) type_url: String,
    #[prost(bytes = "vec", tag = "2")]
    pub(super) value: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
struct RetryInfo {
    #[prost(message, optional, tag = "1")]
    retry_delay: Option<ProtoDuration>,
}

#[derive(Clone, PartialEq, Message)]
struct ProtoDuration {
    #[prost(int64, tag = "1")]
    seconds: i64,
    #[prost(int32, tag = "2")]
    nanos: i32,
}

/// `google.rpc.RetryInfo`, by which a sender knows that it may send again, and when.
pub(super) fn retry_after(delay: Duration) -> Any {
    let retry_delay = ProtoDuration {
        seconds: delay.as_secs() as i64,
        nanos: delay.subsec_nanos() as i32,
    };
    Any {
        type_url: "type.googleapis.com/google.rpc.RetryInfo".to_owned(),
        value: RetryInfo {
            retry_delay: Some(retry_delay),
        }
        .encode_to_vec(),
    }
}
