//! OTLP over gRPC.

use std::time::Duration;

use bytes::{Buf, BufMut, Bytes};
use http::uri::PathAndQuery;
use prost::Message;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

use super::{Answer, TRY_TIMEOUT, Tried};
use crate::replay::record::Record;

const TRACES: &str = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
const LOGS: &str = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

/// Calls `Export` of the two services.
#[derive(Clone)]
pub struct Client {
    channel: Channel,
}

impl Client {
    pub fn new(origin: &str) -> anyhow::Result<Self> {
        let endpoint = Channel::from_shared(origin.to_owned())?;
        Ok(Self {
            channel: endpoint.timeout(TRY_TIMEOUT).connect_lazy(),
        })
    }

    pub async fn send(&self, record: &Record, message: Bytes) -> Tried {
        let path = PathAndQuery::from_static(match record {
            Record::Traces(_) => TRACES,
            Record::Logs(_) => LOGS,
        });
        let mut grpc = tonic::client::Grpc::new(self.channel.clone());
        let result = match grpc.ready().await {
            Ok(()) => grpc.unary(Request::new(message), path, Encoded).await,
            Err(error) => Err(Status::unavailable(format!("{:#}", anyhow::Error::new(error)))),
        };
        match result {
            Ok(response) => {
                let (rejected, reason) = record.rejected(response.get_ref());
                Tried::Done(Answer::Accepted { rejected, reason })
            }
            Err(status) => failed(&status),
        }
    }
}

/// As OTLP divides the codes; RESOURCE_EXHAUSTED is retryable only where the endpoint says when.
fn failed(status: &Status) -> Tried {
    let after = retry_delay(status.details());
    let reason = format!("{:?}: {}", status.code(), status.message());
    let retryable = match status.code() {
        Code::Unavailable
        | Code::Cancelled
        | Code::DeadlineExceeded
        | Code::Aborted
        | Code::OutOfRange
        | Code::DataLoss => true,
        Code::ResourceExhausted => after.is_some(),
        // What a lost connection looks like from the client's side.
        Code::Unknown => std::error::Error::source(status).is_some(),
        _ => false,
    };
    if retryable {
        Tried::Later { reason, after }
    } else {
        Tried::Done(Answer::Refused(reason))
    }
}

/// `retry_delay` of a `google.rpc.RetryInfo` among the details of a status.
fn retry_delay(details: &[u8]) -> Option<Duration> {
    #[derive(prost::Message)]
    struct Outer {
        #[prost(message, repeated, tag = "3")]
        details: Vec<AnyMessage>,
    }
    #[derive(prost::Message)]
    struct AnyMessage {
        #[prost(string, tag = "1")]
        type_url: String,
        #[prost(bytes = "bytes", tag = "2")]
        value: Bytes,
    }
    #[derive(prost::Message)]
    struct RetryInfo {
        #[prost(message, optional, tag = "1")]
        retry_delay: Option<Delay>,
    }
    #[derive(prost::Message)]
    struct Delay {
        #[prost(int64, tag = "1")]
        seconds: i64,
        #[prost(int32, tag = "2")]
        nanos: i32,
    }
    let outer = Outer::decode(details).ok()?;
    let info = outer
        .details
        .into_iter()
        .find(|any| any.type_url.ends_with("/google.rpc.RetryInfo"))?;
    let delay = RetryInfo::decode(info.value).ok()?.retry_delay?;
    Some(Duration::new(
        u64::try_from(delay.seconds).ok()?,
        u32::try_from(delay.nanos).ok()?,
    ))
}

/// Passes messages that are encoded already.
struct Encoded;

impl Codec for Encoded {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Encoded {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, into: &mut EncodeBuf<'_>) -> Result<(), Status> {
        into.put(item);
        Ok(())
    }
}

impl Decoder for Encoded {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, source: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(source.copy_to_bytes(source.remaining())))
    }
}
