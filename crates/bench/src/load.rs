//! Synthetic telemetry in the shape that the storage figures are stated for: traces of eight spans over five services, eight attributes and some
//! 320 bytes a span, each service exporting its own spans in batches of 512 (the SDKs' default).

use std::time::{SystemTime, UNIX_EPOCH};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use prost::Message;

/// Spans of a trace.
pub(crate) const SPANS_A_TRACE: usize = 8;
/// The SDKs' default for spans in a request.
pub(crate) const EXPORT_BATCH: usize = 512;

const SERVER: i32 = 2;
const CLIENT: i32 = 3;

/// (service, kind, parent's index, operation)
const SHAPE: [(usize, i32, Option<usize>, &str); SPANS_A_TRACE] = [
    (0, SERVER, None, "GET /checkout"),
    (0, CLIENT, Some(0), "checkout.Checkout/Place"),
    (1, SERVER, Some(1), "checkout.Checkout/Place"),
    (1, CLIENT, Some(2), "cart.Cart/Get"),
    (2, SERVER, Some(3), "cart.Cart/Get"),
    (1, CLIENT, Some(2), "payments.Payments/Charge"),
    (3, SERVER, Some(5), "payments.Payments/Charge"),
    (3, CLIENT, Some(6), "INSERT payments"),
];
const SERVICES: [&str; 5] = ["storefront", "checkout", "cart", "payments", "shipping"];

/// A request, encoded, and how many spans are in it.
pub(crate) struct Body {
    /// OTLP protobuf.
    pub(crate) bytes: Vec<u8>,
    /// Spans in it.
    pub(crate) spans: usize,
}

/// What was made: bodies in the order to send them, and some of the traces in them to search for.
pub(crate) struct Load {
    /// In the order of sending.
    pub(crate) bodies: Vec<Body>,
    /// Trace ids in hex with their order's number, every hundredth.
    pub(crate) samples: Vec<(String, u64)>,
}

/// A small generator of numbers, the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

/// Nanoseconds since the epoch.
pub(crate) fn now_ns() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos() as u64)
}

/// Makes `spans` spans whose traces lie over the last `seconds` seconds. `seed` decides the ids: other seeds, other traces.
pub(crate) fn generate(spans: usize, seconds: u64, seed: u64) -> Load {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let traces = spans / SPANS_A_TRACE;
    let begin = now_ns() - seconds * 1_000_000_000;
    let mut buffers: Vec<Vec<Span>> = vec![Vec::new(); SERVICES.len() * 2];
    let mut load = Load {
        bodies: Vec::new(),
        samples: Vec::new(),
    };
    for number in 0..traces {
        let trace_id = [random.next().to_be_bytes(), random.next().to_be_bytes()].concat();
        let order = random.next() % 1_000_000_000;
        let start = begin + (number as u64 * seconds * 1_000_000_000) / traces as u64;
        let node = (random.next() % 2) as usize;
        if number % 100 == 0 {
            load.samples.push((hex(&trace_id), order));
        }
        let ids: Vec<Vec<u8>> = SHAPE.iter().map(|_| random.next().to_be_bytes().to_vec()).collect();
        for (index, &(service, kind, parent, name)) in SHAPE.iter().enumerate() {
            let jitter = random.next() % 2_000_000;
            let length = 40_000_000 / (index as u64 + 1) + jitter;
            let span = Span {
                trace_id: trace_id.clone(),
                span_id: ids[index].clone(),
                parent_span_id: parent.map(|at| ids[at].clone()).unwrap_or_default(),
                name: name.to_owned(),
                kind,
                start_time_unix_nano: start + index as u64 * 100_000,
                end_time_unix_nano: start + index as u64 * 100_000 + length,
                attributes: attributes(kind, order, &mut random),
                ..Default::default()
            };
            let buffer = &mut buffers[service * 2 + node];
            buffer.push(span);
            if buffer.len() >= EXPORT_BATCH {
                let full = std::mem::take(buffer);
                load.bodies.push(body(service, node, full));
            }
        }
    }
    for (index, rest) in buffers.into_iter().enumerate().filter(|(_, rest)| !rest.is_empty()) {
        load.bodies.push(body(index / 2, index % 2, rest));
    }
    load
}

fn attributes(kind: i32, order: u64, random: &mut Random) -> Vec<KeyValue> {
    let customer = random.next() % 5000;
    let mut list = vec![
        text("http.request.method", "POST"),
        text("http.route", "/api/orders/{id}"),
        text("url.path", &format!("/api/orders/{order}")),
        text("order.id", &format!("o-{order}")),
        text("customer.id", &format!("c-{customer}")),
        text("network.protocol.version", "1.1"),
        text(
            "user_agent.original",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 shop/4.2",
        ),
        int(
            "http.response.status_code",
            if random.next().is_multiple_of(200) { 500 } else { 200 },
        ),
    ];
    if kind == CLIENT {
        list[5] = text("server.address", "checkout.internal");
    }
    list
}

/// A client span of `caller` and its server span of `called`, to see on the topology. It ends now.
pub(crate) fn probe(caller: &str, called: &str, seed: u64) -> [Body; 2] {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let trace_id = [random.next().to_be_bytes(), random.next().to_be_bytes()].concat();
    let (client, server) = (
        random.next().to_be_bytes().to_vec(),
        random.next().to_be_bytes().to_vec(),
    );
    let now = now_ns();
    let span = |id: &Vec<u8>, parent: &[u8], kind| Span {
        trace_id: trace_id.clone(),
        span_id: id.clone(),
        parent_span_id: parent.to_vec(),
        name: "probe".to_owned(),
        kind,
        start_time_unix_nano: now - 1_000_000,
        end_time_unix_nano: now,
        ..Default::default()
    };
    let pack = |service: &str, span| request(service, 0, vec![span]);
    [
        pack(caller, span(&client, &[], CLIENT)),
        pack(called, span(&server, &client, SERVER)),
    ]
}

fn body(service: usize, node: usize, spans: Vec<Span>) -> Body {
    request(SERVICES[service], node, spans)
}

fn request(service: &str, node: usize, spans: Vec<Span>) -> Body {
    let resource = vec![
        text("service.name", service),
        text("service.version", "1.4.2"),
        text("service.instance.id", &format!("{service}-7d9f8b6c5-{node}")),
        text("deployment.environment.name", "bench"),
        text("telemetry.sdk.language", "rust"),
        text("telemetry.sdk.name", "opentelemetry"),
    ];
    let count = spans.len();
    let request = ExportTraceServiceRequest {
        resource_spans: vec![ResourceSpans {
            resource: Some(Resource {
                attributes: resource,
                ..Default::default()
            }),
            scope_spans: vec![ScopeSpans {
                spans,
                ..Default::default()
            }],
            ..Default::default()
        }],
    };
    Body {
        bytes: request.encode_to_vec(),
        spans: count,
    }
}

fn text(key: &str, value: &str) -> KeyValue {
    pair(key, any_value::Value::StringValue(value.to_owned()))
}

fn int(key: &str, value: i64) -> KeyValue {
    pair(key, any_value::Value::IntValue(value))
}

fn pair(key: &str, value: any_value::Value) -> KeyValue {
    KeyValue {
        key: key.to_owned(),
        value: Some(AnyValue { value: Some(value) }),
        ..Default::default()
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
