//! Search finds by every criterion, in fragments and in segments, and each once.

use std::time::Duration;

use pointsman_domain::Text;
use pointsman_domain::ids::TraceId;
use pointsman_domain::query::{LogQuery, TraceQuery, parse_search, write_pair};
use pointsman_domain::telemetry::SpanKind::{Client, Producer};
use pointsman_domain::telemetry::{Attributes, LogSeverity, Value};
use pointsman_domain::time::TimeRange;
use pointsman_store::{Store, search};
use pointsman_testing::{SpanBuilder, T0, TestDb, log, logs, span, spans};

use crate::{SETTLED, compact, log_times, write_logs, write_spans};

const MS: u64 = 1_000_000;
const RANGE: TimeRange = TimeRange {
    from_ns: T0,
    to_ns: T0 + 3600 * 1000 * MS,
};

fn all() -> TraceQuery {
    TraceQuery {
        limit: 100,
        ..TraceQuery::default()
    }
}

fn id(span: &SpanBuilder) -> TraceId {
    span.as_span().trace_id
}

async fn found(store: &Store, query: &TraceQuery) -> Vec<TraceId> {
    let hits = search::traces(store, query, RANGE).await.unwrap();
    hits.traces.iter().map(|hit| hit.trace_id).collect()
}

#[tokio::test]
async fn traces_are_found_by_each_criterion() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let order = span("checkout")
        .name("POST /orders")
        .at(T0 + 5 * MS)
        .version("2.0")
        .instance("node-7");
    let order = order
        .attr("customer.tier", "gold")
        .value("cart.items", Value::Int(3))
        .took(Duration::from_millis(400));
    let order = order.fails("Card declined by issuer");
    let browse = span("storefront").at(T0 + 6 * MS).attr("customer.tier", "silver");
    let (wanted, other) = (id(&order), id(&browse));
    let call = span("storefront").kind(Client).trace_of(&order).at(T0 + 4 * MS);
    let query_db = span("checkout")
        .kind(Client)
        .child_of(&order)
        .attr("db.system.name", "postgresql")
        .attr("db.namespace", "orders");
    let sends = span("checkout").kind(Producer).child_of(&order);
    let sends = sends
        .attr("messaging.system", "kafka")
        .attr("messaging.destination.name", "shipments");
    let pays = span("checkout").kind(Client).child_of(&order);
    let paid = span("payments").child_of(&pays);
    // In pieces, as they come.
    write_spans(&store, T0, spans([order, query_db])).await;
    write_spans(&store, T0, spans([browse, pays, sends])).await;
    write_spans(&store, T0, spans([call, paid])).await;

    let text = |text: &str| Some(Text::from(text));
    let searched = |text: &str| {
        let (attributes, words) = parse_search(text);
        TraceQuery {
            attributes,
            words,
            ..all()
        }
    };
    let calls = |service: &str, called: &str| TraceQuery {
        service: text(service),
        calls: text(called),
        ..all()
    };
    let only = |query: TraceQuery| (query, vec![wanted]);
    let none = |query: TraceQuery| (query, vec![]);
    let cases = [
        (all(), vec![other, wanted]),
        only(TraceQuery {
            service: text("checkout"),
            ..all()
        }),
        only(TraceQuery {
            operation: text("POST /orders"),
            ..all()
        }),
        only(TraceQuery {
            version: text("2.0"),
            ..all()
        }),
        only(TraceQuery {
            instance: text("node-7"),
            ..all()
        }),
        only(TraceQuery {
            errors_only: true,
            ..all()
        }),
        only(TraceQuery {
            min_duration_ns: Some(300 * MS),
            ..all()
        }),
        (
            TraceQuery {
                max_duration_ns: Some(300 * MS),
                ..all()
            },
            vec![other, wanted],
        ),
        none(TraceQuery {
            max_duration_ns: Some(MS),
            ..all()
        }),
        only(searched("customer.tier=gold")),
        only(searched("cart.items=3")),
        only(searched("DECLINED issuer")),
        only(searched("gold")),
        only(searched("service.instance.id=node-7 customer.tier=gold declined")),
        only(searched("span.kind=producer")),
        only(searched("db.namespace=orders")),
        none(searched("customer.tier=bronze")),
        none(searched("decline")),
        // One span must meet it all: the failed one is not the payment.
        none(TraceQuery {
            service: text("payments"),
            errors_only: true,
            ..all()
        }),
        none(TraceQuery {
            operation: text("POST /orders"),
            min_duration_ns: Some(500 * MS),
            ..all()
        }),
        only(calls("checkout", "payments")),
        only(calls("checkout", "postgresql/orders")),
        only(calls("checkout", "shipments")),
        none(calls("payments", "checkout")),
        none(calls("storefront", "payments")),
        // What began before the range does not count, though its other rows are in it.
    ];
    for state in ["fragments", "segments"] {
        for (query, expected) in &cases {
            assert_eq!(&found(&store, query).await, expected, "{state}: {query:?}");
        }
        let hits = search::traces(&store, &searched("declined"), RANGE).await.unwrap();
        assert_eq!(hits.traces[0].batch.spans.len(), 6, "all of the trace");
        let later = TimeRange {
            from_ns: T0 + 5 * MS,
            ..RANGE
        };
        assert_eq!(
            search::traces(&store, &all(), later).await.unwrap().traces.len(),
            1,
            "it began before the range"
        );
        compact(&store, SETTLED).await;
    }
}

#[tokio::test]
async fn a_trace_is_whole_and_there_once_while_it_is_compacted() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let root = span("storefront");
    let wanted = id(&root);
    let slots = 6;
    for slot in 0..slots {
        let child = span("checkout").child_of(&root).at(T0 + slot);
        write_spans(&store, T0 + slot * 30_000 * MS, spans([child])).await;
    }
    write_spans(&store, T0, spans([root])).await;
    let compacting = {
        let store = store.clone();
        tokio::spawn(async move {
            for slot in 0..=slots {
                compact(&store, SETTLED + slot * 30_000 * MS).await;
                pointsman_store::segment::drop_compacted(&store).await.unwrap();
            }
        })
    };
    let mut reads = 0;
    while !compacting.is_finished() || reads < 3 {
        let hits = search::traces(&store, &all(), RANGE).await.unwrap();
        assert_eq!(hits.traces.len(), 1);
        assert_eq!(hits.traces[0].batch.spans.len(), slots as usize + 1);
        let trace = search::trace(&store, wanted).await.unwrap().unwrap();
        assert_eq!(trace.batch.spans.len(), slots as usize + 1);
        reads += 1;
    }
    compacting.await.unwrap();
}

/// A span with attributes of every kind and values of every sort, and one with others.
fn odd() -> (SpanBuilder, SpanBuilder) {
    let text = |text: &str| Value::Str(text.into());
    let map = Attributes(vec![
        ("tier".into(), text("gold card")),
        ("limits".into(), Value::Array(vec![Value::Int(3), Value::Int(5)])),
    ]);
    let odd = span(" d10 ")
        .name("a\0b")
        .version(&"x".repeat(600))
        .value(
            "http.request.header.x-request-id",
            Value::Array(vec![text("abc-123"), text("def")]),
        )
        .value("customer", Value::Map(map))
        .value("digest", Value::Bytes(vec![0xca, 0xfe]))
        .value("nothing", Value::Empty)
        .value("ratio", Value::Double(0.5))
        .value("sure", Value::Bool(true))
        .attr("db.query.text", r#"SELECT "id" FROM "users" WHERE a = 'b\c'"#)
        .attr("a key = odd", " blanks ")
        .attr("", "empty key")
        .attr("colour", "\u{1b}[31mRed\u{1b}[0malert");
    (odd, span("other").attr("customer.tier", "silver"))
}

#[tokio::test]
async fn every_attribute_is_found_by_what_its_link_says() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let (odd, other) = odd();
    let wanted = id(&odd);
    let mut searches: Vec<String> = odd
        .as_span()
        .attributes
        .iter()
        .map(|(key, value)| write_pair(key, &value.to_string()))
        .collect();
    searches.extend(
        [
            "abc",
            "http.request.header.x-request-id=abc-123",
            "http.request.header.x-request-id=[abc-123,def]",
            r#"customer.tier = "gold card" customer.limits=5 customer.limits=[3,5]"#,
            r#"customer="{tier:gold card,limits:[3,5]}""#,
            "card",
            "digest=cafe",
            r#"nothing="""#,
            r#"db.query.text='SELECT "id" FROM "users" WHERE a = \'b\\c\''"#,
            "redalert",
            r#"service.name=" d10 ""#,
        ]
        .map(str::to_owned),
    );
    write_spans(&store, T0, spans([odd, other])).await;
    for state in ["fragments", "segments"] {
        for search in &searches {
            let (attributes, words) = parse_search(search);
            let query = TraceQuery {
                attributes,
                words,
                ..all()
            };
            assert_eq!(found(&store, &query).await, [wanted], "{state}: {search}");
        }
        // Names as lists show them: with their blanks, without NUL, cut where counts are.
        let listed = TraceQuery {
            service: Some(" d10 ".into()),
            operation: Some("a\u{fffd}b".into()),
            version: Some("x".repeat(512).into()),
            ..all()
        };
        assert_eq!(found(&store, &listed).await, [wanted], "{state}");
        for search in [
            "customer=gold",
            "customer.limits=4",
            "http.request.header.x-request-id=abc",
            "31mred",
        ] {
            let (attributes, words) = parse_search(search);
            let query = TraceQuery {
                attributes,
                words,
                ..all()
            };
            assert!(found(&store, &query).await.is_empty(), "{state}: {search}");
        }
        compact(&store, SETTLED).await;
    }
}

#[tokio::test]
async fn pages_hold_every_trace_once_newest_first() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let mut expected = Vec::new();
    for n in 0..700_u64 {
        // Some at the same moment, some of them later found by a span that came after the page's end.
        let root = span("storefront").at(T0 + n / 2 * MS);
        let child = span("checkout")
            .child_of(&root)
            .at(T0 + n / 2 * MS + 3 * MS)
            .attr("n", "yes");
        expected.push((root.as_span().start_ns, id(&root)));
        write_spans(&store, T0, spans([root])).await;
        write_spans(&store, T0, spans([child])).await;
    }
    expected.sort_unstable_by_key(|entry| std::cmp::Reverse(*entry));
    let expected: Vec<TraceId> = expected.into_iter().map(|entry| entry.1).collect();
    for _ in ["fragments", "segments"] {
        let (mut before_ns, mut pages) = (None, Vec::new());
        loop {
            let query = TraceQuery {
                attributes: vec![("n".into(), "yes".into())],
                limit: 95,
                before_ns,
                ..TraceQuery::default()
            };
            let hits = search::traces(&store, &query, RANGE).await.unwrap();
            assert!(!hits.truncated);
            pages.extend(hits.traces.into_iter().map(|hit| hit.trace_id));
            before_ns = hits.next_before_ns;
            if before_ns.is_none() {
                break;
            }
        }
        assert_eq!(pages.len(), expected.len());
        assert_eq!(pages, expected);
        compact(&store, SETTLED).await;
    }
}

#[tokio::test]
async fn a_span_that_two_requests_brought_is_shown_once() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let one = span("storefront");
    write_spans(&store, T0, spans([one.clone(), span("storefront").trace_of(&one)])).await;
    write_spans(&store, T0, spans([one.clone()])).await;
    let trace = search::trace(&store, id(&one)).await.unwrap().unwrap();
    assert_eq!(trace.batch.spans.len(), 2);
}

#[tokio::test]
async fn log_records_are_found_by_each_criterion() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let request = span("checkout");
    let wanted = log("checkout", "Card declined: code 51")
        .severity(LogSeverity::ERROR)
        .at(T0 + 2 * MS);
    let wanted = wanted.within(&request).instance("node-7").event("payment.declined");
    let wanted = wanted.attr("issuer", "First Bank");
    let other = log("storefront", "page served").at(T0 + 3 * MS);
    write_logs(&store, T0, logs([wanted, other])).await;

    let log_query = || LogQuery {
        limit: 100,
        ..LogQuery::default()
    };
    let text = |text: &str| Some(Text::from(text));
    let searched = |text: &str| {
        let (attributes, words) = parse_search(text);
        LogQuery {
            attributes,
            words,
            ..log_query()
        }
    };
    let cases = [
        (log_query(), vec!["page served", "Card declined: code 51"]),
        (
            LogQuery {
                service: text("checkout"),
                ..log_query()
            },
            vec!["Card declined: code 51"],
        ),
        (
            LogQuery {
                instance: text("node-7"),
                ..log_query()
            },
            vec!["Card declined: code 51"],
        ),
        (
            LogQuery {
                min_severity: Some(LogSeverity::WARN),
                ..log_query()
            },
            vec!["Card declined: code 51"],
        ),
        (
            LogQuery {
                trace_id: Some(id(&request)),
                ..log_query()
            },
            vec!["Card declined: code 51"],
        ),
        (searched("issuer=\"First Bank\""), vec!["Card declined: code 51"]),
        (searched("severity=ERROR"), vec!["Card declined: code 51"]),
        (searched("severity=error"), vec!["Card declined: code 51"]),
        (searched("declined bank 51"), vec!["Card declined: code 51"]),
        (searched("served"), vec!["page served"]),
        (searched("event.name=payment.declined"), vec!["Card declined: code 51"]),
        (searched("payment"), vec!["Card declined: code 51"]),
        (searched("issuer=other"), vec![]),
        (
            LogQuery {
                before_ns: Some(T0 + 3 * MS),
                ..log_query()
            },
            vec!["Card declined: code 51"],
        ),
    ];
    for state in ["fragments", "segments"] {
        for (query, expected) in &cases {
            let hits = search::logs(&store, query, RANGE).await.unwrap();
            let bodies: Vec<_> = hits.lines.iter().map(|line| line.record.body.to_string()).collect();
            assert_eq!(&bodies, expected, "{state}: {query:?}");
            assert_eq!(hits.next_before_ns, None);
        }
        compact(&store, SETTLED).await;
    }
}

#[tokio::test]
async fn pages_hold_every_record_once_newest_first() {
    let db = TestDb::new().await;
    let store = db.store().await;
    for n in 0..300_u64 {
        let one = log("storefront", "tick").at(T0 + n / 3 * MS);
        // A row that spans all of the time, and many that do not.
        let wide = [log("cart", "tick").at(T0), log("cart", "tick").at(T0 + 200 * MS + n)];
        write_logs(
            &store,
            T0,
            logs(std::iter::once(one).chain((n % 50 == 0).then_some(wide).into_iter().flatten())),
        )
        .await;
    }
    for _ in ["fragments", "segments"] {
        let times = log_times(&store, RANGE, 40).await;
        assert_eq!(times.len(), 312);
        assert!(times.is_sorted_by(|a, b| a >= b));
        compact(&store, SETTLED).await;
    }
}
