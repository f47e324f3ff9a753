use pointsman_domain::telemetry::Value;

#[test]
fn numbers_that_json_has_no_word_for_come_back() {
    let there_and_back = |number: f64| {
        let json = serde_json::to_string(&Value::Double(number)).unwrap();
        let Value::Double(back) = serde_json::from_str(&json).unwrap() else {
            panic!("{json} came back as something else");
        };
        (json, back)
    };
    assert_eq!(there_and_back(1.5), ("{\"Double\":1.5}".to_owned(), 1.5));
    assert_eq!(there_and_back(3.0), ("{\"Double\":3.0}".to_owned(), 3.0));
    assert_eq!(
        there_and_back(f64::NEG_INFINITY),
        ("{\"Double\":\"-inf\"}".to_owned(), f64::NEG_INFINITY)
    );
    assert!(there_and_back(f64::NAN).1.is_nan());
}
