//! What a request takes in memory once it is decoded, told from its bytes before it is. A span of two bytes becomes a struct of
//! hundreds: without this, a small body that holds millions of them would be decoded before anybody counts.

use std::mem::size_of;

use opentelemetry_proto::tonic::trace::v1::Span;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};

use super::schema::{Part, child, root};
use super::signal::{Encoding, Signal};

/// A vector has room for up to as many again.
const ROOM: usize = 2;
/// As deep as the decoder goes.
const DEPTH: u8 = 100;

/// At least the bytes that the decoded request takes, its texts included. Of bytes that are no such message, something less.
pub(super) fn of(signal: Signal, encoding: Encoding, bytes: &[u8]) -> usize {
    let structs = match encoding {
        Encoding::Protobuf => walk(root(signal), bytes, 0),
        // Whatever an object is, it is no larger than a span.
        #[allow(clippy::naive_bytecount, reason = "it is a fraction of what parsing takes")]
        Encoding::Json => bytes.iter().filter(|byte| **byte == b'{').count() * size_of::<Span>(),
    };
    structs.saturating_mul(ROOM).saturating_add(bytes.len())
}

fn walk(part: Part, mut bytes: &[u8], depth: u8) -> usize {
    let mut sum = 0_usize;
    while !bytes.is_empty() {
        let Ok((field, wire)) = decode_key(&mut bytes) else {
            break;
        };
        if wire == WireType::LengthDelimited {
            let Some(length) = decode_varint(&mut bytes)
                .ok()
                .and_then(|length| usize::try_from(length).ok())
            else {
                break;
            };
            let Some((inside, rest)) = bytes.split_at_checked(length) else {
                break;
            };
            bytes = rest;
            if let Some((inner, size)) = child(part, field) {
                sum += size;
                if depth < DEPTH {
                    sum += walk(inner, inside, depth + 1);
                }
            }
        } else if skip_field(wire, field, &mut bytes, DecodeContext::default()).is_err() {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
    use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
    use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans};
    use prost::Message;

    use super::*;

    fn request(spans: Vec<Span>) -> Vec<u8> {
        let scope_spans = vec![ScopeSpans {
            spans,
            ..ScopeSpans::default()
        }];
        let resource_spans = vec![ResourceSpans {
            scope_spans,
            ..ResourceSpans::default()
        }];
        ExportTraceServiceRequest { resource_spans }.encode_to_vec()
    }

    #[test]
    fn many_empty_spans_weigh_what_they_become() {
        let bytes = request(vec![Span::default(); 1000]);
        assert!(bytes.len() < 3000);
        assert!(of(Signal::Traces, Encoding::Protobuf, &bytes) >= 1000 * size_of::<Span>());
        let json = "{},".repeat(1000);
        assert!(of(Signal::Traces, Encoding::Json, json.as_bytes()) >= 1000 * size_of::<Span>());
    }

    #[test]
    fn attributes_weigh_at_any_depth() {
        let nested = |depth| {
            let mut value = AnyValue::default();
            for _ in 0..depth {
                let values = vec![value];
                let list = opentelemetry_proto::tonic::common::v1::ArrayValue { values };
                value = AnyValue {
                    value: Some(opentelemetry_proto::tonic::common::v1::any_value::Value::ArrayValue(
                        list,
                    )),
                };
            }
            let span = Span {
                attributes: vec![KeyValue {
                    key: "k".to_owned(),
                    value: Some(value),
                    ..KeyValue::default()
                }],
                ..Span::default()
            };
            of(Signal::Traces, Encoding::Protobuf, &request(vec![span]))
        };
        assert!(nested(20) >= nested(1) + 19 * size_of::<AnyValue>());
    }

    #[test]
    fn what_is_no_message_weighs_something() {
        for bytes in [&[0xff; 64][..], b"\x0a\xff\xff\xff\xff\x0f", b"\x0b\x0b\x0b", b""] {
            assert!(of(Signal::Logs, Encoding::Protobuf, bytes) >= bytes.len());
        }
    }
}
