use pointsman_domain::Text;
use pointsman_domain::ids::{SpanId, TraceId};
use pointsman_domain::rollup::NodeKind;
use pointsman_domain::semconv::{MAX_ERROR_TEXT, error_text, is_call, is_error, is_request, level, peer};
use pointsman_domain::telemetry::{Attributes, Event, Span, SpanKind, StatusCode, Value};

/// Attributes as they stand in a table.
type Pairs = &'static [(&'static str, &'static str)];
/// The other end as it stands in a table.
type Peer = Option<(NodeKind, &'static str)>;

fn attributes(pairs: &[(&str, &str)]) -> Attributes {
    let value = |text: &str| text.parse().map_or_else(|_| Value::Str(text.into()), Value::Int);
    Attributes(pairs.iter().map(|(k, v)| (Text::from(*k), value(v))).collect())
}

fn span(kind: SpanKind, pairs: &[(&str, &str)]) -> Span {
    Span {
        trace_id: TraceId::from_bytes(&[1; 16]).unwrap(),
        span_id: SpanId::from_bytes(&[1; 8]).unwrap(),
        parent: None,
        name: "GET /".into(),
        kind,
        start_ns: 0,
        end_ns: 1,
        status: StatusCode::Unset,
        status_message: Text::default(),
        trace_state: Text::default(),
        attributes: attributes(pairs),
        events: Vec::new(),
        links: Vec::new(),
        dropped: [0; 3],
        resource: 0,
        scope: 0,
    }
}

#[test]
fn what_is_an_error_old_conventions_and_new() {
    use SpanKind::{Client, Server};
    let table: &[(SpanKind, Pairs, bool)] = &[
        (Server, &[], false),
        (Server, &[("http.response.status_code", "500")], true),
        (Server, &[("http.status_code", "503")], true),
        (Server, &[("http.response.status_code", "404")], false),
        (Client, &[("http.response.status_code", "404")], true),
        (Client, &[("http.status_code", "399")], false),
        (Server, &[("error.type", "timeout")], true),
        (Server, &[("rpc.system", "grpc"), ("rpc.grpc.status_code", "5")], false),
        (Client, &[("rpc.system", "grpc"), ("rpc.grpc.status_code", "5")], true),
        (Server, &[("rpc.system", "grpc"), ("rpc.grpc.status_code", "14")], true),
        (
            Server,
            &[("rpc.system.name", "grpc"), ("rpc.response.status_code", "UNAVAILABLE")],
            true,
        ),
        (
            Client,
            &[("rpc.system.name", "grpc"), ("rpc.response.status_code", "OK")],
            false,
        ),
        (
            Client,
            &[("rpc.system", "jsonrpc"), ("rpc.response.status_code", "-32600")],
            false,
        ),
    ];
    for (kind, pairs, error) in table {
        assert_eq!(is_error(&span(*kind, pairs)), *error, "{kind:?} {pairs:?}");
    }
    let mut said = span(Server, &[("http.response.status_code", "500")]);
    said.status = StatusCode::Ok;
    assert!(!is_error(&said), "status OK is the last word");
    said.status = StatusCode::Error;
    said.attributes = Attributes::default();
    assert!(is_error(&said));
}

#[test]
fn what_is_a_request() {
    let mut inner = span(SpanKind::Internal, &[]);
    assert!(is_request(&inner), "a job that nobody called");
    inner.parent = Some(inner.span_id);
    assert!(!is_request(&inner));
    assert!(is_request(&span(SpanKind::Consumer, &[])) && !is_request(&span(SpanKind::Client, &[])));
}

#[test]
fn polling_a_queue_is_no_call() {
    let ask = |kind, operation| {
        let pairs = [("messaging.system", "aws_sqs"), ("messaging.operation.type", operation)];
        is_call(&span(kind, &pairs))
    };
    assert!(!ask(SpanKind::Client, "receive") && !ask(SpanKind::Client, "settle"));
    assert!(ask(SpanKind::Client, "send") && ask(SpanKind::Producer, "send"));
}

#[test]
fn the_other_end_as_old_and_new_conventions_name_it() {
    use NodeKind::{Database, External, Queue};
    use SpanKind::{Client, Consumer, Producer, Server};
    let kafka: Pairs = &[("messaging.system", "kafka"), ("messaging.destination.name", "orders")];
    let table: &[(SpanKind, Pairs, Peer)] = &[
        (
            Client,
            &[("db.system.name", "postgresql"), ("db.namespace", "shop")],
            Some((Database, "postgresql/shop")),
        ),
        (
            Client,
            &[("db.system", "redis"), ("net.peer.name", "cache")],
            Some((Database, "redis/cache")),
        ),
        (Client, &[("db.system", "redis")], Some((Database, "redis"))),
        (Producer, kafka, Some((Queue, "orders"))),
        (Consumer, kafka, Some((Queue, "orders"))),
        (
            Client,
            &[("server.address", "bank.example"), ("server.port", "443")],
            Some((External, "bank.example")),
        ),
        (
            Client,
            &[("net.peer.name", "bank"), ("net.peer.port", "8080")],
            Some((External, "bank:8080")),
        ),
        (
            Client,
            &[("peer.service", "bank"), ("server.address", "10.0.0.1")],
            Some((External, "bank")),
        ),
        (
            Client,
            &[("http.url", "https://user@bank.example/pay?x=1")],
            Some((External, "bank.example")),
        ),
        (Client, &[], None),
        (Server, &[("server.address", "me")], None),
    ];
    for (kind, pairs, expected) in table {
        let found = peer(&span(*kind, pairs));
        let found = found.as_ref().map(|peer| (peer.kind, peer.name.as_str()));
        assert_eq!(found, *expected, "{kind:?} {pairs:?}");
    }
}

#[test]
fn an_error_is_named_by_its_exception_first_and_levelled() {
    let mut failed = span(SpanKind::Server, &[("error.type", "500")]);
    assert_eq!(
        error_text(&span(SpanKind::Server, &[("http.response.status_code", "503")])),
        "HTTP 503"
    );
    failed.status_message = "card 4111 declined".into();
    assert_eq!(error_text(&failed), "card 4111 declined");
    failed.events.push(Event {
        time_ns: 0,
        name: "exception".into(),
        attributes: attributes(&[("exception.type", "Declined"), ("exception.message", "no funds")]),
    });
    assert_eq!(error_text(&failed), "Declined: no funds");
}

#[test]
fn levelling_makes_one_of_many() {
    let table = [
        ("order 1234 of customer 9 failed", "order # of customer # failed"),
        ("span 88ebfbcebbbc0884 timed out", "span # timed out"),
        ("HTTP 503", "HTTP 503"),
        ("gRPC status 14", "gRPC status 14"),
        ("first line\nat Foo.java:12", "first line"),
        ("deadbeef cafe v2", "deadbeef cafe v2"),
    ];
    for (text, levelled) in table {
        assert_eq!(level(text), levelled);
    }
    for long in ["long words ".repeat(100), "é".repeat(399)] {
        assert_eq!(level(&long).chars().count(), MAX_ERROR_TEXT);
    }
}
