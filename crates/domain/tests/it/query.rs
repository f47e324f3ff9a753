use pointsman_domain::query::{LogForm, TraceForm, parse_search};
use pointsman_domain::telemetry::Severity;

#[test]
fn a_search_is_pairs_and_words() {
    let read = |text| {
        let (pairs, words) = parse_search(text);
        let pairs: Vec<_> = pairs.iter().map(|(k, v)| format!("{k}|{v}")).collect();
        (pairs, words.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    let none = Vec::<String>::new;
    assert_eq!(read(""), (none(), none()));
    assert_eq!(
        read("Timeout db.system=redis"),
        (vec!["db.system|redis".into()], vec!["timeout".into()])
    );
    assert_eq!(
        read(r#"http.route="/cart items" x"#),
        (vec!["http.route|/cart items".into()], vec!["x".into()])
    );
    assert_eq!(read("url=/a?b=c"), (vec!["url|/a?b=c".into()], none()));
    assert_eq!(read("=x"), (none(), vec!["x".into()]));
    assert_eq!(read("a= b"), (vec!["a|".into()], vec!["b".into()]));
    assert_eq!(
        read(r#""never closed"#),
        (none(), vec!["never".into(), "closed".into()])
    );
}

#[test]
fn forms_are_read_and_mistakes_name_their_field() {
    let some = |text: &str| Some(text.to_owned());
    let query = TraceForm {
        service: some("cart"),
        min: some("300ms"),
        status: some("error"),
        ..Default::default()
    };
    let query = query.parse().unwrap();
    assert_eq!(
        (query.service.as_deref(), query.min_duration_ns, query.errors_only),
        (Some("cart"), Some(300_000_000), true)
    );
    assert_eq!(query.limit, 20);
    let wrong = [
        (
            TraceForm {
                min: some("fast"),
                ..Default::default()
            },
            "min",
        ),
        (
            TraceForm {
                status: some("bad"),
                ..Default::default()
            },
            "status",
        ),
        (
            TraceForm {
                range: some("x"),
                ..Default::default()
            },
            "range",
        ),
        (
            TraceForm {
                calls: some("b"),
                ..Default::default()
            },
            "calls",
        ),
        (
            TraceForm {
                limit: some("-1"),
                ..Default::default()
            },
            "limit",
        ),
    ];
    for (form, field) in wrong {
        assert_eq!(form.parse().unwrap_err().field, field);
    }
    let logs = LogForm {
        severity: some("warn"),
        trace: some("zz"),
        ..Default::default()
    };
    assert_eq!(logs.parse().unwrap_err().field, "trace");
    let logs = LogForm {
        severity: some("warn"),
        ..Default::default()
    }
    .parse()
    .unwrap();
    assert_eq!(logs.min_severity, Some(Severity::WARN));
}
