use pointsman_domain::query::{LogForm, TraceForm, parse_search, write_pair};
use pointsman_domain::telemetry::LogSeverity;
use proptest::prelude::*;

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
    assert_eq!(read("a= b c"), (vec!["a|b".into()], vec!["c".into()]));
    assert_eq!(
        read(r#"http.url = "http://a/b""#),
        (vec!["http.url|http://a/b".into()], none())
    );
    assert_eq!(read("a="), (vec!["a|".into()], none()));
    assert_eq!(read(r#"a="" b"#), (vec!["a|".into()], vec!["b".into()]));
    let sql = (vec![r#"db.query.text|SELECT "id" FROM "users""#.to_owned()], none());
    assert_eq!(read(r#"db.query.text="SELECT \"id\" FROM \"users\"""#), sql);
    assert_eq!(read(r#"db.query.text='SELECT "id" FROM "users"'"#), sql);
    assert_eq!(
        read(r#""a key"='it\'s C:\\x\y'"#),
        (vec![r"a key|it's C:\x\y".into()], none())
    );
    assert_eq!(
        read(r"path=C:\temp don't"),
        (vec![r"path|C:\temp".into()], vec!["don".into(), "t".into()])
    );
    assert_eq!(read("= ="), (none(), none()));
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
    assert_eq!(logs.min_severity, Some(LogSeverity::WARN));
}

#[test]
fn names_keep_their_blanks() {
    let form = TraceForm {
        service: Some(" d10 ".to_owned()),
        operation: Some("   ".to_owned()),
        version: Some(String::new()),
        min: Some(" 3ms ".to_owned()),
        ..Default::default()
    };
    let query = form.parse().unwrap();
    assert_eq!(
        (
            query.service.as_deref(),
            query.operation.as_deref(),
            query.version.as_deref()
        ),
        (Some(" d10 "), Some("   "), None)
    );
    assert_eq!(query.min_duration_ns, Some(3_000_000));
    let logs = LogForm {
        service: Some(" d10 ".to_owned()),
        ..Default::default()
    };
    assert_eq!(logs.parse().unwrap().service.as_deref(), Some(" d10 "));
}

proptest! {
    #[test]
    fn a_pair_is_read_as_it_was_written(key in any::<String>(), value in any::<String>(), odd in "[ab\"'\\\\= \t\u{2003}]{0,8}") {
        for (key, value) in [(&key, &value), (&key, &odd), (&odd, &value), (&odd, &odd)] {
            let text = write_pair(key, value);
            let (pairs, words) = parse_search(&text);
            prop_assert_eq!(pairs, vec![(key.as_str().into(), value.as_str().into())], "{}", text);
            prop_assert!(words.is_empty());
        }
    }
}
