//! Names that senders may give, however odd: what a list shows leads to its own page and is found, and no page is turned round by one.

use http::StatusCode;
use pointsman_app::format::{duration, shown};
use pointsman_app::url::{Query, segment};
use pointsman_domain::read::{LogPage, ServiceSummary, TracePage};
use pointsman_testing::TestDb;
use serde_json::{Value, json};

use crate::otlp::now_ns;
use crate::running::{Running, Setup};

const MS: u64 = 1_000_000;

fn names() -> Vec<String> {
    let mut names = [
        "cart",
        "50%25",
        "a\\b",
        "..",
        "a/b",
        "~41",
        " d10 ",
        "   ",
        "pay-\u{202e}exe.gnp",
        "\u{5e9}\u{5dc}",
        "tab\tand\nline",
        "\u{1b}[31mred",
    ]
    .map(str::to_owned)
    .to_vec();
    names.push("w".repeat(500));
    names
}

fn text(key: &str, value: &str) -> Value {
    json!({"key": key, "value": {"stringValue": value}})
}

/// A request with spans of a service.
fn traces(service: &str, spans: &Value) -> String {
    let resource = [
        text("service.name", service),
        text("service.version", "v\u{202e}2\u{0}"),
        text("host.name", "h\u{2067}"),
    ];
    json!({"resourceSpans": [{"resource": {"attributes": resource}, "scopeSpans": [{"spans": spans}]}]}).to_string()
}

fn span(trace: u64, id: u64, parent: Option<u64>, kind: u8, times_ns: (u64, u64)) -> Value {
    json!({
        "traceId": format!("{trace:032x}"), "spanId": format!("{id:016x}"), "parentSpanId": parent.map_or_else(String::new, |id| format!("{id:016x}")),
        "name": "a\u{0}b\u{202e}c", "kind": kind,
        "startTimeUnixNano": times_ns.0.to_string(), "endTimeUnixNano": times_ns.1.to_string(),
        "status": {"code": 2, "message": "no \u{202e}luck\u{0}"},
        "attributes": [text("k\u{202e}ey", "val\u{0}ue \u{2066}\u{1b}[31mred"), text("list", "[a,\u{202e}b]")],
    })
}

/// The page without what a browser does not show: scripts, and the values of fields, which are the names themselves.
fn seen(html: &str) -> String {
    let cut = |html: &str, from: &str, to: &str| {
        let mut parts = html.split(from);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |all, part| {
            all + part.split_once(to).map_or("", |(_, rest)| rest)
        })
    };
    // Texts are marked for whoever takes the page over.
    cut(&cut(html, "<script", "</script>"), " value=\"", "\"").replace("<!>", "")
}

/// A page, on which nothing stands that can't be seen or turns what follows.
async fn page(server: &Running, path: &str) -> String {
    let answer = server.console(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    assert!(!answer.body.contains(&0), "{path} has a NUL");
    let html = seen(&answer.text());
    let turns = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}' | '\u{2067}');
    if let Some(at) = html.find(turns) {
        let around: String = html[..at].chars().rev().take(120).collect();
        panic!(
            "{path}: {:?} after {}",
            &html[at..=at],
            around.chars().rev().collect::<String>()
        );
    }
    html
}

/// The addresses of this path that a page leads to.
fn links<'a>(html: &'a str, path: &str) -> Vec<&'a str> {
    let from = format!("href=\"{path}");
    let links = html
        .split(&from)
        .skip(1)
        .filter_map(|rest| rest.split(['"', '?', '&']).next());
    links.collect()
}

/// The text of the page's headline.
fn headline(html: &str) -> String {
    let inside = html.split("<h1").nth(1).and_then(|rest| rest.split("</h1>").next());
    let parts = inside.unwrap_or_default().split('<');
    let text: String = parts
        .filter_map(|part| part.split_once('>').map(|(_, text)| text))
        .collect();
    text.trim()
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

#[tokio::test]
async fn each_service_that_is_listed_has_its_page_and_is_found() {
    let db = TestDb::new().await;
    let server = Setup::on(db.url()).start().await;
    let names = names();
    for (number, name) in (1..).zip(&names) {
        let end_ns = now_ns();
        for n in 0..4 {
            let spans = json!([span(
                number * 100 + n,
                number * 100 + n,
                None,
                2,
                (end_ns - 20 * MS, end_ns)
            )]);
            let answer = server.post("traces", traces(name, &spans)).await;
            assert_eq!(answer.text(), "{}", "{name:?}");
        }
    }
    server.transformed().await;
    let listed: Vec<ServiceSummary> = server.get("/services?range=15m").await.unwrap();
    assert_eq!(listed.len(), names.len());

    let overview = page(&server, "/?range=15m").await;
    let mut led_to = links(&overview, "/services/");
    led_to.sort_unstable();
    led_to.dedup();
    let mut wanted: Vec<String> = names.iter().map(|name| segment(name)).collect();
    wanted.sort_unstable();
    assert_eq!(led_to, wanted);
    for name in &names {
        let html = page(&server, &format!("/services/{}?range=15m", segment(name))).await;
        assert_eq!(headline(&html), shown(name));
        // What its page leads to finds it and nothing else.
        let query = Query::default().with("range", "15m").with("service", name);
        assert!(html.contains(&query.link("/traces").replace('&', "&amp;")), "{name:?}");
        let found: TracePage = server.get(&query.link("/traces")).await.unwrap();
        assert_eq!(found.traces.len(), 4, "{name:?}");
        assert!(
            found.traces.iter().all(|trace| trace.root_service == name.as_str()),
            "{name:?}"
        );
        let operation = query.clone().with("operation", "a\u{fffd}b\u{202e}c");
        let found: TracePage = server.get(&operation.link("/traces")).await.unwrap();
        assert_eq!(found.traces.len(), 4, "{name:?} by its operation");
        page(&server, &query.link("/traces")).await;
    }
    // Written by hand, an address leads to the one that survives in a browser.
    let by_hand = server.console("/services/50%2525?range=15m").await;
    assert_eq!(by_hand.header("location"), "/services/50~2525?range=15m");
    assert_eq!(headline(&by_hand.text()), "50%25");
    for path in [
        "/topology?range=15m",
        "/topology?range=15m&view=table",
        "/traces?range=15m",
        "/logs?range=15m",
    ] {
        page(&server, path).await;
    }
    let one = "/traces/00000000000000000000000000000064?span=0000000000000064";
    let html = page(&server, one).await;
    assert!(
        html.contains("k[U+202E]ey") && html.contains("a\u{2400}b[U+202E]c"),
        "{html}"
    );
    server.stop().await;
}

#[tokio::test]
async fn clocks_that_differ_are_marked_and_the_headline_is_the_roots() {
    let db = TestDb::new().await;
    let server = Setup::on(db.url()).start().await;
    let now = now_ns();
    let at = |ms: u64| now - 20_000 * MS + ms * MS;
    let (call, serve) = (
        span(1, 1, None, 3, (at(10_000), at(10_100))),
        span(1, 2, Some(1), 2, (at(3_000), at(3_080))),
    );
    let ok = |mut span: Value| {
        span["status"] = json!({});
        span["name"] = json!("call");
        json!([span])
    };
    server.post("traces", traces("d08-caller", &ok(call))).await;
    server.post("traces", traces("d08-called", &ok(serve))).await;
    server.transformed().await;
    let html = page(&server, "/traces/00000000000000000000000000000001").await;
    let told = headline(&html);
    assert!(told.ends_with(&format!("took {}", duration(100 * MS))), "{told}");
    assert!(html.contains("clock skew 7.00 s"), "{html}");
    assert!(
        html.contains("The clock of d08-called is 7.00 s behind that of d08-caller."),
        "{html}"
    );
    server.stop().await;
}

#[tokio::test]
async fn the_name_of_an_event_is_shown_and_found() {
    let db = TestDb::new().await;
    let server = Setup::on(db.url()).start().await;
    let record = |name: &str, body: Value| {
        json!({"resourceLogs": [{"resource": {"attributes": [text("service.name", "l02")]}, "scopeLogs": [{"logRecords": [
            {"timeUnixNano": now_ns().to_string(), "severityNumber": 9, "eventName": name, "body": body}]}]}]})
    };
    server.post("logs", record("cart.emptied", json!({})).to_string()).await;
    let coloured = json!({"stringValue": "\u{1b}[31mERROR\u{1b}[0m out of \u{202e}stock\u{0}"});
    server.post("logs", record("", coloured).to_string()).await;
    server.transformed().await;
    for q in ["cart.emptied", "event.name=cart.emptied"] {
        let query = Query::default().with("range", "15m").with("q", q);
        let found: LogPage = server.get(&query.link("/logs")).await.unwrap();
        let names: Vec<&str> = found.lines.iter().map(|line| line.event_name.as_str()).collect();
        assert_eq!(names, ["cart.emptied"], "{q}");
    }
    let html = page(&server, "/logs?range=15m&q=cart.emptied").await;
    assert!(
        html.contains("<strong class=\"log-event\">cart.emptied</strong>"),
        "{html}"
    );
    // Colours are neither shown nor in the way of a search.
    let html = page(&server, "/logs?range=15m&q=error").await;
    assert!(html.contains("ERROR out of [U+202E]stock\u{2400}"), "{html}");
    server.stop().await;
}
