use pointsman_domain::kit::duration;
use pointsman_domain::time::{RangeError, RangeSpec, TimeRange};

#[test]
fn ranges_of_a_url() {
    let parse = |range, from, to| RangeSpec::parse(range, from, to);
    assert_eq!(parse(None, None, None), Ok(RangeSpec::Last(1800)));
    assert_eq!(parse(Some("6h"), None, None), Ok(RangeSpec::Last(21_600)));
    assert_eq!(parse(Some(""), Some(""), None), Ok(RangeSpec::Last(1800)));
    assert_eq!(parse(Some("30"), None, None), Err(RangeError::Length("30".into())));
    assert_eq!(
        parse(Some("99999d"), None, None),
        Err(RangeError::Length("99999d".into()))
    );
    assert_eq!(parse(Some("é"), None, None), Err(RangeError::Length("é".into())));
    let (from, to) = ("2026-01-31T14:00:00Z", "2026-01-31T15:00:00Z");
    let fixed = parse(None, Some(from), Some(to)).unwrap();
    assert_eq!(fixed.resolve(0).length_ns(), 3_600_000_000_000);
    assert_eq!(fixed.to_query(), format!("from={from}&to={to}"));
    assert_eq!(parse(None, Some(to), Some(from)), Err(RangeError::Empty));
    assert!(matches!(
        parse(None, Some("yesterday"), None),
        Err(RangeError::Moment(_))
    ));
    assert!(matches!(parse(None, None, Some(to)), Err(RangeError::Moment(_))));
}

#[test]
fn a_moving_range_ends_now() {
    let second = 1_000_000_000;
    let range = RangeSpec::Last(60).resolve(100 * second);
    assert_eq!(
        range,
        TimeRange {
            from_ns: 40 * second,
            to_ns: 100 * second
        }
    );
    for text in ["90s", "30m", "6h", "7d"] {
        assert_eq!(text.parse::<RangeSpec>().unwrap().to_string(), text);
    }
}

#[test]
fn durations_have_three_significant_digits() {
    let table = [
        (0, "0 ns"),
        (999, "999 ns"),
        (1_500, "1.50 µs"),
        (12_345, "12.3 µs"),
        (999_499, "999 µs"),
        (999_500, "1.00 ms"),
        (812_000_000, "812 ms"),
        (1_240_000_000, "1.24 s"),
        (90_000_000_000, "1.50 min"),
        (7_200_000_000_000, "2.00 h"),
    ];
    for (ns, text) in table {
        assert_eq!(duration::figure(ns), text);
    }
    assert_eq!(duration::parse("1.5s"), Some(1_500_000_000));
    assert_eq!(duration::parse("300 ms"), Some(300_000_000));
    assert_eq!(duration::parse("300"), None);
    assert_eq!(duration::parse("fast"), None);
}
